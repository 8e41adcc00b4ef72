"""The records of a CSV file, streamed, and read so that a broken one costs itself and no other.

A record is known by the line it begins in. Python's own reader would take the rest of the file for one field where a
quote is left open; here such a line is refused alone. Files of any size are read in little memory.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadInput

MOST_LINES_A_RECORD = 50
LONGEST_LINE = 4_000_000
"""Characters of a line; what is longer is refused without being held."""

DELIMITERS = ",;\t|"
_ODD = "is not UTF-8 and was read as Windows-1252"


@dataclass(frozen=True, slots=True)
class Record:
    """``fields`` as they stand; where ``error`` says that the record is broken, they are a guess of what it meant.

    ``note`` says what was done to read it, "" where nothing was needed.
    """

    line: int
    fields: tuple[str, ...]
    error: BadInput | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    note: str = ""
    cut: bool = False


def csv_records(path: Path, most_lines: int = MOST_LINES_A_RECORD, longest_field: int = 131_072) -> Iterator[Record]:
    """The records of the file in order, the header first, blank lines left out.

    Fields may be parted by commas, semicolons, tabs or bars: what parts the header's. UTF-8 and UTF-16 are told by
    their marks; a line that is not UTF-8 is read as Windows-1252. Raises BadInput where there is no such file.
    """
    with _opened(path) as stream:
        lines = _Lines(stream)
        delimiter = _delimiter(lines)
        while (line := lines.peek(0)) is not None:
            if not line.text.strip():
                lines.drop(1)
                continue
            record, taken = _Reader(path, lines, delimiter, most_lines, longest_field).record(line)
            yield record
            lines.drop(taken)


class _Lines:
    """The lines of a stream with a look ahead."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream, self._ahead, self._number = stream, deque[_Line](), 0

    def peek(self, offset: int) -> _Line | None:
        while len(self._ahead) <= offset:
            line = self._next()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[offset]

    def drop(self, number: int) -> None:
        for _ in range(number):
            self._ahead.popleft()

    def _next(self) -> _Line | None:
        text = self._stream.readline(LONGEST_LINE + 1)
        if not text:
            return None
        self._number += 1
        if len(text) > LONGEST_LINE and text[-1] not in "\r\n":
            return _Line(self._number, text[:200], cut=self._skip_rest())
        try:
            text.encode()
        except UnicodeEncodeError:  # bytes that are no UTF-8 came through as lone surrogates
            return _Line(self._number, text.encode("utf-8", "surrogateescape").decode("cp1252", "replace"), _ODD)
        return _Line(self._number, text)

    def _skip_rest(self) -> bool:
        while (more := self._stream.readline(LONGEST_LINE)) and more[-1] not in "\r\n":
            pass
        return True


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes the record that begins in the first line ahead."""

    path: Path
    lines: _Lines
    delimiter: str
    most_lines: int
    longest_field: int

    def record(self, first: _Line) -> tuple[Record, int]:
        """The record, and how many lines it takes; a broken one takes a single line."""
        where = f"{self.path}:{first.number}"
        if first.cut:
            problem = BadInput(where, f"is longer than {LONGEST_LINE:,} characters", "split the line or take it out")
            return Record(first.number, (), problem), 1
        try:
            fields, taken = self._fields(first)
        except csv.Error as error:
            problem = BadInput(where, f"is not CSV ({error})", "mend the quotes of this line")
            return Record(first.number, self._guess(first.text), problem), 1
        if any("\0" in field for field in fields):
            problem = BadInput(where, "holds a NUL character", "take it out of this line")
            return Record(first.number, fields, problem), taken
        notes = (line.note for n in range(taken) if (line := self.lines.peek(n)) is not None)
        return Record(first.number, fields, note=next(filter(None, notes), "")), taken

    def _fields(self, first: _Line) -> tuple[tuple[str, ...], int]:
        try:
            return self._strict([first.text]), 1
        except csv.Error:
            texts = self._until_quotes_close(first.text)
            return self._strict(texts), len(texts)

    def _strict(self, texts: Sequence[str]) -> tuple[str, ...]:
        csv.field_size_limit(self.longest_field)
        return tuple(next(csv.reader(texts, strict=True, delimiter=self.delimiter), ()))

    def _until_quotes_close(self, first: str) -> list[str]:
        """The lines until every quote is closed; the first alone where that is never within reach."""
        texts, quotes = [first], first.count('"')
        while quotes % 2:
            line = self.lines.peek(len(texts)) if len(texts) < self.most_lines else None
            if line is None or line.cut:
                return [first]
            texts.append(line.text)
            quotes += line.text.count('"')
        return texts

    def _guess(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(next(csv.reader([text], delimiter=self.delimiter), ()))
        except csv.Error:
            return ()


def _delimiter(lines: _Lines) -> str:
    """What parts the fields of the header: the most frequent candidate outside quotes, a comma where there is none."""
    offset = 0
    while (line := lines.peek(offset)) is not None and not line.text.strip() and offset < MOST_LINES_A_RECORD:
        offset += 1
    bare = "".join(line.text.split('"')[::2]) if line else ""
    return max(DELIMITERS, key=bare.count)


def _opened(path: Path) -> io.TextIOWrapper:
    if not path.is_file():
        raise BadInput(str(path), "there is no such file", "give the path of a CSV file")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadInput(str(path), "cannot be opened", "check its permissions") from error
    mark = stream.read(3)
    stream.seek(0)
    if mark[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="")
    # newline="" ends a line where any system would, and leaves the ends in place for the CSV reader.
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
