"""Grading: names up and down the tree, marks on the lesion and through its slices, a sentence for each kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.finding import FindingCatalogue, Truth, shipped_findings
from models.reading import Answer, Mark
from models.teaching_case import CaseKey, CaseOrigin, ImageRef, Lesion, Proof
from recommender.grade import GradeKind, Tolerance, grade

LESION = Lesion("rib_fracture", "img5", 0, 100.0, 80.0, 12.0)
STACK = tuple(ImageRef(f"img{n}", "series", 10 * n) for n in range(10))
MULTIFRAME = (ImageRef("img5", "series", 1, frames=12),)
NORMAL = Answer(normal=True)


def case_key(
    *findings: str, diagnosis: str | None = None, lesions: tuple[Lesion, ...] = (), imitates: str | None = None
) -> CaseKey:
    return CaseKey(
        case_id="c",
        title="",
        report="",
        sections=(),
        truth=Truth.ABNORMAL if findings or diagnosis else Truth.NORMAL,
        findings=findings,
        observations=(),
        diagnosis=diagnosis,
        diagnosis_text="",
        differential=(),
        discussion="",
        origin=CaseOrigin.CLINICAL,
        proof=Proof.FOLLOW_UP,
        difficulty=0.0,
        points=(),
        lesions=lesions,
        imitates=imitates,
    )


def named(*findings: str, marks: tuple[Mark, ...] = (), diagnosis: str | None = None) -> Answer:
    return Answer(normal=False, findings=findings, marks=marks, diagnosis=diagnosis)


@pytest.mark.parametrize(
    ("answer", "key", "kind"),
    [
        (NORMAL, case_key(), GradeKind.RIGHT),
        (named("nodule"), case_key(), GradeKind.OVERCALL),
        (NORMAL, case_key("nodule"), GradeKind.MISSED),
        (named("nodule"), case_key("nodule"), GradeKind.RIGHT),
        (named("effusion"), case_key("nodule"), GradeKind.MISNAMED),
        (named(), case_key("nodule"), GradeKind.MISNAMED),
        (named("fracture"), case_key("rib_fracture"), GradeKind.RIGHT),
        (named("rib_fracture"), case_key("fracture"), GradeKind.RIGHT),
        (named("effusion", "nodule"), case_key("nodule", "pneumothorax"), GradeKind.RIGHT),
        (named(diagnosis="lung_cancer"), case_key("nodule", diagnosis="lung_cancer"), GradeKind.RIGHT),
        (named(diagnosis="tuberculosis"), case_key("nodule", diagnosis="lung_cancer"), GradeKind.MISNAMED),
        (named("nodule"), case_key(diagnosis="lung_cancer"), GradeKind.MISNAMED),
    ],
)
def test_kinds(answer: Answer, key: CaseKey, kind: GradeKind, catalogue: FindingCatalogue) -> None:
    given = grade(answer, key, catalogue)
    assert given.kind is kind
    assert given.correct is (kind is GradeKind.RIGHT)
    assert given.sentence.endswith(".") and "_" not in given.sentence and "  " not in given.sentence


def mark(x: float = 100.0, y: float = 80.0, image: str = "img5", frame: int = 0) -> Mark:
    return Mark(image, frame, x, y)


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ((), GradeKind.ELSEWHERE),
        ((mark(),), GradeKind.RIGHT),
        ((mark(x=100 + 12 + 3 + 4.9),), GradeKind.RIGHT),
        ((mark(x=100 + 12 + 3 + 5.1),), GradeKind.ELSEWHERE),
        ((mark(x=400.0), mark()), GradeKind.RIGHT),
        ((mark(image="img7"),), GradeKind.RIGHT),
        ((mark(image="img3"),), GradeKind.RIGHT),
        ((mark(image="img8"),), GradeKind.ELSEWHERE),
        ((mark(image="unknown"),), GradeKind.ELSEWHERE),
    ],
)
def test_marks_in_a_stack(marks: tuple[Mark, ...], kind: GradeKind, catalogue: FindingCatalogue) -> None:
    key = case_key("rib_fracture", lesions=(LESION,))
    assert grade(named("rib_fracture", marks=marks), key, catalogue, STACK).kind is kind


@pytest.mark.parametrize("images", [(), MULTIFRAME])
@pytest.mark.parametrize(("frame", "right"), [(0, True), (2, True), (3, False)])
def test_marks_on_frames_of_one_image(
    images: tuple[ImageRef, ...], frame: int, right: bool, catalogue: FindingCatalogue
) -> None:
    key = case_key("rib_fracture", lesions=(LESION,))
    assert grade(named("rib_fracture", marks=(mark(frame=frame),)), key, catalogue, images).correct is right


def test_two_views_are_no_stack(catalogue: FindingCatalogue) -> None:
    views = (ImageRef("img5", "series", 1), ImageRef("lateral", "series", 2))
    key = case_key("rib_fracture", lesions=(LESION,))
    given = grade(named("rib_fracture", marks=(mark(image="lateral"),)), key, catalogue, views)
    assert given.kind is GradeKind.ELSEWHERE


def test_slices_of_another_series_are_no_neighbours(catalogue: FindingCatalogue) -> None:
    other = tuple(ImageRef(f"other{n}", "second", 10 * n) for n in range(10))
    key = case_key("rib_fracture", lesions=(LESION,))
    given = grade(named("rib_fracture", marks=(mark(image="other5"),)), key, catalogue, STACK + other)
    assert given.kind is GradeKind.ELSEWHERE


def test_the_right_place_with_the_wrong_name_is_misnamed(catalogue: FindingCatalogue) -> None:
    key = case_key("rib_fracture", lesions=(LESION,))
    given = grade(named("nodule", marks=(mark(),)), key, catalogue, STACK)
    assert given.kind is GradeKind.MISNAMED and "right place" in given.sentence


def test_a_wrong_place_outweighs_a_right_name(catalogue: FindingCatalogue) -> None:
    key = case_key("rib_fracture", lesions=(LESION,))
    assert grade(named("rib_fracture", marks=(mark(x=300.0),)), key, catalogue).kind is GradeKind.ELSEWHERE


def test_a_tolerance_of_nothing_is_the_radius(catalogue: FindingCatalogue) -> None:
    key, strict = case_key("rib_fracture", lesions=(LESION,)), Tolerance(pixels=0, share=0, slices=0)
    for x, right in ((111.9, True), (112.1, False)):
        assert grade(named("rib_fracture", marks=(mark(x=x),)), key, catalogue, STACK, strict).correct is right
    assert not grade(named("rib_fracture", marks=(mark(image="img6"),)), key, catalogue, STACK, strict).correct


def test_sentences_name_both_sides(catalogue: FindingCatalogue) -> None:
    assert grade(NORMAL, case_key("nodule"), catalogue).sentence == "You called it normal; it shows: nodule."
    over = grade(named("nodule"), case_key(imitates="rib_fracture"), catalogue).sentence
    assert over == "You named nodule; the case is normal, though it can pass for rib fracture."
    also = grade(named("nodule"), case_key("nodule", "effusion"), catalogue).sentence
    assert also == "You are right; it also shows: effusion."


@pytest.mark.parametrize(
    ("answer", "key", "sentence"),
    [
        (NORMAL, case_key("nodule_mass"), "You called it normal; it shows: lung nodule or mass."),
        (NORMAL, case_key("emphysema_copd"), "You called it normal; it shows: emphysema or COPD."),
        (named("nodule_mass"), case_key("nodule_mass"), "You are right: lung nodule or mass."),
        (
            named("pleural_effusion"),
            case_key("nodule_mass", "pneumothorax"),
            "You named pleural effusion; it shows: lung nodule or mass and pneumothorax.",
        ),
        (
            named("pneumothorax"),
            case_key("pneumothorax", lesions=(LESION,)),
            "You marked no place; the place drawn shows: pneumothorax.",
        ),
        (
            named("nodule_mass"),
            case_key(imitates="pleural_effusion"),
            "You named lung nodule or mass; the case is normal, though it can pass for pleural effusion.",
        ),
    ],
)
def test_names_of_the_shipped_catalogue_read_well_inside_a_sentence(
    answer: Answer, key: CaseKey, sentence: str
) -> None:
    assert grade(answer, key, shipped_findings()).sentence == sentence


def test_a_diagnosis_in_words_reads_well_too(catalogue: FindingCatalogue) -> None:
    key = replace(case_key(diagnosis="x"), diagnosis_text="Bronchogenic carcinoma")
    assert grade(NORMAL, key, catalogue).sentence == "You called it normal; it shows: bronchogenic carcinoma."


def test_a_key_that_names_nothing_asks_only_for_the_call(catalogue: FindingCatalogue) -> None:
    key = replace(case_key("nodule"), findings=())
    assert grade(named("effusion"), key, catalogue).correct
    assert grade(NORMAL, key, catalogue).kind is GradeKind.MISSED
