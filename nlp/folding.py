"""A text in plain small letters, so that one name is found however it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Apostrophes inside a name ("O'Brien") go; one before a lone "s" stays, as it is a genitive's.
_GOES = re.compile(r"(?<=[^\W\d_])(?:-[ \t]*\r?\n[ \t]*(?=[^\W\d_])|'(?=[^\W\d_]{2}))")
_PLAIN = str.maketrans(dict.fromkeys("’‘ʼ`´′＇", "'") | dict.fromkeys("‐‑‒–—−", "-"))
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "s", "æ": "a", "œ": "o", "þ": "t"}
_SOFT_HYPHEN = "\u00ad"


def folded(text: str) -> tuple[str, Sequence[int]]:
    """``text`` small, without accents, apostrophes in names and hyphens at line ends; each character's place in it."""
    if text.isascii():
        plain: str = text.lower()
        places: Sequence[int] = range(len(text))
    else:
        kept = [(_letter(letter), place) for place, letter in enumerate(text)]
        kept = [(letter, place) for letter, place in kept if letter]
        plain, places = "".join(letter for letter, _ in kept), [place for _, place in kept]
    if not _GOES.search(plain):
        return plain, places
    parts, origin, start = list[str](), list[int](), 0
    for match in _GOES.finditer(plain):
        parts.append(plain[start : match.start()])
        origin.extend(places[start : match.start()])
        start = match.end()
    return "".join([*parts, plain[start:]]), [*origin, *places[start:]]


@lru_cache(maxsize=1024)
def _letter(letter: str) -> str:
    """One character as at most one."""
    if letter == _SOFT_HYPHEN or unicodedata.combining(letter):
        return ""
    small = letter.translate(_PLAIN).lower()[:1]
    base = unicodedata.normalize("NFKD", _LETTERS.get(small, small))[:1]
    return base.lower() if base.isalpha() else small
