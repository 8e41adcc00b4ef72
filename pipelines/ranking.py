"""Ranks the points of a draft again once it is known what its report changed of an earlier one."""

from __future__ import annotations

from dataclasses import replace

from api.workspace import DEPARTMENT, Workspace
from models.report import SectionedText
from models.teaching_case import CaseStatus
from nlp.point_factors import Evidence
from nlp.points import teaching_points, teaching_value
from nlp.revisions import revisions, told
from store import cases, draft_order, reimports, reports
from store.database import Transaction


def rank_again(tx: Transaction, workspace: Workspace, case_id: str) -> None:
    """What a final report changed is worth more. A draft that an educator has edited stays as it was left."""
    case = cases.get(tx, DEPARTMENT, case_id)
    if case.status is not CaseStatus.DRAFT or reimports.edited(tx, DEPARTMENT, case_id):
        return
    key = case.key
    report = SectionedText(key.report, key.sections)
    evidence = Evidence(changed=_changed(tx, workspace, case_id))
    images = {(point.finding, point.span): point.images for point in key.points}
    ranked = tuple(
        replace(point, images=images.get((point.finding, point.span), ()))
        for point in teaching_points(report, key.observations, workspace.findings, evidence=evidence)
    )
    if ranked != key.points:
        draft_order.rank(tx, case_id, ranked, teaching_value(ranked))


def _changed(tx: Transaction, workspace: Workspace, case_id: str) -> frozenset[str]:
    """The findings that the case's report tells otherwise than the one before it."""
    return frozenset(
        revision.finding
        for earlier, later in reports.revised(tx, DEPARTMENT, case_id)
        if later.case_id == case_id
        for revision in revisions(
            told(earlier.findings, earlier.details), told(later.findings, later.details), workspace.findings
        )
    )
