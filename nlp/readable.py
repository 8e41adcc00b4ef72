"""Whether a text can be read as a report at all, and why not: what is not understood must not count as a finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from models.report import SectionName
from nlp.plain import VOID, plain
from nlp.rulebook import read_rules
from nlp.sections import find_sections

LONGEST = 1_000_000
"""Characters. No report is longer; what is has many glued together, or is none."""

_LOOKED_AT = 20_000
"""Characters from which the language is told."""

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_OURS = "English"
_WORD = re.compile(r"[^\W\d_]+")
_UNTYPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ud800-\udfff\ue000-\uefff]")
_MOST_UNTYPED = 0.04
_FILES = ("%PDF-", "PK\x03\x04", "\x89PNG", "\xff\xd8\xff", "GIF8", "II*\x00", "MM\x00*", "\x1f\x8b")
_FEWEST, _SHORT = 2, 6
"""Words of another language that a report must have to be in it; one will do where it has few words in all."""
_LONGEST_WORD = 40


class Unreadable(StrEnum):
    """Why nothing can be said of a report."""

    EMPTY = "is empty"
    TOO_LONG = "is too long for one report"
    NOT_TEXT = "is no text"
    OTHER_LANGUAGE = "is in another language than English"
    NO_REPORT = "has no sentence of findings or impression"


def why_unreadable(text: str) -> Unreadable | None:
    """Why ``text`` cannot be read as a report; None where it can. Its value ends the sentence "The report …"."""
    if len(text) > LONGEST:
        return Unreadable.TOO_LONG
    told = plain(text)
    if not told.replace(VOID, "").strip():
        return Unreadable.EMPTY
    if text.startswith(_FILES) or len(_UNTYPED.findall(text)) > _MOST_UNTYPED * len(text):
        return Unreadable.NOT_TEXT
    if language_of(text) not in (None, _OURS):
        return Unreadable.OTHER_LANGUAGE
    read = [section.span.of(told) for section in find_sections(text).sections if section.name in _READ]
    words = [word for body in read for word in _WORD.findall(body[:_LOOKED_AT])]
    if not any(2 < len(word) < _LONGEST_WORD for word in words):
        return Unreadable.NO_REPORT
    return None


def language_of(text: str) -> str | None:
    """The language of a report, of those in ``readable.toml``; "another" for one in other letters; None: too few words.

    >>> language_of("Kein Pneumothorax, das Herz ist normal.")
    'German'
    """
    words = [word.lower() for word in _WORD.findall(plain(text)[:_LOOKED_AT])]
    foreign = sum(not word.isascii() and ord(word[0]) > 0x24F for word in words)
    if foreign > len(words) / 2:
        return "another"
    known = _languages()
    counts = Counter(language for word in words for language in known.get(word, ()))
    if not counts:
        return None
    language, number = max(counts.items(), key=lambda each: (each[1], each[0] == _OURS))
    return language if language == _OURS or number >= _FEWEST or len(words) <= _SHORT else None


@cache
def _languages() -> Mapping[str, tuple[str, ...]]:
    """Which languages a word is of, as ``plain`` writes it."""
    found: dict[str, tuple[str, ...]] = {}
    for language, words in read_rules("rules/readable").items():
        for word in dict.fromkeys(map(plain, words)):
            found[word] = (*found.get(word, ()), language)
    return found
