"""``wetread import-cases``: a folder of teaching cases becomes drafts with images.

A case goes in whole or not at all. Its images are added to the archive first, under UIDs that its source determines,
and its rows follow in one transaction: a killed import that is run again finds the images and adds what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydicom.dataset import Dataset

from api.workspace import DEPARTMENT, Workspace
from archive.deidentify import PROFILE_VERSION, deidentify, needs_pixel_review
from archive.dicom_files import read_dicom
from archive.secondary_capture import secondary_capture
from models.errors import BadInput, Conflict
from models.teaching_case import CaseOrigin, ImageRef, Proof
from nlp.describe import modality_code
from nlp.miner import Miner
from pipelines.case_rows import CaseRow, ImageRow, case_files, case_rows
from pipelines.drafting import CleanImages, Draftable, draft
from pipelines.telling import Told, along, out
from store import audit, cases
from store.audit import AuditEntry

PICTURES = (".png", ".jpg", ".jpeg")
PROOF_WORDS = {Proof.PATHOLOGY: ("patholog", "biops", "histolog", "surg", "autops"), Proof.FOLLOW_UP: ("follow",)}


def import_cases(workspace: Workspace, folder: Path) -> int:
    """Import every case of the folder as a draft; returns the exit code, 1 where a case was refused."""
    told = Told("cases")
    images = 0
    files = case_files(folder)
    miner = Miner(workspace.findings, workspace.diagnoses)
    for path in files:
        rows = list(case_rows(path, told))
        known = _known(workspace, [row.source_id for row in rows])
        for row in along(rows, f"importing {path.name}"):
            if row.source_id in known:
                told.known += 1
                continue
            try:
                images += _import_case(workspace, miner, folder, row, told)
            except BadInput as error:
                told.refuse(error)
            except Conflict as error:
                told.refuse(BadInput(row.where, str(error), "remove the file that differs, then import again"))
    with workspace.database.transaction() as tx:
        audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", "import cases", f"{told.added} cases"))
    out.print(f"{images:,} images stored as DICOM")
    return told.finish()


def _known(workspace: Workspace, source_ids: Sequence[str]) -> dict[str, str]:
    with workspace.database.snapshot() as tx:
        return cases.known(tx, DEPARTMENT, source_ids)


def _import_case(workspace: Workspace, miner: Miner, folder: Path, row: CaseRow, told: Told) -> int:
    """One case; returns how many images went in with it."""
    found = [(image, place) for image in row.images if (place := _place(folder, image, row.where))]
    missing = len(row.images) - len(found)
    datasets = [_dataset(workspace, row, image, place, n) for n, (image, place) in enumerate(found, 1)]
    images = _clean(workspace, row, datasets, missing)
    case = draft(workspace, miner, _draftable(workspace, row, datasets), images)
    with workspace.database.transaction() as tx:
        added = cases.add(tx, case, workspace.now())
    told.added += added
    told.known += not added
    if missing:
        told.notice("image named by a case but not in the folder; its case is a draft without it", missing)
    return len(images.refs)


def _place(folder: Path, image: ImageRow, where: str) -> Path | None:
    """Where an image lies; None where it is not there. A name that leads out of the folder is refused."""
    root = folder.resolve()
    for place in (folder / image.file, folder / "images" / image.file):
        if not place.resolve().is_relative_to(root):
            raise BadInput(where, "an image name leads out of the case folder", "name a file inside it")
        if place.is_file():
            return place
    return None


def _dataset(workspace: Workspace, row: CaseRow, image: ImageRow, place: Path, number: int) -> Dataset:
    """The image as DICOM: read where it is DICOM, made a Secondary Capture where it is a picture."""
    if place.suffix.lower() not in PICTURES:
        return read_dicom(place)
    return secondary_capture(
        place,
        modality=modality_code(image.modality),
        patient_id=workspace.opaque("patient", row.source_id),
        source_id=row.source_id,
        secret=workspace.secret,
        number=number,
    )


def _clean(workspace: Workspace, row: CaseRow, datasets: list[Dataset], missing: int) -> CleanImages:
    flags = ["image_missing"] if missing else []
    refs: list[ImageRef] = []
    for dataset in datasets:
        if needs_pixel_review(dataset):
            flags.append("look_for_text_in_pixels")
        refs.append(workspace.archive.add(deidentify(dataset, workspace.secret), row.where).ref)
    return CleanImages(tuple(refs), PROFILE_VERSION if refs else None, tuple(dict.fromkeys(flags)))


def _draftable(workspace: Workspace, row: CaseRow, datasets: list[Dataset]) -> Draftable:
    named = [modality_code(image.modality) for image in row.images if image.modality]
    stated = [str(dataset.get("Modality", "")) for dataset in datasets]
    modality = next((code for code in [*stated, *named] if code and code != "OT"), "OT")
    patient = next((str(dataset.get("PatientID", "")) for dataset in datasets if dataset.get("PatientID")), "")
    return Draftable(
        source="import",
        source_id=row.source_id,
        title=row.title,
        history=row.history,
        findings=row.findings,
        impression=row.impression,
        diagnosis=row.diagnosis,
        differential=row.differential,
        discussion=row.discussion,
        modality=modality,
        place=" ".join([row.region, *(image.caption for image in row.images)]),
        proof=_proof(row.diagnosis_by),
        origin=CaseOrigin.IMPORTED,
        patient=workspace.opaque("patient", patient or row.source_id),
    )


def _proof(stated: str) -> Proof:
    words = stated.lower()
    for proof, stems in PROOF_WORDS.items():
        if any(stem in words for stem in stems):
            return proof
    return Proof.REPORT_ONLY
