"""The pool of normal reports, and the drafts that are drawn from it on demand.

A department reads far more normals than anyone would review, so they wait here, in no list, until somebody asks for
some.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sqlalchemy import ColumnElement, String, cast, exists, func, select, update

from models.finding import Region
from models.teaching_case import CaseStatus
from store.database import Transaction
from store.reports import CORRECTED_LATER, SAME_ID_OTHER_WORDS
from store.tables import case_images, cases, study_identities


def draw(
    tx: Transaction,
    department_id: str,
    number: int,
    seed: int,
    modality: str | None = None,
    region: Region | None = None,
) -> list[str]:
    """Make drafts of ``number`` cases of the pool, or of all there are, and return their ids.

    The same seed over the same pool draws the same cases.
    """
    where = _pool(department_id, modality, region)
    held: int = tx.execute(select(func.count()).select_from(cases).where(*where)).scalar_one()
    places = sorted(Random(seed).sample(range(1, held + 1), min(number, held)))
    place = func.row_number().over(order_by=cases.c.case_id).label("place")
    ordered = select(cases.c.case_id, place).where(*where).subquery()
    drawn = list(
        tx.execute(select(ordered.c.case_id).where(ordered.c.place.in_(places)).order_by(ordered.c.place)).scalars()
    )
    tx.execute(update(cases).where(cases.c.case_id.in_(drawn)).values(status=CaseStatus.DRAFT.value))
    return drawn


def choices(tx: Transaction, department_id: str) -> list[tuple[str, Region, int]]:
    """(modality, region, cases) of the pool, the largest first."""
    number = func.count().label("number")
    rows = tx.execute(
        select(cases.c.modality, cases.c.region, number)
        .where(*_pool(department_id))
        .group_by(cases.c.modality, cases.c.region)
        .order_by(number.desc(), cases.c.modality, cases.c.region)
    )
    return [(row.modality, Region(row.region), row.number) for row in rows]


def to_be_fetched(tx: Transaction, case_ids: Sequence[str]) -> list[str]:
    """Those of the cases that have no image, and a study by which an archive could be asked for it."""
    rows = tx.execute(
        select(cases.c.case_id)
        .where(
            cases.c.case_id.in_(case_ids),
            ~exists().where(case_images.c.case_id == cases.c.case_id),
            exists().where(study_identities.c.case_id == cases.c.case_id),
        )
        .order_by(cases.c.case_id)
    )
    return list(rows.scalars())


def _pool(department_id: str, modality: str | None = None, region: Region | None = None) -> list[ColumnElement[bool]]:
    """What is in the pool and may be drawn: one that another report corrected or tells again may be none."""
    where = [cases.c.department_id == department_id, cases.c.status == CaseStatus.POOL.value]
    flags = cast(cases.c.flags, String)
    where += [~flags.contains(f'"{flag}"', autoescape=True) for flag in (CORRECTED_LATER, SAME_ID_OTHER_WORDS)]
    where += [cases.c.modality == modality] if modality else []
    where += [cases.c.region == region.value] if region else []
    return where
