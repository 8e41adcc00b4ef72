"""What the attributes of images say of their series, before de-identification takes the words away."""

from __future__ import annotations

from collections.abc import Iterable

from pydicom.dataset import Dataset

from archive.dicom_files import integer, text
from archive.geometry import image_geometry
from models.series import NumberedImage, SeriesInfo
from models.teaching_case import ImageRef

_PLANES = ("sagittal", "coronal", "axial")  # by the axis the image looks along: x, y, z of the patient
_OBLIQUE = 0.8
"""Cosine under which a plane is oblique: 37 degrees off."""

_VIEWS = {
    **dict.fromkeys(("AP", "PA"), "frontal"),
    **dict.fromkeys(("LL", "RL", "LLD", "RLD"), "lateral"),
    **dict.fromkeys(("LLO", "RLO"), "oblique"),
}
_DESCRIBING = ("SeriesDescription", "ProtocolName", "ViewPosition")
_LONGEST = 200


def series_of(images: Iterable[tuple[ImageRef, SeriesInfo]]) -> tuple[SeriesInfo, ...]:
    """The series of a study out of what each image says of its own; the first image of a series describes it."""
    described: dict[str, SeriesInfo] = {}
    held: dict[str, dict[str, NumberedImage]] = {}
    for ref, said in images:
        described.setdefault(ref.series_id, said)
        held.setdefault(ref.series_id, {})[ref.image_id] = said.images[0]
    return tuple(
        SeriesInfo(
            series_id,
            one.number,
            tuple(sorted(held[series_id].values(), key=lambda image: (image.number, image.image_id))),
            one.description,
            one.plane,
            one.body_part,
            one.modality,
        )
        for series_id, one in described.items()
    )


def series_said(dataset: Dataset, ref: ImageRef) -> SeriesInfo:
    """What one image says of its series. A picture made DICOM has numbers of our own giving, which no report means."""
    own = "ConversionType" in dataset
    number = integer(dataset, "SeriesNumber", -1)
    return SeriesInfo(
        series_id=ref.series_id,
        number=None if own or number < 0 else number,
        images=(NumberedImage(0 if own else ref.number, ref.image_id, 1 if own else ref.frames),),
        description=" ".join(said for keyword in _DESCRIBING if (said := text(dataset, keyword)[:_LONGEST])),
        plane=_plane(dataset, ref),
        body_part=text(dataset, "BodyPartExamined")[:_LONGEST],
        modality=text(dataset, "Modality")[:_LONGEST],
    )


def _plane(dataset: Dataset, ref: ImageRef) -> str:
    view = _VIEWS.get(text(dataset, "ViewPosition").upper(), "")
    orientation = image_geometry(dataset, ref.image_id, ref.series_id).image_orientation_patient
    if view or orientation is None:
        return view
    (a, b, c), (d, e, f) = orientation[:3], orientation[3:]
    normal = [abs(b * f - c * e), abs(c * d - a * f), abs(a * e - b * d)]
    largest = max(normal)
    return _PLANES[normal.index(largest)] if largest >= _OBLIQUE else "oblique"
