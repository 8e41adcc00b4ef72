"""Takes out of a report what its source says beside it: the author's and patient's names, the study's numbers.

``nlp.scrub`` finds a name by what stands around it. Here the name is known, so it goes wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nlp.folding import folded
from nlp.known_words import common_words, no_names, telling_words

FEWEST_LETTERS = 3
"""Shorter parts of a name are initials, and words such as "no"."""

FEWEST_SIGNS = 4
"""A shorter number would take measurements out of the text."""

MASK = "█"

_PART = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBER = re.compile(r"[\w./-]+")
_LONG_NUMBER = re.compile(r"[0-9]{6,}")
_BESIDE = re.compile(r"[,.^ \t]{0,3}")
_IN_ONE_BREATH = re.compile(r"[,^ \t]{0,2}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\]])[ \t\r\n\"'(*-]*$")
_MARK_BEFORE = re.compile(r"\[name\]([,.^ \t]{0,3})$")
_MARK_AFTER = re.compile(r"([,.^ \t]{0,3})\[name\]")
_REACH = 40
_APOSTROPHE = re.compile("['’‘ʼ`´′＇]")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"}
_SPELT_OUT = re.compile("(?<=[^aeiou])(?:ae|oe|ue)")


class _Piece(NamedTuple):
    """Characters ``start`` to ``end`` of a text that go, and what stands there instead."""

    start: int
    end: int
    mark: str


def without_known(text: str, known: Iterable[str]) -> str:
    """``text`` with "[name]" and "[id]" in the place of every name and number in ``known``.

    A name is known as its source writes it: "Last^First", "First Last MD". Its parts of three letters and more go
    as whole words, whatever their case, accents, apostrophes, hyphens and breaks at a line's end. A part that is a
    common word ("Hill", "Young") goes where another part of the name stands beside it, or where it has a capital
    inside a sentence; at a sentence's start, or where the whole line is in capitals, it is taken for the word. A word
    that a report's meaning hangs on ("Absent", "Without") goes with a capital beside another part alone. Numbers
    (patient, accession, study) of four signs and more go as a whole.

    >>> without_known("Hill sign absent. Seen by jane HILL; agreed with Hill.", ["HILL^JANE"])
    'Hill sign absent. Seen by [name] [name]; agreed with [name].'
    """
    parts, start = list[str](), 0
    for piece in _pieces(text, known):
        parts += (text[start : piece.start], piece.mark)
        start = piece.end
    return "".join([*parts, text[start:]])


def masked(text: str, known: Iterable[str]) -> str:
    """As ``without_known``, with a block for each letter and digit that goes: what is left keeps its place."""
    parts, start = list[str](), 0
    for piece in _pieces(text, known):
        hidden = (MASK if letter.isalnum() else letter for letter in text[piece.start : piece.end])
        parts += (text[start : piece.start], *hidden)
        start = piece.end
    return "".join([*parts, text[start:]])


def _pieces(text: str, known: Iterable[str]) -> list[_Piece]:
    """What goes, in reading order; no two overlap."""
    plain, places = folded(text)
    found: list[_Piece] = []
    for words in known:
        of = _patterns(words)
        for pattern in (of.numbers, of.digits):
            found += (_Piece(*span, "[id]") for span in _spans(pattern, plain, places))
        sure = [_Piece(*span, "[name]") for span in _spans(of.names, plain, places)]
        doubtful = list(_spans(of.doubtful, plain, places))
        found += [*sure, *_meant(text, sure, doubtful)]
    kept: list[_Piece] = []
    for piece in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _spans(pattern: re.Pattern[str] | None, plain: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    if pattern:
        at = places if isinstance(places, (list, range)) else list(places)
        for match in pattern.finditer(plain):
            yield at[match.start()], at[match.end() - 1] + 1


def _meant(text: str, sure: list[_Piece], doubtful: list[tuple[int, int]]) -> list[_Piece]:
    """Of common words those that are meant as the name: what stands beside a part of it is one itself."""
    lines = _Lines(text)
    meant: dict[tuple[int, int], _Piece] = {}
    for backward in (False, True):  # a name's parts follow each other either way round
        spans = sorted([*((piece.start, piece.end, True) for piece in sure), *((*span, False) for span in doubtful)])
        last: tuple[int, int] | None = None
        for start, end, is_sure in reversed(spans) if backward else spans:
            if not is_sure and (start, end) not in meant and not _is_name(text, start, end, last, backward, lines):
                continue
            if not is_sure:
                meant[(start, end)] = _Piece(start, end, "[name]")
            last = (start, end)
    return list(meant.values())


class _Lines:
    """Tells of the line last asked for whether it has small letters; asked in order, each line is read once."""

    def __init__(self, text: str) -> None:
        self._text, self._start, self._end, self._small = text, 0, -1, False

    def has_small(self, place: int) -> bool:
        if not self._start <= place <= self._end:
            self._start = self._text.rfind("\n", 0, place) + 1
            end = self._text.find("\n", place)
            self._end = len(self._text) if end < 0 else end
            self._small = any(map(str.islower, self._text[self._start : self._end]))
        return self._small


def _is_name(text: str, start: int, end: int, last: tuple[int, int] | None, backward: bool, lines: _Lines) -> bool:
    word, telling = text[start:end], _plain(text[start:end]) in telling_words()
    short = len(word) < FEWEST_LETTERS
    between = _between(text, start, end, last, backward)
    beside = between is not None and (_IN_ONE_BREATH if telling or short else _BESIDE).fullmatch(between) is not None
    if telling:
        return beside and word.istitle()
    if beside or short:
        return beside and (word[0].isupper() or not short)
    starts = _SENTENCE_START.search(text[max(0, start - _REACH) : start]) is not None
    return not (word.islower() or starts or not lines.has_small(start))


def _between(text: str, start: int, end: int, last: tuple[int, int] | None, backward: bool) -> str | None:
    """What parts a word from a part of the name next to it, or from a mark that stands for one."""
    if last:
        between = text[end : last[0]] if backward else text[last[1] : start]
        if len(between) <= 3:
            return between
    mark = _MARK_BEFORE.search(text, max(0, start - 10), start) or _MARK_AFTER.match(text, end)
    return mark[1] if mark else None


class _Patterns(NamedTuple):
    """What a person or study goes by: numbers, long ones digit by digit, names, and names that are words too."""

    numbers: re.Pattern[str] | None
    digits: re.Pattern[str] | None
    names: re.Pattern[str] | None
    doubtful: re.Pattern[str] | None


@lru_cache(maxsize=4096)
def _patterns(words: str) -> _Patterns:
    words = _APOSTROPHE.sub("-", words)
    tokens = _NUMBER.findall(words)
    numbers = [token for token in tokens if len(token) >= FEWEST_SIGNS and any(map(str.isdigit, token))]
    long = dict.fromkeys(number.lstrip("0") for token in tokens for number in _LONG_NUMBER.findall(token))
    rest = _NUMBER.sub(lambda match: " " if any(map(str.isdigit, match[0])) else match[0], words)
    parts = dict.fromkeys(part for spelling in (rest, _spelt_out(rest)) for part in _parts(folded(spelling)[0]))
    named = [part for part in parts if part not in no_names()]
    small = [part for part in dict.fromkeys(_PART.findall(_plain(rest))) if len(part) == FEWEST_LETTERS - 1]
    doubtful = [part for part in named if part in common_words() or part in telling_words()]
    doubtful += [part for part in small if part not in no_names()]
    sure = [part for part in named if part not in doubtful]
    return _Patterns(
        _any([re.escape(_plain(number)) for number in numbers], r"(?<![^\W_])(?<!\[)", r"(?![^\W_])(?!\])"),
        _any(["0*" + "[-. ]?".join(number) for number in long if number], r"(?<!\d)", r"(?!\d)"),
        _any([_spaced(part) for part in sure], r"(?<!\[)(?<![^\W\d_])", r"(?![^\W\d_])(?!\])", doubtful),
        _any([_spaced(part) for part in doubtful], r"(?<!\[)(?<![^\W\d_])", r"(?![^\W\d_])(?!\])"),
    )


def _parts(plain: str) -> Iterator[str]:
    """The parts of a name, and the parts of each that a hyphen joins."""
    for part in _PART.findall(plain):
        for one in (part, *part.split("-"), _without_umlauts(part)):
            if len(one.replace("-", "")) >= FEWEST_LETTERS:
                yield one


def _spelt_out(words: str) -> str:
    """ "Mueller" for "Müller"."""
    return "".join(_UMLAUTS.get(letter, letter) for letter in words.lower())


def _without_umlauts(part: str) -> str:
    """ "Muller" for "Mueller", as "Müller" reads once it is folded; "" where that is a word."""
    plain = _SPELT_OUT.sub(lambda match: match[0][0], part)
    return "" if plain == part or len(plain) <= FEWEST_LETTERS or plain in common_words() | telling_words() else plain


def _plain(word: str) -> str:
    return folded(word)[0]


def _spaced(part: str) -> str:
    """A hyphen or apostrophe in a name is typed as one, as a blank, or not at all."""
    return re.escape(part).replace(r"\-", r"[-\s]?")


def _any(patterns: list[str], before: str, after: str, joined: Sequence[str] = ()) -> re.Pattern[str] | None:
    """Any of them as a whole word; several written as one, also with ``joined``. No way back: it stays linear."""
    if not patterns:
        return None
    choice = _choice(patterns)
    more = _choice([*patterns, *map(re.escape, joined)])
    first = f"(?:{_choice(list(map(re.escape, joined)))})*+" if joined else ""
    return re.compile(f"{before}(?:(?:{choice}){after}|(?>{first}(?:{choice})(?:{more})*+){after})")


def _choice(patterns: list[str]) -> str:
    return "|".join(sorted(patterns, key=len, reverse=True))
