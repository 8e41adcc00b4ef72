"""Reports as HL7 v2 results (ORU): each OBR with the text of its OBX segments is one report.

Source: HL7 v2.5.1, chapters 4 and 7; suffixes of OBX-3: 7.2.4; statuses: tables 0085 and 0123.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from models.errors import BadInput
from models.report import ReportStatus
from pipelines.csv_values import time_of
from pipelines.report_files.hl7_messages import Message, begins_message, message_of, raw_messages
from pipelines.report_files.hl7_people import people
from pipelines.report_files.hl7_text import ReportText, report_text
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

OTHER_MESSAGE = "a message that is no result (ORU) was left out"

_ORDER_STATUS = {**dict.fromkeys("PRAM", PRELIMINARY), "F": FINAL, "C": CORRECTED}
_LINE_STATUS = {**dict.fromkeys("PRS", PRELIMINARY), **dict.fromkeys("FUV", FINAL), **dict.fromkeys("CAB", CORRECTED)}
_TAKEN_BACK = frozenset("DWXNOI")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?)?([+-]\d{4})?")
_NULL = '""'


@dataclass(frozen=True, slots=True)
class _Result:
    """One OBR and what belongs to it; a segment that is not there is empty."""

    message: Message
    header: list[str]
    order: list[str]
    request: list[str]
    patient: list[str]
    study: list[str]
    beside: list[list[str]]
    lines: list[list[str]] = field(default_factory=list)


def recognises(path: Path, head: bytes) -> bool:
    return begins_message(head) or path.suffix.lower() in (".hl7", ".oru")


def rows(path: Path, reception: Reception) -> Iterator[ReportRow]:
    for raw in raw_messages(path):
        where = f"{path}:message {raw.number}"
        try:
            results = _results(where, message_of(where, raw, reception), reception)
        except BadInput as error:
            reception.refuse(error)
            continue
        for number, result in enumerate(results, 1):
            spot = where if len(results) == 1 else f"{where}, OBR {number}"
            try:
                row = _row(spot, result, reception)
            except BadInput as error:
                reception.refuse(error)
            else:
                yield row


def _results(where: str, message: Message, reception: Reception) -> list[_Result]:
    """The requests of a message that have text, or all of them where none has: their refusal says why."""
    header = ["MSH", message.marks[0], *message.segments[0][1:]]
    kind = _get(header, 9)
    if kind and message.first(kind).upper() != "ORU":
        reception.notice(OTHER_MESSAGE)
        return []
    found = _grouped(message, header)
    if not found:
        raise BadInput(where, "has no order (OBR segment)", "send results as ORU^R01")
    imaging = [result for result in found if not no_imaging(message.first(_get(result.request, 24)))]
    if len(imaging) < len(found):
        reception.notice(NO_IMAGING)
    return [result for result in imaging if result.lines] or imaging


def _grouped(message: Message, header: list[str]) -> list[_Result]:
    found: list[_Result] = []
    order: list[str] = []
    patient: list[str] = []
    beside: list[list[str]] = []
    for segment in message.segments:
        name = segment[0]
        if name == "PID":
            patient, beside = segment, [segment]
        elif name in ("PV1", "NK1", "PD1"):
            beside.append(segment)  # in place: a visit may be told after the order, and is of the same patient
        elif name == "ORC":
            order = segment
        elif name == "OBR":
            found.append(_Result(message, header, order, segment, patient, [], beside))
            order = []
        elif name == "OBX" and found:
            found[-1].lines.append(segment)
        elif name == "ZDS" and found:
            found[-1] = replace(found[-1], study=segment)
    return found


def _row(where: str, result: _Result, reception: Reception) -> ReportRow:
    message, request = result.message, result.request
    said = report_text(message, [line for line in result.lines if _line_status(line) not in _TAKEN_BACK])
    if said.document and not said.says_something:
        raise BadInput(where, "holds its report as a document and no text (OBX-2)", "send the text as TX or FT")
    status = _status(where, result)
    placer, filler, ordered = _id(message, request, 2), _id(message, request, 3), _id(message, result.order, 3)
    accession = _id(message, request, 18) or filler or ordered or placer
    return checked(
        ReportRow(
            where=where,
            uid=version_uid(filler or ordered or accession, status),
            text=said.text,
            indication=said.indication,
            comparison=said.comparison,
            findings=said.findings,
            impression=said.impression,
            status=status,
            author=_person(message, _get(request, 32)) or _of_lines(result, 16),
            patient=_id(message, result.patient, 3) or _id(message, result.patient, 2),
            accession=accession,
            study_uid=study_uid_of(_study_uid(result, said), reception),
            exam=_exam(message, _get(request, 4)),
            modality=modality_of(_id(message, request, 24)),
            read_at=_read_at(where, result, reception),
            names=people(message, [result.order, request, *result.beside, *result.lines]),
            own_id=False,
        )
    )


def _get(segment: list[str], number: int) -> str:
    """A field by HL7's number, "" where the segment ends before it or says that there is nothing."""
    value = segment[number] if number < len(segment) else ""
    return "" if value == _NULL else value


def _id(message: Message, segment: list[str], number: int) -> str:
    return message.first(_get(segment, number))


def _line_status(line: list[str]) -> str:
    return _get(line, 11).strip().upper()


def _status(where: str, result: _Result) -> ReportStatus:
    """That of the order (OBR-25); a corrected line makes a final report a corrected one."""
    stated = _get(result.request, 25).strip().upper()
    lines = {_LINE_STATUS.get(_line_status(line)) for line in result.lines} - {None}
    if stated and stated not in _ORDER_STATUS:
        raise BadInput(where, "its status (OBR-25) is not that of a report", "send P, F or C")
    if stated and _ORDER_STATUS[stated] is not FINAL:
        return _ORDER_STATUS[stated]
    if not stated and PRELIMINARY in lines:
        return PRELIMINARY
    return CORRECTED if CORRECTED in lines else FINAL


def _person(message: Message, name: str) -> str:
    """The code of a person (XCN, NDL), else the name."""
    parts = message.parts(name)
    if message.marks[4:] and message.marks[4] in parts[0]:
        parts = parts[0].split(message.marks[4])
    code, *names = (message.unescaped(part).strip() for part in parts[:3])
    return code or " ".join(filter(None, names))


def _of_lines(result: _Result, number: int) -> str:
    return next(filter(None, (_person(result.message, _get(line, number)) for line in result.lines)), "")


def _exam(message: Message, code: str) -> str:
    """The text of a coded exam, else its alternative text, else its code."""
    parts = [message.unescaped(part).strip() for part in message.parts(code)]
    return next((parts[place] for place in (1, 4, 0) if place < len(parts) and parts[place]), "")


def _study_uid(result: _Result, said: ReportText) -> str:
    return said.study_uid or _id(result.message, result.study, 1)


def _read_at(where: str, result: _Result, reception: Reception) -> datetime | None:
    """When the report was released (OBR-22), else observed (OBX-14), else when the exam was (OBR-7)."""
    lines = (_get(line, 14) for line in result.lines)
    stated = _get(result.request, 22) or next(filter(None, lines), "") or _get(result.request, 7)
    text = result.message.first(stated)
    if not text or (text.isdecimal() and len(text) in (4, 6)):  # no more than a year or a month
        return None
    match = _TIME.fullmatch(text)
    if not match:
        raise BadInput(where, "its time is no HL7 time", "write it as YYYYMMDDHHMM with or without +ZZZZ")
    year, month, day, hour, minute, second, zone = match.groups()
    zone = zone or _zone_of_message(result)
    iso = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone[:3]}{zone and ':'}{zone[3:]}"
    return time_of(where, iso, reception.clock)


def _zone_of_message(result: _Result) -> str:
    """The zone of the message's own time (MSH-7), which holds for times that name none."""
    match = _TIME.fullmatch(_id(result.message, result.header, 7))
    return (match[7] or "") if match else ""
