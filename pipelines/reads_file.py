"""A CSV of reads, whatever its columns are called: what each row says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.errors import BadInput
from models.finding import Truth
from pipelines.columns import Column, Header, header_of
from pipelines.csv_records import Record, csv_records
from pipelines.csv_values import Clock, check_name, seconds_of, stated_time, time_of, whole
from pipelines.telling import Told

COLUMNS = (
    Column("reader", ("reader", "reader_id", "user", "user_id", "radiologist"), needed=True),
    Column("case", ("case", "case_id", "item", "item_id", "accession"), needed=True),
    Column("correct", ("correct",), needed=True),
    Column("truth", ("truth", "ground_truth", "truth_diagnosis", "label")),
    Column("diagnosis", ("diagnosis", "truth_diagnosis", "finding", "skill")),
    Column("answer", ("answer", "answer_diagnosis", "response")),
    Column("sequence", ("sequence", "order", "trial")),
    Column("series", ("series", "session", "block")),
    Column("seconds", ("seconds", "time_seconds", "duration")),
    Column("read_at", ("read_at", "started_at", "timestamp", "date")),
    Column("level", ("level", "training")),
    Column("modality", ("modality", "modal")),
)
"""What is wanted of a row, and the names of columns that hold it."""

NORMAL_WORDS = ("normal", "0", "negative", "no", "false", "benign", "healthy", "none")

LONGEST_MODALITY = 16


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
class _Spot:
    """Where a row stands in its file; see ``ReadRow``."""

    where: str
    line: int
    series_place: int


def read_rows(path: Path, told: Told, clock: Clock) -> Iterator[ReadRow]:
    """The rows that can be used, in file order; the others are refused, one line each."""
    records = csv_records(path)
    header = header_of(path, next(records, None), COLUMNS, {})
    series: dict[str, dict[str, int]] = {}
    blank = True
    for record in records:
        blank = False
        values = _values(header, record)
        own = series.setdefault(values["reader"], {})
        spot = _Spot(f"{path}:{record.line}", record.line, own.setdefault(values["series"], len(own)))
        try:
            header.check(spot.where, record)
            yield _row(spot, values, header.columns, clock)
        except BadInput as error:
            told.refuse(error)
    if blank:
        told.refuse(BadInput(str(path), "holds no reads", "add one row a read below the header"))


def is_normal(value: str) -> bool:
    """Whether a truth or diagnosis says that there is nothing to find ("Normal ECG", "0", "negative")."""
    words = value.strip().lower().replace("_", " ").split()
    return not words or words[0] in NORMAL_WORDS


def _values(header: Header, record: Record) -> dict[str, str]:
    values = header.values(record)
    return values | {"modality": values["modality"][:LONGEST_MODALITY]}


def _row(spot: _Spot, values: Mapping[str, str], columns: Mapping[str, str], clock: Clock) -> ReadRow:
    where = spot.where
    for needed in ("reader", "case"):
        check_name(where, needed, values[needed], columns[needed])
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
        sequence=whole(where, columns["sequence"], values["sequence"]),
        series=values["series"],
        series_place=spot.series_place,
        seconds=seconds_of(where, values["seconds"]),
        stated_time=values["read_at"] and stated_time(where, values["read_at"]).isoformat(),
        read_at=time_of(where, values["read_at"], clock),
        level=values["level"][:80],
        modality=values["modality"],
    )
