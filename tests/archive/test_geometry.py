"""Geometry and window out of plain and enhanced images, and what is not believed."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from archive.geometry import image_geometry


def geometry(image):
    return image_geometry(image, "i", "s")


def item(**attributes: object) -> Sequence:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return Sequence([dataset])


def test_plain_attributes(make_image):
    found = geometry(
        make_image(
            PixelSpacing=[0.5, 0.25],
            SliceThickness=2,
            ImagePositionPatient=[-1, 2, 3.5],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            RescaleSlope=2,
            RescaleIntercept=-1024,
            WindowCenter=[40, 300],
            WindowWidth=[400, 1500],
        )
    )
    assert (found.row_spacing_mm, found.column_spacing_mm, found.slice_thickness_mm) == (0.5, 0.25, 2)
    assert found.image_position_patient == (-1, 2, 3.5) and found.image_orientation_patient == (1, 0, 0, 0, 1, 0)
    assert (found.rescale_slope, found.rescale_intercept) == (2, -1024)
    assert (found.window_center, found.window_width) == (40, 400)


def test_nothing_is_invented(make_image):
    found = geometry(make_image())
    assert found.row_spacing_mm is found.column_spacing_mm is found.slice_thickness_mm is None
    assert found.image_position_patient is found.image_orientation_patient is None
    assert found.window_center is found.window_width is None
    assert (found.rescale_slope, found.rescale_intercept) == (1, 0)


def test_enhanced_images_keep_it_in_functional_groups(make_image):
    shared = item(PixelMeasuresSequence=item(PixelSpacing=[0.7, 0.7], SliceThickness=3))
    first = item(PlanePositionSequence=item(ImagePositionPatient=[1, 2, 3]))
    first += item(PlanePositionSequence=item(ImagePositionPatient=[1, 2, 9]))
    found = geometry(make_image(SharedFunctionalGroupsSequence=shared, PerFrameFunctionalGroupsSequence=first))
    assert (found.row_spacing_mm, found.slice_thickness_mm) == (0.7, 3)
    assert found.image_position_patient == (1, 2, 3)


def test_a_radiograph_measures_at_its_detector_or_at_the_patient(make_image):
    assert geometry(make_image(ImagerPixelSpacing=[0.2, 0.2])).row_spacing_mm == 0.2
    magnified = make_image(ImagerPixelSpacing=[0.2, 0.2], EstimatedRadiographicMagnificationFactor=1.25)
    assert geometry(magnified).row_spacing_mm == pytest.approx(0.16)


@pytest.mark.parametrize(
    ("keyword", "value", "field"),
    [
        ("PixelSpacing", [0, 0], "row_spacing_mm"),
        ("PixelSpacing", [0.5], "row_spacing_mm"),
        ("SliceThickness", 0, "slice_thickness_mm"),
        ("ImagePositionPatient", [1, 2], "image_position_patient"),
        ("ImageOrientationPatient", None, "image_orientation_patient"),
    ],
)
def test_values_that_mean_nothing_are_none(make_image, keyword, value, field):
    assert getattr(geometry(make_image(**{keyword: value})), field) is None


@pytest.mark.parametrize(("center", "width"), [(40, 0), (40, None), (None, 400)])
def test_a_window_needs_center_and_width(make_image, center, width):
    found = geometry(make_image(WindowCenter=center, WindowWidth=width))
    assert found.window_center is None and found.window_width is None


@pytest.mark.parametrize(("given", "kept"), [("CT", "CT"), ("QUILL", "OT"), ("", "OT"), ("ct", "OT")])
def test_a_modality_is_a_code_of_dicom(make_image, given, kept):
    assert geometry(make_image(Modality=given)).modality == kept
