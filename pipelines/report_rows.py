"""How a report of a file is known in the workspace: by its source, its id there, its status and its words."""

from __future__ import annotations

from dataclasses import dataclass

from api.study_images import patient_of, study_of
from api.workspace import DEPARTMENT, Workspace
from models.report import ReportStatus, SectionName
from pipelines.case_names import shown_id
from pipelines.identifying import tells_of
from pipelines.mining import UnreadReport, draftable
from pipelines.report_files.row import ReportRow
from store.reports import APART

REPORTS = "reports"
"""The source of reports whose source was given no name."""


@dataclass(frozen=True, slots=True)
class KnownBy:
    """A report and what it is known by. ``name`` is the id people see where no other report bears it.

    ``content`` is a keyed hash of its words: the same words are the same report, whatever is told beside them.
    ``case_id`` is that of its case, if it makes one; ``study`` the pseudonym of its study, or else of its own id;
    ``exam`` a keyed hash of what was examined, None where nobody said.
    """

    row: ReportRow
    source: str
    name: str
    content: str
    report_id: str
    case_id: str
    study: str
    exam: str | None

    @property
    def characters(self) -> int:
        """How long its words are, for what is held of many reports at a time."""
        row = self.row
        return sum(map(len, (row.text, row.indication, row.comparison, row.findings, row.impression)))

    @property
    def apart(self) -> str:
        """Its name where another report has the plain one."""
        return apart(self.name, self.content)


def apart(name: str, content: str) -> str:
    return f"{name}~{content[:APART]}"


def case_name(source_id: str, status: ReportStatus) -> str:
    """The source_id of a report's case: a corrected report's case stands beside the final one's."""
    return f"{source_id}~{status.value}" if status is ReportStatus.CORRECTED else source_id


def known_by(workspace: Workspace, source: str, row: ReportRow) -> KnownBy:
    """What the report is known by; ``source`` is "" for one without a name."""
    of_source = source or REPORTS
    uid = row.uid.removesuffix(f"/{row.status.value}")
    parts = (row.text, row.indication, row.comparison, row.findings, row.impression)
    exam = row.exam.casefold().split()
    content = workspace.opaque("content", *(" ".join(part.split()) for part in parts))
    report_id = workspace.opaque("report", DEPARTMENT, of_source, uid, row.status.value, content)
    return KnownBy(
        row=row,
        source=of_source,
        name=_shown(workspace, uid, row),
        content=content,
        report_id=report_id,
        case_id=workspace.opaque("case", DEPARTMENT, "report", report_id),
        study=study_of(workspace, row.accession, row.study_uid) or workspace.opaque("study", "report", of_source, uid),
        exam=workspace.opaque("exam", *exam) if exam else None,
    )


def _shown(workspace: Workspace, uid: str, row: ReportRow) -> str:
    """The id people see: an opaque one also where the report's own may tell its study, patient or author."""
    if not row.own_id or tells_of(uid, (row.accession, row.study_uid, row.patient, row.author, *row.names)):
        return workspace.opaque("case name", uid)
    return shown_id(workspace, uid)


def unread(workspace: Workspace, known: KnownBy) -> UnreadReport:
    """The report as a worker reads it."""
    row = known.row
    study = study_of(workspace, row.accession, row.study_uid)
    patient = patient_of(workspace, row.patient, known.source, study, known.report_id)
    parts = (
        (SectionName.HISTORY, row.indication),
        (SectionName.COMPARISON, row.comparison),
        (SectionName.FINDINGS, row.findings),
        (SectionName.IMPRESSION, row.impression),
    )
    return UnreadReport(
        given=draftable(known.source, case_name(known.name, row.status), known.case_id, patient, row.modality),
        status=row.status,
        text=row.text,
        parts=tuple(part for part in parts if part[1]),
        exam=row.exam,
        known=tuple(filter(None, (row.author, row.patient, row.accession, row.study_uid, *row.names))),
    )
