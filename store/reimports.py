"""What an import asks of cases that an earlier one left: which are there, what they say, and what may be added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update

from models.errors import Conflict
from models.finding import Truth
from models.teaching_case import CaseStatus, TeachingCase
from store import departments
from store.cases import case_row, key_row, put_images
from store.database import Transaction
from store.tables import audit, case_images, case_keys, cases, reports

IDS_A_STATEMENT = 500

EDIT = "edit draft"
"""What the audit trail calls an educator's edit of a case."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A stored case by its name, (source, source_id), with the texts an import compares and how many images it has.

    ``scrub`` is the version of the scrub its texts went through; ``mined`` cases were made of a report.
    """

    case_id: str
    source: str
    source_id: str
    status: CaseStatus
    version: int
    scrub: str | None
    title: str
    history: str
    report: str
    discussion: str
    images: int
    mined: bool = False


def truths(tx: Transaction, case_ids: Sequence[str]) -> dict[str, tuple[Truth, tuple[str, ...]]]:
    """What each of these cases is, and the findings it shows, by case_id."""
    found: dict[str, tuple[Truth, tuple[str, ...]]] = {}
    for start in range(0, len(case_ids), IDS_A_STATEMENT):
        part = list(case_ids[start : start + IDS_A_STATEMENT])
        rows = tx.execute(
            select(case_keys.c.case_id, case_keys.c.truth, case_keys.c.findings).where(case_keys.c.case_id.in_(part))
        )
        found.update({row.case_id: (Truth(row.truth), tuple(row.findings)) for row in rows})
    return found


def known(tx: Transaction, department_id: str, source_ids: Sequence[str]) -> list[KnownCase]:
    """The cases of any source that bear one of these ids."""
    number = (
        select(func.count()).where(case_images.c.case_id == cases.c.case_id).correlate(cases).scalar_subquery()
    ).label("images")
    mined = exists().where(reports.c.case_id == cases.c.case_id).correlate(cases).label("mined")
    found: list[KnownCase] = []
    for start in range(0, len(source_ids), IDS_A_STATEMENT):
        part = list(source_ids[start : start + IDS_A_STATEMENT])
        rows = tx.execute(
            select(cases, case_keys.c.title, case_keys.c.report, case_keys.c.discussion, number, mined)
            .join(case_keys, case_keys.c.case_id == cases.c.case_id)
            .where(cases.c.department_id == department_id, cases.c.source_id.in_(part))
        )
        found += [
            KnownCase(
                case_id=row.case_id,
                source=row.source,
                source_id=row.source_id,
                status=CaseStatus(row.status),
                version=row.version,
                scrub=row.scrub_version,
                title=row.title,
                history=row.history,
                report=row.report,
                discussion=row.discussion,
                images=row.images,
                mined=row.mined,
            )
            for row in rows
        ]
    return found


def edited(tx: Transaction, department_id: str, case_id: str) -> bool:
    """Whether an educator ever rewrote a case, as the audit trail has it: its texts then differ from its source's."""
    found = tx.execute(
        select(audit.c.audit_id)
        .where(audit.c.department_id == department_id, audit.c.action == EDIT, audit.c.resource == case_id)
        .limit(1)
    ).first()
    return found is not None


def fill_stub(tx: Transaction, case: TeachingCase, now: datetime) -> None:
    """Put a whole case in the place of the stub that has its case_id; its reads and what they tell of it stay.

    Raises Conflict where no such stub is there any more.
    """
    changed = tx.execute(
        update(cases)
        .where(
            cases.c.case_id == case.case_id,
            cases.c.department_id == case.department_id,
            cases.c.status == CaseStatus.STUB.value,
        )
        .values({**case_row(case), "created_at": now})
    ).rowcount
    if not changed:
        raise Conflict("the stub of this case was filled by somebody else; import again")
    put_images(tx, case)
    row = key_row(case.department_id, case.key)
    row.pop("difficulty")  # the one learned from the stub's reads holds for the case
    tx.execute(update(case_keys).where(case_keys.c.case_id == case.case_id).values(row))
    departments.move_library(tx, case.department_id)


def attach_images(tx: Transaction, case: TeachingCase, seen_version: int) -> None:
    """Give a draft, or a case in the pool, the images, flags, modality, patient and cleaning of ``case``.

    Its texts stay as an educator left them.

    Raises Conflict where somebody changed it since ``seen_version``.
    """
    changed = tx.execute(
        update(cases)
        .where(
            cases.c.case_id == case.case_id,
            cases.c.department_id == case.department_id,
            cases.c.version == seen_version,
            cases.c.status.in_((CaseStatus.DRAFT.value, CaseStatus.POOL.value)),
        )
        .values(
            version=seen_version + 1,
            modality=case.modality,
            patient=case.patient,
            flags=list(case.flags),
            profile_version=case.cleaning.profile,
        )
    ).rowcount
    if not changed:
        raise Conflict("this draft was changed or decided by somebody else; import again")
    put_images(tx, case)


def put_texts(tx: Transaction, case: TeachingCase) -> None:
    """Replace the texts of a case that ``attach_images`` has just changed in this transaction, and nothing else."""
    row = key_row(case.department_id, case.key)
    row.pop("difficulty")  # the one learned from reads holds
    here = (cases.c.case_id == case.case_id, cases.c.department_id == case.department_id)
    tx.execute(update(cases).where(*here).values(history=case.stem.history))
    tx.execute(update(case_keys).where(case_keys.c.case_id == case.case_id).values(row))


def images_in_use(tx: Transaction, image_ids: Iterable[str]) -> set[str]:
    """Those of the images that a case of any department shows."""
    wanted = list(image_ids)
    used: set[str] = set()
    for start in range(0, len(wanted), IDS_A_STATEMENT):
        part = wanted[start : start + IDS_A_STATEMENT]
        used.update(tx.execute(select(case_images.c.image_id).where(case_images.c.image_id.in_(part))).scalars())
    return used


def all_images(tx: Transaction) -> list[tuple[str, str]]:
    """(case_id, image_id) of every image of every case."""
    rows = tx.execute(select(case_images.c.case_id, case_images.c.image_id).order_by(case_images.c.case_id))
    return [(row.case_id, row.image_id) for row in rows]
