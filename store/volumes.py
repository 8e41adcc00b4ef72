"""How much each reader reads: reports counted by finding, modality and month, and volumes a department states.

A month is "2026-03", or "" where the date is unknown. The reader is "" where a report has no author.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models.volume import ReportCount, Volume
from store.database import Transaction
from store.inserting import insert_new
from store.tables import report_counts, volumes


def count_reports(tx: Transaction, department_id: str, counts: Sequence[ReportCount]) -> None:
    """Add to the counts. Belongs into the transaction that stores the reports, so that each is counted once.

    A count below nothing takes from them what a report added before.
    """
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    rows = [
        {
            "department_id": department_id,
            "reader_id": count.reader_id,
            "month": count.month,
            "modality": count.modality,
            "finding": count.finding,
            "reports": count.reports,
        }
        for count in counts
    ]
    rows.sort(key=lambda row: tuple(map(str, row.values())))  # one order for all writers: PostgreSQL would deadlock
    if rows:
        keys = [column.name for column in report_counts.primary_key]
        statement = insert(report_counts)
        more = report_counts.c.reports + statement.excluded.reports
        # Row by row in one execution: a statement of many rows would be compiled anew for each number of them.
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"reports": more}), rows)
    if any(count.reports < 0 for count in counts):
        here = report_counts.c.department_id == department_id
        tx.execute(delete(report_counts).where(here, report_counts.c.reports <= 0))


def reports_of(tx: Transaction, department_id: str, reader_id: str) -> list[ReportCount]:
    """A reader's counts, month by month; those of ``finding`` "" count reports whatever they show."""
    rows = tx.execute(
        select(report_counts)
        .where(report_counts.c.department_id == department_id, report_counts.c.reader_id == reader_id)
        .order_by(report_counts.c.month, report_counts.c.modality, report_counts.c.finding)
    )
    return [ReportCount(row.reader_id, row.month, row.modality, row.finding, row.reports) for row in rows]


def department_reports(tx: Transaction, department_id: str, dated: bool = False) -> list[ReportCount]:
    """The counts of all readers and months together, by modality and finding; reader and month are "".

    ``dated``: only of reports whose author and month are known.
    """
    known = [report_counts.c.reader_id != "", report_counts.c.month != ""] if dated else []
    rows = tx.execute(
        select(report_counts.c.modality, report_counts.c.finding, func.sum(report_counts.c.reports).label("reports"))
        .where(report_counts.c.department_id == department_id, *known)
        .group_by(report_counts.c.modality, report_counts.c.finding)
        .order_by(report_counts.c.modality, report_counts.c.finding)
    )
    return [ReportCount("", "", row.modality, row.finding, int(row.reports)) for row in rows]


def reader_months(tx: Transaction, department_id: str) -> int:
    """How many pairs of a reader and a month the department's counts come from, unknown ones left out."""
    pairs = (
        select(report_counts.c.reader_id, report_counts.c.month)
        .where(
            report_counts.c.department_id == department_id, report_counts.c.reader_id != "", report_counts.c.month != ""
        )
        .distinct()
        .subquery()
    )
    return int(tx.execute(select(func.count()).select_from(pairs)).scalar_one())


def add_volumes(tx: Transaction, department_id: str, source: str, stated: Sequence[Volume]) -> int:
    """Store stated volumes whose reader, month and modality are not there yet for this source; returns how many."""
    rows = [
        {
            "department_id": department_id,
            "source": source,
            "reader_id": volume.reader_id,
            "month": volume.month,
            "modality": volume.modality,
            "reads": volume.reads,
        }
        for volume in stated
    ]
    return insert_new(tx, volumes, rows)


def volumes_of(tx: Transaction, department_id: str, reader_id: str) -> list[Volume]:
    """What is stated of a reader, whichever source; the sources' numbers of one month and modality are added up."""
    rows = tx.execute(
        select(volumes.c.month, volumes.c.modality, func.sum(volumes.c.reads).label("reads"))
        .where(volumes.c.department_id == department_id, volumes.c.reader_id == reader_id)
        .group_by(volumes.c.month, volumes.c.modality)
        .order_by(volumes.c.month, volumes.c.modality)
    )
    return [Volume(reader_id, row.month, row.modality, int(row.reads)) for row in rows]


def held_volumes(tx: Transaction, department_id: str, source: str) -> dict[tuple[str, str, str], int]:
    """What a source stated: reads by (reader_id, month, modality)."""
    rows = tx.execute(select(volumes).where(volumes.c.department_id == department_id, volumes.c.source == source))
    return {(row.reader_id, row.month, row.modality): row.reads for row in rows}
