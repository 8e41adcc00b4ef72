"""The series of a study, as far as a report can speak of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberedImage:
    """An image under the number reports call it by, DICOM's Instance Number; 0 where it has none."""

    number: int
    image_id: str
    frames: int = 1


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """A series by what its images' attributes say of it. It is compared with a report and then forgotten.

    ``number`` is DICOM's Series Number, None where it is unknown. ``description`` is free text that may name anybody:
    it is for comparing, never for keeping or showing. ``plane`` is axial, coronal, sagittal, frontal, lateral, oblique
    or empty; ``modality`` a code of DICOM's. ``images`` are in order.
    """

    series_id: str
    number: int | None
    images: tuple[NumberedImage, ...]
    description: str = ""
    plane: str = ""
    body_part: str = ""
    modality: str = ""


@dataclass(frozen=True, slots=True)
class KeyImages:
    """Images somebody selected (a DICOM Key Object Selection). ``findings`` are the keys its text names, if any."""

    image_ids: tuple[str, ...]
    findings: tuple[str, ...] = ()
