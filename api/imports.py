"""What came in: every run of an import, what it refused and why. Names of files stand without their folders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.plain_text import PlainText
from api.rights import Permission
from api.sheet import sheet
from api.viewing import viewing
from models.errors import NotFound
from store import imports
from store.database import Transaction
from store.imports import MOST_REFUSALS, ImportRun, ImportStatus, Refusal

router = APIRouter(prefix="/api/imports", tags=["admin"])

SHOWN_PROBLEMS = 5
LAST_OFFSET = 1_000_000_000

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=LAST_OFFSET)]


class Counted(BaseModel):
    text: str
    count: int


class Problem(Counted):
    """``remedy`` is "" where no refusal of this problem was kept."""

    remedy: str


class ImportLine(BaseModel):
    """``seconds`` the run took, or has taken; ``rows_per_second`` None before there is anything to tell.

    ``problems``: the most frequent ones; ``other_problems``: how many kinds of problem there are besides.
    """

    import_id: str
    kind: str
    source: str
    file: str
    status: ImportStatus
    started_at: datetime
    finished_at: datetime | None
    seconds: float
    done: int
    total: int | None
    rows_per_second: float | None
    added: int
    known: int
    refused: int
    notices: list[Counted]
    problems: list[Counted]
    other_problems: int


class ImportPage(BaseModel):
    total: int
    items: list[ImportLine]


class ImportView(BaseModel):
    """``causes``: every problem with what to do; ``kept``: how many refusals can be listed one by one."""

    run: ImportLine
    causes: list[Problem]
    kept: int


class RefusalLine(BaseModel):
    place: str
    problem: str
    remedy: str


class RefusalPage(BaseModel):
    total: int
    items: list[RefusalLine]


@router.get("")
def every_import(
    workspace: OpenWorkspace, limit: Limit = 25, offset: Offset = 0, caller: Caller = allow(Permission.ADMINISTER)
) -> ImportPage:
    """The newest imports first."""
    with viewing(workspace, caller, "view imports", "imports") as tx:
        total, runs = imports.latest(tx, caller.department_id, limit, offset)
    now = workspace.now()
    return ImportPage(total=total, items=[_line(run, now) for run in runs])


@router.get("/{import_id}")
def one_import(import_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)) -> ImportView:
    """One import, with every problem it met and how often."""
    with viewing(workspace, caller, "view import", import_id) as tx:
        run = _run(tx, caller, import_id)
        remedies = imports.remedies(tx, import_id)
        kept = imports.refusals_kept(tx, import_id)
    causes = [Problem(text=c.text, count=c.count, remedy=remedies.get(c.text, "")) for c in _counted(run.problems)]
    return ImportView(run=_line(run, workspace.now()), causes=causes, kept=kept)


@router.get("/{import_id}/refusals")
def refusals(
    import_id: str,
    workspace: OpenWorkspace,
    problem: Annotated[PlainText | None, Query(max_length=2_000)] = None,
    limit: Limit = 25,
    offset: Offset = 0,
    caller: Caller = allow(Permission.ADMINISTER),
) -> RefusalPage:
    """Refused rows, in the order of the file; those of one problem, where it is named."""
    with viewing(workspace, caller, "view refusals", import_id) as tx:
        _run(tx, caller, import_id)
        total = imports.refusals_kept(tx, import_id, problem)
        found = imports.refusals(tx, import_id, limit, offset, problem)
    return RefusalPage(total=total, items=[RefusalLine(**asdict(refusal)) for refusal in found])


@router.get("/{import_id}/refusals.csv", response_class=Response)
def refusals_sheet(import_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)) -> Response:
    """The refused rows as a file for a spreadsheet."""
    with workspace.database.transaction() as tx:
        run = _run(tx, caller, import_id)
        found = imports.refusals(tx, import_id, MOST_REFUSALS)
        note(tx, workspace, caller, "export", f"imports/{import_id}/refusals")
    name = f"refused-{re.sub('[^a-z0-9]+', '-', run.kind.lower())}-{run.started_at:%Y-%m-%d}-{import_id[:6]}.csv"
    return Response(
        sheet(("place", "problem", "remedy"), _rows(run, found)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _run(tx: Transaction, caller: Caller, import_id: str) -> ImportRun:
    run = imports.get(tx, caller.department_id, import_id)
    if run is None:
        raise NotFound("no such import in this department")
    return run


def _line(run: ImportRun, now: datetime) -> ImportLine:
    run = imports.as_of(run, now)
    told = run.finished_at or (now if run.status is ImportStatus.RUNNING else run.heartbeat_at)
    seconds = max(0.0, (told - run.started_at).total_seconds())
    # A stage may count something else than rows, so the greater of both is how many were dealt with.
    rows = max(run.done, run.added + run.known + run.refused)
    problems = _counted(run.problems)
    return ImportLine(
        import_id=run.import_id,
        kind=run.kind,
        source=run.source,
        file=run.file.rstrip("/").rsplit("/", 1)[-1] or run.file,
        status=run.status,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seconds=seconds,
        done=run.done,
        total=run.total,
        rows_per_second=rows / seconds if rows and seconds else None,
        added=run.added,
        known=run.known,
        refused=run.refused,
        notices=_counted(run.notices),
        problems=problems[:SHOWN_PROBLEMS],
        other_problems=max(0, len(problems) - SHOWN_PROBLEMS),
    )


def _counted(counts: Mapping[str, int]) -> list[Counted]:
    """The most frequent first."""
    return [Counted(text=text, count=number) for text, number in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]


def _rows(run: ImportRun, found: list[Refusal]) -> list[tuple[str, str, str]]:
    """The refusals, and a last row that tells of those that were only counted."""
    rows = [(refusal.place, refusal.problem, refusal.remedy) for refusal in found]
    if run.refused > len(found):
        more = f"{run.refused - len(found)} more rows were refused, and counted only"
        rows.append(("", more, "mend these rows and import the file again"))
    return rows
