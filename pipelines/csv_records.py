"""The records of a CSV file, read so that a broken one costs itself and no other.

A record is known by the line it begins in. Python's own reader would take the rest of the file for one field where a
quote is left open; here such a line is refused alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadInput

MOST_LINES_A_RECORD = 50


@dataclass(frozen=True, slots=True)
class Record:
    """``fields`` as they stand; where ``error`` says that the record is broken, they are a guess of what it meant."""

    line: int
    fields: tuple[str, ...]
    error: BadInput | None = None


def csv_records(path: Path) -> Iterator[Record]:
    """The records of the file in order, the header first, blank lines left out.

    Raises BadInput where there is no such file, or it is not UTF-8.
    """
    # newline="" ends a line where any system would, and leaves the ends in place for the CSV reader.
    lines = list(io.StringIO(_text(path), newline=""))
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        record, taken = _record(path, lines, at)
        yield record
        at += taken


def _record(path: Path, lines: Sequence[str], at: int) -> tuple[Record, int]:
    """The record that begins in ``lines[at]``, and how many lines it takes; a broken one takes a single line."""
    try:
        taken = 1
        try:
            fields = _strict(lines[at : at + 1])
        except csv.Error:
            taken = _lines_of_record(lines, at)
            fields = _strict(lines[at : at + taken])
    except csv.Error as error:
        problem = BadInput(f"{path}:{at + 1}", f"is not CSV ({error})", "mend the quotes of this line")
        return Record(at + 1, _guess(lines[at]), problem), 1
    if any("\0" in field for field in fields):
        problem = BadInput(f"{path}:{at + 1}", "holds a NUL character", "take it out of this line")
        return Record(at + 1, fields, problem), taken
    return Record(at + 1, fields), taken


def _strict(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(next(csv.reader(lines, strict=True), ()))


def _lines_of_record(lines: Sequence[str], at: int) -> int:
    """How many lines there are until every quote is closed; 1 where that is never within reach."""
    quotes = 0
    for taken, line in enumerate(lines[at : at + MOST_LINES_A_RECORD], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken
    return 1


def _guess(line: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line]), ()))
    except csv.Error:
        return ()


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadInput(str(path), "there is no such file", "give the path of a CSV file")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(str(path), "cannot be opened", "check its permissions") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(f"{path}:{line}", "is not UTF-8", "save the file as UTF-8, then import again") from error
