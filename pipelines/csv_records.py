"""The records of a CSV file, streamed, and read so that a broken one costs itself and no other.

A record is known by the line it begins in. Python's own reader would take the rest of the file for one field where a
quote is left open; here such a line is refused alone. Files of any size are read in little memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadInput

MOST_LINES_A_RECORD = 50
LONGEST_LINE = 4_000_000
"""Characters of a line, and of a record of several lines; what is longer is refused without being held."""

DELIMITERS = ",;\t|"
_ODD = "is not UTF-8 and was read as Windows-1252"
_SAID = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""A first line that spreadsheets write for one another."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


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
    """The records of the file in order, the header first, those without a word left out.

    Fields may be parted by commas, semicolons, tabs or bars: what parts the header's, or what a first line "sep=;"
    says. UTF-8 and UTF-16 are told by their marks; a line that is not UTF-8 is read as Windows-1252. Raises BadInput
    where there is no such file, or it cannot be read to its end.
    """
    with _opened(path) as stream:
        lines = _Lines(path, stream)
        delimiter = _delimiter(lines)
        blank = delimiter + " \t\r\n"
        reader = _Reader(path, lines, delimiter, most_lines, longest_field)
        while (line := lines.peek(0)) is not None:
            text = line.text
            if not text.strip(blank) and not line.cut:
                lines.drop()
            elif '"' in text or "\0" in text or line.cut or len(text) > longest_field:
                record, taken = reader.record(line)
                yield record
                lines.drop(taken)
            else:  # nine lines in ten hold nothing that the CSV reader is needed for
                yield Record(line.number, tuple(text.rstrip("\r\n").split(delimiter)), note=line.note)
                lines.drop()


class _Lines:
    """The lines of a stream with a look ahead."""

    def __init__(self, path: Path, stream: io.TextIOBase) -> None:
        self._path, self._stream, self._ahead, self._number = path, stream, deque[_Line](), 0

    def peek(self, offset: int) -> _Line | None:
        while len(self._ahead) <= offset:
            line = self._next()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[offset]

    def drop(self, number: int = 1) -> None:
        for _ in range(number):
            self._ahead.popleft()

    def _next(self) -> _Line | None:
        text = self._read(LONGEST_LINE + 1)
        if not text:
            return None
        self._number += 1
        if len(text) > LONGEST_LINE and text[-1] not in "\r\n":
            self._skip_rest()
            return _Line(self._number, "", cut=True)
        if text.isascii():
            return _Line(self._number, text)
        try:
            text.encode()
        except UnicodeEncodeError:  # bytes that are no UTF-8 came through as lone surrogates
            return _Line(self._number, text.encode("utf-8", "surrogateescape").decode("cp1252", "replace"), _ODD)
        return _Line(self._number, text)

    def _skip_rest(self) -> None:
        while (more := self._read(LONGEST_LINE)) and more[-1] not in "\r\n":
            pass

    def _read(self, most: int) -> str:
        try:
            return self._stream.readline(most)
        except (OSError, UnicodeError) as error:
            where = f"{self._path}:{self._number + 1}"
            raise BadInput(where, "the file cannot be read from here on", "export it again, as UTF-8") from error


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
            fields, taken = self._fields()
        except csv.Error as error:
            problem = BadInput(where, f"is not CSV ({error})", "mend the quotes of this line")
            return Record(first.number, self._guess(first.text), problem), 1
        if any("\0" in field for field in fields):
            problem = BadInput(where, "holds a NUL character", "take it out of this line")
            return Record(first.number, fields, problem), taken
        notes = (line.note for n in range(taken) if (line := self.lines.peek(n)) is not None)
        return Record(first.number, fields, note=next(filter(None, notes), "")), taken

    def _fields(self) -> tuple[tuple[str, ...], int]:
        """The fields of the record ahead and the number of its lines. Raises csv.Error for what is none."""
        csv.field_size_limit(self.longest_field)
        reader = csv.reader(self._texts(), strict=True, delimiter=self.delimiter)
        return tuple(next(reader, ())), reader.line_num

    def _texts(self) -> Iterator[str]:
        """The lines ahead, as far as one record may reach."""
        length = 0
        for number in range(self.most_lines):
            line = self.lines.peek(number)
            length += len(line.text) if line else 0
            if line is None or line.cut or length > LONGEST_LINE:
                return
            yield line.text

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
    if line and (said := _SAID.fullmatch(line.text)) and said[1] in DELIMITERS:
        lines.drop(offset + 1)
        return said[1]
    bare = "".join(line.text.split('"')[::2]) if line else ""
    return max(DELIMITERS, key=bare.count)


def _opened(path: Path) -> io.TextIOWrapper:
    if not path.is_file():
        problem = "is no file" if path.exists() else "there is no such file"
        raise BadInput(str(path), problem, "give the path of a CSV file")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadInput(str(path), "cannot be opened", "check its permissions") from error
    # newline="" ends a line where any system would, and leaves the ends in place for the CSV reader.
    try:
        encoding = _encoding(stream.peek(4)[:4])
    except OSError as error:
        stream.close()
        raise BadInput(f"{path}:1", "the file cannot be read", "export it again, as UTF-8") from error
    if encoding:
        return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _encoding(start: bytes) -> str:
    """The encoding that a file's first bytes tell, "" for UTF-8. Every second byte of UTF-16's plain letters is NUL."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    zeros = "".join("0" if byte == 0 else "x" for byte in start)
    return {"x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros, "")
