"""A text as the tokenizer should see it: wrapped lines joined, no run of signs without end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlp.plain import VOID

_BLANKS = re.compile(r"[^\S ]\s*| \s+")
_LETTERS = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "œ": "oe",
    "æ": "ae",
    VOID: "",
}
_SEVERAL = re.compile("[" + "".join(_LETTERS) + "]")
# spaCy peels signs off a run one by one and looks at the whole run for each. None so long holds a known word.
_UNBROKEN = re.compile(r"(?<!\S)\S{200,}")
_LONGEST_RUN = 100
_LONG = 20_000

APART = " \n "
"""Stands between pieces. A line break alone is a special case of spaCy's, which makes it ten times slower."""


class Piece(NamedTuple):
    """A text, or a part of a long one: which of the texts, its words, and where each character stands in the text."""

    number: int
    flat: str
    origin: Sequence[int]


def flatten(text: str) -> tuple[str, Sequence[int]]:
    """``text`` with each run of blanks as one space, and for each of its characters the place in ``text``.

    Dictated lines are wrapped anywhere: "pleural\\n   effusion" must match the phrase of two words.
    """
    if not text.isascii() and _SEVERAL.search(text):
        return _respelt(text)
    if " ".join(text.split()) == text:
        return text, range(len(text))
    origin: list[int] = []
    start = 0
    for run in _BLANKS.finditer(text):
        origin.extend(range(start, run.start() + 1))
        start = run.end()
    origin.extend(range(start, len(text)))
    return _BLANKS.sub(" ", text), origin


def _respelt(text: str) -> tuple[str, Sequence[int]]:
    """As ``flatten``, with letters drawn as one apart, and without what stands for nothing."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in _LETTERS.get(character, " " if character.isspace() else character):
            if letter != " " or not letters or letters[-1] != " ":
                letters.append(letter)
                origin.append(place)
    return "".join(letters), origin


def broken(text: str) -> str:
    """``text``, as long as before, with a blank in the place of every hundredth sign of a run without blanks."""
    return _UNBROKEN.sub(_broken, text) if len(text) > _LONGEST_RUN else text


def _broken(run: re.Match[str]) -> str:
    pieces = (run[0][start : start + _LONGEST_RUN - 1] for start in range(0, len(run[0]), _LONGEST_RUN))
    return " ".join(pieces).ljust(len(run[0]))


def pieces(number: int, text: str) -> Iterator[Piece]:
    """A text as one piece; one longer than any report in several, cut at blanks."""
    flat, origin = flatten(text)
    flat = broken(flat)
    start = 0
    while len(flat) - start > _LONG:
        end = flat.rfind(" ", start + 1, start + _LONG)
        end = end if end > 0 else start + _LONG
        yield Piece(number, flat[start:end], origin[start:end])
        start = end
    yield Piece(number, flat[start:], origin[start:]) if start else Piece(number, flat, origin)


def batches(all_pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """The pieces in groups of as many characters as are tokenised at once."""
    first = size = 0
    for number, piece in enumerate(all_pieces):
        size += len(piece.flat)
        if size > _LONG:
            yield all_pieces[first : number + 1]
            first, size = number + 1, 0
    if first < len(all_pieces):
        yield all_pieces[first:]


def is_long(batch: Sequence[Piece]) -> bool:
    """Whether a batch is longer than any report."""
    return sum(len(piece.flat) for piece in batch) > _LONG
