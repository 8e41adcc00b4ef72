"""Where sentences begin and end in dictated prose, lists and lines without full stops."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from models.report import Span
from nlp.plain import plain
from nlp.rulebook import read_rules

_STOPS = ".!?"
_PARTS = (",", ";", ":", "-", "–", "—", "(", "/")
"""Signs behind which a question mark belongs to the words that follow."""
_OPENED_BY = ("", *_PARTS)
_BULLET = r"(?:[-*•·>#]|\(?\d{1,2}[.)]|\(?(?:[a-h]|[ivx]{1,4})\))"
# Before a sentence: blanks, bullets, numbers of a list; a question mark before words says that they are in doubt.
_LEAD = re.compile(
    r"(?:[\s\xad.;:,!\-*_=~|•·>]+|\?(?!\s{0,3}\w)|#?\(?\d{1,2}[.)](?=\s|$)"
    r"|#(?:\d{1,2}(?=\s)|(?=\s{1,3}[^\sa-z]|\s*$))|\(?(?:[a-h]|[ivx]{1,4})\)(?=\s))++"
)
_ITEM = re.compile(r"(?<!\S)(?:\(?(\d{1,2})[.)]|#(\d{1,2})[.:)]?)(?=\s{1,8}[A-Za-z])")
_SECOND = re.compile(r"2[.)]\s|#2")
_BREAK = re.compile(r"\S\n[ \t]*+(\S++)")
_SINGLE_BREAK = re.compile(r"\S[ \t]*+\n[ \t]*+\S")
_WIDTH = 50
_NARROWEST, _WIDEST = 30, 200
"""Characters of a line in capitals that may be one that was wrapped."""
_WORD = 12
_MOST = 20_000
"""Places of a section where a sentence may end that are looked at; what follows is left whole. No section has a
hundredth of it."""
_SHORT = 100_000
"""Characters up to which a text is an everyday one, of which more are remembered."""


# A sentence may end with a stop, or with a line before a bullet, a number, a capital or an empty line.
_END = re.compile(
    r"[.!?;\n](?:(?<=[.!?])(?<![.!?][.!?])[.!?]*+(?=[\s\"')\]*_<]|$|[A-Z])"
    rf"|(?<=\n)(?:[ \t\r]*(?=\n)|(?=[ \t]*(?:{_BULLET}|[A-Z])))"
    r"|(?<=;)\s+(?=\(?\d{1,2}[.)]\s))"
)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The words of ``sentences.toml``; ``tails`` are the last two letters of those that no full stop may follow."""

    abbreviations: frozenset[str]
    before_numbers: frozenset[str]
    units: frozenset[str]
    tails: frozenset[str]
    sizes: re.Pattern[str]
    answers: re.Pattern[str]
    wraps_after: frozenset[str]
    opens: frozenset[str]
    counted: frozenset[str]


@cache
def _rules() -> _Rules:
    told = {name: frozenset(words) for name, words in read_rules("rules/sentences").items()}
    return _Rules(
        **{
            name: told[name] for name in ("abbreviations", "before_numbers", "units", "wraps_after", "opens", "counted")
        },
        tails=frozenset(word[-2:] for name in ("abbreviations", "before_numbers", "units") for word in told[name])
        | {"..", ".m"},
        sizes=re.compile(rf"\s{{1,3}}(?:(?:{_any(told['sizes_go_on'])})\b|\(|\d(?!\d?[.)]))"),
        answers=re.compile(
            rf"(?:\s{{0,3}}\b(?i:{_any(told['answered_by'])})[ \t]?[:)-])?[ \t]{{0,3}}(?i:{_any(told['answers'])})"
            r"[ \t]*(?:[.;,\n]|$)"
        ),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class _Layout(NamedTuple):
    """How lines are set: the longest one, whether all are double-spaced, whether all letters are small."""

    longest: int
    spaced: bool
    small: bool


_ONE_LINE = _Layout(0, False, False)


def _layout(text: str) -> _Layout:
    return _Layout(max(map(len, text.split("\n"))), _SINGLE_BREAK.search(text) is None, text.islower())


def sentences(text: str, within: Span) -> tuple[Span, ...]:
    """The sentences of ``text`` inside ``within``, without bullets, list numbers or blanks around them.

    What stands beside ``within`` changes nothing.

    >>> text = "1. Small nodule. 2. No effusion."
    >>> [span.of(text) for span in sentences(text, Span(0, len(text)))]
    ['Small nodule.', 'No effusion.']
    """
    at = within.start
    return tuple([Span(span.start + at, span.end + at) for span in sentences_of(plain(text)[at : within.end])])


def sentences_of(text: str) -> tuple[Span, ...]:
    """The sentences of a text that is plain.

    The last texts are remembered: a part of a report is parted for its findings, its diagnoses and its teaching points.
    """
    return _parted(text) if len(text) <= _SHORT else _long_parted(text)


def _part(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    rules, layout = _rules(), _layout(text) if "\n" in text else _ONE_LINE
    start, tails = 0, rules.tails
    for match in islice(_END.finditer(text), _MOST):
        end = match.end()
        last = text[end - 1]
        if last in _STOPS:
            if (last == "?" or text[end - 3 : end - 1] in tails) and _no_end(text, start, end, rules):
                continue
            first = start + 1 if text[start] == " " else start
            if first < end and text[first].isalpha():  # most are so: one blank, then words
                found.append(Span(first, end))
                start = end
                continue
        elif text[match.start()] == "\n" and _goes_on(text, match, start, layout, rules):
            continue
        _append(found, text, start, end)
        start = end
    if start < len(text):
        _append(found, text, start, len(text))
    if "2" in text and _SECOND.search(text):
        found = list(_items(found, text, rules))
    if layout.small:
        found = [part for span in found for part in _lines(text, span, layout, rules)]
    return tuple(found)


_parted = lru_cache(maxsize=16)(_part)
_long_parted = lru_cache(maxsize=2)(_part)  # more of them would fill the memory


def _no_end(text: str, start: int, end: int, rules: _Rules) -> bool:
    """Whether the stop before ``end`` does not end the sentence from ``start``."""
    words = text[max(start, end - _WORD) : end - 1].split()
    word = words[-1].lstrip("(") if words and not text[end - 2].isspace() else ""
    following = text[end : end + _WORD].lstrip()[:1]
    if text[end - 1] == "?":  # "? nodule" asks, "Fracture? No" answers
        opens = following.isalpha() and text[start : end - 1].rstrip()[-1:] in _OPENED_BY
        asks = not word and (following.islower() or text[end : end + 1].isalnum() or opens)
        return asks or rules.answers.match(text, end) is not None
    if word in rules.abbreviations or (word in rules.before_numbers and following.isdigit()):
        return True
    if word in rules.units:
        return rules.sizes.match(text, end) is not None or (
            following.islower() and text[start:end].lstrip()[:1].isupper()
        )
    return "." in word and following.islower()


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    end = start + len(text[start:end].rstrip())
    if end > start:
        found.append(Span(start, end))


def _goes_on(text: str, match: re.Match[str], start: int, layout: _Layout, rules: _Rules) -> bool:
    """Whether the sentence from ``start`` goes on after a line's end: the line was only wrapped, or double-spaced."""
    place = match.start()
    line = text[max(start, place - _WIDTH) : place].rstrip()
    if line[-1:] == "?" and rules.answers.match(text, place):
        return True
    if not line or line[-1] in _STOPS:
        return False
    following = text[place : place + 2 * _WIDTH].lstrip()
    if text[match.end() : match.end() + 1] == "\n":  # an empty line
        full = _was_full(text, place, following, layout, rules)
        return layout.spaced and (full or (following[:1].islower() and not layout.small))
    if not following[:1].isupper():
        return False
    next_line = following.partition("\n")[0]
    if ":" in next_line:
        return False
    before, _, last = line[-_WORD:].rpartition(" ")
    answers = before.rstrip()[-1:] in (":", "?", "-") or (not before and text[start - 1 : start] == "\n")
    if line[-1] in ":," or (last.lower() in rules.wraps_after and not answers):
        return True
    return line.isupper() and _was_full(text, place, following, layout, rules)


def _was_full(text: str, place: int, following: str, layout: _Layout, rules: _Rules) -> bool:
    """Whether the next word had no room on a line that ends at ``place``, in words that all are of one case."""
    word = following.split(None, 1)[0] if following else ""
    width = place - text.rfind("\n", max(0, place - _WIDEST), place) - 1
    full = width >= _NARROWEST and width + len(word) >= layout.longest and word.lower() not in rules.opens
    return full and (word.isupper() or layout.small)


def _items(found: list[Span], text: str, rules: _Rules) -> Iterable[Span]:
    """The sentences, cut where the next number of a list stands in one or ends it: "1. Nodule 2. No effusion"."""
    cuts = list(_numbers(text, rules))
    place = 0
    for span in found:
        start = span.start
        while place < len(cuts) and cuts[place][0] < span.end:
            low, high = cuts[place]
            if low > start:
                yield from _trimmed(text, start, low)
            start = max(start, min(high, span.end))
            place += 1
        yield from _trimmed(text, start, span.end) if start > span.start else (span,)


def _numbers(text: str, rules: _Rules) -> Iterable[tuple[int, int]]:
    """Where the numbers of a list stand that counts from one."""
    number = 0
    for item in islice(_ITEM.finditer(text), _MOST):
        found = int(item[1] or item[2])
        before = text[max(0, item.start() - _WORD) : item.start()].split()
        if found == 1 or (found == number + 1 and before and before[-1].lower() not in rules.counted):
            number = found
            yield item.span()


def _lines(text: str, span: Span, layout: _Layout, rules: _Rules) -> Iterable[Span]:
    """A sentence in small letters, which tell nothing of where one begins, cut at the ends of lines that had room."""
    start = span.start
    for match in islice(_BREAK.finditer(text, span.start, span.end), _MOST):
        place = match.start() + 1
        last = text[max(start, place - _WORD) : place].split()[-1:] or [","]
        wrapped = last[0][-1] in ",:" or last[0] in rules.wraps_after
        if not wrapped and not _was_full(text, place, match[1], layout, rules):
            yield from _trimmed(text, start, place)
            start = match.start(1)
    yield from _trimmed(text, start, span.end) if start > span.start else (span,)


def _trimmed(text: str, start: int, end: int) -> Iterable[Span]:
    found: list[Span] = []
    if start < end:
        _append(found, text, start, end)
    return found
