"""Names that end before a degree ("Ada Hill, MD") or a verb ("Quarrington was notified")."""

from __future__ import annotations

import re

from nlp.name_parts import BETWEEN
from nlp.name_words import NAME, Says, Words
from nlp.names import MOST_WORDS, titled_pair, whole_word

_BEFORE_DEGREE = re.compile(r"[ \t]{0,4},?[ \t]{1,4}")


def degree_holder(words: Words, at: int) -> tuple[int, int] | None:
    """(first word, count) of the name before the degree at word ``at``: two words with a capital, whatever they are."""
    named = name_before(words, at)
    for count in (3, 2):
        if at >= count and titled_pair(words, at - count) == count and _BEFORE_DEGREE.fullmatch(words.gap(at)):
            return named if named and named[1] > count else (at - count, count)
    return named


def name_before(words: Words, at: int) -> tuple[int, int] | None:
    """(first word, count) of the name that ends before word ``at``."""
    first = at
    while first and at - first < MOST_WORDS:
        gap = words.gap(first)
        if not (BETWEEN.fullmatch(gap) if first != at else _BEFORE_DEGREE.fullmatch(gap)):
            break
        if (
            "." in gap
            and len(words.lows[first - 1]) > 1
            or ("," in gap and first != at and not words.says[first] & Says.GIVEN)
        ):
            break
        says = words.says[first - 1]
        one = len(words.lows[first - 1]) == 1
        # "Her son Rupert was informed": capitals follow no small words but particles.
        if first != at and words.capital(first) and not words.capital(first - 1) and not says & Says.PARTICLE:
            break
        if (says & Says.END and not (says & NAME and words.titled(first - 1))) or (
            says & Says.NOUN and not says & NAME
        ):
            break
        if not one and not says & (NAME | Says.PARTICLE) and says & Says.PLAIN:
            break
        if not one and not says and words.lows[first - 1].endswith(("ed", "ing")) and not words.capital(first - 1):
            break
        if (
            one
            and not words.capital(first - 1)
            and words.text[words.ends[first - 1]] != "."
            and words.lows[first - 1] in "aio"
        ):
            break
        first -= 1
    while first < at and not whole_word(words, first) and not words.capital(first):
        first += 1
    if not any(whole_word(words, place) for place in range(first, at)):
        return None
    # "no effusion seen by us md": one small word alone is no name.
    if at - first == 1 and not words.capital(first) and words.says[first] & Says.PLAIN:
        return None
    return first, at - first
