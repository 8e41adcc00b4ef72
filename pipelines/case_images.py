"""The images a case file names: found in its folder, read, and handed over to be de-identified and archived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pydicom.dataset import Dataset

from api.image_intake import ArchivedImages, archive_datasets
from api.workspace import Workspace
from archive.dicom_files import read_dicom
from archive.secondary_capture import secondary_capture
from models.errors import BadInput
from nlp.describe import modality_code
from pipelines.case_rows import CaseRow, ImageRow

PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image of a case and where it lies; ``number`` is its place among those the case names, from 1."""

    image: ImageRow
    place: Path
    number: int


def find_images(folder: Path, row: CaseRow) -> tuple[list[FoundImage], int]:
    """The images that are there, each file once, and how many are not.

    Raises BadInput for a name that leads out of the folder.
    """
    missing: set[str] = set()
    found: dict[Path, FoundImage] = {}
    for number, image in enumerate(row.images, 1):
        place = _place(folder, image, row.where)
        if place:
            found.setdefault(place, FoundImage(image, place, number))
        else:
            missing.add(image.file)
    return list(found.values()), len(missing)


def archive_images(
    workspace: Workspace, source: str, row: CaseRow, found: Iterable[FoundImage], missing: int
) -> ArchivedImages:
    """Bring the images into the archive, all or none. Raises BadInput for one that cannot be taken."""
    datasets = ((str(one.place), _dataset(workspace, source, row, one)) for one in found)
    archived = archive_datasets(workspace, datasets, ["image_missing"] if missing else [])
    named = [modality_code(image.modality) for image in row.images if image.modality]
    modality = next((code for code in [archived.modality, *named] if code != "OT"), "OT")
    return replace(archived, modality=modality)


def _place(folder: Path, image: ImageRow, where: str) -> Path | None:
    """Where an image lies; None where it is not there."""
    try:
        for place in (folder / image.file, folder / "images" / image.file):
            # Only a name that climbs, or a link that is there, can lead out; asking where a path ends is slow.
            if (_climbs(image.file) or place.exists()) and not place.resolve().is_relative_to(folder.resolve()):
                raise BadInput(where, "an image name leads out of the case folder", "name a file inside it")
            if place.is_file():
                return place
    except (OSError, RuntimeError, ValueError) as error:  # a path too long, a loop of links
        raise BadInput(where, "an image name can be no file's", "name a file inside the case folder") from error
    return None


def _climbs(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/")


def _dataset(workspace: Workspace, source: str, row: CaseRow, one: FoundImage) -> Dataset:
    """The image as DICOM: read where it is DICOM, made a Secondary Capture where it is a picture."""
    if one.place.suffix.lower() not in PICTURES:
        return read_dicom(one.place)
    return secondary_capture(
        one.place,
        modality=modality_code(one.image.modality),
        patient_id=workspace.opaque("patient", source, row.source_id),
        source_id=f"{source}/{row.source_id}",
        secret=workspace.secret,
        number=one.number,
    )
