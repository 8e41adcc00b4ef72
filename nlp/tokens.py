"""A sentence as words: what phrases are compared with, word by word."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.plain import VOID

# A sign that parts a clause is a word of its own; a hyphen or dash is a blank: "left-sided" is "left sided". A
# number is one word, its unit another: "3.3mm" is "3.3 mm".
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W_]+|[,;:.()<>/&?]|#(?!\s?\d)")
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
    return _WORD.findall(text.lower() if text.isascii() else _lower(_respelt(text)[0]))


def tokens_of(text: str, spelt: list[str] | None = None) -> Tokens:
    """The words of ``text`` and their places in it; ``spelt`` are its words where they are known."""
    if not text.isascii() and _SEVERAL.search(text):
        flat, origin = _respelt(text)
        words, starts, ends = tokens_of(flat)
        return Tokens(words, [origin[start] for start in starts], [origin[end - 1] + 1 for end in ends])
    small, words = _lower(text), words_of(text) if spelt is None else spelt
    starts, ends, end = list[int](), list[int](), 0
    for word in words:  # between two words stands nothing that a word is made of
        start = small.index(word, end)
        end = start + len(word)
        starts.append(start)
        ends.append(end)
    return Tokens(words, starts, ends)


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
