"""Writes the same reports in every format that is read, and reads them back."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from models.errors import BadInput
from models.report import ReportStatus
from pipelines.csv_values import Clock
from pipelines.report_files import report_rows
from pipelines.report_files.row import ReportImage, ReportRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOCK = Clock(NOW)
SECRET = "Zyx"
"""Stands in every value of the reports here, so that a refusal which quotes one is found out."""

MODALITIES = ("", "CT", "MR", "DX", "US", "MG", "NM")


@dataclass
class Heard:
    """What a reader yields, refuses and notes."""

    rows: list[ReportRow] = field(default_factory=list)
    refused: list[BadInput] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "\n".join(map(str, self.refused))


def heard(path: Path, **asked: Any) -> Heard:
    """All that is read of a file; what is refused quotes nothing and names the file."""
    found = Heard()
    found.rows += report_rows(path, found.refused.append, asked.pop("clock", CLOCK), found.notices.append, **asked)
    for error in found.refused:
        assert str(path) in error.where and SECRET not in str(error).replace(str(path), ""), str(error)
        assert error.problem and error.remedy and "\n" not in str(error)
    return found


def placeless(rows: Iterable[ReportRow]) -> list[ReportRow]:
    return [replace(row, where="") for row in rows]


def report(uid: str = "R1", **fields: Any) -> ReportRow:
    """A small report to begin with."""
    return replace(ReportRow(where="", uid=uid, text=f"{SECRET} Lungs clear.\nNo effusion."), **fields)


# ---- generated reports ----

_characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs"), exclude_characters="\ufeff")
_word = st.text(_characters, max_size=12).map(lambda text: f"{SECRET}{text}".strip())
_body = st.lists(st.text(_characters, max_size=30), max_size=5).map(lambda lines: f"{SECRET} " + "\n".join(lines))
_name = st.text("abcXYZ0189._-", min_size=1, max_size=12).map(lambda text: f"{SECRET}{text}")
_maybe = st.one_of(st.just(""), _word)


@st.composite
def reports(draw: st.DrawFn) -> ReportRow:
    """A report with every field that some format has, raw or in parts."""
    bodies = ["text"] if draw(st.booleans()) else ["indication", "comparison", "findings", "impression"]
    said = {name: draw(_body).strip() for name in bodies}
    seconds = draw(st.one_of(st.none(), st.integers(0, 10**9)))
    return ReportRow(
        where="",
        uid=draw(_name),
        status=draw(st.sampled_from(list(ReportStatus))),
        author=draw(_maybe),
        patient=draw(_maybe),
        accession=draw(_maybe),
        study_uid=draw(st.sampled_from(["", "1.2.840.99.1", "2.25.123456"])),
        exam=draw(_maybe),
        modality=draw(st.sampled_from(MODALITIES)),
        read_at=None if seconds is None else NOW - timedelta(seconds=seconds),
        images=tuple(ReportImage(name, "a view") for name in draw(st.lists(_name, max_size=2))),
        **said,
    )


batches = st.lists(reports(), min_size=1, max_size=4, unique_by=lambda row: row.uid)


# ---- one writer a format; each returns what was written and what can be expected of it ----

Written = tuple[Path, list[ReportRow]]


def fields_of(row: ReportRow) -> dict[str, Any]:
    names = ("uid", "text", "indication", "comparison", "findings", "impression", "author", "patient", "accession")
    plain = {name: getattr(row, name) for name in (*names, "study_uid", "exam", "modality")}
    return plain | {"status": row.status.value, "read_at": row.read_at.isoformat() if row.read_at else ""}


def jsonl(folder: Path, rows: Sequence[ReportRow]) -> Written:
    path = folder / "reports.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            images = [{"file": image.file, "caption": image.caption} for image in row.images]
            file.write(json.dumps({**fields_of(row), "images": images}, ensure_ascii=len(rows) % 2 == 0) + "\n")
    return path, list(rows)


def csv_file(folder: Path, rows: Sequence[ReportRow]) -> Written:
    path = folder / "reports.csv"
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fields_of(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(map(fields_of, rows))
    path.write_text(text.getvalue(), "utf-8", newline="")
    return path, [replace(row, images=()) for row in rows]


def texts(folder: Path, rows: Sequence[ReportRow]) -> Written:
    for row in rows:
        (folder / f"{row.uid}.txt").write_text(_whole(row), "utf-8", newline="")
    kept = [ReportRow(where="", uid=row.uid, text=_whole(row).strip()) for row in rows]
    return folder, sorted(kept, key=lambda row: f"{row.uid}.txt")


def hl7(folder: Path, rows: Sequence[ReportRow], end: str = "\r") -> Written:
    path = folder / "reports.hl7"
    path.write_bytes(b"".join(hl7_message(row, end).encode() for row in rows))
    return path, [_versioned(row, row.accession or row.uid) for row in rows]


def hl7_message(row: ReportRow, end: str = "\r", **request: str) -> str:
    """A result. ``request`` gives fields of the OBR segment by number, as OBR25="X"."""
    time = row.read_at.strftime("%Y%m%d%H%M%S+0000") if row.read_at else ""
    fields = {1: "1", 3: row.uid, 4: f"X^{row.exam}" if row.exam else "", 18: row.accession, 22: time}
    fields |= {24: row.modality, 25: row.status.value, 32: row.author}
    plain = {number: value if number == 4 else escaped(value) for number, value in fields.items()}
    plain[4] = f"^{escaped(row.exam)}" if row.exam else ""
    plain |= {int(name.removeprefix("OBR")): value for name, value in request.items()}
    obr = "|".join(["OBR", *(plain.get(number, "") for number in range(1, 33))])
    segments = ["MSH|^~\\&|RIS|X|EDU|X|20260101||ORU^R01|1|P|2.5.1", f"PID|1||{escaped(row.patient)}^^^X", obr]
    segments += [f"OBX|{n}|{kind}|{name}||{value}||||||F" for n, (kind, name, value) in enumerate(_lines(row), 1)]
    if row.study_uid:
        segments.append(f"ZDS|{row.study_uid}^^Application^DICOM")
    return end.join([*segments, ""])


def escaped(text: str) -> str:
    marks = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\n": "\\.br\\"}
    return "".join(marks.get(character, character) for character in text)


def _lines(row: ReportRow) -> Iterable[tuple[str, str, str]]:
    if row.text:
        yield from (("TX", "1^REPORT", escaped(line)) for line in row.text.split("\n"))
    parts = {"1&GDT": row.findings, "1&IMP": row.impression, "18785-6": row.indication, "1&CMS": row.comparison}
    for name, body in parts.items():
        if body:
            yield "FT", name, escaped(body)


def fhir(folder: Path, rows: Sequence[ReportRow]) -> Written:
    path = folder / "reports.json"
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": resource(row)} for n, row in enumerate(rows)]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries, "total": len(rows)}
    path.write_text(json.dumps(whole, indent=len(rows) % 3 or None, ensure_ascii=len(rows) % 2 == 0), "utf-8")
    return path, [_fhir_row(row) for row in rows]


def ndjson(folder: Path, rows: Sequence[ReportRow]) -> Written:
    path = folder / "DiagnosticReport.ndjson"
    path.write_text("".join(json.dumps(resource(row)) + "\n" for row in rows), "utf-8")
    return path, [_fhir_row(row) for row in rows]


def resource(row: ReportRow, **elements: Any) -> dict[str, Any]:
    """The report as a DiagnosticReport; an element given as None is left out."""
    statuses = {"P": "preliminary", "F": "final", "C": "amended"}
    made: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": row.uid,
        "status": statuses[row.status.value],
        "code": {"text": row.exam} if row.exam else {"coding": [{"system": "urn:x"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}],
        "presentedForm": [{"contentType": "text/plain; charset=utf-8", "data": _base64(_whole(row))}],
        "identifier": [_acsn(row.accession)] if row.accession else None,
        "subject": {"identifier": {"value": row.patient}} if row.patient else None,
        "resultsInterpreter": [{"identifier": {"value": row.author}}] if row.author else None,
        "imagingStudy": [_study(row.study_uid)] if row.study_uid else None,
        "issued": row.read_at.isoformat() if row.read_at else None,
    }
    if row.modality:
        made["category"].append({"coding": [{"code": row.modality}]})
    return {name: value for name, value in (made | elements).items() if value is not None}


def _acsn(value: str) -> dict[str, Any]:
    return {"type": {"coding": [{"code": "ACSN"}]}, "value": value}


def _study(uid: str) -> dict[str, Any]:
    return {"identifier": {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _whole(row: ReportRow) -> str:
    parts = (row.text, row.indication, row.comparison, row.findings, row.impression)
    return "\n".join(part for part in parts if part)


def _versioned(row: ReportRow, accession: str) -> ReportRow:
    return replace(row, uid=f"{row.uid}/{row.status.value}", accession=accession, images=())


def _fhir_row(row: ReportRow) -> ReportRow:
    none = dict.fromkeys(("indication", "comparison", "findings", "impression"), "")
    return replace(_versioned(row, row.accession), text=_whole(row).strip(), **none)


WRITERS: dict[str, Callable[[Path, Sequence[ReportRow]], Written]] = {
    "jsonl": jsonl,
    "csv": csv_file,
    "texts": texts,
    "hl7": hl7,
    "fhir": fhir,
    "ndjson": ndjson,
}
