"""What the reading history adds up to: misses, right reads, and what was said in place of what.

SQL counts; no read is loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select

from models.finding import Truth
from models.reading import Confusion, ReadingSource
from store.database import Transaction
from store.history import from_sources
from store.tables import readings


@dataclass(frozen=True, slots=True)
class MissCount:
    """Reads of cases that show a finding, over the whole group."""

    finding: str
    modality: str
    misses: int
    reads: int


def readers_counted(tx: Transaction, department_id: str, sources: Collection[ReadingSource]) -> int:
    """How many readers have any read of these sources."""
    total: int = tx.execute(
        select(func.count(func.distinct(readings.c.reader_id))).where(
            readings.c.department_id == department_id, from_sources(sources)
        )
    ).scalar_one()
    return total


def miss_counts(tx: Transaction, department_id: str, sources: Collection[ReadingSource]) -> list[MissCount]:
    """Misses by finding and modality, over reads of abnormal cases from these sources."""
    rows = tx.execute(
        select(
            readings.c.finding,
            readings.c.modality,
            func.sum(case((readings.c.correct, 0), else_=1)).label("misses"),
            func.count().label("reads"),
        )
        .where(
            readings.c.department_id == department_id,
            readings.c.truth == Truth.ABNORMAL.value,
            readings.c.finding.is_not(None),
            from_sources(sources),
        )
        .group_by(readings.c.finding, readings.c.modality)
        .order_by(readings.c.finding, readings.c.modality)
    )
    return [MissCount(row.finding, row.modality, int(row.misses), row.reads) for row in rows]


def confusions(tx: Transaction, department_id: str, sources: Collection[ReadingSource]) -> list[Confusion]:
    """What was said in place of each finding, over wrong reads of abnormal cases from these sources."""
    rows = tx.execute(
        select(
            readings.c.finding,
            readings.c.answered,
            func.count().label("reads"),
            func.count(func.distinct(readings.c.reader_id)).label("readers"),
        )
        .where(readings.c.department_id == department_id, _mistaken(), from_sources(sources))
        .group_by(readings.c.finding, readings.c.answered)
        .order_by(readings.c.finding, readings.c.answered)
    )
    return [Confusion(row.finding, row.answered, row.reads, row.readers) for row in rows]


def mistaken(tx: Transaction, reader_id: str, sources: Collection[ReadingSource], limit: int) -> list[tuple[str, str]]:
    """What was right and what the reader said in its place, the latest first."""
    rows = tx.execute(
        select(readings.c.finding, readings.c.answered)
        .where(readings.c.reader_id == reader_id, _mistaken(), from_sources(sources))
        .order_by(readings.c.read_at.desc().nulls_last(), readings.c.sequence.desc(), readings.c.reading_id)
        .limit(limit)
    )
    return [(row.finding, row.answered) for row in rows]


@dataclass(frozen=True, slots=True)
class Tally:
    """Reads and how many of them were right."""

    reads: int
    right: int


def tally(tx: Transaction, reader_id: str, sources: Collection[ReadingSource]) -> dict[Truth, Tally]:
    """A reader's reads of these sources, by what the cases were."""
    rows = tx.execute(
        select(readings.c.truth, func.count(), func.sum(case((readings.c.correct, 1), else_=0)))
        .where(readings.c.reader_id == reader_id, from_sources(sources))
        .group_by(readings.c.truth)
    )
    found = {Truth(truth): Tally(reads, int(right)) for truth, reads, right in rows}
    return {truth: found.get(truth, Tally(0, 0)) for truth in Truth}


def by_confidence(tx: Transaction, reader_id: str, sources: Collection[ReadingSource]) -> dict[int, Tally]:
    """A reader's reads of these sources by the confidence stated, in percent."""
    rows = tx.execute(
        select(readings.c.confidence, func.count(), func.sum(case((readings.c.correct, 1), else_=0)))
        .where(readings.c.reader_id == reader_id, from_sources(sources), readings.c.confidence.is_not(None))
        .group_by(readings.c.confidence)
    )
    return {confidence: Tally(reads, int(right)) for confidence, reads, right in rows}


def _mistaken() -> ColumnElement[bool]:
    """Another finding was said than the one the case shows."""
    return and_(
        readings.c.truth == Truth.ABNORMAL.value,
        ~readings.c.correct,
        readings.c.finding.is_not(None),
        readings.c.answered.not_in(["", Truth.NORMAL.value]),
        readings.c.answered != readings.c.finding,
    )
