"""A CSV of reads, whatever its columns are called: what each row says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from models.errors import BadInput
from models.finding import Truth
from pipelines.csv_records import Record, csv_records
from pipelines.telling import Told

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reader": ("reader", "reader_id", "user", "user_id", "radiologist"),
    "case": ("case", "case_id", "item", "item_id", "accession"),
    "correct": ("correct",),
    "truth": ("truth", "ground_truth", "truth_diagnosis", "label"),
    "diagnosis": ("diagnosis", "truth_diagnosis", "finding", "skill"),
    "answer": ("answer", "answer_diagnosis", "response"),
    "sequence": ("sequence", "order", "trial"),
    "series": ("series", "session", "block"),
    "seconds": ("seconds", "time_seconds", "duration"),
    "read_at": ("read_at", "started_at", "timestamp", "date"),
    "level": ("level", "training"),
    "modality": ("modality", "modal"),
}
"""What is wanted, and the column names that hold it, the first that is there."""

NORMAL_WORDS = ("normal", "0", "negative", "no", "false", "benign", "healthy", "none")

LONGEST_NAME = 120
"""Characters of a reader's or case's name; a source's name may come before it in a column of 200."""

LONGEST_MODALITY = 16

GREATEST_SEQUENCE = 2_000_000_000
"""What a database's whole number holds, with room to go on counting."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read of the file, which begins in its line ``line``. ``diagnosis`` is as written, "" for a normal case.

    ``stated_time`` is the read's time as the file has it, whatever zone it is taken to be in. ``series_place`` counts
    the reader's series from 0, those of refused rows too, so that mending one moves no other.
    """

    where: str
    line: int
    reader: str
    case: str
    correct: bool
    truth: Truth
    diagnosis: str
    answer: str
    sequence: int | None
    series: str
    series_place: int
    seconds: float | None
    stated_time: str
    read_at: datetime | None
    level: str
    modality: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What times in a file are held against: the present, and the zone of times that name none."""

    now: datetime
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a row stands in its file; see ``ReadRow``."""

    where: str
    line: int
    series_place: int


@dataclass(frozen=True, slots=True)
class _Header:
    """The file's columns in order, and which of them holds what is wanted ("" where none does)."""

    names: tuple[str, ...]
    columns: Mapping[str, str]

    def values(self, record: Record) -> dict[str, str]:
        """What is wanted of a row, stripped; "" where the row or the file does not have it."""
        found = dict(zip(self.names, record.fields, strict=False))
        values = {wanted: found.get(name, "").strip() for wanted, name in self.columns.items()}
        return values | {"modality": values["modality"][:LONGEST_MODALITY]}


def read_rows(path: Path, told: Told, clock: Clock) -> Iterator[ReadRow]:
    """The rows that can be used, in file order; the others are refused, one line each."""
    records = csv_records(path)
    header = _header(path, next(records, None))
    series: dict[str, dict[str, int]] = {}
    blank = True
    for record in records:
        blank = False
        values = header.values(record)
        own = series.setdefault(values["reader"], {})
        spot = _Spot(f"{path}:{record.line}", record.line, own.setdefault(values["series"], len(own)))
        try:
            _check_record(spot.where, record, header)
            yield _row(spot, values, header.columns, clock)
        except BadInput as error:
            told.refuse(error)
    if blank:
        told.refuse(BadInput(str(path), "holds no reads", "add one row a read below the header"))


def is_normal(value: str) -> bool:
    """Whether a truth or diagnosis says that there is nothing to find ("Normal ECG", "0", "negative")."""
    words = value.strip().lower().replace("_", " ").split()
    return not words or words[0] in NORMAL_WORDS


def _header(path: Path, record: Record | None) -> _Header:
    if record is None:
        raise BadInput(str(path), "the file is empty", "give a CSV file with a header line")
    if record.error:
        raise record.error
    names = record.fields
    found = {wanted: next((name for name in known if name in names), "") for wanted, known in COLUMNS.items()}
    for needed in ("reader", "case", "correct"):
        if not found[needed]:
            raise BadInput(f"{path}:1", f"no column {needed}", "name the columns reader, case and correct")
    return _Header(names, found)


def _check_record(where: str, record: Record, header: _Header) -> None:
    if record.error:
        raise record.error
    if len(record.fields) > len(header.names):
        counted = f"has {len(record.fields)} fields where the header has {len(header.names)}"
        raise BadInput(where, counted, "put fields that hold a comma into quotes")


def _check_names(where: str, values: Mapping[str, str], columns: Mapping[str, str]) -> None:
    for needed in ("reader", "case"):
        if not values[needed]:
            raise BadInput(where, f"has no {needed}", f"fill the column {columns[needed]}")
        if len(values[needed]) > LONGEST_NAME:
            raise BadInput(where, f"its {needed} has more than {LONGEST_NAME} characters", "give it a shorter name")


def _row(spot: _Spot, values: Mapping[str, str], columns: Mapping[str, str], clock: Clock) -> ReadRow:
    where = spot.where
    _check_names(where, values, columns)
    if values["correct"] not in ("0", "1"):
        raise BadInput(where, "correct is neither 0 nor 1", "write 1 for a right answer, 0 for a wrong one")
    diagnosis = "" if is_normal(values["diagnosis"]) else values["diagnosis"]
    normal = is_normal(values["truth"]) if values["truth"] else not diagnosis
    return ReadRow(
        where=where,
        line=spot.line,
        reader=values["reader"],
        case=values["case"],
        correct=values["correct"] == "1",
        truth=Truth.NORMAL if normal else Truth.ABNORMAL,
        diagnosis=diagnosis,
        answer=values["answer"][:200],
        sequence=_whole(where, columns["sequence"], values["sequence"]),
        series=values["series"],
        series_place=spot.series_place,
        seconds=_seconds(where, values["seconds"]),
        stated_time=values["read_at"] and _parsed(where, values["read_at"]).isoformat(),
        read_at=_time(where, values["read_at"], clock),
        level=values["level"][:80],
        modality=values["modality"],
    )


def _whole(where: str, column: str, text: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
        if not number.is_integer():
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise BadInput(where, f"{column} is no whole number", "number a reader's reads 1, 2, 3 …") from error
    if not 0 <= number <= GREATEST_SEQUENCE:
        raise BadInput(where, f"{column} is negative or beyond {GREATEST_SEQUENCE:,}", "number reads 1, 2, 3 …")
    return int(number)


def _seconds(where: str, text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError as error:
        raise BadInput(where, "seconds is no number", "write seconds as 12.5, or leave it empty") from error
    if not 0 <= seconds < float("inf"):
        raise BadInput(where, "seconds is negative or endless", "write seconds as 12.5, or leave it empty")
    return seconds


def _parsed(where: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(where, "the time is not ISO 8601", "write it as 2026-03-01 09:30:00") from error


def _time(where: str, text: str, clock: Clock) -> datetime | None:
    if not text:
        return None
    time = _parsed(where, text)
    try:
        time = (time if time.tzinfo else time.replace(tzinfo=clock.zone)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise BadInput(where, "the time lies outside the calendar", "mend the time or its zone") from error
    if time > clock.now:
        raise BadInput(where, "the time lies in the future", "mend the time or its zone (--time-zone)")
    return time
