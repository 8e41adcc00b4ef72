"""What came in: a row for each run of an import, and why rows of it were refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from models.errors import BadInput
from store.database import Transaction
from store.tables import import_refusals, imports

MOST_REFUSALS = 1_000
"""Refusals of one import that are kept one by one; the others are counted by problem."""

LONGEST_PLACE = 300

QUIET_FOR = timedelta(minutes=10)
"""A run that has not been heard of for so long is taken for stopped."""


class ImportStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run of an import. ``file`` is the name of the file or folder, without its path.

    ``done`` of ``total`` rows were looked at (None: nobody knows how many there are). ``notices`` and ``problems``
    count how often each was told.
    """

    import_id: str
    department_id: str
    kind: str
    source: str
    file: str
    status: ImportStatus
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None = None
    done: int = 0
    total: int | None = None
    added: int = 0
    known: int = 0
    refused: int = 0
    notices: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused row: where it stands, what is wrong, what to do."""

    place: str
    problem: str
    remedy: str


def begin(tx: Transaction, run: ImportRun) -> None:
    tx.execute(insert(imports).values(department_id=run.department_id, import_id=run.import_id, **_changing(run)))


def put(tx: Transaction, run: ImportRun) -> None:
    """How the run stands now."""
    tx.execute(update(imports).where(imports.c.import_id == run.import_id).values(**_changing(run)))


def refuse(tx: Transaction, run: ImportRun, first: int, errors: Sequence[BadInput]) -> None:
    """Keep refusals, the first of which is number ``first`` of its run (from 1); those beyond the limit are dropped."""
    rows = [
        {
            "import_id": run.import_id,
            "department_id": run.department_id,
            "number": number,
            "place": error.where[-LONGEST_PLACE:],
            "problem": error.problem,
            "remedy": error.remedy,
        }
        for number, error in enumerate(errors, first)
        if number <= MOST_REFUSALS
    ]
    if rows:
        tx.execute(insert(import_refusals), rows)


def get(tx: Transaction, department_id: str, import_id: str) -> ImportRun | None:
    row = tx.execute(
        select(imports).where(imports.c.import_id == import_id, imports.c.department_id == department_id)
    ).one_or_none()
    return _run(row) if row else None


def last(tx: Transaction, department_id: str, kind: str) -> ImportRun | None:
    """The newest run of that kind."""
    row = tx.execute(
        select(imports)
        .where(imports.c.department_id == department_id, imports.c.kind == kind)
        .order_by(imports.c.started_at.desc(), imports.c.import_id)
        .limit(1)
    ).one_or_none()
    return _run(row) if row else None


def latest(tx: Transaction, department_id: str, limit: int, offset: int = 0) -> tuple[int, list[ImportRun]]:
    """How many runs there are, and one page of them, the newest first."""
    here = imports.c.department_id == department_id
    total: int = tx.execute(select(func.count()).select_from(imports).where(here)).scalar_one()
    rows = tx.execute(
        select(imports)
        .where(here)
        .order_by(imports.c.started_at.desc(), imports.c.import_id)
        .limit(limit)
        .offset(offset)
    )
    return total, [_run(row) for row in rows]


def refusals(tx: Transaction, import_id: str, limit: int, offset: int = 0, problem: str | None = None) -> list[Refusal]:
    """One page of the refusals that were kept, in the order of the run; of one problem where it is named."""
    rows = tx.execute(
        select(import_refusals)
        .where(*_refused(import_id, problem))
        .order_by(import_refusals.c.number)
        .limit(limit)
        .offset(offset)
    )
    return [Refusal(row.place, row.problem, row.remedy) for row in rows]


def refusals_kept(tx: Transaction, import_id: str, problem: str | None = None) -> int:
    """How many refusals were kept one by one; ``ImportRun.refused`` counts all of them."""
    counted = select(func.count()).select_from(import_refusals).where(*_refused(import_id, problem))
    kept: int = tx.execute(counted).scalar_one()
    return kept


def remedies(tx: Transaction, import_id: str) -> dict[str, str]:
    """What to do, by problem, for the problems of which a refusal was kept."""
    rows = tx.execute(
        select(import_refusals.c.problem, func.min(import_refusals.c.remedy).label("remedy"))
        .where(import_refusals.c.import_id == import_id)
        .group_by(import_refusals.c.problem)
    )
    return {row.problem: row.remedy for row in rows}


def as_of(run: ImportRun, now: datetime) -> ImportRun:
    """The run as it stands: one whose process went away without a word is no longer running."""
    if run.status is ImportStatus.RUNNING and run.heartbeat_at < now - QUIET_FOR:
        return replace(run, status=ImportStatus.STOPPED)
    return run


def moved(tx: Transaction, department_id: str) -> tuple[int, datetime | None]:
    """How many runs have ended, and when the last one did: as long as both stay, nothing came in that is whole."""
    row = tx.execute(
        select(func.count(), func.max(imports.c.finished_at)).where(
            imports.c.department_id == department_id, imports.c.finished_at.is_not(None)
        )
    ).one()
    return row[0], row[1]


def stop_stale(tx: Transaction, department_id: str, before: datetime) -> None:
    """Runs whose process went away without a word are no longer running."""
    tx.execute(
        update(imports)
        .where(
            imports.c.department_id == department_id,
            imports.c.status == ImportStatus.RUNNING.value,
            imports.c.heartbeat_at < before,
        )
        .values(status=ImportStatus.STOPPED.value)
    )


def _refused(import_id: str, problem: str | None) -> list[ColumnElement[bool]]:
    named = [import_refusals.c.problem == problem] if problem is not None else []
    return [import_refusals.c.import_id == import_id, *named]


def _changing(run: ImportRun) -> dict[str, object]:
    return {
        "kind": run.kind,
        "source": run.source,
        "file": run.file[-200:],
        "status": run.status.value,
        "started_at": run.started_at,
        "heartbeat_at": run.heartbeat_at,
        "finished_at": run.finished_at,
        "done": run.done,
        "total": run.total,
        "added": run.added,
        "known": run.known,
        "refused": run.refused,
        "notices": dict(run.notices),
        "problems": dict(run.problems),
    }


def _run(row: Row[tuple[object, ...]]) -> ImportRun:
    values = dict(row._mapping)
    return ImportRun(**{**values, "status": ImportStatus(str(values["status"]))})
