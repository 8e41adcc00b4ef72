"""A report's text in plain characters, each at the place of the one it stands for.

Reports arrive with hard blanks, dashes and quotes of word processors, wide letters, marks that nobody sees, wrongly
decoded bytes, and the markup of other programs. What is read is ``plain(text)``. It is as long as ``text``, so that a
place in one is the same place in the other. ``VOID`` stands where a character means nothing; who compares words leaves
it out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from nlp.markup import without_markup

VOID = "\u00ad"
"""Stands for nothing: a soft hyphen, also in texts where it was something invisible else."""

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f<&\\~*]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_LINE_ENDS = {"\f": "\n", "\v": "\n", "\r": "\n"}
_CONTROLS = str.maketrans({chr(code): " " for code in (*range(9), *range(14, 32), 127)} | _LINE_ENDS)
# Bytes of UTF-8 that were read as if each were a character.
_TORN = re.compile(r"[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,}|Â(?=\s)")
_SIGNS_OF_TORN = ("Ã", "Â", "â", "ï»¿")

_BLANKS = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINES = "\x85\u2028\u2029"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\u2500"
_APOSTROPHES = "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07"
_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_BULLETS = (
    "\u2022\u00b7\u25cf\u25aa\u25ab\u25e6\u2023\u2043\u25a0\u25a1\u25ba\u25b6\u27a2\u2713\u2756\uf0b7\uf0a7\uf0d8"
)
_UNSEEN = ((0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x206A), (0xFE00, 0xFE10), (0x300, 0x370), (0xFFF9, 0xFFFC))
# Letters with accents, wide letters and those of formulas.
_LETTERS = ((0xC0, 0x250), (0x1E00, 0x1F00), (0xFF01, 0xFF5F), (0x1D400, 0x1D800))


_SHORT = 100_000
"""Characters up to which a text is an everyday one, of which more are remembered."""


def plain(text: str) -> str:
    """``text`` as it is read; the same text where it is plain already. Of the last texts it is remembered."""
    return _read(text) if len(text) <= _SHORT else _long_read(text)


def _plain(text: str) -> str:
    if text.isascii() and not _ODD.search(text):
        return text
    told = text
    if any(sign in told for sign in _SIGNS_OF_TORN):
        told = _TORN.sub(_mended, told)
    told = without_markup(told.replace("\r\n", " \n"))
    if not told.isascii():
        told = _BEYOND.sub(lambda run: run[0].translate(_table()), told)
    return told.translate(_CONTROLS)


_read = lru_cache(maxsize=8)(_plain)
_long_read = lru_cache(maxsize=2)(_plain)  # more of them would fill the memory


def _mended(run: re.Match[str]) -> str:
    """A run of torn characters as those it was torn from, or itself."""
    if run[0] == "Â":
        return " "
    try:
        characters = bytes(map(_byte, run[0])).decode("utf-8")
    except (UnicodeError, ValueError):
        return run[0]
    return "".join(
        each.ljust(len(each.encode()), VOID if each.isalnum() or each == "’" else " ") for each in characters
    )


def _byte(character: str) -> int:
    code = ord(character)
    return code if code < 256 else character.encode("cp1252")[0]


@cache
def _table() -> dict[int, str]:
    """What each character is read as, where that is another one."""
    table = dict.fromkeys(range(0x80, 0xA0), " ")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of characters, which no program can write
    for first, last in _LETTERS:
        for code in range(first, last):
            base = unicodedata.normalize("NFKD", chr(code))[0]
            if base.isascii():
                table[code] = base
    table |= {code: VOID for first, last in _UNSEEN for code in range(first, last)}
    table |= {0xFEFF: " ", 0x180E: VOID, ord("×"): "x", ord("："): ":"}
    for characters, read in (
        *((_BLANKS, " "), (_LINES, "\n"), (_DASHES, "-"), (_APOSTROPHES, "'"), (_QUOTES, '"'), (_BULLETS, "•")),
    ):
        table |= {ord(character): read for character in characters}
    return table
