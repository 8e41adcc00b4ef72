"""The images of mined reports: files that the reports name, and studies fetched from the PACS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from api.study_images import attach, fetch_images
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput, Conflict, Unavailable
from pipelines.case_images import archive_images, find_images
from pipelines.case_rows import CaseRow, ImageRow
from pipelines.intake import Intake
from pipelines.report_files.row import ReportRow
from pipelines.report_rows import KnownBy
from pipelines.telling import err, printable
from store import reports

FETCHES = 4
"""Studies fetched at a time: more would be felt by those who read at the PACS."""

MOST_FAILURES = 3
"""After as many failures one after the other the PACS is taken for gone."""

NOT_THERE = "image named by a report but not found; its case waits without it"
NOT_TAKEN = "image of a report could not be taken; its case waits without it"
UNKNOWN_STUDY = "report names a study the PACS does not have; its draft waits without images"
NO_PACS = "draft waits for images; name the PACS in WETREAD_PACS and run the command again"
LATER = "draft waits for images; they come when the command is run again"
FETCHED = "draft was given the images of its study"


@dataclass(frozen=True, slots=True)
class Places:
    """Where images lie: in the folder that was named, else beside the reports."""

    reports: Path
    named: Path | None = None

    def of(self, row: ReportRow) -> Iterator[Path]:
        if self.named:
            yield self.named
            return
        beside = Path(row.where.rsplit(":", 1)[0]).parent
        yield from dict.fromkeys((beside, self.reports if self.reports.is_dir() else self.reports.parent))


def attach_files(workspace: Workspace, places: Places, named: Sequence[tuple[KnownBy, str]], told: Intake) -> int:
    """Give cases the images that their reports name as files, where they have none; returns how many images.

    ``named`` are reports that name files, each with its case.
    """
    with workspace.database.snapshot() as tx:
        lacking = set(reports.without_images(tx, [case_id for _, case_id in named]))
    added = 0
    for known, case_id in named:
        if case_id in lacking:
            try:
                added += _attach(workspace, places, known, case_id, told)
            except (BadInput, Conflict) as error:
                told.notice(NOT_TAKEN)
                err.print(f"image    {printable(str(error))}", style="yellow", markup=False)
    return added


def _attach(workspace: Workspace, places: Places, known: KnownBy, case_id: str, told: Intake) -> int:
    row = _case_row(known)
    for folder in places.of(known.row):
        found, missing = find_images(folder, row)
        if found:
            break
    else:
        found, missing = [], len(row.images)
    if missing:
        told.notice(NOT_THERE, missing)
    if not found:
        return 0
    images = archive_images(workspace, known.source, row, found, missing)
    attach(workspace, case_id, images)
    return len(images.clean.refs)


def _case_row(known: KnownBy) -> CaseRow:
    """The report as a row of a case file, whose images are found and archived the same way."""
    row = known.row
    kind = row.modality or row.exam
    images = tuple(ImageRow(image.file, kind, image.caption) for image in row.images)
    return CaseRow(row.where, known.name, "", "", "", "", "", "", (), "", "", images)


@dataclass
class _Fetching:
    """One stage of fetching; it ends early where the PACS does not answer."""

    workspace: Workspace
    failures: int = 0
    trouble: str = ""

    @property
    def over(self) -> bool:
        return self.failures >= MOST_FAILURES

    def one(self, case_id: str) -> str:
        """Fetch a draft's images; returns what is to be told of it."""
        if self.over:
            return LATER
        try:
            there = fetch_images(self.workspace, case_id)
        except Unavailable as error:
            self.failures += 1
            self.trouble = str(error)
            return LATER
        except (BadInput, Conflict) as error:
            err.print(f"image    {printable(str(error))}", style="yellow", markup=False)
            return NOT_TAKEN
        self.failures = 0
        return FETCHED if there else UNKNOWN_STUDY


def fetch_drafts(workspace: Workspace, told: Intake) -> None:
    """Fetch the images of every draft that has none and names its study, the best first."""
    with workspace.database.snapshot() as tx:
        waiting = reports.drafts_to_fetch(tx, DEPARTMENT)
    if not waiting:
        return
    if workspace.pacs is None:
        told.notice(NO_PACS, len(waiting))
        return
    stage = _Fetching(workspace)
    with ThreadPoolExecutor(FETCHES, thread_name_prefix="wetread-fetch") as pool:
        for outcome in told.along(pool.map(stage.one, waiting), "fetching images", len(waiting)):
            told.notice(outcome)
    if stage.trouble:
        err.print(f"PACS     {printable(stage.trouble)}", style="yellow", markup=False)


def naming_files(known: Iterable[tuple[KnownBy, str | None]]) -> list[tuple[KnownBy, str]]:
    """Those of the reports that have a case and name image files."""
    return [(each, case_id) for each, case_id in known if case_id and each.row.images]
