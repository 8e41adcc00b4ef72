"""Streets, with and without a number: "Elm Street", "14 Quarrington Ridge", "Lindenstraße 12"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.report import Span
from nlp.name_words import NAME, Says, Words
from nlp.place_rules import place_rules

ONE_WORD_STREETS = ("straße", "strasse", "weg", "gasse", "platz", "allee", "laan", "gatan", "gade")
_LONGEST_END = 7
_MOST_WORDS = 3
_HOUSE_NUMBER = re.compile(
    r"[ \t]\d{1,4}[a-z]?(?!\w)(?:,[ \t]{1,3}\d{4,5}[ \t][^\W\d_][\w'-]{1,30}(?:[ \t][A-ZÀ-Þ][\w'-]{1,30})?)?"
)
_HOUSE = re.compile(
    r"(?<![\w.])\d{1,6}[A-Za-z]?[ \t](?:[^\W\d_][\w'-]{0,20}[ \t]){0,2}$|(?<![\w.])\d{1,6}[A-Za-z]?[ \t]$"
)
_UNIT = re.compile(r",?[ \t](?i:apt|apartment|suite|ste|unit|flat|#)\.?[ \t]?#?\w{1,6}(?!\w)")
_CUES = ("on", "at", "near", "along")


def streets(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    """The street whose last word is word ``at``."""
    low = words.lows[at]
    if low in place_rules().streets:
        named = at > 0 and words.says[at - 1] & NAME and not words.says[at - 1] & Says.PLAIN
        if words.capital(at) or named or _HOUSE.search(words.text, max(0, words.starts[at] - 60), words.starts[at]):
            yield from _street(words, at)
    elif low.endswith(ONE_WORD_STREETS) and len(low) > _LONGEST_END:
        yield from _street_number(words, at)


def _street(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    """ "Elm Street", "on Quarrington Ridge", "14 Quarrington Ridge Apt. 3"."""
    first, capital = at, words.capital(at)
    while (
        first
        and at - first < _MOST_WORDS
        and words.near(first)
        and words.capital(first - 1) == capital
        and not words.says[first - 1] & Says.END
    ):
        first -= 1
    if first == at:
        return
    start = words.starts[first]
    number = _HOUSE.search(words.text, max(0, start - 12), start)
    says = words.says[at - 1]
    named = not says or bool(says & (NAME | Says.TOWN))
    cued = first > 0 and words.lows[first - 1] in _CUES
    if (
        cued
        and says & NAME
        and words.capital(first) == capital
        and words.lows[at - 1] not in place_rules().not_institutions
    ):
        yield "address", Span(words.starts[first], words.ends[at])
    doubtful = says & Says.PLAIN or (says & Says.EPONYM and not number and words.lows[first - 1] not in _CUES)
    if (
        (capital and words.lows[at] in place_rules().sure_streets and words.titled(at))
        or (named and number)
        or (named and cued and not doubtful)
    ):
        unit = _UNIT.match(words.text, words.ends[at])
        yield "address", Span(number.start() if number else start, unit.end() if unit else words.ends[at])


def _street_number(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    """ "Lindenstraße 12, 10115 Berlin"."""
    match = _HOUSE_NUMBER.match(words.text, words.ends[at])
    if match:
        first = at
        while words.near(first) and words.says[first - 1] & Says.PARTICLE:
            first -= 1
        yield "address", Span(words.starts[first], match.end())
