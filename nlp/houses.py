"""Hospitals, schools and firms, read word by word from the words their names end or begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.report import Span
from nlp.name_words import NAME, Says, Words
from nlp.place_rules import place_rules

_MOST_WORDS = 6
_JOINS = re.compile(r"[ \t]{1,4}|\.[ \t]{1,4}|[ \t]{0,4}&[ \t]{0,4}|['’]s?[ \t]{1,4}")
_SMALL = frozenset({"of", "the", "and", "for", "de", "la", "del", "und", "di", "du", "des"})
_SAINTS = ("san", "santa", "saint")
_DIRECTIONS = ("north", "south", "east", "west", "mount", "university", "memorial", "county")
_DEPARTMENTS = ("radiology", "medical", "imaging", "nursing")


def named_before(words: Words, at: int, count: int) -> Iterator[tuple[str, Span]]:
    """The institution whose last words are these, if anything before them names it."""
    first = at
    while first and at - first < _MOST_WORDS and _JOINS.fullmatch(words.gap(first)) and _part_of_house(words, first):
        first -= 1
    while first < at and not _opens(words, first):
        first += 1
    sure = words.capital(at) or tuple(words.lows[at : at + count]) in place_rules().sure_ends
    if sure and any(_tells(words, place, at) for place in range(first, at)):
        yield "institution", Span(words.starts[first], words.ends[_further(words, at + count - 1)])
    elif sure and count > 1 and first < at and _after_preposition(words, first):
        yield "institution", Span(words.starts[first], words.ends[at + count - 1])
    elif words.capital(at) or sure:
        while (
            first
            and words.near(first)
            and words.lows[first - 1] in place_rules().adjectives
            and words.capital(first - 1)
        ):
            first -= 1
        yield from _of_somewhere(words, first, at + count - 1)


def _after_preposition(words: Words, first: int) -> bool:
    """ "At lakeside medical center": words of reports, where a house is meant."""
    if words.says[first] & Says.END or words.lows[first] in place_rules().adjectives:
        return False
    return words.starts_line(first) or (first > 0 and words.lows[first - 1] in place_rules().near_cues)


def _part_of_house(words: Words, following: int) -> bool:
    """Whether the word before ``following`` can stand in an institution's name."""
    place = following - 1
    low, says = words.lows[place], words.says[place]
    if "." in words.gap(following) and low not in ("st", "mt", "ft", "dr"):
        return False
    if low in _SMALL:
        return words.capital(place) or _goes_further(words, place)
    if low in place_rules().adjectives or words.capital(place):
        return True
    return not says & (Says.PLAIN | Says.END)


def _opens(words: Words, place: int) -> bool:
    low = words.lows[place]
    if low in _SMALL or low in place_rules().not_institutions:
        return False
    return not words.says[place] & Says.END or bool(words.says[place] & NAME) or low in place_rules().adjectives


def _tells(words: Words, place: int, at: int) -> bool:
    """Whether the word names a house, and not merely its kind."""
    low, says = words.lows[place], words.says[place]
    if words.titled(place) and words.titled(at) and low in _DIRECTIONS:
        return True
    if low in _SMALL or low in place_rules().adjectives or says & Says.END:
        return False
    if not says & Says.PLAIN or (says & NAME and words.lows[place + 1] in place_rules().adjectives):
        return True
    if (
        words.word(place).isupper()
        and words.word(at).isupper()
        and at + 1 < len(words)
        and words.lows[at] in _DEPARTMENTS
    ):
        return low not in place_rules().not_institutions
    return words.titled(place) and words.titled(at) and low not in place_rules().not_institutions


def _goes_further(words: Words, place: int) -> bool:
    return place > 0 and words.capital(place - 1) and bool(_JOINS.fullmatch(words.gap(place)))


def _further(words: Words, last: int) -> int:
    """Further words of its kind: "… Medical Center Hospital", "… University Hospital", "… Infirmary of Norwich"."""
    while (
        last + 1 < len(words)
        and words.near(last + 1)
        and words.capital(last + 1)
        and words.lows[last + 1] in place_rules().kinds
    ):
        last += 1
    if (
        last + 2 < len(words)
        and words.lows[last + 1] == "of"
        and words.near(last + 1)
        and words.near(last + 2)
        and (words.capital(last + 2) or not words.capital(last))
        and not words.says[last + 2] & (Says.END if words.capital(last + 2) else Says.END | Says.PLAIN)
    ):
        last += 2
    return last


def _of_somewhere(words: Words, first: int, end: int) -> Iterator[tuple[str, Span]]:
    """ "Hospital of Northwick", "Royal Infirmary of Northwick"."""
    last = _further(words, end)
    if last > end and words.lows[last - 1] == "of" and not words.says[last] & Says.PLAIN:
        yield "institution", Span(words.starts[first], words.ends[last])


def named_after(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    """ "Klinikum Nordheim", "Hospital San Marcos", "University of Northwick"."""
    last = at
    while last + 1 < len(words) and last - at < _MOST_WORDS and words.near(last + 1):
        low = words.lows[last + 1]
        named = not words.says[last + 1] & (Says.END | Says.PLAIN) and (
            words.capital(last + 1) or words.lows[last] in _SAINTS or not words.capital(at)
        )
        if not (named or low in _SMALL or low in (*_SAINTS, "st")):
            break
        last += 1
    while last > at and words.lows[last] in _SMALL:
        last -= 1
    if (
        last > at
        and words.capital(at) == words.capital(last)
        and (words.lows[at] not in place_rules().english or _foreign(words, at + 1, last))
    ):
        yield "institution", Span(words.starts[at], words.ends[last])


def _foreign(words: Words, first: int, last: int) -> bool:
    return words.lows[first] in (*_SAINTS, "st", "de", "del", "of") and last > first
