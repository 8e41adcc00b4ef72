"""Finds persons' names: by what stands around them (a title, a label, a degree, a relative) and by lists of names."""

from __future__ import annotations

import re

from models.report import Span
from nlp.name_parts import BETWEEN, Trust, may_be
from nlp.name_words import NAME, Says, Words

MOST_WORDS = 5
_AFTER_LABEL = re.compile(r"\s{0,30}(?:[:=#,–-]\s{0,30}){0,2}[(<\"']{0,2}")
_COMMA = re.compile(r"[ \t]{0,4},[ \t]{0,4}|\^{1,3}")
DOTTED_DEGREE = re.compile(r"(?i:m\.? ?d|d\.? ?o|ph\.? ?d|r\.? ?n|r\.? ?t|n\.? ?p|f\.r\.c\.\w|m\.b|d\.p\.m)\.(?! ?\d)")
_THREE = 3


def name_at(words: Words, at: int, trust: Trust) -> int:
    """The number of words from ``at`` on that are one person's name."""
    count = commas = 0
    known = False
    while at + count < len(words) and count < MOST_WORDS:
        place = at + count
        gap = words.gap(place) if count else ""
        if count and not BETWEEN.fullmatch(gap):
            break
        comma = bool(count) and _COMMA.fullmatch(gap) is not None
        if comma and (commas or not _may_turn(words, at, count) or not _second_half(words, place, gap, trust, known)):
            break
        if "." in gap and not comma and len(words.lows[place - 1]) > 1 and words.lows[place - 1] not in ("st", "abd"):
            break
        if not may_be(words, place, trust, first=not count):
            break
        commas += comma
        known = known or bool(words.says[place] & NAME)
        count += 1
    while (
        count
        and words.says[at + count - 1] & Says.PARTICLE
        and not words.says[at + count - 1] & NAME
        and len(words.lows[at + count - 1]) > 1
    ):
        count -= 1
    return count if any(whole_word(words, place) for place in range(at, at + count)) else 0


def titled_pair(words: Words, at: int) -> int:
    """How many words two with capitals make, an initial between them counted; 0 where there are no two.

    Where nothing but a name can stand even words of reports are one: "Dr. Grace Fields".
    """
    second = at + 1
    if second < len(words) and len(words.lows[second]) == 1 and words.capital(second):
        second += 1
    if second >= len(words) or not all(_may_be_titled(words, place) for place in (at, second)):
        return 0
    joined = all(
        BETWEEN.fullmatch(words.gap(place)) and "," not in words.gap(place) for place in range(at + 1, second + 1)
    )
    return second - at + 1 if joined else 0


def _may_be_titled(words: Words, place: int) -> bool:
    return words.titled(place) and len(words.lows[place]) > 1 and not words.says[place] & Says.NEVER


def whole_word(words: Words, place: int) -> bool:
    """Whether the word is more than an initial or a particle."""
    says = words.says[place]
    return len(words.lows[place]) > 1 and (not says & Says.PARTICLE or bool(says & NAME))


def _may_turn(words: Words, at: int, count: int) -> bool:
    """Whether what stands before a comma can be a surname alone."""
    whole = [place for place in range(at, at + count) if whole_word(words, place)]
    first = words.says[at]
    return len(whole) < _THREE and not (len(whole) > 1 and first & Says.GIVEN and not first & Says.PARTICLE)


def _second_half(words: Words, place: int, gap: str, trust: Trust, known: bool) -> bool:
    """Whether "Last, First" goes on after its comma."""
    says = words.says[place]
    if "^" in gap:
        return True
    if len(words.lows[place]) < _THREE and DOTTED_DEGREE.match(words.text, words.starts[place]):
        return False
    if says & NAME and not says & (Says.END | Says.PLAIN) and trust > Trust.WEAK:
        return True
    if says & Says.GIVEN and not says & Says.END:
        return words.titled(place) or not says & Says.PLAIN or (known and trust > Trust.WEAK)
    if says & (Says.END | Says.PLAIN) or words.lows[place] == "md":
        return False
    return words.capital(place) and (bool(says & NAME) or known or trust >= Trust.SURE)


def after(words: Words, end: int, at: int) -> int | None:
    """The word from ``at`` on that follows a label which ends at ``end``; None where something else stands between."""
    if at >= len(words):
        return None
    match = _AFTER_LABEL.match(words.text, end)
    return at if match and match.end() == words.starts[at] else None


def span_of(words: Words, at: int, count: int) -> Span:
    """The place of ``count`` words, with the point of a last initial."""
    end = words.ends[at + count - 1]
    if (
        len(words.lows[at + count - 1]) == 1
        and words.text[end : end + 1] == "."
        and words.text[end + 1 : end + 2] not in ("", "\n")
    ):
        end += 1
    return Span(words.starts[at], end)
