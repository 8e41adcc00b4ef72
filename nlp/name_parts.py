"""Whether one word can be a part of a name, by how it is written, what it says and what stands beside it."""

from __future__ import annotations

import re
from enum import IntEnum

from nlp.name_words import NAME, Says, Words

BETWEEN = re.compile(r"[ \t]{1,4}|\.[ \t]{0,4}|\^|[ \t]{0,4},[ \t]{0,4}|'|\. ?-")
_SHORT = 5
"""Letters: shorter unknown words are abbreviations."""


class Trust(IntEnum):
    """How sure the place is that a person is named in it."""

    LISTED = 0
    """Nothing says so: only listed names count."""
    WEAK = 1
    """A small word such as "from": only capitals and listed names count."""
    LIKELY = 2
    """A label, after which a person is as likely as a department."""
    SURE = 3
    """A field that holds nothing else."""
    TITLE = 4
    """A title: what follows is a name whatever it means elsewhere."""


def may_be(words: Words, place: int, trust: Trust, *, first: bool) -> bool:
    """Whether word ``place`` can be part of a name in such a place."""
    low, says = words.lows[place], words.says[place]
    if words.glued(place):
        return False
    if len(low) == 1:
        return (
            _initial(words, place, first=first)
            or (trust > Trust.LISTED and low not in "ai" and _listed_follows(words, place))
            or (not first and _after_name(words, place) and _listed_follows(words, place))
        )
    if says & Says.PARTICLE and not says & Says.END and _goes_on(words, place):
        return True
    if says & Says.END:
        if not first and words.titled(place) and not says & Says.NEVER:
            return trust > Trust.WEAK and _wants_surname(words, place)
        if not (first and says & NAME and words.titled(place)):
            return False
        return trust >= Trust.SURE or (trust is Trust.LIKELY and _name_follows(words, place))
    if says & NAME and not says & Says.PLAIN:
        # "With HU 17": so short a word in capitals is an abbreviation.
        if trust is Trust.WEAK and first and says & Says.EPONYM:
            return _listed_follows(words, place) and not words.says[place + 1] & Says.EPONYM
        return (
            trust is not Trust.WEAK or not first or len(low) > 3 or words.titled(place) or _listed_follows(words, place)
        )
    if says & Says.LAND and trust < Trust.SURE:
        return False
    if words.titled(place):
        return _titled_may_be(words, place, trust, first=first)
    if says & Says.PLAIN:
        return bool(says & NAME) and (
            trust >= Trust.SURE
            or (_listed_follows(words, place) if first else _after_name(words, place))
            or (not first and trust > Trust.WEAK and bool(says & Says.GIVEN) and "," in words.gap(place))
        )
    if says & Says.EPONYM:
        return trust >= Trust.SURE or not first
    if (not first and _after_name(words, place)) or (trust >= Trust.WEAK and _listed_follows(words, place)):
        return True
    if trust is Trust.LIKELY and first and low.isascii() and len(low) < _SHORT and not _unknown_follows(words, place):
        return False
    if trust is Trust.WEAK:
        return first and words.capital(place) and len(low) > _SHORT
    return trust > Trust.WEAK and (trust is Trust.TITLE or not low.endswith(("ed", "ing")))


def _titled_may_be(words: Words, place: int, trust: Trust, *, first: bool) -> bool:
    says = words.says[place]
    if says & Says.PLAIN and not says & NAME:
        if not first:
            if says & Says.NOUN:
                return False
            return trust > Trust.WEAK and (_wants_surname(words, place) or _closes(words, place))
        return trust is Trust.TITLE or (trust > Trust.WEAK and _name_follows(words, place))
    if first and says & (Says.PLAIN | Says.EPONYM) and trust is Trust.WEAK:
        if says & Says.GIVEN and _name_follows(words, place):
            return not words.says[place + 1] & Says.EPONYM
        return _listed_follows(words, place) and not words.says[place + 1] & Says.EPONYM
    if says & Says.EPONYM:
        return trust is not Trust.LISTED or not first
    return trust is not Trust.LISTED or not first or bool(says & NAME)


def _closes(words: Words, place: int) -> bool:
    """Whether this is the second word and what follows is no further word."""
    following = words.text[words.ends[place] : words.ends[place] + 1]
    return following in (",", ";", ")", "\n", "") and not words.says[place - 1] & Says.PLAIN


def _unknown_follows(words: Words, place: int) -> bool:
    following = place + 1
    return (
        following < len(words)
        and words.near(following)
        and not words.says[following]
        and len(words.lows[following]) >= _SHORT
    )


def _name_follows(words: Words, place: int) -> bool:
    """Whether the next word has a capital and is no known word."""
    following = place + 1
    if following >= len(words) or not BETWEEN.fullmatch(words.gap(following)) or words.glued(following):
        return False
    says = words.says[following]
    return words.capital(following) and (bool(says & NAME) or not says & (Says.PLAIN | Says.END))


def _wants_surname(words: Words, place: int) -> bool:
    """Whether so far only a given name or an initial was read."""
    before = words.says[place - 1]
    if not words.near(place) and "." not in words.gap(place):
        return False
    return not before or bool(before & Says.GIVEN and not before & Says.SURNAME) or len(words.lows[place - 1]) == 1


def _after_name(words: Words, place: int) -> bool:
    """Whether a given name or an initial stands before."""
    before = words.says[place - 1]
    return bool(before & Says.GIVEN and not before & (Says.PLAIN | Says.END)) or len(words.lows[place - 1]) == 1


def _listed_follows(words: Words, place: int) -> bool:
    """Whether the next word is a listed name and nothing else."""
    following = place + 1
    if following >= len(words) or not BETWEEN.fullmatch(words.gap(following)) or words.glued(following):
        return False
    says = words.says[following]
    if len(words.lows[following]) == 1 and len(words.lows[place]) > 1:
        return _listed_follows(words, following)
    if words.capital(following) != words.capital(place) and not words.says[place] & Says.PARTICLE:
        return False
    return bool(says & NAME) and not says & (Says.PLAIN | Says.END)


def _initial(words: Words, place: int, *, first: bool) -> bool:
    following = words.text[words.ends[place] : words.ends[place] + 1]
    if words.capital(place):
        # "A small nodule": an article begins no name.
        return not (first and words.lows[place] in "ai" and following != ".") or _listed_follows(words, place)
    return following == "." or (
        not first
        and (
            following in ("^", "", "\n", "\t", ",", "|")
            or (
                following == " "
                and (
                    words.lows[place] not in "aio" or words.text[words.ends[place] + 1 : words.ends[place] + 2] in " |"
                )
            )
        )
    )


def _goes_on(words: Words, place: int) -> bool:
    """Whether a word that may be a name follows a particle."""
    following = place + 1
    if following >= len(words) or not words.near(following):
        return False
    says = words.says[following]
    return (
        words.capital(following)
        and not says & Says.END
        or bool(says & NAME and not says & Says.PLAIN)
        or bool(says & Says.PARTICLE and words.lows[place] != words.lows[following])
    )
