"""The parts of a JSON file of any size, one by one: the elements of a top-level list or of an object's ``entry`` list.

A parser that builds values, or even whole strings, would hold a string of 2 GB. This one only counts brackets outside
strings; each part is handed on as bytes, to be parsed alone, so that a broken one costs itself and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.report_files.file_bytes import MOST_BYTES, pieces

_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_LISTED = b'"entry"'
_QUOTE = ord('"')


@dataclass(frozen=True, slots=True)
class Element:
    """One part as it stands; ``raw`` is None where it is too large, ``cut`` says that the file ends within it."""

    number: int
    raw: bytes | None
    cut: bool = False


def elements(stream: BinaryIO) -> Iterator[Element]:
    """The parts of a file in order: of its list, of the ``entry`` list of its object, or the object itself."""
    scan = _Scan()
    for piece in pieces(stream):
        yield from scan.take(piece)
    yield from scan.end()


class _Scan:
    """``depth`` brackets are open. A part opens at ``floor``; ``start`` is where in the buffer the open one began."""

    def __init__(self) -> None:
        self.buffer, self.at = b"", 0
        self.depth, self.floor, self.number = 0, 0, 0
        self.start: int | None = None
        self.in_string = self.large = self.in_bundle = False
        self.key = b""

    def take(self, piece: bytes) -> Iterator[Element]:
        self.buffer += piece
        if self.in_string and not self._leave_string():
            self._drop()
            return
        for token in _STRING_OR_BRACKET.finditer(self.buffer, self.at):
            place, self.at = token.start(), token.end()
            if self.buffer[place] != _QUOTE:
                if (part := self._bracket(token[0], place)) is not None:
                    yield part
            elif self.at - place == 1:  # the string's end is not here yet
                self._wait(place)
                break
            elif self.depth == 1:
                self.key = token[0]
        else:
            self.at = len(self.buffer)
        self._drop()

    def end(self) -> Iterator[Element]:
        if self.start is not None or self.large or self.depth:
            self.number += 1
            yield Element(self.number, None, cut=True)

    def _wait(self, place: int) -> None:
        """Read on from the quote at ``place``: a short string may be a key, which is wanted whole."""
        if self.depth == 1 and len(self.buffer) - place < 2 * len(_LISTED):
            self.at = place
        else:
            self.in_string = True
            self._leave_string()

    def _leave_string(self) -> bool:
        inside = _IN_STRING.match(self.buffer, self.at)
        self.at = inside.end() if inside else self.at
        if self.buffer[self.at : self.at + 1] == b'"':
            self.at, self.in_string = self.at + 1, False
        return not self.in_string

    def _drop(self) -> None:
        """Let go of what is behind, and of an open part that has grown too large."""
        if self.start is not None and len(self.buffer) - self.start > MOST_BYTES:
            self.start, self.large = None, True
        keep = self.at if self.start is None else self.start
        self.buffer, self.at = self.buffer[keep:], self.at - keep
        self.start = None if self.start is None else 0

    def _bracket(self, mark: bytes, place: int) -> Element | None:
        if mark in b"{[":
            self._open(mark, place)
            return None
        if self.depth == self.floor and mark == b"}":
            return None  # closes nothing that is open here
        self.depth = max(0, self.depth - 1)
        if mark == b"]" and self.depth < self.floor:
            self.floor = 0
        elif self.depth == self.floor and not (self.floor == 0 and self.in_bundle):
            return self._part(place + 1)
        if self.depth == 0:
            self.in_bundle = False
        return None

    def _open(self, mark: bytes, place: int) -> None:
        if mark == b"[" and (self.depth == 0 or (self.depth == 1 and self.floor == 0 and self.key == _LISTED)):
            self.in_bundle = self.depth == 1
            self.floor, self.start, self.large = self.depth + 1, None, False
        elif self.depth == self.floor and mark == b"{" and not self.large:
            self.start = place
        self.depth += 1

    def _part(self, end: int) -> Element | None:
        if self.start is None and not self.large:
            return None
        raw = None if self.start is None or end - self.start > MOST_BYTES else self.buffer[self.start : end]
        self.number, self.start, self.large = self.number + 1, None, False
        return Element(self.number, raw)
