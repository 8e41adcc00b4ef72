from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.finding import shipped_findings
from models.report import Span
from models.series import KeyImages, NumberedImage, SeriesInfo
from models.teaching_case import TeachingPoint
from nlp.image_links import ImageLink, StudyImages, Sureness, image_links, linked
from nlp.image_references import image_references
from nlp.miner import Miner
from nlp.points import teaching_points
from nlp.sections import find_sections


def series(number: int | None, count: int, description: str = "", plane: str = "", body_part: str = "") -> SeriesInfo:
    name = f"s{number}-{description}".replace(" ", "_")
    images = tuple(NumberedImage(n, f"{name}:{n}") for n in range(1, count + 1))
    return SeriesInfo(name, number, images, description, plane, body_part)


CT = (
    series(2, 120, "CHEST 5.0 STD", "axial", "CHEST"),
    series(3, 400, "CHEST 1.0 LUNG", "axial", "CHEST"),
    series(601, 90, "COR 3.0 MPR", "coronal", "CHEST"),
)
SPINE = (
    series(4, 15, "SAG T2 TSE"),
    series(5, 15, "SAG T1 TSE"),
    series(6, 15, "SAG T1 TSE FS +C"),
    series(7, 30, "AX T2 TSE"),
)
FILMS = (series(1, 1, "PA UPRIGHT", "frontal"), series(2, 1, "LATERAL", "lateral"))


def links(text: str, study: tuple[SeriesInfo, ...], selected: tuple[KeyImages, ...] = ()) -> tuple[ImageLink, ...]:
    """The links of a point that is the text's first sentence."""
    end = text.find(". ") + 1 or len(text)
    point = TeachingPoint("nodule_mass", text[:end], Span(0, end))
    return image_links(point, text, (), StudyImages(study, selected), best=True)


@pytest.mark.parametrize(
    ("words", "series_number", "numbers"),
    [
        ("series 3 image 45", 3, (45,)),
        ("series 3, image 45", 3, (45,)),
        ("se 3 im 45", 3, (45,)),
        ("Ser. 3, Im. 45", 3, (45,)),
        ("image 45 of series 3", 3, (45,)),
        ("image 45 (series 3", 3, (45,)),
        ("images 12-15", None, (12, 13, 14, 15)),
        ("images 12 to 14 and 20 of series 3", 3, (12, 13, 14, 20)),
        ("series 3, images 45, 50 and 55", 3, (45, 50, 55)),
        ("S3/I45", 3, (45,)),
        ("image 3/45", 3, (45,)),
        ("image #45", None, (45,)),
        ("series 601", 601, ()),
    ],
)
def test_references_are_read_with_their_words(words: str, series_number: int | None, numbers: tuple[int, ...]) -> None:
    text = f"A nodule ({words})."
    (found,) = image_references(text, Span(0, len(text)))
    assert (found.series, found.numbers) == (series_number, numbers)
    assert found.span.of(text) == words


def test_a_size_is_no_number_of_an_image() -> None:
    text = "A nodule on image 45, 12 mm across; image 50, 1.5 x 2 cm."
    assert [one.numbers for one in image_references(text, Span(0, len(text)))] == [(45,), (50,)]


@pytest.mark.parametrize(
    "text",
    [
        "A lesion of the S1 vertebra.",
        "Previously seen on series 3, image 45.",
        "It is larger than on series 3 image 45 of the prior study.",
        "Two images were obtained.",
        "Images of the chest are unremarkable.",
    ],
)
def test_what_is_no_reference_to_this_study_is_none(text: str) -> None:
    assert image_references(text, Span(0, len(text))) == ()


def test_of_then_and_now_only_now_is_meant() -> None:
    text = "The nodule was 8 mm (series 3, image 40), now 12 mm (series 2, image 45)."
    assert [(one.series, one.numbers) for one in image_references(text, Span(0, len(text)))] == [(2, (45,))]
    text = "Nodule, unchanged from the prior CT (series 3, image 45)."
    assert [one.numbers for one in image_references(text, Span(0, len(text)))] == [(45,)]


def test_an_exact_reference_names_its_image_and_keeps_its_words() -> None:
    text = "There is a 6 mm nodule in the right upper lobe (series 3, image 45)."
    (link,) = links(text, CT)
    assert (link.images, link.sureness) == (("s3-CHEST_1.0_LUNG:45",), Sureness.EXACT)
    assert link.span is not None and link.span.of(text) == "series 3, image 45"


def test_a_reference_that_follows_in_a_sentence_of_its_own() -> None:
    (link,) = links("There is a small nodule. Series 2, image 7.", CT)
    assert link.images == ("s2-CHEST_5.0_STD:7",)
    assert links("There is a small nodule. The effusion is on series 2, image 7.", CT) == ()


@pytest.mark.parametrize(
    "text",
    [
        "A nodule (series 9, image 45).",  # no such series
        "A nodule (series 2, image 300).",  # no such image
        "A nodule (series 2, images 119-125).",  # some are missing
        "A nodule on image 45.",  # two series have one
        "A nodule on sagittal image 300.",  # no sagittal series; the axial one is not meant
    ],
)
def test_what_cannot_be_certain_is_not_exact(text: str) -> None:
    assert links(text, CT) == ()


def test_a_number_alone_is_certain_where_words_leave_one_series() -> None:
    assert links("A nodule on coronal image 45.", CT)[0].images == ("s601-COR_3.0_MPR:45",)
    assert links("A nodule on axial image 300.", CT)[0].images == ("s3-CHEST_1.0_LUNG:300",)
    twice = (*CT, series(3, 400, "again", "axial"))
    assert links("A nodule (series 3, image 45).", twice) == ()


def test_a_file_of_many_frames_is_the_image_of_each() -> None:
    enhanced = SeriesInfo("s", 3, (NumberedImage(1, "whole", frames=80),))
    assert links("A nodule (series 3, image 45).", (enhanced,))[0].images == ("whole",)
    assert links("A nodule (series 3, image 81).", (enhanced,)) == ()


@pytest.mark.parametrize(
    ("text", "study", "number"),
    [
        ("Disc protrusion, best seen on the sagittal T2 images.", SPINE, 4),
        ("The lesion is dark on sagittal T1 images.", SPINE, 5),
        ("It enhances on the post-contrast sagittal images.", SPINE, 6),
        ("Compression on axial T2 images.", SPINE, 7),
        ("The nodule is seen on the lateral view only.", FILMS, 2),
        ("The opacity is seen on the frontal projection.", FILMS, 1),
        ("Best seen on coronal reformats.", CT, 601),
        ("Seen on series 601.", CT, 601),
        ("The nodule is seen on lung windows.", CT, 3),
    ],
)
def test_plane_and_sequence_words_find_their_series(text: str, study: tuple[SeriesInfo, ...], number: int) -> None:
    (link,) = links(text, study)
    (meant,) = [one for one in study if one.number == number]
    assert link.sureness is Sureness.WORDS and set(link.images) <= {image.image_id for image in meant.images}


@pytest.mark.parametrize(
    "text",
    [
        "A fracture of the lateral malleolus.",
        "The lateral ventricles are large.",
        "A lesion of the T2 vertebral body.",
        "Infarct in the frontal lobe.",
    ],
)
def test_words_of_the_body_are_none_of_images(text: str) -> None:
    assert links(text, (*FILMS, *SPINE)) == ()


def test_selected_images_belong_to_their_finding_or_to_the_best_point() -> None:
    ids = ("s3-CHEST_1.0_LUNG:9", "of another study")
    for chosen in (KeyImages(ids), KeyImages(ids, ("nodule_mass",))):
        assert links("A nodule.", CT, (chosen,)) == (ImageLink(ids[:1], Sureness.KEY_IMAGE),)
    assert links("A nodule.", CT, (KeyImages(ids, ("edema",)),)) == ()
    (link,) = links("A nodule (series 2, image 7).", CT, (KeyImages(ids),))
    assert link.sureness is Sureness.EXACT


def test_each_finding_of_a_sentence_has_the_reference_that_follows_it(miner: Miner) -> None:
    report = find_sections("Right lower lobe nodule (series 3, image 45) and left rib fracture (series 2, image 80).")
    observations = miner.observations(report)
    points = teaching_points(report, observations, shipped_findings())
    shown = {point.finding: point.images for point in linked(points, report.text, observations, StudyImages(CT))}
    assert shown == {"nodule_mass": ("s3-CHEST_1.0_LUNG:45",), "rib_fracture": ("s2-CHEST_5.0_STD:80",)}


PIECES = st.sampled_from(
    [
        "series 3",
        "image 45",
        "images 12-15",
        "series 9",
        ",",
        "S3/I45",
        "prior",
        "now",
        "axial images",
        "nodule.",
        "(",
        ")",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_an_exact_link_is_to_an_image_of_that_number(text: str) -> None:
    for link in links(text or "x", CT):
        if link.sureness is Sureness.EXACT:
            assert link.span is not None
            (read,) = image_references(text, link.span)
            assert [int(image.rsplit(":", 1)[1]) for image in link.images] == list(read.numbers)
            assert read.series is None or all(image.startswith(f"s{read.series}-") for image in link.images)


def test_many_references_take_no_longer_each() -> None:
    text = "nodule series 3, image 45, " * 40_000
    point = TeachingPoint("nodule_mass", text, Span(0, len(text)))
    assert image_links(point, text, (), StudyImages(CT))
