"""Towns: listed ones, those before a state, those after "lives in"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.report import Span
from nlp.name_words import Says, Words
from nlp.place_rules import place_rules

_STATE_GAP = re.compile(r"[ \t]{0,4},[ \t]{0,4}|[ \t]{1,4}")
_ZIP = re.compile(r"\.?,?[ \t]{0,4}\d{5}(?:-\d{4})?(?!\w)")
_STATE_BEHIND = re.compile(r",?[ \t]{1,3}(?P<code>[^\W\d_]{2,14})(?!\w)(?:[ \t]{1,3}\d{5}(?:-\d{4})?(?!\w))?")
_AFTER_CUE = re.compile(r"[ \t]{1,4}|:[ \t]{0,4}")
_BETWEEN = re.compile(r"[ \t]{1,4}|\.[ \t]{1,4}")
_MOST_WORDS = 4
_SHORT = ("st", "mt", "ft")
_WORDS = frozenset({"in", "or", "me", "hi", "ok", "la", "pa", "id", "co", "de", "al", "ct", "mi"})


def listed_town(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    for town in place_rules().towns[words.lows[at]]:
        if tuple(words.lows[at : at + len(town)]) != town:
            continue
        says = words.says[at]
        cue = at > 0 and words.lows[at - 1] in place_rules().near_cues and (words.near(at) or words.gap(at) == ": ")
        doubtful = len(town) == 1 and bool(says & (Says.TWICE_TOWN | Says.PLAIN | Says.EPONYM))
        following = at + len(town)
        if following < len(words) and words.says[following] & Says.NOUN and words.near(following):
            return
        inside = words.titled(at) and not (doubtful or words.starts_line(at))
        state = _state_behind(words, following - 1)
        told = cue and (words.capital(at) or not doubtful)
        if told or inside or state or (len(town) > 1 and words.capital(at)):
            yield "address", Span(words.starts[at], state or words.ends[following - 1])
        return


def _state_behind(words: Words, last: int) -> int:
    """Where a state (and its postal code) after the town ends; 0 where none stands there."""
    match = _STATE_BEHIND.match(words.text, words.ends[last])
    known = match and match["code"].lower() in place_rules().codes | place_rules().states
    # "in" and "or" are words first: without a comma a small code is none.
    plain = match and match["code"].islower() and (not match.group().startswith(",") or match["code"] in _WORDS)
    return match.end() if match and known and not plain else 0


def before_state(words: Words, at: int) -> Iterator[tuple[str, Span]]:
    """The town before a state: "Northwick, OH"; a code that is a word needs a listed town or a postal code."""
    gap = _STATE_GAP.fullmatch(words.gap(at)) if at else None
    if not gap:
        return
    code = words.word(at)
    zipped = _ZIP.match(words.text, words.ends[at])
    sure = bool(zipped) or (code not in place_rules().doubtful_codes and "," in words.gap(at))
    first = at
    while first and at - first < 3 and (first == at or words.near(first)):
        says = words.says[first - 1]
        if not words.capital(first - 1) or (
            says & (Says.PLAIN | Says.END) and not (zipped or says & (Says.TOWN | Says.TWICE_TOWN))
        ):
            break
        first -= 1
    if first == at:
        return
    says = words.says[at - 1]
    if not sure and not says & (Says.TOWN | Says.TWICE_TOWN):
        return
    end = zipped.end() if zipped else words.ends[at]
    yield "address", Span(words.starts[first], end)


def after_cue(words: Words, at: int, *, sure: bool) -> Iterator[tuple[str, Span]]:
    """A place after "lives in": capitalised and no known word, or a listed town."""
    count = 0
    while at + count < len(words) and count < _MOST_WORDS:
        place = at + count
        gap = words.gap(place)
        if not (_BETWEEN if count else _AFTER_CUE).fullmatch(gap) or (
            "." in gap and words.lows[place - 1] not in _SHORT
        ):
            break
        says, low = words.says[place], words.lows[place]
        known = says & (Says.PLAIN | Says.END)
        if (
            sure
            and low in place_rules().prefixes
            and place + 1 < len(words)
            and words.near(place + 1)
            and not words.says[place + 1] & (Says.PLAIN | Says.END)
        ):
            count += 1
            continue
        if says & Says.LAND and not says & Says.TOWN:
            break
        accepted = (
            (
                words.titled(place)
                and (not known or (sure and not says & Says.END and not count) or bool(count and not says & Says.END))
            )
            or (sure and not known)
            or bool(says & Says.TOWN)
        )
        if not accepted or (low in place_rules().not_institutions and not count):
            break
        count += 1
    if count:
        yield "address", Span(words.starts[at], words.ends[at + count - 1])
