"""The formats of report files, and the reports in a file or a folder of any of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import BadInput
from pipelines.csv_values import Clock
from pipelines.report_files import csv_reports, fhir_reports, hl7_reports, json_reports, text_reports
from pipelines.report_files.file_bytes import BYTE_ORDER_MARK, opened
from pipelines.report_files.reception import Reception, unheard
from pipelines.report_files.row import ReportRow


@dataclass(frozen=True, slots=True)
class Format:
    """``recognises`` looks at a file's path and first bytes.

    ``rows`` yields its reports and raises BadInput at once or not at all: the reception refuses a bad report.
    """

    name: str
    recognises: Callable[[Path, bytes], bool]
    rows: Callable[[Path, Reception], Iterator[ReportRow]]


FORMATS = (
    Format("HL7 v2", hl7_reports.recognises, hl7_reports.rows),
    Format("FHIR", fhir_reports.recognises, fhir_reports.rows),
    Format("text", text_reports.recognises, text_reports.rows),
    Format("CSV", csv_reports.recognises, csv_reports.rows),
    Format("JSON lines", json_reports.recognises, json_reports.rows),
)
"""The formats in the order they are tried; to add one, write a module and add a line."""

OTHER_FILE = "a file of no report format was left out"
_HEAD = 1 << 16
_NAMES = "give JSON lines, CSV, HL7 v2, FHIR JSON, a .txt file, or a folder of them"


def report_rows(
    path: Path,
    refuse: Callable[[BadInput], None],
    clock: Clock,
    notice: Callable[[str], None] = unheard,
    columns: Mapping[str, str] | None = None,
    time_format: str = "",
) -> Iterator[ReportRow]:
    """The reports of a file or of all files of a folder, in file order; what cannot be taken is refused, one line each.

    ``columns`` says which column of a CSV file holds what, ``time_format`` how it writes times. Raises BadInput at the
    first row where the file as a whole cannot be read; in a folder such a file is refused like a report.
    """
    if os.path.isdir(path):
        yield from _folder_rows(path, Reception(refuse, clock, notice, columns or {}, path, time_format=time_format))
        return
    form = _format_of(path)
    if form is None:
        opened(path).close()  # says so where it is UTF-16
        raise BadInput(str(path), "is of no report format", _NAMES)
    yield from _file_rows(
        path, form, Reception(refuse, clock, notice, columns or {}, path.parent, time_format=time_format)
    )


def _folder_rows(folder: Path, reception: Reception) -> Iterator[ReportRow]:
    number = 0
    for number, file in enumerate(_files(folder), 1):
        numbered = replace(reception, number=number)
        try:
            form = _format_of(file)
            if form:
                yield from _file_rows(file, form, numbered)
            else:
                reception.notice(OTHER_FILE)
        except BadInput as error:
            reception.refuse(_unnamed(file, numbered, error))
    if not number:
        raise BadInput(str(folder), "holds no files", _NAMES)


def _unnamed(file: Path, reception: Reception, error: BadInput) -> BadInput:
    """The error without the name of a text file, which is often a patient's."""
    if file.suffix.lower() not in text_reports.SUFFIXES:
        return error
    return BadInput(reception.place(file), error.problem, error.remedy)


def _file_rows(path: Path, form: Format, reception: Reception) -> Iterator[ReportRow]:
    try:
        yield from form.rows(path, reception)
    except OSError as error:
        raise BadInput(str(path), "cannot be read", "check its permissions and the disk") from error


def _format_of(path: Path) -> Format | None:
    with opened(path, any_text=True) as stream:
        head = stream.read(_HEAD).removeprefix(BYTE_ORDER_MARK.encode())
    return next((form for form in FORMATS if form.recognises(path, head)), None)


def _files(folder: Path) -> Iterator[Path]:
    """The files under a folder, by name; hidden ones and links to folders are passed over."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if not name.startswith(".") and os.path.isfile(file):
                yield file
