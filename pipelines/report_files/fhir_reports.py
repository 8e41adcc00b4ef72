"""Reports as FHIR R4B DiagnosticReport: one, a Bundle of any size, or one resource a line.

Source: https://hl7.org/fhir/R4B/diagnosticreport.html.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import BadInput
from pipelines.csv_values import time_of
from pipelines.report_files.fhir_people import Directory, people
from pipelines.report_files.fhir_resources import directory_of, reports, validated
from pipelines.report_files.file_bytes import opened
from pipelines.report_files.narrative import plain_text
from pipelines.report_files.reception import Reception
from pipelines.report_files.row import ReportRow
from pipelines.report_files.stated import (
    CORRECTED,
    FINAL,
    NO_IMAGING,
    PRELIMINARY,
    checked,
    modality_of,
    no_imaging,
    study_uid_of,
    version_uid,
)

_STATUSES = {
    **dict.fromkeys(("registered", "partial", "preliminary"), PRELIMINARY),
    "final": FINAL,
    **dict.fromkeys(("amended", "corrected", "appended"), CORRECTED),
}
_MARKUP = (b"<?xml", b"<Bundle", b"<DiagnosticReport")
_WINDOWS = ("iso-8859-1", "windows-1252")


def recognises(path: Path, head: bytes) -> bool:
    start = head.lstrip()
    return (start[:1] in (b"{", b"[") and b'"resourceType"' in head) or start.startswith(_MARKUP)


def rows(path: Path, reception: Reception) -> Iterator[ReportRow]:
    with opened(path) as stream:
        head = stream.read(1 << 16).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        raise BadInput(str(path), "is FHIR as XML", "export it as JSON")
    directory = directory_of(path, head)
    for where, report in reports(path, head, reception):
        try:
            row = _row(where, report, reception, directory)
        except BadInput as error:
            reception.refuse(error)
            continue
        if row:
            yield row


def _row(where: str, resource: Mapping[str, Any], reception: Reception, directory: Directory) -> ReportRow | None:
    """The row of a report; None for one of a laboratory, which is told. ``directory``: the people of its file."""
    report = validated(where, resource)
    services = [coding.code or "" for category in report.category or () for coding in category.coding or ()]
    if any(map(no_imaging, services)):
        reception.notice(NO_IMAGING)
        return None
    if report.status not in _STATUSES:
        raise BadInput(where, "its status is not that of a report", "send preliminary, final, amended or corrected")
    status = _STATUSES[report.status]
    accession = _accession(report)
    text = _presented(where, resource, reception)
    conclusion = (report.conclusion or "").strip()
    if not text and not conclusion and report.text:
        text = plain_text(report.text.div or "")
    if not text and not conclusion and not all(map(_is_text, resource.get("presentedForm") or ())):
        raise BadInput(where, "holds its report as a document (presentedForm) and no text", "send text/plain")
    return checked(
        ReportRow(
            where=where,
            uid=version_uid(_own_id(resource, report) or accession, status),
            text=text,
            impression="" if text else conclusion,
            status=status,
            author=_author(report),
            patient=_referred(report.subject),
            accession=accession,
            study_uid=study_uid_of(_study_uid(report), reception),
            exam=_named(report.code),
            modality=next(filter(None, map(modality_of, services)), ""),
            read_at=_read_at(where, resource, reception),
            names=people(resource, directory),
            own_id=False,
        )
    )


def _presented(where: str, resource: Mapping[str, Any], reception: Reception) -> str:
    """The first form of the report that is plain text, or "" where none is."""
    for form in filter(_is_text, resource.get("presentedForm") or ()):
        try:
            # The validation passes over what is no base64, and would let half a text through.
            raw = base64.b64decode("".join(form.get("data", "").split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadInput(where, "its text is no base64 (presentedForm)", "export it again") from error
        windows = any(name in form["contentType"].lower() for name in _WINDOWS)
        text = raw.decode("cp1252", "replace") if windows else reception.text(where, raw)
        if text.strip():
            return text.strip()
    return ""


def _is_text(form: Mapping[str, Any]) -> bool:
    return (form.get("contentType") or "").lower().partition(";")[0].strip() == "text/plain"


def _own_id(resource: Mapping[str, Any], report: Any) -> str:
    stated = resource.get("id")
    return stated if isinstance(stated, str) and stated else _identifier(report.identifier)


def _identifier(identifiers: Any, kind: str = "") -> str:
    """The first identifier's value; with ``kind`` (HL7 table 0203), the first of that kind."""
    for each in identifiers or ():
        kinds = {coding.code for coding in (each.type.coding or ())} if each.type else set()
        if each.value and (not kind or kind in kinds):
            return str(each.value)
    return ""


def _accession(report: Any) -> str:
    orders = (order.identifier for order in report.basedOn or () if order.identifier)
    return _identifier(report.identifier, "ACSN") or _identifier(orders, "ACSN")


def _author(report: Any) -> str:
    people = [*(report.resultsInterpreter or ()), *(report.performer or ())]
    return next(filter(None, (_referred(person) for person in people if not _is_organization(person))), "")


def _is_organization(reference: Any) -> bool:
    return reference.type == "Organization" or "Organization/" in (reference.reference or "")


def _referred(reference: Any) -> str:
    """Whom a reference means, by what is the same in every export: identifier, server's id, name."""
    if reference is None:
        return ""
    place = reference.reference or ""
    lasting = "" if place.startswith(("#", "urn:uuid:")) else place
    return _identifier([reference.identifier] if reference.identifier else ()) or lasting or reference.display or place


def _study_uid(report: Any) -> str:
    for study in report.imagingStudy or ():
        stated = _identifier([study.identifier] if study.identifier else ()) or study.reference or ""
        if stated.startswith("urn:oid:") or (study.identifier and study.identifier.system == "urn:dicom:uid"):
            return stated
    return ""


def _named(concept: Any) -> str:
    """The words of a coded concept, else its first code."""
    codings = (concept.coding or ()) if concept else ()
    words = [concept.text if concept else "", *(each.display for each in codings), *(each.code for each in codings)]
    return next((word.strip() for word in words if word and word.strip()), "")


def _read_at(where: str, resource: Mapping[str, Any], reception: Reception) -> datetime | None:
    """When the report was issued, else the time it speaks of; a year or a month alone is no time."""
    period = resource.get("effectivePeriod") or {}
    stated = [resource.get("issued"), resource.get("effectiveDateTime"), period.get("end"), period.get("start")]
    text = next((time for time in stated if isinstance(time, str) and len(time) >= len("2026-03-01")), "")
    return time_of(where, text, reception.clock)
