"""Peer review: every review of a read, concurring ones included. Who reviewed stays in this store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, select

from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from store.database import Transaction
from store.inserting import insert_new, upsert
from store.tables import discrepancies

KEYS_A_STATEMENT = 500


def add_many(tx: Transaction, reviews: Iterable[Discrepancy]) -> int:
    """Store the reviews whose source_key is not there yet; returns how many were new."""
    return insert_new(tx, discrepancies, [_row(review) for review in reviews])


def correct(tx: Transaction, review: Discrepancy) -> None:
    """Put a corrected review in the place of the one with its id."""
    upsert(tx, discrepancies, [_row(review)])


def held(tx: Transaction, department_id: str, source_keys: Sequence[str]) -> dict[str, Discrepancy]:
    """Those of the reviews that are stored, by source_key."""
    found: dict[str, Discrepancy] = {}
    for start in range(0, len(source_keys), KEYS_A_STATEMENT):
        part = list(source_keys[start : start + KEYS_A_STATEMENT])
        rows = tx.execute(
            select(discrepancies).where(
                discrepancies.c.department_id == department_id, discrepancies.c.source_key.in_(part)
            )
        )
        found.update({row.source_key: _discrepancy(row) for row in rows})
    return found


def count(tx: Transaction, department_id: str) -> int:
    total: int = tx.execute(
        select(func.count()).select_from(discrepancies).where(discrepancies.c.department_id == department_id)
    ).scalar_one()
    return total


def of_reader(tx: Transaction, reader_id: str) -> list[Discrepancy]:
    rows = tx.execute(
        select(discrepancies)
        .where(discrepancies.c.reader_id == reader_id)
        .order_by(discrepancies.c.reviewed_at, discrepancies.c.discrepancy_id)
    )
    return [_discrepancy(row) for row in rows]


def of_readers(tx: Transaction, reader_ids: Sequence[str]) -> list[Discrepancy]:
    """The reviews of these readers' reads, a reader's together."""
    rows = tx.execute(
        select(discrepancies)
        .where(discrepancies.c.reader_id.in_(list(reader_ids)))
        .order_by(discrepancies.c.reader_id, discrepancies.c.reviewed_at, discrepancies.c.discrepancy_id)
    )
    return [_discrepancy(row) for row in rows]


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Reviews of one finding in one modality over the whole group. ``concurring`` ones are randomly sampled."""

    finding: str | None
    modality: str
    discrepancies: int
    concurring: int
    unsampled: int


def group_counts(tx: Transaction, department_id: str) -> list[GroupCount]:
    """Randomly sampled reviews by finding and modality; discrepancies of triggered and submitted ones stand apart."""
    random = discrepancies.c.sampling == Sampling.RANDOM.value
    discrepant = discrepancies.c.score != RadpeerScore.CONCUR.value
    rows = tx.execute(
        select(
            discrepancies.c.finding,
            discrepancies.c.modality,
            func.sum(case((random & discrepant, 1), else_=0)).label("discrepancies"),
            func.sum(case((random & ~discrepant, 1), else_=0)).label("concurring"),
            func.sum(case((~random & discrepant, 1), else_=0)).label("unsampled"),
        )
        .where(discrepancies.c.department_id == department_id)
        .group_by(discrepancies.c.finding, discrepancies.c.modality)
        .order_by(discrepancies.c.finding, discrepancies.c.modality)
    )
    return [
        GroupCount(row.finding, row.modality, int(row.discrepancies), int(row.concurring), int(row.unsampled))
        for row in rows
    ]


def _row(review: Discrepancy) -> dict[str, Any]:
    return {
        "discrepancy_id": review.discrepancy_id,
        "department_id": review.department_id,
        "reader_id": review.reader_id,
        "source_key": review.source_key,
        "score": review.score.value,
        "sampling": review.sampling.value,
        "modality": review.modality,
        "finding": review.finding,
        "error_class": review.error_class.value if review.error_class else None,
        "reviewer": review.reviewer,
        "case_id": review.case_id,
        "reviewed_at": review.reviewed_at,
    }


def _discrepancy(row: Row[Any]) -> Discrepancy:
    return Discrepancy(
        discrepancy_id=row.discrepancy_id,
        department_id=row.department_id,
        reader_id=row.reader_id,
        source_key=row.source_key,
        score=RadpeerScore(row.score),
        sampling=Sampling(row.sampling),
        modality=row.modality,
        reviewed_at=row.reviewed_at,
        finding=row.finding,
        error_class=ErrorClass(row.error_class) if row.error_class else None,
        reviewer=row.reviewer,
        case_id=row.case_id,
    )
