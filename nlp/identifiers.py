"""Finds the 18 HIPAA identifiers (45 CFR 164.514(b)(2)) that rules can find in a report.

A text is read once, word by word and number by number; an expression is tried only where its first word or sign stands.
Every repeat that another could share has an upper bound: a long run of blanks, hyphens or capitals costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from models.report import Span
from nlp.addresses import shaped_places, worded_places
from nlp.contacts import contacts
from nlp.dates import date_numbers, date_words
from nlp.misread import read_as_digits
from nlp.name_words import Words, words_of
from nlp.named_places import named_places
from nlp.numbers import labelled_numbers, shaped_numbers
from nlp.patterns import Pattern
from nlp.persons import persons
from nlp.signatures import signed_names, typists

_NUMBER = re.compile(
    r"(?<![^\W_])(?:[(+{](?=[(+]?\d)|(?=[A-Za-z_]{0,8}[A-Za-z_/:-]{0,4}\d|[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-])\w)"
)


def identifiers(text: str) -> Iterator[tuple[str, Span]]:
    """(kind, place) of every identifier found; places may overlap."""
    plain = read_as_digits(text)
    words = words_of(plain)
    for read in (text, plain) if plain is not text else (text,):
        yield from _at_words(read, words)
        yield from _at_numbers(read)
        for needs, pattern in _network():
            if needs.search(read):
                yield from _all(pattern, read)
    yield from (("name", span) for span in persons(words))
    yield from (("name", span) for span in signed_names(words))
    yield from (("name", span) for span in typists(plain))
    yield from (("name", Span(match.start(), match.end())) for match in _CARETS.finditer(plain))
    yield from named_places(words)


_CARETS = re.compile(
    r"(?<![\w'-])[^\W\d_](?:[^\W\d_]|['-]){1,40}(?: [^\W\d_](?:[^\W\d_]|['-]){1,40})?\^(?:[^\W\d_]|['-]){1,40}(?:\^"
    r"(?:[^\W\d_]|['-]){0,40}){0,5}"
)


def _at_words(text: str, words: Words) -> Iterator[tuple[str, Span]]:
    firsts = _first_words()
    for at, low in enumerate(words.lows):
        # "ninety-one-year-old" is one word.
        for pattern in firsts.get(low) or (firsts.get(low.partition("-")[0], ()) if "-" in low else ()):
            yield from _match(pattern, text, words.starts[at])


def _at_numbers(text: str) -> Iterator[tuple[str, Span]]:
    by_digit, by_letter = _shapes()
    end = 0
    for start in _NUMBER.finditer(text):
        # Within what goes already nothing is looked for: what is left of it is found once that is gone.
        if start.start() < end:
            continue
        for pattern in by_letter if text[start.start()].isalpha() or text[start.start()] in "({_" else by_digit:
            for kind, span in _match(pattern, text, start.start()):
                end = max(end, span.end)
                yield kind, span


def _match(pattern: Pattern, text: str, start: int) -> Iterator[tuple[str, Span]]:
    match = pattern.expression.match(text, start)
    if match:
        yield pattern.kind, _place(match)


def _all(pattern: Pattern, text: str) -> Iterator[tuple[str, Span]]:
    return ((pattern.kind, _place(match)) for match in pattern.expression.finditer(text))


def _place(match: re.Match[str]) -> Span:
    group = "it" if "it" in match.re.groupindex else 0
    return Span(match.start(group), match.end(group))


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, compiled once."""
    worded = (pattern for group in _first_words().values() for pattern in group)
    return tuple(dict.fromkeys((*worded, *_shapes()[0], *_shapes()[1], *(pattern for _, pattern in _network()))))


@cache
def _first_words() -> Mapping[str, tuple[Pattern, ...]]:
    """The patterns that begin with a word, by that word."""
    groups: dict[str, list[Pattern]] = {}
    for source in (date_words, labelled_numbers, worded_places):
        for firsts, pattern in source():
            for first in firsts.split("|"):
                groups.setdefault(first, []).append(pattern)
    return {first: tuple(group) for first, group in groups.items()}


@cache
def _shapes() -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]]:
    """The patterns that begin with a digit, and those that may begin with a letter or bracket as well."""
    numbers, places = tuple(shaped_numbers()), tuple(shaped_places())
    return (*date_numbers(), *numbers, *places), (*numbers, *places)


@cache
def _network() -> tuple[tuple[re.Pattern[str], Pattern], ...]:
    return tuple(contacts())
