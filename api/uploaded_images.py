"""One uploaded file as a DICOM image, or the word that it holds none."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from api.upload_folder import UploadedFile
from api.workspace import Workspace
from archive.dicom_files import read_dicom
from archive.parsing import looks_like_dicom, parsed
from archive.secondary_capture import secondary_capture
from models.errors import BadInput

SOURCE = "upload"
PICTURES = (".png", ".jpg")
_NO_IMAGES = (
    "1.2.840.10008.1.3.10",  # a DICOMDIR
    "1.2.840.10008.5.1.4.1.1.11.",  # presentation states
    "1.2.840.10008.5.1.4.1.1.66",  # raw data, registrations, segmentations
    "1.2.840.10008.5.1.4.1.1.88.",  # structured reports, key objects
    "1.2.840.10008.5.1.4.1.1.104.",  # documents
)
"""SOP classes (or how they begin) of what an export puts beside its images."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What every file of one upload is taken in with; ``modality`` is that of its pictures."""

    workspace: Workspace
    upload_id: str
    modality: str


def image_of(intake: Intake, file: UploadedFile, place: int) -> Dataset | None:
    """The image as DICOM; None for a DICOM object that is none. Raises BadInput, naming the file by its number."""
    try:
        return _picture(intake, file, place) if file.kind in PICTURES else read_dicom(file.path)
    except BadInput as error:
        if file.kind not in PICTURES and _is_no_image(file):
            return None
        unknown = error.problem.startswith("is no DICOM file")
        remedy = "leave it out, or save it as DICOM, PNG or JPEG" if unknown else error.remedy
        raise BadInput(file.label, error.problem, remedy) from error


def _picture(intake: Intake, file: UploadedFile, place: int) -> Dataset:
    return secondary_capture(
        file.path,
        modality=intake.modality,
        patient_id=intake.workspace.opaque("patient", SOURCE, intake.upload_id),
        source_id=f"{SOURCE}/{intake.upload_id}",
        secret=intake.workspace.secret,
        number=place,
    )


def _is_no_image(file: UploadedFile) -> bool:
    if not looks_like_dicom(file.path):
        return False
    try:
        header = parsed(file.path, file.label, pixels=False)
        kind = str(header.get("SOPClassUID", "") or header.file_meta.get("MediaStorageSOPClassUID", ""))
    except Exception:  # damaged bytes make the parser fail in any way
        return False
    return kind.startswith(_NO_IMAGES)
