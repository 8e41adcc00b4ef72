"""How much the database holds: its size, and the rows of each kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, func, select, text

from models.teaching_case import CaseStatus
from store.database import Transaction
from store.tables import audit, case_images, cases, discrepancies, readers, readings, reports, volumes


@dataclass(frozen=True, slots=True)
class RowCounts:
    """What a department has in the database. ``images`` are those of cases; ``volumes`` are rows, a month each."""

    cases: Mapping[CaseStatus, int]
    images: int
    readers: int
    reads: int
    reviews: int
    reports: int
    volumes: int
    audit: int


def row_counts(tx: Transaction, department_id: str) -> RowCounts:
    return RowCounts(
        cases=_cases(tx, department_id),
        images=_rows(tx, case_images, department_id),
        readers=_rows(tx, readers, department_id),
        reads=_rows(tx, readings, department_id),
        reviews=_rows(tx, discrepancies, department_id),
        reports=_rows(tx, reports, department_id),
        volumes=_rows(tx, volumes, department_id),
        audit=_rows(tx, audit, department_id),
    )


def database_bytes(tx: Transaction) -> int:
    """The size of the whole database, of every department; on SQLite without what waits in its log."""
    if tx.dialect.name == "postgresql":
        return int(tx.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = int(tx.execute(text("PRAGMA page_count")).scalar_one())
    return pages * int(tx.execute(text("PRAGMA page_size")).scalar_one())


def _cases(tx: Transaction, department_id: str) -> dict[CaseStatus, int]:
    rows = tx.execute(
        select(cases.c.status, func.count().label("number"))
        .where(cases.c.department_id == department_id)
        .group_by(cases.c.status)
    )
    held = {row.status: int(row.number) for row in rows}
    return {status: held.get(status.value, 0) for status in CaseStatus}


def _rows(tx: Transaction, table: Table, department_id: str) -> int:
    counted = select(func.count()).select_from(table).where(table.c.department_id == department_id)
    number: int = tx.execute(counted).scalar_one()
    return number
