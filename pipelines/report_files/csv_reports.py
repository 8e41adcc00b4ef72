"""Reports as rows of a CSV file, whatever its columns are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from models.errors import BadInput
from pipelines.column_times import times_of_column
from pipelines.columns import Column, Header, header_of
from pipelines.csv_records import csv_records
from pipelines.csv_values import check_name, in_utc
from pipelines.report_files.file_bytes import MOST_BYTES
from pipelines.report_files.reception import Reception
from pipelines.report_files.row import ReportRow
from pipelines.report_files.stated import checked, modality_of, status_of, study_uid_of
from pipelines.written_times import TimeFormat

MOST_LINES = 2_000
"""Lines of one record; a raw report has some tens."""

COLUMNS = (
    Column("uid", ("uid", "report_id", "id"), needed=True),
    Column("text", ("text", "report", "report_text")),
    Column("indication", ("indication", "history", "clinical_history", "clinical_information", "reason_for_exam")),
    Column("comparison", ("comparison",)),
    Column("findings", ("findings",)),
    Column("impression", ("impression", "conclusion")),
    Column("status", ("status", "report_status")),
    Column("author", ("author", "radiologist", "reader", "dictated_by", "signed_by")),
    Column("patient", ("patient", "patient_id", "mrn")),
    Column("accession", ("accession", "accession_number")),
    Column("study_uid", ("study_uid", "study_instance_uid")),
    Column("exam", ("exam", "procedure", "study_description", "exam_description", "image_desc")),
    Column("modality", ("modality",)),
    Column("read_at", ("read_at", "date", "signed_at", "report_date")),
)
"""What is wanted of a row, and the names of columns that hold it."""

_BODIES = ("text", "findings", "impression")


def recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in (".csv", ".tsv")


def rows(path: Path, reception: Reception) -> Iterator[ReportRow]:
    records = csv_records(path, most_lines=MOST_LINES, longest_field=MOST_BYTES)
    header = _header(path, header_of(path, next(records, None), COLUMNS, reception.columns))
    times = times_of_column(path, header, "read_at", reception.time_format, MOST_LINES, MOST_BYTES)
    blank = True
    for record in records:
        blank, where = False, f"{path}:{record.line}"
        try:
            header.check(where, record)
            row = _row(where, header.values(record), header.columns, reception, times)
        except BadInput as error:
            reception.refuse(error)
        else:
            if record.note:
                reception.notice(f"a record {record.note}")
            yield row
    if blank:
        reception.refuse(BadInput(str(path), "holds no reports", "add one row a report below the header"))


def _header(path: Path, header: Header) -> Header:
    if not any(header.columns[name] for name in _BODIES):
        problem = "no column holds a report's text, findings or impression"
        raise BadInput(str(path), problem, "say which one does: --column text=NAME")
    return header


def _row(
    where: str, values: Mapping[str, str], columns: Mapping[str, str], reception: Reception, times: TimeFormat
) -> ReportRow:
    stated = times.stated(where, values["read_at"]) if values["read_at"] else None
    check_name(where, "uid", values["uid"], columns["uid"])
    return checked(
        ReportRow(
            where=where,
            uid=values["uid"],
            text=values["text"],
            indication=values["indication"],
            comparison=values["comparison"],
            findings=values["findings"],
            impression=values["impression"],
            status=status_of(where, values["status"]),
            author=values["author"],
            patient=values["patient"],
            accession=values["accession"],
            study_uid=study_uid_of(values["study_uid"], reception),
            exam=values["exam"],
            modality=modality_of(values["modality"]),
            read_at=in_utc(where, stated, reception.clock) if stated else None,
        ),
        may_be_empty=True,
    )
