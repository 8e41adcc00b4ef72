"""Phantoms: the lesion and nothing but the lesion, the same bytes every time, a report that says what is there."""

import re
from functools import cache
from io import BytesIO

import numpy as np
import pytest

from models.diagnosis import shipped_diagnoses
from models.finding import Truth, shipped_findings
from models.report import SectionName
from synth.examination import Examination, Place
from synth.mark import MARGIN_PIXELS, mark_bitmap, marked
from synth.phantoms import Phantom, examine, library, make_phantom
from synth.recipes import KINDS, PHANTOMS, PhantomRecipe, recipe
from synth.reports import write_report

ABNORMAL = [entry for entry in PHANTOMS if entry.finding]
NORMAL = [entry for entry in PHANTOMS if not entry.finding]
# Lesions that fill a space of any shape (pleura, cisterns, the heart): a circle marks them, it does not bound them.
UNBOUNDED = {
    "film_pneumothorax",
    "film_effusion",
    "film_cardiomegaly",
    "ct_effusion",
    "head_subdural",
    "head_subarachnoid",
}
BOUNDED = [entry for entry in ABNORMAL if entry.key not in UNBOUNDED]


def key(entry: PhantomRecipe) -> str:
    return entry.key


def inside(place: Place, shape: tuple[int, ...], wider: float = 1.0, pixels: float = 0.0) -> np.ndarray:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.hypot(columns - place.x, rows - place.y) <= place.radius * wider + pixels


SEED, HARD, PLAIN = 3, 1, 5


@cache
def well(kind: str) -> Examination:
    """The healthy twin: anatomy and noise depend on the kind and the seed alone."""
    return examine(next(entry for entry in PHANTOMS if entry.kind == kind), SEED, HARD, healthy=True)


@cache
def ill(entry: PhantomRecipe, subtlety: int) -> Examination:
    return examine(entry, SEED, subtlety)


def differences(entry: PhantomRecipe, subtlety: int) -> tuple[Examination, list[np.ndarray]]:
    examination, healthy = ill(entry, subtlety), well(entry.kind)
    pairs = zip(examination.slices, healthy.slices, strict=True)
    return examination, [np.abs(one.astype(int) - two.astype(int)) for one, two in pairs]


@pytest.mark.parametrize("entry", ABNORMAL, ids=key)
def test_a_lesion_shows_inside_its_circles(entry: PhantomRecipe) -> None:
    examination, changed = differences(entry, HARD)
    assert examination.places
    for finding in {place.finding for place in examination.places}:
        assert finding == entry.finding
    least = 25 if entry.modality == "DX" else 4
    strongest = max(float(changed[p.slice_index][inside(p, changed[0].shape)].max()) for p in examination.places)
    assert strongest >= least


@pytest.mark.parametrize("entry", BOUNDED, ids=key)
def test_nothing_changes_outside_the_widened_circles(entry: PhantomRecipe) -> None:
    examination, changed = differences(entry, PLAIN)
    by_slice: dict[int, np.ndarray] = {}
    for place in examination.places:
        circle = inside(place, changed[0].shape, wider=1.5, pixels=4)
        by_slice[place.slice_index] = by_slice.get(place.slice_index, np.zeros_like(circle)) | circle
    for number, circle in by_slice.items():
        assert changed[number][~circle].max() <= 1


@pytest.mark.parametrize("entry", ABNORMAL, ids=key)
def test_a_plainer_case_changes_more_of_the_image(entry: PhantomRecipe) -> None:
    hard, plain = (sum(float(c.sum()) for c in differences(entry, subtlety)[1]) for subtlety in (HARD, PLAIN))
    assert plain > 1.3 * hard


@pytest.mark.parametrize("kind", KINDS)
def test_the_circle_lies_on_the_side_the_report_names(kind: str) -> None:
    """Patients face the reader: their right is on the left of the image."""
    for entry in (e for e in ABNORMAL if e.kind == kind and kind != "wrist_radiograph"):
        for subtlety in (HARD, PLAIN):
            examination = ill(entry, subtlety)
            side = examination.facts.get("side")
            if side:
                middle = np.mean([place.x for place in examination.places])
                assert (middle < examination.slices[0].shape[1] / 2) == (side == "right"), entry.key


def file_bytes(phantom: Phantom) -> list[bytes]:
    files = []
    for dataset in phantom.datasets:
        buffer = BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
        files.append(buffer.getvalue())
    return files


@pytest.mark.parametrize(
    "name", ["film_consolidation", "ct_embolus", "head_subdural", "wrist_scaphoid", "abdomen_stone"]
)
def test_the_same_recipe_seed_and_subtlety_give_the_same_bytes(name: str) -> None:
    one, two = (make_phantom(recipe(name), 11, 2) for _ in range(2))
    other = make_phantom(recipe(name), 12, 2)
    assert file_bytes(one) == file_bytes(two)
    assert one.report == two.report and one.lesions == two.lesions
    assert file_bytes(one) != file_bytes(other)


@pytest.mark.parametrize("entry", PHANTOMS, ids=key)
def test_catalogue_keys_exist(entry: PhantomRecipe) -> None:
    findings, diagnoses = shipped_findings(), shipped_diagnoses()
    assert entry.finding is None or entry.modality in findings[entry.finding].modalities
    assert entry.imitates is None or entry.imitates in findings
    assert entry.diagnosis is None or entry.diagnosis in diagnoses
    assert not (entry.finding and (entry.variant or entry.imitates))


def body(text: str, section: SectionName) -> str:
    found = re.search(rf"^{section.value.upper()}: (.*)$", text, re.MULTILINE)
    assert found, section
    return found[1].lower()


def phrases(finding: str) -> list[str]:
    return [phrase.lower() for phrase in shipped_findings()[finding].phrases]


@pytest.mark.parametrize("entry", ABNORMAL, ids=key)
def test_the_report_names_finding_side_and_size(entry: PhantomRecipe) -> None:
    examination, texts = ill(entry, PLAIN), set()
    for seed in range(12):
        report = write_report(entry, examination, np.random.default_rng(seed))
        texts.add(report.text)
        findings, impression = (body(report.text, name) for name in (SectionName.FINDINGS, SectionName.IMPRESSION))
        assert any(phrase in findings for phrase in phrases(str(entry.finding))), findings
        assert "{" not in report.text and "  " not in report.text
        for fact in ("side", "size"):
            if fact in examination.facts:
                assert re.search(rf"\b{examination.facts[fact]}\b", findings), (fact, findings)
        if "side" in examination.facts:
            other = {"left": "right", "right": "left"}[examination.facts["side"]]
            assert not re.search(rf"\b{other}\b", (findings + impression).replace("right heart strain", ""))
    assert len(texts) > 6


@pytest.mark.parametrize("entry", PHANTOMS, ids=key)
def test_the_history_gives_no_answer_away(entry: PhantomRecipe) -> None:
    """Histories belong to the kind of examination, so normal and abnormal cases share every one of them."""
    told, shared = (
        {write_report(e, ill(e, PLAIN), np.random.default_rng(seed)).history.partition(" ")[2] for seed in range(60)}
        for e in (entry, next(e for e in PHANTOMS if e.kind == entry.kind and bool(e.finding) != bool(entry.finding)))
    )
    assert told == shared
    words = [phrase for finding in shipped_findings() for phrase in phrases(finding)]
    for history in told:
        assert not any(re.search(rf"\b{re.escape(phrase)}\b", history.lower()) for phrase in words), history


@pytest.mark.parametrize("entry", NORMAL, ids=key)
def test_a_normal_holds_no_lesion_and_reports_none(entry: PhantomRecipe) -> None:
    examination = ill(entry, PLAIN)
    report = write_report(entry, examination, np.random.default_rng(0))
    assert examination.places == ()
    assert report.diagnosis_text == "Normal" and report.discussion in report.text


def test_truth_follows_the_recipe() -> None:
    assert make_phantom(recipe("wrist_normal"), 2, 3).truth is Truth.NORMAL
    assert make_phantom(recipe("wrist_radius"), 2, 3).truth is Truth.ABNORMAL


@pytest.mark.parametrize(
    "name", ["film_skin_fold", "film_nipple_shadows", "wrist_growth_plate_scar", "abdomen_focal_fat"]
)
def test_a_look_alike_is_drawn(name: str) -> None:
    _, changed = differences(recipe(name), PLAIN)
    assert max(int(c.max()) for c in changed) >= 15


def test_an_enlarged_heart_is_wider_than_half_the_chest() -> None:
    for subtlety in (HARD, PLAIN):
        assert float(ill(recipe("film_cardiomegaly"), subtlety).facts["ratio"]) > 0.5


@pytest.mark.parametrize("shape", [(816, 768), (256, 256)])
def test_the_word_phantom_is_drawn_in_a_corner(shape: tuple[int, int]) -> None:
    image = marked(np.zeros(shape, np.uint16), 900)
    bitmap = mark_bitmap()
    low = shape[0] - MARGIN_PIXELS
    corner = image[low - bitmap.shape[0] : low, MARGIN_PIXELS : MARGIN_PIXELS + bitmap.shape[1]]
    assert np.array_equal(corner == 900, bitmap) and (image != 0).sum() == bitmap.sum()


def test_a_subtlety_outside_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="give 1 .hardest. to 5"):
        examine(recipe("wrist_normal"), 1, 6)
    with pytest.raises(KeyError, match="film_nodule"):
        recipe("no_such_recipe")


def test_the_library_is_varied_and_two_fifths_normal() -> None:
    orders = library(72)
    normals = sum(not order.recipe.finding for order in orders)
    assert len(orders) == 72 and 0.4 <= normals / 72 <= 0.5
    assert {order.recipe.key for order in orders} == {entry.key for entry in PHANTOMS}
    assert len({order.seed for order in orders}) == 72
    assert {order.subtlety for order in orders if order.recipe.finding} == {1, 2, 3, 4, 5}
    assert library(72) == orders
