"""In what order drafts are looked at: by what each teaches times how much its finding is missed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, update

from models.teaching_case import CaseStatus, TeachingPoint
from store import notation
from store.database import Transaction
from store.inserting import upsert
from store.tables import case_keys, cases, finding_gaps


def set_priorities(tx: Transaction, department_id: str) -> None:
    """Order the drafts by what they teach times how much it is missed: ``worth`` × the gap of their finding.

    A finding without a gap of its own counts as an average one.
    """
    gaps = select(func.avg(finding_gaps.c.gap)).where(finding_gaps.c.department_id == department_id)
    average = func.coalesce(gaps.scalar_subquery(), 1.0)
    own = (
        select(finding_gaps.c.gap)
        .join(case_keys, case_keys.c.finding == finding_gaps.c.finding)
        .where(finding_gaps.c.department_id == department_id, case_keys.c.case_id == cases.c.case_id)
        .scalar_subquery()
    )
    tx.execute(
        update(cases)
        .where(cases.c.department_id == department_id, cases.c.status == CaseStatus.DRAFT.value)
        .values(priority=cases.c.worth * func.coalesce(own, average))
    )


def rank(tx: Transaction, case_id: str, points: Sequence[TeachingPoint], worth: float) -> None:
    """Put a draft's points in another order. An educator who has it open must look again."""
    told = [notation.point_to_json(point) for point in points]
    tx.execute(update(case_keys).where(case_keys.c.case_id == case_id).values(points=told))
    tx.execute(update(cases).where(cases.c.case_id == case_id).values(worth=worth, version=cases.c.version + 1))


def set_gaps(tx: Transaction, department_id: str, gaps: Mapping[str, float]) -> None:
    """Put the department's gap of each finding in the place of those before.

    Two may do so at once: each replaces, in one order, what it finds.
    """
    rows = [{"department_id": department_id, "finding": name, "gap": gap} for name, gap in sorted(gaps.items())]
    upsert(tx, finding_gaps, rows)
    gone = finding_gaps.c.finding.not_in(sorted(gaps))
    tx.execute(delete(finding_gaps).where(finding_gaps.c.department_id == department_id, gone))
