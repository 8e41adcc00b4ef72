"""A CSV of reads, whatever its columns are called: what each row says, and what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from models.errors import BadInput
from models.finding import Truth
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


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read of the file. ``diagnosis`` is as written, "" for a normal case; ``row`` counts data rows from 1."""

    where: str
    row: int
    reader: str
    case: str
    correct: bool
    truth: Truth
    diagnosis: str
    answer: str
    sequence: int | None
    series: str
    seconds: float | None
    read_at: datetime | None
    level: str
    modality: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What times in a file are held against: the present, and the zone of times that name none."""

    now: datetime
    zone: tzinfo = UTC


def read_rows(path: Path, told: Told, clock: Clock) -> Iterator[ReadRow]:
    """The rows that can be used, in file order; the others are refused, one line each."""
    table = csv.DictReader(io.StringIO(_text(path)), strict=True)
    columns = _columns(path, table.fieldnames or [])
    number = 0
    while True:
        try:
            row = next(table)
        except StopIteration:
            break
        except csv.Error as error:
            told.refuse(BadInput(f"{path}:{table.line_num}", f"is not CSV ({error})", "mend the quotes of this line"))
            continue
        number += 1
        try:
            yield _row(f"{path}:{table.line_num}", number, row, columns, clock)
        except BadInput as error:
            told.refuse(error)
    if not number:
        told.refuse(BadInput(str(path), "holds no reads", "add one row a read below the header"))


def is_normal(value: str) -> bool:
    """Whether a truth or diagnosis says that there is nothing to find ("Normal ECG", "0", "negative")."""
    words = value.strip().lower().replace("_", " ").split()
    return not words or words[0] in NORMAL_WORDS


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadInput(str(path), "there is no such file", "give the path of a CSV file")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(f"{path}:{line}", "is not UTF-8", "save the file as UTF-8, then import again") from error


def _columns(path: Path, there: object) -> dict[str, str]:
    names = list(there) if isinstance(there, list) else []
    if not names:
        raise BadInput(str(path), "the file is empty", "give a CSV file with a header line")
    found = {wanted: next((name for name in known if name in names), "") for wanted, known in COLUMNS.items()}
    for needed in ("reader", "case", "correct"):
        if not found[needed]:
            raise BadInput(f"{path}:1", f"no column {needed}", "name the columns reader, case and correct")
    return found


def _row(where: str, number: int, row: Mapping[str, str | None], columns: Mapping[str, str], clock: Clock) -> ReadRow:
    def value(wanted: str) -> str:
        return (row.get(columns[wanted]) or "").strip() if columns[wanted] else ""

    for needed in ("reader", "case"):
        if not value(needed):
            raise BadInput(where, f"has no {needed}", f"fill the column {columns[needed]}")
    if value("correct") not in ("0", "1"):
        raise BadInput(where, "correct is neither 0 nor 1", "write 1 for a right answer, 0 for a wrong one")
    diagnosis = "" if is_normal(value("diagnosis")) else value("diagnosis")
    stated = value("truth")
    normal = is_normal(stated) if stated else not diagnosis
    return ReadRow(
        where=where,
        row=number,
        reader=value("reader"),
        case=value("case"),
        correct=value("correct") == "1",
        truth=Truth.NORMAL if normal else Truth.ABNORMAL,
        diagnosis=diagnosis,
        answer=value("answer")[:200],
        sequence=_whole(where, columns["sequence"], value("sequence")),
        series=value("series"),
        seconds=_seconds(where, value("seconds")),
        read_at=_time(where, value("read_at"), clock),
        level=value("level")[:80],
        modality=value("modality")[:16],
    )


def _whole(where: str, column: str, text: str) -> int | None:
    if not text:
        return None
    try:
        return int(float(text))
    except ValueError as error:
        raise BadInput(where, f"{column} is no whole number", "number a reader's reads 1, 2, 3 …") from error


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


def _time(where: str, text: str, clock: Clock) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(where, "the time is not ISO 8601", "write it as 2026-03-01 09:30:00") from error
    time = (time if time.tzinfo else time.replace(tzinfo=clock.zone)).astimezone(UTC)
    if time > clock.now:
        raise BadInput(where, "the time lies in the future", "mend the time or its zone (--time-zone)")
    return time
