"""An educator sees what a final report changed of the preliminary one, by findings and never by words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.workspace import Workspace
from models.finding import Assertion, Detail, Region, Side, Truth
from models.report import ReportStatus
from models.teaching_case import CaseStatus, TeachingCase
from store import reports
from store.reports import KeptReport
from tests.api.conftest import Person
from tests.building import NOW, Story, case_of

FINAL = KeptReport(
    report_id="final",
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
    findings={"nodule_mass": Assertion.PRESENT, "pneumothorax": Assertion.PRESENT},
    details={"nodule_mass": Detail(frozenset({Side.LEFT}), None, 14.0)},
    main_findings=("nodule_mass",),
    case_id=None,
)


@pytest.fixture
def case(workspace: Workspace) -> TeachingCase:
    """A draft made of a final report, and the preliminary one that it followed."""
    made = replace(case_of(Story(), ()), status=CaseStatus.DRAFT)
    earlier = replace(
        FINAL,
        report_id="preliminary",
        source_id="A0",
        status=ReportStatus.PRELIMINARY,
        findings={"nodule_mass": Assertion.PRESENT, "pneumothorax": Assertion.ABSENT},
        details={"nodule_mass": Detail(frozenset({Side.RIGHT}), None, 14.0)},
        changed_by="final",
    )
    with workspace.database.transaction() as tx:
        reports.add(tx, [earlier, replace(FINAL, case_id=made.case_id)], [made], [], NOW)
    return made


def test_the_changes_come_with_how_much_they_matter(person: Person, case: TeachingCase) -> None:
    told = person("edu", "educator").get(f"/api/drafts/{case.case_id}").json()["revisions"]
    assert {(one["kind"], one["finding"], *one["what"]) for one in told} == {
        ("added", "pneumothorax", "added"),
        ("changed", "nodule_mass", "other_side"),
    }
    assert [one["matter"] for one in told] == sorted((one["matter"] for one in told), reverse=True)
    nodule = next(one for one in told if one["finding"] == "nodule_mass")
    assert (nodule["before"], nodule["after"]) == ("present, right, 14 mm", "present, left, 14 mm")
    assert nodule["significant"] and nodule["status"] == "F"


def test_a_case_without_an_earlier_report_has_none(person: Person, workspace: Workspace) -> None:
    made = replace(case_of(Story(), ()), status=CaseStatus.DRAFT)
    with workspace.database.transaction() as tx:
        reports.add(tx, [replace(FINAL, case_id=made.case_id)], [made], [], NOW)
    assert person("edu", "educator").get(f"/api/drafts/{made.case_id}").json()["revisions"] == []


def test_another_departments_reports_are_not_told(workspace: Workspace, case: TeachingCase) -> None:
    with workspace.database.transaction() as tx:
        assert len(reports.revised(tx, "main", case.case_id)) == 1
        assert reports.revised(tx, "other", case.case_id) == []
