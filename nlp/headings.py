"""The headings of ``nlp/rules/sections.toml``, and whether words at a place of a text are one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from models.report import SectionName
from nlp.plain import VOID
from nlp.rulebook import read_rules, shipped_rules

LONGEST = 64
"""Characters; no heading is longer, blanks and marks around it included."""

MARKS = "#*_[](){}<>|~=•·-–—>.;,:!?\"'"


@dataclass(frozen=True, slots=True)
class Headings:
    """All headings by their words; how many words those have that begin, or end, with a word, the most first.

    ``usual`` are the same as they are mostly written, which is found faster; ``shouted`` stand between blanks.
    """

    names: Mapping[tuple[str, ...], SectionName]
    usual: Mapping[str, SectionName]
    first: Mapping[str, tuple[int, ...]]
    last: Mapping[str, tuple[int, ...]]
    inside: frozenset[str]
    bare: frozenset[tuple[str, ...]]
    shouted: tuple[str, ...]
    goes_on: frozenset[str]
    led_by: frozenset[str]
    always: frozenset[tuple[str, ...]]
    newest: frozenset[str]


def same(word: str) -> str:
    """A word of a report as the rules write it: without marks around it, in small letters."""
    if not word.isascii():
        return unicodedata.normalize("NFKC", word.replace(VOID, "")).strip(MARKS).lower()
    return word.strip(MARKS).lower() if word[0] in MARKS or word[-1] in MARKS else word.lower()


@cache
def headings() -> Headings:
    """The headings this package ships."""
    style = read_rules("rules/sections")["style"]
    listed = {heading: SectionName(name) for name, listed in shipped_rules().headings.items() for heading in listed}
    for heading, name in _joined(style["joined"], listed):
        listed.setdefault(heading, name)
    names = {_words(text): name for text, name in listed.items()}
    bare = frozenset(_words(text) for text in style["bare"])
    return Headings(
        names=names,
        usual={
            way: name for text, name in listed.items() for way in (text, text.upper(), text.title(), text.capitalize())
        },
        first=_numbers(0, names),
        last=_numbers(-1, names),
        inside=frozenset(style["inside"]),
        bare=bare,
        shouted=tuple(f" {word.upper()} " for word in style["shouted"]),
        goes_on=frozenset(style["goes_on"]),
        led_by=frozenset(style["led_by"]),
        always=frozenset(_words(text) for text in style["always"]),
        newest=frozenset(style["newest"]),
    )


def _words(heading: str) -> tuple[str, ...]:
    return tuple(map(same, heading.split()))


def _joined(joined: Sequence[str], listed: Mapping[str, SectionName]) -> Iterable[tuple[str, SectionName]]:
    for first, second in permutations(joined, 2):
        for between in ("/", " / ", " and ", " & "):
            yield f"{first}{between}{second}", listed[first]


def _numbers(place: int, names: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for words in names:
        found.setdefault(words[place], set()).add(len(words))
    return {word: tuple(sorted(numbers, reverse=True)) for word, numbers in found.items()}
