"""A sentence as words: what phrases are compared with, word by word."""

from __future__ import annotations

import re
from operator import add
from typing import NamedTuple

from nlp.plain import VOID

# A sign that parts a clause is a word of its own; a hyphen or dash is a blank: "left-sided" is "left sided". A
# number is one word, its unit another: "3.3mm" is "3.3 mm".
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W_]+|[,;:.()<>/&?]")
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


class Tokens(NamedTuple):
    """The words of a text, small, each with the characters it starts and ends at."""

    spelt: list[str]
    starts: list[int]
    ends: list[int]


def words_of(text: str) -> list[str]:
    """The words of a phrase or sentence as they are compared: small, and a sign a word."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD.findall(_lower(_respelt(text)[0]))


def tokens_of(text: str) -> Tokens:
    """The words of ``text`` and their places in it."""
    if text.isascii() or not _SEVERAL.search(text):
        small = _lower(text)
        spelt = _WORD.findall(small)
        starts = [match.start() for match in _WORD.finditer(small)]
        return Tokens(spelt, starts, list(map(add, starts, map(len, spelt))))
    flat, origin = _respelt(text)
    spelt, starts, ends = tokens_of(flat)
    return Tokens(spelt, [origin[start] for start in starts], [origin[end - 1] + 1 for end in ends])


def _lower(text: str) -> str:
    """``text`` in small letters, each character in its place: a few have two small ones, and stay."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(_small(character) for character in text)


def _small(character: str) -> str:
    small = character.lower()
    return small if len(small) == 1 else character


def _respelt(text: str) -> tuple[str, list[int]]:
    """``text`` with letters drawn as one apart and without what stands for nothing, and each character's place."""
    pairs = [(letter, place) for place, character in enumerate(text) for letter in _LETTERS.get(character, character)]
    return "".join(letter for letter, _ in pairs), [place for _, place in pairs]
