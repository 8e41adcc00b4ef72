"""Whether a report calls its study normal, in words that leave nothing over.

A false normal teaches a miss and makes false evidence, so what is not understood speaks against it: a sentence counts
only where each of its words is known to say that something is as it should be, or follows a word that denies it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import compress, takewhile

from models.finding import Assertion, Observation
from models.report import SectionedText, SectionName, Span, overlapping
from nlp.normal_statements import says_normal
from nlp.rulebook import read_rules, shipped_rules
from nlp.sentences import sentences

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
_WORD = re.compile(r"[^\W_]+(?:[-'’/][^\W_]+)*")
_PART = re.compile(r"[^,;:()]+")
_GOES_ON = ("or", "nor", "and")
_LONGEST = 100_000
"""Characters. Who needs more to call a study normal says something else too."""


class _Kind(Enum):
    """What a sentence says: that the study, or a part of the body, is normal; that something which is no finding of
    the catalogue is not there; how the study was made; something else."""

    WHOLE = auto()
    NORMAL = auto()
    DENIED = auto()
    MADE = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class _Words:
    """The rules of ``normality.toml``. ``joined`` are words that count as one; ``places`` the words for places, by
    the first of each, the longest before the others."""

    whole: re.Pattern[str]
    against: re.Pattern[str]
    joined: Mapping[tuple[str, str], str]
    normal: frozenset[str]
    negators: frozenset[str]
    made: frozenset[str]
    harmless: frozenset[str]
    turns: frozenset[str]
    study: frozenset[str]
    illness: frozenset[str]
    masked: re.Pattern[str]
    places: Mapping[str, tuple[tuple[str, ...], ...]]


def is_normal(sectioned: SectionedText, observations: Sequence[Observation]) -> bool:
    """Whether the report calls the study as a whole normal, or each thing it speaks of, and nothing contradicts.

    ``observations`` are those of the report. Whoever knows of a diagnosis in it must ask about that too.
    """
    if len(sectioned.text) > _LONGEST:
        return False
    words = _words()
    read = [section for section in sectioned.sections if section.name in _READ]
    inside = overlapping([section.span for section in read], [each.span for each in observations])
    seen = list(compress(observations, inside))
    if any(each.assertion is not Assertion.ABSENT for each in seen) or words.against.search(_told(sectioned)):
        return False
    absent = sorted(each.span.start for each in seen if not says_normal(each))
    closing = [section for section in read if section.name is SectionName.IMPRESSION] or read
    said: set[_Kind] = set()
    whole = False
    for section in read:
        for span in sentences(sectioned.text, section.span):
            kind = _kind(words, sectioned.text, span, absent)
            if kind is _Kind.UNKNOWN:
                return False
            said |= {kind} if kind else set()
            whole = whole or (kind is _Kind.WHOLE and section in closing)
    return whole or (_Kind.NORMAL in said and _Kind.DENIED not in said)


def says_anything(sectioned: SectionedText) -> bool:
    """Whether there are any words in findings or impression."""
    return any(_WORD.search(sectioned.body(name)) for name in _READ)


def _told(sectioned: SectionedText) -> str:
    """What the report tells, in small letters, without what was asked, how the study was made and what came before."""
    kept: list[str] = []
    start = 0
    for section in sorted(sectioned.sections, key=lambda section: section.span):
        if section.name in _ASKED:
            kept.append(sectioned.text[start : section.span.start])
            start = section.span.end
    return " ".join("".join([*kept, sectioned.text[start:]]).lower().split())


def _kind(words: _Words, text: str, span: Span, absent: Sequence[int]) -> _Kind | None:
    """What a sentence says; None where it has no words. ``absent`` are the places of findings said to be absent."""
    tokens = _tokens(words, span.of(text))
    if not tokens:
        return None
    if not words.turns.isdisjoint(tokens):
        return _Kind.UNKNOWN
    whole = words.whole.match(" ".join(tokens))
    if whole and _harmless(words, tokens[len(whole.group().split()) :]):
        return _Kind.WHOLE
    if words.study.issuperset(tokens):
        return _Kind.MADE
    kinds = _kinds_of_parts(words, text, span, absent)
    for kind in (_Kind.UNKNOWN, _Kind.NORMAL, _Kind.DENIED, _Kind.MADE):
        if kind in kinds:
            return kind
    return _Kind.UNKNOWN  # only names places, which says nothing of them


def _kinds_of_parts(words: _Words, text: str, span: Span, absent: Sequence[int]) -> set[_Kind]:
    found: set[_Kind] = set()
    denying = False
    for match in _PART.finditer(text, span.start, span.end):
        tokens = _tokens(words, match.group())
        finding = bisect_left(absent, match.start()) < bisect_left(absent, match.end())
        before = list(takewhile(lambda token: token not in words.negators, tokens))
        goes_on = denying and (finding or (bool(tokens) and tokens[0] in _GOES_ON))
        denying = goes_on or len(before) < len(tokens)
        if not goes_on and not _harmless(words, before):
            found.add(_Kind.UNKNOWN)
        if not words.normal.isdisjoint(before) or (denying and (finding or not words.illness.isdisjoint(tokens))):
            found.add(_Kind.NORMAL)
        elif denying:
            found.add(_Kind.DENIED)
        elif not words.made.isdisjoint(before):
            found.add(_Kind.MADE)
    return found


def _tokens(words: _Words, text: str) -> list[str]:
    found: list[str] = []
    for token in _WORD.findall(words.masked.sub(" ", text.lower())):
        pair = words.joined.get((found[-1], token)) if found else None
        if pair:
            found[-1] = pair
        else:
            found.append(token)
    return found


def _harmless(words: _Words, tokens: Sequence[str]) -> bool:
    """Whether all of these are places, or words that say nothing but that something is normal."""
    place = 0
    while place < len(tokens):
        name = next(
            (name for name in words.places.get(tokens[place], ()) if tuple(tokens[place : place + len(name)]) == name),
            None,
        )
        if name is None and tokens[place] not in words.harmless and not tokens[place].isdecimal():
            return False
        place += len(name) if name else 1
    return True


@cache
def _words() -> _Words:
    rules = read_rules("rules/normality")
    choices = {name: f"(?:{'|'.join(map(re.escape, rules[name]))})" for name in ("study", "trouble")}
    whole = (pattern.replace("{study}", choices["study"]) for pattern in rules["whole"])
    starts = "|".join(f"(?:{pattern.replace('{trouble}', choices['trouble'])})" for pattern in whole)
    return _Words(
        whole=re.compile(rf"(?:{starts})(?!\S)"),
        against=re.compile("|".join(f"(?:{pattern})" for pattern in rules["against"])),
        joined={(first, second): f"{first}-{second}" for first, second in rules["joined"]},
        harmless=frozenset((*rules["plain"], *rules["normal"], *rules["made"])),
        masked=re.compile(rules["masked"]),
        places=_places(word for listed in shipped_rules().places.values() for word in listed),
        **{name: frozenset(rules[name]) for name in ("normal", "negators", "made", "turns", "study", "illness")},
    )


def _places(listed: Iterator[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for word in listed:
        name = tuple(_WORD.findall(word.lower()))
        found.setdefault(name[0], set()).add(name)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}
