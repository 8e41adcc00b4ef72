"""What a final report changed of the preliminary one, for the educator who reviews the case made of it."""

from __future__ import annotations

from pydantic import BaseModel

from api.workspace import Workspace
from models.finding import Detail, FindingCatalogue
from nlp.revisions import Revision, Told, revisions, told
from store import reports
from store.database import Transaction


class RevisionView(BaseModel):
    """One finding's change; ``what`` are keys of nlp/rules/revisions.toml, ``matter`` is 0 to 1, ``status`` the later
    report's, "F" or "C". Neither report's words are shown: the earlier one's are not kept.
    """

    status: str
    kind: str
    finding: str
    name: str
    what: list[str]
    before: str
    after: str
    matter: float
    significant: bool


def revision_views(tx: Transaction, workspace: Workspace, department_id: str, case_id: str) -> list[RevisionView]:
    """The changes between the case's report and those it was compared with, what matters most first."""
    found = [
        _view(revision, later.status.value, workspace.findings)
        for earlier, later in reports.revised(tx, department_id, case_id)
        for revision in revisions(
            told(earlier.findings, earlier.details), told(later.findings, later.details), workspace.findings
        )
    ]
    return sorted(found, key=lambda view: -view.matter)


def _view(revision: Revision, status: str, findings: FindingCatalogue) -> RevisionView:
    return RevisionView(
        status=status,
        kind=revision.kind.value,
        finding=revision.finding,
        name=findings.name(revision.finding),
        what=list(revision.what),
        before=_words(revision.before),
        after=_words(revision.after),
        matter=revision.matter,
        significant=revision.significant,
    )


def _words(said: Told | None) -> str:
    """ "uncertain, left, mild, 8 mm"; "" where the report does not speak of it."""
    return ", ".join([said.assertion.value, *_details(said.detail)]) if said else ""


def _details(detail: Detail) -> list[str]:
    sides = " and ".join(sorted(side.value for side in detail.sides))
    size = f"{detail.size_mm:g} mm" if detail.size_mm is not None else ""
    return [word for word in (sides, detail.severity or "", size) if word]
