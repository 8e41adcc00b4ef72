"""What report files state, in whatever words, as the values of a ``ReportRow``; each refusal quotes nothing."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from functools import lru_cache
from operator import attrgetter

from models.errors import BadInput
from models.report import ReportStatus
from nlp.describe import modality_code
from pipelines.csv_values import LONGEST_NAME
from pipelines.report_files.file_bytes import MOST_BYTES, SHORTEN, TOO_LARGE
from pipelines.report_files.reception import Reception
from pipelines.report_files.row import ReportRow

PRELIMINARY, FINAL, CORRECTED = ReportStatus.PRELIMINARY, ReportStatus.FINAL, ReportStatus.CORRECTED

_STATUS_WORDS = {
    FINAL: "f final finalized finalised signed verified complete completed approved authenticated attested",
    PRELIMINARY: "p preliminary prelim wet draft partial registered unverified unsigned dictated transcribed",
    CORRECTED: "c corrected correction amended amendment addendum addended appended revised modified",
}
_STATUS = {word: status for status, words in _STATUS_WORDS.items() for word in words.split()}
_FILLING = frozenset(["report", "read", "result", "status", "with", "and", "by"])

DICOM_CODES = frozenset(
    {"BI", "BMD", "CR", "CT", "DG", "DX", "ECG", "ES", "GM", "IO", "IVOCT", "IVUS", "LS", "MG", "MR", "NM", "OCT", "OP"}
    | {"OPT", "OT", "PT", "PX", "RF", "RG", "SM", "TG", "US", "XA", "XC"}
)
"""Codes of DICOM PS3.3 C.7.3.1.1.1 that reports are written on."""

_SERVICES = {"RX": "DX", "RUS": "US", "OUS": "US", "VUS": "US", "CUS": "US", "NMR": "MR", "NMS": "NM", "XRC": "RF"}
_WHOLE_DEPARTMENTS = frozenset({"RAD", "IMG", "VR", "OTH", "OT"})
_ELSEWHERE = frozenset(
    {"AU", "BG", "BLB", "CG", "CH", "CP", "EC", "EN", "GE", "HM", "IMM", "LAB", "MB", "MCB", "MYC", "OSL", "PHR", "PAT"}
    | {"RC", "SP", "SR", "TX"}
)

_UID = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_LONGEST_UID = 64
_LONGEST_MODALITY = 64

ODD_STUDY_UID = "a study's UID is none and was left out"
NO_IMAGING = "a report of another department than imaging was left out"


def status_of(where: str, text: str) -> ReportStatus:
    """A status as departments write it ("F", "prelim", "Final with addendum"); none is final.

    Raises BadInput for words that are not known.
    """
    words = [word for word in re.split(r"[^a-z]+", text.lower()) if word and word not in _FILLING]
    if not text.strip():
        return FINAL
    found = {_STATUS.get(word) for word in words}
    if not found or None in found:
        raise BadInput(where, "its status is not known", "write P (preliminary), F (final) or C (corrected)")
    return next(status for status in (CORRECTED, PRELIMINARY, FINAL) if status in found)


def modality_of(text: str) -> str:
    """The DICOM code of a modality, a diagnostic service (HL7 table 0074) or words for one; "" where none is meant."""
    return _modality(text.strip()[:_LONGEST_MODALITY].upper())


@lru_cache(maxsize=4096)
def _modality(code: str) -> str:
    if code in _WHOLE_DEPARTMENTS:
        return ""
    if code in DICOM_CODES:
        return code
    named = _SERVICES.get(code) or (modality_code(code) if code else "OT")
    return "" if named == "OT" else named


def no_imaging(service: str) -> bool:
    """Whether a diagnostic service (HL7 table 0074) is a laboratory or another department without images."""
    return service.strip().upper() in _ELSEWHERE


def study_uid_of(text: str, reception: Reception) -> str:
    """A Study Instance UID without ``urn:oid:``; what is none is left out and told."""
    uid = text.strip().removeprefix("urn:oid:")
    if not uid or (len(uid) <= _LONGEST_UID and _UID.fullmatch(uid)):
        return uid
    reception.notice(ODD_STUDY_UID)
    return ""


def version_uid(own: str, status: ReportStatus) -> str:
    """The id of one version of a report whose versions share an id at their source: preliminary and final differ."""
    return f"{own}/{status.value}" if own else ""


_NO_STRINGS = ("where", "status", "read_at", "images", "names", "own_id")
_STRINGS = tuple(each.name for each in fields(ReportRow) if each.name not in _NO_STRINGS)
LONGEST_EXAM = 2_000
"""Characters of an exam's name: some departments write a sentence there."""

_LIMITS = {"author": LONGEST_NAME, "patient": LONGEST_NAME, "accession": LONGEST_NAME, "exam": LONGEST_EXAM}
_strings_of = attrgetter(*_STRINGS)


def checked(row: ReportRow, may_be_empty: bool = False) -> ReportRow:
    """The row with every line of its texts ended alike.

    Raises BadInput where it has no id, a name or number that is none by its length or, unless it ``may_be_empty``, no
    text. A row of a table may: its department counts it as a report. A message or a file without text is a broken one.
    """
    if not row.uid:
        raise BadInput(row.where, "the report has no id", "give each report one, the same at every export")
    if len(row.uid) > LONGEST_NAME:
        raise BadInput(row.where, f"its id has more than {LONGEST_NAME} characters", "give it a shorter one")
    for name, longest in _LIMITS.items():
        if len(getattr(row, name)) > longest:
            raise BadInput(row.where, f"its {name} has more than {longest:,} characters", "mend that field")
    bodies = (row.text, row.indication, row.comparison, row.findings, row.impression)
    if not may_be_empty and not any(body and not body.isspace() for body in bodies):
        raise BadInput(row.where, "the report is empty", "leave it out, or fill its text")
    _check_text(row.where, "".join(_strings_of(row)))
    if any("\r" in body for body in bodies):
        text, indication, comparison, findings, impression = map(one_line_end, bodies)
        return replace(
            row, text=text, indication=indication, comparison=comparison, findings=findings, impression=impression
        )
    return row


def one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_text(where: str, whole: str) -> None:
    if len(whole) > MOST_BYTES:
        raise BadInput(where, TOO_LARGE, SHORTEN)
    if "\0" in whole:
        raise BadInput(where, "holds a NUL character", "take it out of this report")
    try:
        whole.encode()
    except UnicodeEncodeError as error:
        raise BadInput(where, "its text or its file's name is no text", "save or name it as UTF-8") from error
