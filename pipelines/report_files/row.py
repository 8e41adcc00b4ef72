"""One report as a file tells it, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.report import ReportStatus


@dataclass(frozen=True, slots=True)
class ReportImage:
    """An image a report names; ``file`` is relative to the folder of the report file or its ``images`` folder."""

    file: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report. Either ``text`` is the raw report, or it is "" and the fields after it hold the report's parts.

    ``where`` is file and line (or message, entry); ``uid`` the report's own id, the same at every export; the rest is
    as the source states it, "" where it does not: ``author`` a name or code of the person who read, ``patient`` the
    patient's id, ``accession`` and ``study_uid`` name the study. None of these four is ever stored as it is beside
    the report. ``names`` are people whom the source names otherwise, the patient among them: never stored at all.
    ``read_at`` is aware, UTC. ``modality`` is one of DICOM's codes or "". An ``own_id`` was given to the report to be
    shown; any other id may be a number of the study or a person's name.
    """

    where: str
    uid: str
    text: str = ""
    indication: str = ""
    comparison: str = ""
    findings: str = ""
    impression: str = ""
    status: ReportStatus = ReportStatus.FINAL
    author: str = ""
    patient: str = ""
    accession: str = ""
    study_uid: str = ""
    exam: str = ""
    modality: str = ""
    read_at: datetime | None = None
    images: tuple[ReportImage, ...] = ()
    names: tuple[str, ...] = field(default=(), compare=False)
    own_id: bool = field(default=True, compare=False)
