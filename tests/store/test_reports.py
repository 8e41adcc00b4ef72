"""Reports in the store, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from models.finding import Assertion, Detail, Region, Side, Truth
from models.report import ReportStatus
from models.teaching_case import CaseStatus
from store import cases, reports
from store.database import Database
from store.reports import KeptReport, StudyIdentity
from tests.building import NOW, Story, case_of

CASE = replace(case_of(Story(), ()), status=CaseStatus.DRAFT)
KEPT = KeptReport(
    report_id="r1",
    department_id="main",
    source="reports",
    source_id="A1",
    status=ReportStatus.FINAL,
    content="c0ffee",
    study="s1",
    reader_id=None,
    modality="CT",
    region=Region.CHEST,
    read_at=NOW,
    truth=Truth.ABNORMAL,
    findings={"nodule_mass": Assertion.PRESENT, "pneumothorax": Assertion.ABSENT},
    main_findings=("nodule_mass",),
    details={"nodule_mass": Detail(frozenset({Side.LEFT}), "mild", 7.0)},
    case_id=CASE.case_id,
)
NAMED = StudyIdentity(CASE.case_id, "ACC1", "1.2.3")
LATER = replace(KEPT, report_id="r2", source_id="A2", case_id=None, content="d00d")


def test_a_report_comes_back_as_it_went_in(database: Database) -> None:
    with database.transaction() as tx:
        reports.lock(tx, "main")
        reports.add(tx, [KEPT, LATER], [CASE], [NAMED], NOW)
        assert reports.known(tx, ["r1", "r2", "r3"]) == {"r1": CASE.case_id, "r2": None}
        assert reports.bearing(tx, "main", "reports", ["A1", "A9"]) == [KEPT]
        assert reports.bearing(tx, "main", "elsewhere", ["A1"]) == []
        assert reports.identity(tx, "main", CASE.case_id) == NAMED
        assert reports.count(tx, "main") == 2


def test_studies_with_several_reports_are_told(database: Database) -> None:
    with database.transaction() as tx:
        alone = replace(LATER, report_id="r3", study="s2")
        elsewhere = [replace(LATER, report_id=name, study="s2", source=name) for name in ("r4", "r5")]
        reports.add(tx, [KEPT, LATER, alone, *elsewhere], [CASE], [], NOW)
        assert [[each.report_id for each in study] for study in reports.studies(tx, "main")] == [["r1", "r2"]]
        reports.compared(tx, "r1", "r2")
        [study] = reports.studies(tx, "main")
        assert study[0].changed_by == "r2"


def test_a_name_moves_with_its_case_and_a_flag_stays_once(database: Database) -> None:
    with database.transaction() as tx:
        reports.add(tx, [KEPT], [CASE], [], NOW)
        reports.rename(tx, KEPT, "A1~c0ffee", "A1~c0ffee")
        for _ in range(2):
            reports.flag(tx, CASE.case_id, "corrected_later")
        case = cases.get(tx, "main", CASE.case_id)
        assert case.source_id == "A1~c0ffee" and case.flags.count("corrected_later") == 1
        assert cases.version(tx, CASE.case_id) == 2
        assert reports.cases_bearing(tx, CASE.department_id, CASE.source, ["A1~c0ffee"]) == {"A1~c0ffee": CASE.case_id}


def test_a_draft_is_to_be_fetched_until_its_study_is_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        reports.add(tx, [KEPT], [CASE], [NAMED], NOW)
        assert reports.drafts_to_fetch(tx, "main") == [CASE.case_id]
        assert reports.without_images(tx, [CASE.case_id, "other"]) == [CASE.case_id]
        reports.forget_identity(tx, CASE.case_id)
        assert reports.drafts_to_fetch(tx, "main") == [] and reports.identity(tx, "main", CASE.case_id) is None


def test_a_flag_goes_again(database: Database) -> None:
    with database.transaction() as tx:
        reports.add(tx, [KEPT], [CASE], [], NOW)
        reports.flag(tx, CASE.case_id, "mark")
        reports.unflag(tx, CASE.case_id, "mark")
        reports.unflag(tx, CASE.case_id, "mark")
        assert cases.get(tx, "main", CASE.case_id).flags == CASE.flags
