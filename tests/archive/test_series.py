from __future__ import annotations

import pytest

from archive.series import series_of, series_said
from models.series import NumberedImage
from models.teaching_case import ImageRef
from tests.building import ct_slice


def ref(number: int, series: str = "s") -> ImageRef:
    return ImageRef(f"{series}{number}", series, number)


def test_a_series_is_described_by_its_images_and_holds_them_in_order() -> None:
    said = []
    for number in (3, 1, 2, 2):
        dataset = ct_slice(number, "1.2.3")
        dataset.SeriesNumber, dataset.SeriesDescription, dataset.BodyPartExamined = 4, "Lung 1.0", "CHEST"
        said.append((ref(number), series_said(dataset, ref(number))))
    other = ct_slice(1, "1.2.4")
    said.append((ref(1, "t"), series_said(other, ref(1, "t"))))
    first, second = series_of(said)
    assert first.images == tuple(NumberedImage(n, f"s{n}") for n in (1, 2, 3))
    assert (first.number, first.description, first.plane, first.body_part) == (4, "Lung 1.0", "axial", "CHEST")
    assert (second.series_id, second.number, second.description) == ("t", None, "")


@pytest.mark.parametrize(
    ("orientation", "plane"),
    [
        ([1, 0, 0, 0, 1, 0], "axial"),
        ([1, 0, 0, 0, 0, -1], "coronal"),
        ([0, 1, 0, 0, 0, -1], "sagittal"),
        ([0.9, 0.1, 0.1, 0, 0.1, -1], "coronal"),  # tilted, as spines are read
        ([1, 0, 0, 0, 0.7, 0.7], "oblique"),
    ],
)
def test_the_plane_is_the_one_the_images_lie_in(orientation: list[float], plane: str) -> None:
    dataset = ct_slice(1, "1.2.3")
    dataset.ImageOrientationPatient = orientation
    assert series_said(dataset, ref(1)).plane == plane


@pytest.mark.parametrize(("view", "plane"), [("PA", "frontal"), ("LL", "lateral"), ("RLO", "oblique"), ("XX", "")])
def test_the_view_of_a_film_is_its_plane(view: str, plane: str) -> None:
    dataset = ct_slice(1, "1.2.3")
    del dataset.ImageOrientationPatient
    dataset.ViewPosition = view
    assert series_said(dataset, ref(1)).plane == plane


def test_numbers_of_pictures_are_ours_and_no_report_means_them() -> None:
    dataset = ct_slice(2, "1.2.3")
    dataset.ConversionType, dataset.SeriesNumber = "WSD", 1
    said = series_said(dataset, ref(2))
    assert said.number is None and said.images == (NumberedImage(0, "s2"),)


def test_damaged_attributes_say_nothing() -> None:
    dataset = ct_slice(1, "1.2.3")
    dataset.SeriesNumber, dataset.ImageOrientationPatient = None, None
    assert (series_said(dataset, ref(1)).number, series_said(dataset, ref(1)).plane) == (None, "")
