"""Reports as the workspace remembers them: which, of what study, by whom, and what each said of the findings.

The texts lie with the cases made of them. What names a study outside, accession number and Study Instance UID, lies in
``study_identities`` alone, as who a reader is lies in ``identities``. It is there to fetch the images of a case that
has none yet, and goes when they have come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from models.finding import Assertion, Detail, Region, Truth
from models.report import ReportStatus
from models.teaching_case import CaseStatus, TeachingCase
from store import notation
from store.cases import case_row, key_row
from store.database import Transaction
from store.tables import case_images, case_keys, cases, departments, reports, study_identities

IDS_A_STATEMENT = 500

APART = 8
"""Hexadecimal digits of its words' hash by which a report is named that shares its id with another one."""

CORRECTED_LATER = "corrected_later"
"""The flag of a case whose report another one corrected."""

SAME_ID_OTHER_WORDS = "same_id_other_words"
"""The flag of a case whose report shares its id with another one: they may be two versions of one report."""


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report without its text. ``content`` and ``exam`` are keyed hashes of its words and of what was examined.

    ``study`` and ``reader_id`` are pseudonyms; where no study was named, ``study`` is one of the report's own id. Only
    within one source does it tell a study. ``truth`` is normal where the report calls the study so, else abnormal, also
    where nothing was recognised. ``findings`` is its last word on each finding, ``main_findings`` what a right answer
    names, ``details`` what else it says of some, ``changed_by`` the report_id of the later report it was compared with.
    """

    report_id: str
    department_id: str
    source: str
    source_id: str
    status: ReportStatus
    content: str
    study: str
    reader_id: str | None
    modality: str
    region: Region
    read_at: datetime | None
    truth: Truth
    findings: Mapping[str, Assertion]
    main_findings: tuple[str, ...]
    case_id: str | None
    changed_by: str | None = None
    exam: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def own_id(self) -> str:
        """Its id in its source, without what keeps it apart from another report of that id."""
        return self.source_id.removesuffix(f"~{self.content[:APART]}")


@dataclass(frozen=True, slots=True)
class StudyIdentity:
    """How the study of a case is named outside; never to be shown, told or logged."""

    case_id: str
    accession: str
    study_uid: str


def lock(tx: Transaction, department_id: str) -> None:
    """Hold the department's reports until the transaction ends: two imports then name and count one after the other."""
    tx.execute(
        select(departments.c.department_id).where(departments.c.department_id == department_id).with_for_update()
    ).one()


def known(tx: Transaction, report_ids: Sequence[str]) -> dict[str, str | None]:
    """case_id by report_id of those that are stored."""
    found: dict[str, str | None] = {}
    for start in range(0, len(report_ids), IDS_A_STATEMENT):
        part = list(report_ids[start : start + IDS_A_STATEMENT])
        rows = tx.execute(select(reports.c.report_id, reports.c.case_id).where(reports.c.report_id.in_(part)))
        found.update({row.report_id: row.case_id for row in rows})
    return found


def bearing(tx: Transaction, department_id: str, source: str, source_ids: Sequence[str]) -> list[KeptReport]:
    """The reports of that source that bear one of these ids."""
    found: list[KeptReport] = []
    for start in range(0, len(source_ids), IDS_A_STATEMENT):
        part = list(source_ids[start : start + IDS_A_STATEMENT])
        here = (reports.c.department_id == department_id, reports.c.source == source)
        found += map(_report, tx.execute(select(reports).where(*here, reports.c.source_id.in_(part))))
    return found


def cases_bearing(tx: Transaction, department_id: str, source: str, source_ids: Sequence[str]) -> dict[str, str]:
    """case_id by source_id of the cases of that source that bear one of these ids."""
    found: dict[str, str] = {}
    for start in range(0, len(source_ids), IDS_A_STATEMENT):
        part = list(source_ids[start : start + IDS_A_STATEMENT])
        here = (cases.c.department_id == department_id, cases.c.source == source, cases.c.source_id.in_(part))
        found.update({row.source_id: row.case_id for row in tx.execute(select(cases).where(*here))})
    return found


def rename(tx: Transaction, report: KeptReport, source_id: str, case_source_id: str) -> None:
    """Let a stored report, and its case, bear another id: it shares its own with one that was stored later."""
    tx.execute(update(reports).where(reports.c.report_id == report.report_id).values(source_id=source_id))
    if report.case_id:
        here = cases.c.case_id == report.case_id
        flags = [SAME_ID_OTHER_WORDS, *tx.execute(select(cases.c.flags).where(here)).scalar_one()]
        tx.execute(update(cases).where(here).values(source_id=case_source_id, flags=flags))


def add(
    tx: Transaction,
    kept: Sequence[KeptReport],
    made: Sequence[TeachingCase],
    identities: Sequence[StudyIdentity],
    now: datetime,
) -> None:
    """Store reports none of which is there, with the cases made of them and how their studies are named outside."""
    department = kept[0].department_id if kept else ""
    named = [
        {
            "case_id": identity.case_id,
            "department_id": department,
            "accession": identity.accession,
            "study_uid": identity.study_uid,
        }
        for identity in identities
    ]
    for table, rows in (
        (cases, [{**case_row(case), "created_at": now} for case in made]),
        (case_keys, [key_row(case.department_id, case.key) for case in made]),
        (reports, [_row(report) for report in kept]),
        (study_identities, named),
    ):
        if rows:
            tx.execute(insert(table), rows)


def studies(tx: Transaction, department_id: str) -> Iterator[list[KeptReport]]:
    """The reports of each study that has several in one source, streamed."""
    here = reports.c.department_id == department_id
    several = select(reports.c.study).where(here).group_by(reports.c.study).having(func.count() > 1)
    order = (reports.c.study, reports.c.source, reports.c.report_id)
    wanted = select(reports).where(here, reports.c.study.in_(several)).order_by(*order)
    rows = tx.execute(wanted, execution_options={"yield_per": 2000})
    for _, grouped in groupby(map(_report, rows), key=lambda report: (report.study, report.source)):
        together = list(grouped)
        if len(together) > 1:
            yield together


def of_studies(tx: Transaction, department_id: str, source: str, studies: Sequence[str]) -> list[KeptReport]:
    """The reports of that source of one of these studies."""
    found: list[KeptReport] = []
    for start in range(0, len(studies), IDS_A_STATEMENT):
        part = list(studies[start : start + IDS_A_STATEMENT])
        here = (reports.c.department_id == department_id, reports.c.source == source, reports.c.study.in_(part))
        found += map(_report, tx.execute(select(reports).where(*here)))
    return found


def compared(tx: Transaction, report_id: str, changed_by: str | None) -> None:
    """Remember which later report this one was compared with, None where it is none any more."""
    tx.execute(update(reports).where(reports.c.report_id == report_id).values(changed_by=changed_by))


def flag(tx: Transaction, case_id: str, word: str) -> None:
    """Add a flag to a case, whatever its status. An educator who has it open must look again."""
    row = tx.execute(select(cases.c.flags, cases.c.version).where(cases.c.case_id == case_id).with_for_update()).one()
    if word not in row.flags:
        changed = {"flags": [*row.flags, word], "version": row.version + 1}
        tx.execute(update(cases).where(cases.c.case_id == case_id).values(changed))


def unflag(tx: Transaction, case_id: str, word: str) -> None:
    """Take a flag from a case, whatever its status."""
    row = tx.execute(select(cases.c.flags, cases.c.version).where(cases.c.case_id == case_id).with_for_update()).one()
    if word in row.flags:
        changed = {"flags": [flag for flag in row.flags if flag != word], "version": row.version + 1}
        tx.execute(update(cases).where(cases.c.case_id == case_id).values(changed))


def identity(tx: Transaction, department_id: str, case_id: str) -> StudyIdentity | None:
    """How the study of a case is named outside; None where nobody said, or its images have come."""
    row = tx.execute(
        select(study_identities).where(
            study_identities.c.case_id == case_id, study_identities.c.department_id == department_id
        )
    ).one_or_none()
    return StudyIdentity(row.case_id, row.accession, row.study_uid) if row else None


def forget_identity(tx: Transaction, case_id: str) -> None:
    """The images of the case have come: nothing else needs its study's names."""
    tx.execute(delete(study_identities).where(study_identities.c.case_id == case_id))


def drafts_to_fetch(tx: Transaction, department_id: str) -> list[str]:
    """case_id of the drafts without images whose study has a name, the best first."""
    without = ~select(case_images.c.case_id).where(case_images.c.case_id == cases.c.case_id).exists()
    rows = tx.execute(
        select(cases.c.case_id)
        .join(study_identities, study_identities.c.case_id == cases.c.case_id)
        .where(cases.c.department_id == department_id, cases.c.status == CaseStatus.DRAFT.value, without)
        .order_by(cases.c.priority.desc(), cases.c.case_id)
    )
    return list(rows.scalars())


def without_images(tx: Transaction, case_ids: Sequence[str]) -> list[str]:
    """Those of the cases that are drafts or in the pool and have no image."""
    found: list[str] = []
    waiting = or_(cases.c.status == CaseStatus.DRAFT.value, cases.c.status == CaseStatus.POOL.value)
    for start in range(0, len(case_ids), IDS_A_STATEMENT):
        part = list(case_ids[start : start + IDS_A_STATEMENT])
        without = ~select(case_images.c.case_id).where(case_images.c.case_id == cases.c.case_id).exists()
        found += tx.execute(select(cases.c.case_id).where(cases.c.case_id.in_(part), waiting, without)).scalars()
    return found


def revised(tx: Transaction, department_id: str, case_id: str) -> list[tuple[KeptReport, KeptReport]]:
    """(earlier, later) of each pair of reports that was compared and whose later one, or earlier one, made the case."""
    own = list(map(_report, tx.execute(select(reports).where(reports.c.case_id == case_id))))
    here = [report for report in own if report.department_id == department_id]
    by_id = {report.report_id: report for report in here}
    ids = [*by_id, *(report.changed_by for report in here if report.changed_by)]
    related = or_(reports.c.report_id.in_(ids), reports.c.changed_by.in_(list(by_id)))
    found = list(map(_report, tx.execute(select(reports).where(related, reports.c.department_id == department_id))))
    known = {report.report_id: report for report in found}
    return [(earlier, known[earlier.changed_by]) for earlier in found if earlier.changed_by in known]


def count(tx: Transaction, department_id: str) -> int:
    total: int = tx.execute(
        select(func.count()).select_from(reports).where(reports.c.department_id == department_id)
    ).scalar_one()
    return total


def _row(report: KeptReport) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "department_id": report.department_id,
        "source": report.source,
        "source_id": report.source_id,
        "status": report.status.value,
        "content": report.content,
        "study": report.study,
        "exam": report.exam,
        "reader_id": report.reader_id,
        "modality": report.modality,
        "region": report.region.value,
        "read_at": report.read_at,
        "truth": report.truth.value,
        "findings": {key: word.value for key, word in report.findings.items()},
        "main_findings": list(report.main_findings),
        "details": {key: notation.detail_to_json(detail) for key, detail in report.details.items()},
        "case_id": report.case_id,
        "changed_by": report.changed_by,
    }


def _report(row: Row[Any]) -> KeptReport:
    values = dict(row._mapping)
    return KeptReport(
        **{
            **values,
            "status": ReportStatus(row.status),
            "region": Region(row.region),
            "truth": Truth(row.truth),
            "findings": {key: Assertion(word) for key, word in row.findings.items()},
            "main_findings": tuple(row.main_findings),
            "details": {key: notation.detail_from_json(detail) for key, detail in row.details.items()},
        }
    )
