"""HL7 v2 messages out of a file of any size: one or many, in MLLP frames or batches, whatever ends their segments.

Source: HL7 v2.5.1, chapter 2 (delimiters, escapes, batches) and the Minimal Lower Layer Protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.errors import BadInput
from pipelines.report_files.file_bytes import MOST_BYTES, SHORTEN, TOO_LARGE, opened, pieces
from pipelines.report_files.reception import Reception

_FRAMES = bytes.maketrans(b"\x0b\x1c", b"\r\r")
_PADDING = b" \t\0"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")

_CHARSETS = {
    "ASCII": "",
    "8859/1": "cp1252",  # what writes "8859/1" on Windows means its own page, which holds the same and more
    "UNICODE": "",
    "UNICODE UTF-8": "",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
} | {f"8859/{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 15)}


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message's lines as they stand, the first of them its MSH; None where it is too large."""

    number: int
    lines: tuple[bytes, ...] | None


@dataclass(frozen=True)
class Message:
    """``segments`` are lists of fields, the segment's name first.

    ``marks`` are the five delimiters: field, component, repetition, escape, subcomponent.
    """

    segments: tuple[list[str], ...]
    marks: str
    charset: str

    @cached_property
    def _escapes(self) -> re.Pattern[str]:
        escape = re.escape(self.marks[3])
        return re.compile(rf"{escape}([^{escape}\r\n]{{1,80}}){escape}")

    def parts(self, field: str) -> list[str]:
        """The components of a field's first repetition, still escaped."""
        return field.split(self.marks[2], 1)[0].split(self.marks[1])

    def first(self, field: str) -> str:
        """A field's first component, unescaped and stripped."""
        return self.unescaped(self.parts(field)[0]).strip()

    def unescaped(self, text: str) -> str:
        """Escape sequences as what they stand for; those that only format are taken out, unknown ones left."""
        return self._escapes.sub(self._meant, text) if self.marks[3] in text else text

    def _meant(self, match: re.Match[str]) -> str:
        code = match[1]
        delimiter = "FSRET".find(code)
        if len(code) == 1 and delimiter >= 0:
            return self.marks[delimiter]
        if code in ("H", "N"):
            return ""
        if code[0] == ".":
            return _formatting(code[1:3], code[3:])
        if code[0] == "X" and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", code[1:]):
            return bytes.fromhex(code[1:]).decode(self.charset or "utf-8", "replace")
        return "" if re.fullmatch(r"[CM][0-9A-Fa-f]{4,6}|Z\w*", code) else match[0]


def begins_message(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a message or of a batch of them."""
    return _opens(head.lstrip(b"\x0b\x1c\r\n" + _PADDING), b"MSH", b"FHS", b"BHS")


def raw_messages(path: Path) -> Iterator[RawMessage]:
    """The messages of a file in order, without what comes before the first of them.

    Raises BadInput where the file cannot be opened or holds no message.
    """
    number, lines, size = 0, list[bytes](), 0
    for line in _lines(path):
        if line is not None and _opens(line, b"MSH"):
            if number:
                yield RawMessage(number, tuple(lines) if size <= MOST_BYTES else None)
            number, lines, size = number + 1, [line], len(line)
        elif line is None:
            size = MOST_BYTES + 1
        elif number:  # an envelope's trailer too: a segment of the message before it, which nobody asks for
            size += len(line) + 1
            if size <= MOST_BYTES:
                lines.append(line)
            else:
                lines.clear()
    if not number:
        raise BadInput(str(path), "holds no HL7 message", "give messages that begin with an MSH segment")
    yield RawMessage(number, tuple(lines) if size <= MOST_BYTES else None)


def message_of(where: str, raw: RawMessage, reception: Reception) -> Message:
    """The message in its characters and fields. Raises BadInput where it is too large or no text."""
    if raw.lines is None:
        raise BadInput(where, TOO_LARGE, SHORTEN)
    header = raw.lines[0].decode("latin-1")
    marks = _marks(header)
    charset = _charset(where, header.split(marks[0]), marks)
    text = _decoded(where, b"\r".join(raw.lines), charset, reception)
    segments: list[str] = []
    for line in text.split("\r"):
        # A line that begins no segment goes on with the one before it: the text's own line ends were not escaped.
        if _SEGMENT.match(line) and line[3:4] in (marks[0], ""):
            segments.append(line)
        else:
            segments[-1] += "\n" + line
    return Message(tuple(segment.split(marks[0]) for segment in segments), marks, charset)


def _opens(line: bytes, *names: bytes) -> bool:
    """Whether the line is a segment of one of these names: the name, then a mark of ASCII."""
    mark = line[3:4]
    return line[:3] in names and mark.isascii() and b"!" <= mark <= b"~" and not mark.isalnum()


def _lines(path: Path) -> Iterator[bytes | None]:
    """The lines of a file without their ends, blank ones too; None in place of one that is too large."""
    rest, large, first = b"", False, True
    with opened(path) as stream:
        for piece in pieces(stream):
            block = rest + piece.translate(_FRAMES)
            # A \r at the very end may be half of \r\n: it waits for the next piece.
            cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
            lines, rest = block[:cut].splitlines(), block[cut:]
            if large and lines:
                lines, large = lines[1:], False
            for line in lines:
                yield _cleaned(line, first)
                first = False
            if len(rest) > MOST_BYTES and not large:
                yield None
                large, first = True, False
            if large:
                rest = rest[-1:] if rest.endswith(b"\r") else b""
    for line in rest.splitlines()[large:]:
        yield _cleaned(line, first)
        first = False


def _cleaned(line: bytes, first: bool) -> bytes:
    if first:
        line = line.removeprefix(_BYTE_ORDER_MARK)
    bare = line.strip(_PADDING)
    return bare if bare.startswith(b"MSH") else line.rstrip(b"\0")


def _marks(header: str) -> str:
    """The delimiters that a message's header declares; HL7's own where it declares none."""
    field = header[3]
    declared = header[4:].split(field, 1)[0]
    usual = "^~\\&"
    return field + declared[:4] + usual[len(declared) :]


def _charset(where: str, header: list[str], marks: str) -> str:
    """The codec of MSH-18's first character set; "" for UTF-8 and for none."""
    stated = header[17].split(marks[2])[0].strip().upper() if len(header) > 17 else ""
    if not stated:
        return ""
    if stated not in _CHARSETS:
        raise BadInput(where, "its character set (MSH-18) is not known here", "send it as UNICODE UTF-8")
    return _CHARSETS[stated]


def _decoded(where: str, raw: bytes, charset: str, reception: Reception) -> str:
    if not charset:
        return reception.text(where, raw)
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as error:
        raise BadInput(where, "is not in the character set it names (MSH-18)", "name the right one") from error


def _formatting(command: str, amount: str) -> str:
    """What a formatting command of FT text leaves: new lines and spaces (HL7 v2.5.1, 2.7.6)."""
    number = int(amount.lstrip("+")[:2]) if amount.lstrip("+")[:2].isdecimal() else 1
    if command in ("br", "ce"):
        return "\n"
    if command == "sp":
        return "\n" * min(number, 20)
    return " " * min(number, 20) if command == "sk" else ""
