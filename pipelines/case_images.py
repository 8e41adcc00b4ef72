"""The images a case file names: found in its folder, read, de-identified, archived, and taken out again if they fail.

Images are added under UIDs that their source determines, so that a killed import finds them when it is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset

from api.workspace import Workspace
from archive.deidentify import PROFILE_VERSION, deidentify, needs_pixel_review
from archive.dicom_files import AGAIN, read_dicom, text
from archive.secondary_capture import secondary_capture
from models.errors import BadInput, Conflict
from models.teaching_case import ImageRef
from nlp.describe import modality_code
from pipelines.case_rows import CaseRow, ImageRow
from pipelines.drafting import CleanImages
from store import reimports

PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image of a case and where it lies; ``number`` is its place among those the case names, from 1."""

    image: ImageRow
    place: Path
    number: int


@dataclass(frozen=True, slots=True)
class ArchivedImages:
    """A case's images in the archive. ``patient`` is the Patient ID of the first that has one, never to be stored."""

    clean: CleanImages
    modality: str
    patient: str


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
    flags = ["image_missing"] if missing else []
    refs: list[ImageRef] = []
    patient = ""
    with taken_back(workspace, refs):
        for one in found:
            dataset = _dataset(workspace, source, row, one)
            patient = patient or text(dataset, "PatientID")
            if needs_pixel_review(dataset):
                flags.append("look_for_text_in_pixels")
            refs.append(_archived(workspace, dataset, one.place))
    unique = tuple(dict.fromkeys(refs))
    clean = CleanImages(unique, PROFILE_VERSION if unique else None, tuple(dict.fromkeys(flags)))
    return ArchivedImages(clean, _modality(workspace, row, unique), patient)


@contextmanager
def taken_back(workspace: Workspace, refs: Iterable[ImageRef]) -> Iterator[None]:
    """Where the block fails, the images it named leave the archive again, except those that a stored case shows."""
    try:
        yield
    except Exception:
        added = [ref.image_id for ref in refs]
        with workspace.database.snapshot() as tx:
            used = reimports.images_in_use(tx, added)
        workspace.archive.remove(image_id for image_id in added if image_id not in used)
        raise


def _place(folder: Path, image: ImageRow, where: str) -> Path | None:
    """Where an image lies; None where it is not there."""
    try:
        root = folder.resolve()
        for place in (folder / image.file, folder / "images" / image.file):
            if not place.resolve().is_relative_to(root):
                raise BadInput(where, "an image name leads out of the case folder", "name a file inside it")
            if place.is_file():
                return place
    except (OSError, RuntimeError, ValueError) as error:  # a path too long, a loop of links
        raise BadInput(where, "an image name can be no file's", "name a file inside the case folder") from error
    return None


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


def _archived(workspace: Workspace, dataset: Dataset, place: Path) -> ImageRef:
    try:
        return workspace.archive.add(deidentify(dataset, workspace.secret), str(place)).ref
    except BadInput as error:
        where = error.where if str(place) in error.where else f"{place}: {error.where}"
        raise BadInput(where, error.problem, error.remedy) from error
    except Conflict as error:
        problem = "is another image than the one stored under its name or UID before"
        raise BadInput(str(place), problem, "give the changed image a new name, or a new UID if it is DICOM") from error
    except (AttributeError, KeyError, NotImplementedError, TypeError, ValueError) as error:
        # A damaged attribute makes its conversion fail in any way, in words that quote it.
        raise BadInput(str(place), "has an attribute that cannot be read", AGAIN) from error


def _modality(workspace: Workspace, row: CaseRow, refs: Iterable[ImageRef]) -> str:
    """What the archive made of the images' modality, a code of DICOM's list, else what the file says of them."""
    stored = [workspace.archive.geometry(ref.image_id).modality for ref in refs]
    named = [modality_code(image.modality) for image in row.images if image.modality]
    return next((code for code in [*stored, *named] if code != "OT"), "OT")
