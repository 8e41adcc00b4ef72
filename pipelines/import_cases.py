"""``wetread import-cases``: a folder of teaching cases becomes drafts with images.

A case goes in whole or not at all: its images first, then its rows in one transaction. A case is known by the name of
its collection and its id there. What an earlier import left is completed: a stub becomes the case, a draft gets the
images it lacked. A row that says something else than the case stored under its id is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from api.drafting import CleanImages, Draftable, draft, scrubbed
from api.image_intake import ArchivedImages, taken_back
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput, Conflict
from models.teaching_case import CaseOrigin, CaseStatus, TeachingCase
from nlp.image_links import StudyImages, linked
from nlp.miner import Miner
from nlp.proof import stated_proof
from nlp.scrub import SCRUB_VERSION
from pipelines.case_images import FoundImage, archive_images, find_images
from pipelines.case_names import COLLECTION, case_or_stub, checked_source, shown_id
from pipelines.case_rows import CaseRow, case_files, case_rows
from pipelines.intake import Intake, intake
from pipelines.telling import out
from store import cases, draft_order, reimports
from store.reimports import KnownCase

ROWS_LOOKED_UP = 100
NO_IMAGES = ArchivedImages(CleanImages((), None), "OT", "")
IMAGE_FLAGS = ("image_missing", "no_image")
"""What a draft is said to lack until its images come."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What every row of one import is taken in with."""

    workspace: Workspace
    miner: Miner
    folder: Path
    collection: str
    told: Intake

    @property
    def source(self) -> str:
        return self.collection or COLLECTION


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, its images that are there, and how many are not."""

    row: CaseRow
    found: list[FoundImage]
    missing: int


def import_cases(workspace: Workspace, folder: Path, collection: str = "") -> int:
    """Import every case of the folder as a draft; returns the exit code, 1 where a case was refused.

    ``collection`` names the folder's cases among others that share their ids; "" is the collection without a name.
    """
    checked_source(collection)
    files = case_files(folder)
    with intake(workspace, "cases", "cases", folder, collection) as told:
        run = _Run(workspace, Miner(workspace.findings, workspace.diagnoses), folder, collection, told)
        images = sum(_import_file(run, path) for path in files)
        with workspace.database.transaction() as tx:
            draft_order.set_priorities(tx, DEPARTMENT)
    out.print(f"{images:,} images stored as DICOM")
    return told.finish()


def _import_file(run: _Run, path: Path) -> int:
    """The rows of one file, some hundreds at a time; returns how many images went in with them."""
    rows = run.told.along(case_rows(path, run.told), f"importing {path.name}")
    images = 0
    while part := list(islice(rows, ROWS_LOOKED_UP)):
        with run.workspace.database.snapshot() as tx:
            known = case_or_stub(tx, run.workspace, DEPARTMENT, run.collection, [row.source_id for row in part])
        for row in part:
            try:
                images += _take_in(run, row, known.get(row.source_id))
            except BadInput as error:
                run.told.refuse(error)
            except Conflict as error:
                run.told.refuse(BadInput(row.where, str(error), "what is stored stays as it is"))
    return images


def _take_in(run: _Run, row: CaseRow, known: KnownCase | None) -> int:
    """One row; returns how many images went in with it."""
    whole = _Row(row, *find_images(run.folder, row))
    there = known if known and known.status is not CaseStatus.STUB else None
    added = _known(run, whole, there) if there else _add(run, whole, known)
    if whole.missing:
        run.told.notice("image named by a case but not in the folder; its case is a draft without it", whole.missing)
    return added


def _add(run: _Run, whole: _Row, stub: KnownCase | None) -> int:
    """A new case, or one in the place of the stub that reads made of it; returns how many images it has."""
    workspace = run.workspace
    images = archive_images(workspace, run.source, whole.row, whole.found, whole.missing)
    with taken_back(workspace, images.clean.refs):
        given = _draftable(run, whole.row, images, stub.case_id if stub else "")
        case = draft(workspace, run.miner, given, images.clean)
        with workspace.database.transaction() as tx:
            if stub:
                reimports.fill_stub(tx, case, workspace.now())
            elif not cases.add(tx, case, workspace.now()):
                raise Conflict("another import added this case at the same moment; import again")
    run.told.added += 1
    if stub:
        run.told.notice("case known from reads alone has become a draft; its reads stay with it")
    return len(images.clean.refs)


def _known(run: _Run, whole: _Row, known: KnownCase) -> int:
    """A case that is stored already; returns how many images it lacked and now has.

    Raises BadInput where the row tells of another case.
    """
    row, found = whole.row, whole.found
    if not _says_the_same(run.workspace, known, _draftable(run, row, NO_IMAGES)):
        problem = "differs from the case stored under this id"
        raise BadInput(row.where, problem, "give the collection its own --source, or the case its own id")
    added = _attach(run, whole, known) if known.status is CaseStatus.DRAFT and len(found) > known.images else 0
    run.told.known += 1
    return added


def _attach(run: _Run, whole: _Row, known: KnownCase) -> int:
    """Images that a draft lacked; returns how many. Its texts stay as an educator left them."""
    images = archive_images(run.workspace, run.source, whole.row, whole.found, whole.missing)
    added = len(images.clean.refs) - known.images
    if added <= 0:  # two files of the folder are one image
        return 0
    with taken_back(run.workspace, images.clean.refs), run.workspace.database.transaction() as tx:
        before = cases.get(tx, DEPARTMENT, known.case_id)
        after = _with_images(before, images)
        reimports.attach_images(tx, after, known.version)
        if after.key != before.key:
            reimports.put_texts(tx, after)
    run.told.notice("image added to a draft that lacked it", added)
    return added


def _says_the_same(workspace: Workspace, known: KnownCase, given: Draftable) -> bool:
    """Whether the row tells of the stored case.

    Title and history may have been rewritten by an educator, the report never is. Texts that another version of the
    scrub went over cannot be compared word by word.
    """
    if known.scrub != SCRUB_VERSION:
        return True
    texts = scrubbed(given)
    if (known.report, known.discussion) != (texts.report.text, texts.discussion):
        return False
    if (known.title, known.history) == (texts.title, texts.history):
        return True
    with workspace.database.snapshot() as tx:
        return reimports.edited(tx, DEPARTMENT, known.case_id)


def _with_images(draft: TeachingCase, images: ArchivedImages) -> TeachingCase:
    flags = [flag for flag in draft.flags if flag not in IMAGE_FLAGS]
    study = StudyImages(images.clean.series)
    return replace(
        draft,
        stem=replace(draft.stem, images=images.clean.refs),
        key=replace(draft.key, points=linked(draft.key.points, draft.key.report, draft.key.observations, study)),
        modality=draft.modality if images.modality == "OT" else images.modality,
        cleaning=replace(draft.cleaning, profile=images.clean.profile),
        flags=tuple(dict.fromkeys([*flags, *images.clean.flags])),
    )


def _draftable(run: _Run, row: CaseRow, images: ArchivedImages, case_id: str = "") -> Draftable:
    workspace = run.workspace
    return Draftable(
        source=run.source,
        source_id=shown_id(workspace, row.source_id),
        title=row.title,
        history=row.history,
        findings=row.findings,
        impression=row.impression,
        diagnosis=row.diagnosis,
        differential=row.differential,
        discussion=row.discussion,
        modality=images.modality,
        place=" ".join([row.region, *(image.caption for image in row.images)]),
        proof=stated_proof(row.diagnosis_by),
        origin=CaseOrigin.IMPORTED,
        patient=workspace.opaque("patient", images.patient or f"{run.source}/{row.source_id}"),
        case_id=case_id,
    )
