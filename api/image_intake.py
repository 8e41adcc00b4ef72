"""Images on their way in: de-identified, archived, and taken out again if their case fails.

Images are added under UIDs that their source determines, so that what was killed finds them when it is done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydicom.dataset import Dataset

from api.drafting import CleanImages
from api.workspace import Workspace
from archive.deidentify import PROFILE_VERSION, deidentify, needs_pixel_review
from archive.dicom_files import AGAIN, text
from archive.people import named_in
from archive.series import series_of, series_said
from models.errors import BadInput, Conflict
from models.series import SeriesInfo
from models.teaching_case import ImageRef
from store import reimports


@dataclass(frozen=True, slots=True)
class ArchivedImages:
    """A case's images in the archive. ``patient`` is the Patient ID of the first that has one, never to be stored.

    Nor are ``names``, what the images bore of people, patient and study: they are for taking it out of texts.

    ``modality`` is what the archive made of theirs, a code of DICOM's list, OT where none says.
    """

    clean: CleanImages
    modality: str
    patient: str
    names: tuple[str, ...] = ()


def archive_datasets(
    workspace: Workspace, datasets: Iterable[tuple[str, Dataset]], flags: Iterable[str] = ()
) -> ArchivedImages:
    """Bring images (where each comes from, the image) into the archive, all or none.

    Raises BadInput for one that cannot be taken.
    """
    found = list(flags)
    refs: list[ImageRef] = []
    said: list[tuple[ImageRef, SeriesInfo]] = []
    patient = ""
    names: dict[str, None] = {}
    with taken_back(workspace, refs):
        for where, dataset in datasets:
            patient = patient or text(dataset, "PatientID")
            names.update(dict.fromkeys(named_in(dataset)))
            if needs_pixel_review(dataset):
                found.append("look_for_text_in_pixels")
            refs.append(_archived(workspace, dataset, where))
            said.append((refs[-1], series_said(dataset, refs[-1])))
    unique = tuple(dict.fromkeys(refs))
    profile = PROFILE_VERSION if unique else None
    clean = CleanImages(unique, profile, tuple(dict.fromkeys(found)), series=series_of(said))
    return ArchivedImages(clean, stored_modality(workspace, unique), patient, tuple(names))


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


def stored_modality(workspace: Workspace, refs: Iterable[ImageRef]) -> str:
    """The modality of the first image that has one."""
    stored = (workspace.archive.geometry(ref.image_id).modality for ref in refs)
    return next((code for code in stored if code != "OT"), "OT")


def _archived(workspace: Workspace, dataset: Dataset, where: str) -> ImageRef:
    try:
        return workspace.archive.add(deidentify(dataset, workspace.secret), where).ref
    except BadInput as error:
        place = error.where if where in error.where else f"{where}: {error.where}"
        raise BadInput(place, error.problem, error.remedy) from error
    except Conflict as error:
        problem = "is another image than the one stored under its name or UID before"
        raise BadInput(where, problem, "give the changed image a new name, or a new UID if it is DICOM") from error
    except (AttributeError, KeyError, NotImplementedError, TypeError, ValueError) as error:
        # A damaged attribute makes its conversion fail in any way, in words that quote it.
        raise BadInput(where, "has an attribute that cannot be read", AGAIN) from error
