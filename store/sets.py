"""Practice sets and how far their reader is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, case, func, insert, select, update

from models.errors import Conflict, NotFound
from models.finding import Truth
from models.reading import Chance, PracticeSet, Recommendation
from store.database import Transaction
from store.tables import practice_set_cases, practice_sets, readings


@dataclass(frozen=True, slots=True)
class SetProgress:
    """How far a set is: cases in it, read, and right."""

    set_id: str
    created_at: datetime
    size: int
    read: int
    right: int


def add(tx: Transaction, practice_set: PracticeSet) -> None:
    tx.execute(
        insert(practice_sets).values(
            set_id=practice_set.set_id,
            department_id=practice_set.department_id,
            reader_id=practice_set.reader_id,
            created_at=practice_set.created_at,
            reason=practice_set.reason,
            model=practice_set.model,
            library_version=practice_set.library_version,
            seed=practice_set.seed,
        )
    )
    tx.execute(
        insert(practice_set_cases),
        [
            {
                "set_id": practice_set.set_id,
                "department_id": practice_set.department_id,
                "position": position,
                "case_id": item.case_id,
                "chance_mean": item.chance.mean,
                "chance_low": item.chance.low,
                "chance_high": item.chance.high,
                "purpose": item.purpose,
                "reason": item.reason,
            }
            for position, item in enumerate(practice_set.items, 1)
        ],
    )


def get(tx: Transaction, reader_id: str, set_id: str) -> PracticeSet:
    """A reader's own set."""
    row = tx.execute(
        select(practice_sets).where(practice_sets.c.set_id == set_id, practice_sets.c.reader_id == reader_id)
    ).one_or_none()
    if row is None:
        raise NotFound("you have no such practice set")
    return _set(tx, row)


def open_set(tx: Transaction, reader_id: str) -> PracticeSet | None:
    """The reader's newest set, where it still has a case to read."""
    newest = _newest(tx, reader_id, datetime.min.replace(tzinfo=UTC))
    return newest if newest and None in readings_of(tx, newest.set_id).values() else None


def since(tx: Transaction, reader_id: str, start: datetime) -> PracticeSet | None:
    """The reader's newest set made at ``start`` or later, read or not."""
    return _newest(tx, reader_id, start)


def newest(tx: Transaction, reader_id: str) -> str | None:
    """The set_id of the reader's newest set: the only one that takes answers, so that no case is open in two."""
    found = _newest(tx, reader_id, datetime.min.replace(tzinfo=UTC))
    return found.set_id if found else None


def made_since(tx: Transaction, reader_id: str, start: datetime) -> int:
    """How many sets were made for the reader at ``start`` or later."""
    made: int = tx.execute(
        select(func.count())
        .select_from(practice_sets)
        .where(practice_sets.c.reader_id == reader_id, practice_sets.c.created_at >= start)
    ).scalar_one()
    return made


def recent_mix(tx: Transaction, reader_id: str, cases: int) -> tuple[int, int]:
    """(normals, cases) among the reader's newest answered cases, at most ``cases`` of them."""
    answered = (
        select(readings.c.truth)
        .join(practice_set_cases, practice_set_cases.c.reading_id == readings.c.reading_id)
        .where(readings.c.reader_id == reader_id)
        .order_by(readings.c.sequence.desc())
        .limit(cases)
        .subquery()
    )
    normal = case((answered.c.truth == Truth.NORMAL.value, 1), else_=0)
    row = tx.execute(select(func.coalesce(func.sum(normal), 0), func.count()).select_from(answered)).one()
    return int(row[0]), int(row[1])


def _newest(tx: Transaction, reader_id: str, start: datetime) -> PracticeSet | None:
    row = tx.execute(
        select(practice_sets)
        .where(practice_sets.c.reader_id == reader_id, practice_sets.c.created_at >= start)
        .order_by(practice_sets.c.created_at.desc(), practice_sets.c.set_id)
        .limit(1)
    ).one_or_none()
    return _set(tx, row) if row else None


def readings_of(tx: Transaction, set_id: str) -> dict[int, str | None]:
    """reading_id by position, None where the case is still to be read."""
    rows = tx.execute(
        select(practice_set_cases.c.position, practice_set_cases.c.reading_id)
        .where(practice_set_cases.c.set_id == set_id)
        .order_by(practice_set_cases.c.position)
    )
    return {row.position: row.reading_id for row in rows}


def recommendation(tx: Transaction, set_id: str, case_id: str) -> tuple[int, Recommendation]:
    """Position and recommendation of a case in a set."""
    row = tx.execute(
        select(practice_set_cases).where(practice_set_cases.c.set_id == set_id, practice_set_cases.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound("this case is not in that practice set")
    return row.position, _recommendation(row)


def mark_read(tx: Transaction, set_id: str, case_id: str, reading_id: str) -> None:
    """Raises Conflict where the case was answered already."""
    changed = tx.execute(
        update(practice_set_cases)
        .where(
            practice_set_cases.c.set_id == set_id,
            practice_set_cases.c.case_id == case_id,
            practice_set_cases.c.reading_id.is_(None),
        )
        .values(reading_id=reading_id)
    ).rowcount
    if not changed:
        raise Conflict("this case was answered already in this set")


def answered(tx: Transaction, set_id: str, case_id: str) -> str | None:
    """The reading_id of the committed answer, where there is one."""
    found: str | None = tx.execute(
        select(practice_set_cases.c.reading_id).where(
            practice_set_cases.c.set_id == set_id, practice_set_cases.c.case_id == case_id
        )
    ).scalar_one_or_none()
    return found


def progress(tx: Transaction, reader_id: str, limit: int = 30) -> list[SetProgress]:
    """The reader's newest sets first."""
    rows = tx.execute(
        select(
            practice_sets.c.set_id,
            practice_sets.c.created_at,
            func.count().label("size"),
            func.count(practice_set_cases.c.reading_id).label("read"),
            func.sum(case((readings.c.correct, 1), else_=0)).label("right"),
        )
        .join(practice_set_cases, practice_set_cases.c.set_id == practice_sets.c.set_id)
        .outerjoin(readings, readings.c.reading_id == practice_set_cases.c.reading_id)
        .where(practice_sets.c.reader_id == reader_id)
        .group_by(practice_sets.c.set_id, practice_sets.c.created_at)
        .order_by(practice_sets.c.created_at.desc())
        .limit(limit)
    )
    return [SetProgress(row.set_id, row.created_at, row.size, row.read, int(row.right)) for row in rows]


def _set(tx: Transaction, row: Row[Any]) -> PracticeSet:
    items = tx.execute(
        select(practice_set_cases)
        .where(practice_set_cases.c.set_id == row.set_id)
        .order_by(practice_set_cases.c.position)
    )
    return PracticeSet(
        set_id=row.set_id,
        department_id=row.department_id,
        reader_id=row.reader_id,
        created_at=row.created_at,
        reason=row.reason,
        items=tuple(_recommendation(item) for item in items),
        model=row.model,
        library_version=row.library_version,
        seed=row.seed,
    )


def _recommendation(row: Row[Any]) -> Recommendation:
    return Recommendation(
        row.case_id, Chance(row.chance_mean, row.chance_low, row.chance_high), row.purpose, row.reason
    )
