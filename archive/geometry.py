"""An image's geometry and window, read out of its DICOM attributes by an allow-list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from pydicom.dataset import Dataset

from archive.archive import ImageGeometry
from archive.dicom_files import frame_count, integer, text

# PS3.3, C.7.3.1.1.1. A closed list, since sixteen capital letters can spell a name.
# fmt: off
MODALITIES = frozenset((
    "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CFM", "CR", "CT", "CTPROTOCOL", "DG", "DMS", "DOC", "DX", "ECG",
    "EEG", "EMG", "EOG", "EPS", "ES", "FID", "GM", "HC", "HD", "IO", "IOL", "IVOCT", "IVUS", "KER", "KO", "LEN",
    "LS", "M3D", "MG", "MR", "NM", "OAM", "OCT", "OP", "OPM", "OPT", "OPTBSV", "OPTENF", "OPV", "OSS", "OT", "PA",
    "PLAN", "POS", "PR", "PT", "PX", "REG", "RESP", "RF", "RG", "RTDOSE", "RTIMAGE", "RTINTENT", "RTPLAN", "RTRAD",
    "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SEG", "SM", "SMR", "SR", "SRF", "STAIN", "TEXTUREMAP", "TG", "US",
    "VA", "XA", "XC", "XAPROTOCOL", "XRF",
))
# fmt: on
# Where enhanced multi-frame files keep what others keep at top level (PS3.3, C.7.6.16.2).
_FUNCTIONAL_GROUPS = {
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "WindowCenter": "FrameVOILUTSequence",
    "WindowWidth": "FrameVOILUTSequence",
}


def image_geometry(dataset: Dataset, image_id: str, series_id: str) -> ImageGeometry:
    """The geometry of an image that ``check_image`` has passed; what is missing or no number is None."""
    row_spacing, column_spacing = _spacing(dataset) or (None, None)
    center, width = _window(dataset) or (None, None)
    modality = text(dataset, "Modality")
    return ImageGeometry(
        image_id=image_id,
        series_id=series_id,
        modality=modality if modality in MODALITIES else "OT",
        rows=integer(dataset, "Rows"),
        columns=integer(dataset, "Columns"),
        frames=frame_count(dataset),
        samples_per_pixel=integer(dataset, "SamplesPerPixel", 1),
        bits_allocated=integer(dataset, "BitsAllocated"),
        bits_stored=integer(dataset, "BitsStored"),
        pixel_representation=integer(dataset, "PixelRepresentation"),
        photometric_interpretation=text(dataset, "PhotometricInterpretation"),
        row_spacing_mm=row_spacing,
        column_spacing_mm=column_spacing,
        slice_thickness_mm=_positive(_first(dataset, "SliceThickness")),
        image_position_patient=_numbers(dataset, "ImagePositionPatient", 3),
        image_orientation_patient=_numbers(dataset, "ImageOrientationPatient", 6),
        rescale_slope=_first(dataset, "RescaleSlope") or 1.0,
        rescale_intercept=_first(dataset, "RescaleIntercept") or 0.0,
        window_center=center,
        window_width=width,
    )


def _spacing(dataset: Dataset) -> tuple[float, float] | None:
    """Distance between rows and between columns in mm.

    A radiograph without Pixel Spacing tells only the spacing at its detector; the estimated magnification, where given,
    brings it to the patient (PS3.3, 10.7.1.3).
    """
    spacing, magnification = _numbers(dataset, "PixelSpacing", 2), 1.0
    if spacing is None:
        spacing = _numbers(dataset, "ImagerPixelSpacing", 2)
        magnification = _positive(_first(dataset, "EstimatedRadiographicMagnificationFactor")) or 1.0
    if spacing is None or min(spacing) <= 0:
        return None
    return spacing[0] / magnification, spacing[1] / magnification


def _window(dataset: Dataset) -> tuple[float, float] | None:
    """The first window given; its width is at least 1 by definition (PS3.3, C.11.2.1.2.1)."""
    center, width = _first(dataset, "WindowCenter"), _first(dataset, "WindowWidth")
    return (center, width) if center is not None and width is not None and width >= 1 else None


def _positive(number: float | None) -> float | None:
    return number if number is not None and number > 0 else None


def _first(dataset: Dataset, keyword: str) -> float | None:
    numbers = _floats(_value(dataset, keyword))
    return numbers[0] if numbers else None


def _numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...] | None:
    numbers = _floats(_value(dataset, keyword))
    return numbers if numbers and len(numbers) == count else None


def _floats(value: object) -> tuple[float, ...] | None:
    values = value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,)
    try:
        numbers = tuple(float(each) for each in values)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return numbers if all(isfinite(number) for number in numbers) else None


def _value(dataset: Dataset, keyword: str) -> object:
    for holder in _holders(dataset, keyword):
        try:
            if keyword in holder:
                return holder.get(keyword)
        except Exception:  # a damaged value makes its conversion fail in any way
            return None
    return None


def _holders(dataset: Dataset, keyword: str) -> Iterator[Dataset]:
    yield dataset
    group = _FUNCTIONAL_GROUPS.get(keyword)
    if group is None:
        return
    for functional in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for item in list(dataset.get(functional) or ())[:1]:
            yield from list(item.get(group) or ())[:1]
