"""The expressions that find a person's name by what stands around it: a title, a label, a degree, an age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nlp.rulebook import read_rules

_BLANKS = 30
_GAP = r"[ \t]{1,4}"
_INITIAL = r"[A-Z]\.?(?![\w'’])"
_YEARS = r"(?:years?|yrs?|y[./]?o|y)\b"
_LINE = r"(?:^[ \t]{0,8}|(?<=: ))"


def any_of(words: Iterable[str]) -> str:
    """An alternation of ``words``, the longest first; a blank in a word stands for blanks."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def bounded(expression: str, flags: int = 0) -> re.Pattern[str]:
    r"""``expression`` compiled with its ``\s*`` and ``\s+`` limited to thirty blanks.

    Two unlimited runs side by side cost quadratic time where a page of blanks follows a label.
    """
    return re.compile(expression.replace(r"\s*", f"\\s{{0,{_BLANKS}}}").replace(r"\s+", f"\\s{{1,{_BLANKS}}}"), flags)


def name_expressions() -> Iterator[re.Pattern[str]]:
    """Expressions whose group ``it``, else the whole match, is a name."""
    words = read_rules("rules/identifiers")
    yield from _capitalised(words)
    yield from _in_any_case(words)
    yield from _at_a_line_start(words)
    yield bounded(r"(?<![\w'-])[A-Z][A-Za-z'-]{1,40}\^[A-Z][A-Za-z'-]{0,40}(?:\^[A-Za-z'-]{0,40}){0,5}")


def _capitalised(words: Mapping[str, Sequence[str]]) -> Iterator[re.Pattern[str]]:
    """Names written with capitals, after a title or label or before a degree."""
    titles = {form for title in words["titles"] for form in (title.capitalize(), title.upper())} | {"dr", "doctor"}
    shouted = [word.upper() for word in words["not_names"]]
    name = _name([*words["not_names"], *shouted, *titles], words["particles"])
    degrees = any_of(words["degrees"])
    # "MR" and "MS" in capitals are an examination and a disease unless they stand before a name in capitals.
    title = rf"(?!M[RS]\b(?!\.?[ \t]{{1,4}}[A-Z]{{2}}))(?:{any_of(titles)})\b"
    # "DR CHEST" is digital radiography.
    person = rf"(?!DR[ \t]{{1,4}}(?i:{any_of([*words['not_people'], *words['not_names']])})\b){title}\.?(?:\s*:)?\s*"
    second = rf"(?:(?:,?\s+and|\s*&|,)\s+(?:(?i:Drs?|Mrs?|Ms)\.?\s+)?{name})?"
    yield bounded(rf"(?<![\w-]){person}(?P<it>{name}{second})")
    yield bounded(rf"\b(?i:{any_of(words['name_labels'])})(?:\s*:)?\s+(?:{title}\.?\s*)?(?P<it>{name})")
    yield bounded(rf"(?<!\w)(?i:{any_of(words['name_fields'])})\s*:\s*(?:{title}\.?\s*)?(?P<it>{name})")
    yield bounded(rf"(?<![\w.'’-])(?P<it>{name})(?=,?\s+(?:{degrees})(?!\w))")
    verbs = r"(?:is|was|has|had|presents|presented|with|who|returned|underwent|reports|complains|arrived|fell)"
    yield bounded(rf"\b[Pp](?:atient|t)\s+(?P<it>{name})(?=,?\s+{verbs}\b)")


def _name(not_names: Iterable[str], particles: Iterable[str]) -> str:
    """Up to four capitalised words, initials and particles, or "Last, First M."; none of ``not_names``."""
    word = rf"(?=[A-ZÀ-Þ])(?!(?:{any_of(not_names)})\b)[A-ZÀ-Þ](?:[\w'’À-ÿ]|-(?=\w)){{1,40}}"
    particle = rf"(?:{any_of(particles)})"
    part = rf"(?:{word}|{_INITIAL})"
    return (
        rf"(?:{_INITIAL}{_GAP}){{0,2}}(?:{particle}{_GAP}){{0,2}}{word}"
        rf"(?:,[ \t]{{0,4}}{word}(?:{_GAP}{_INITIAL})?|(?:{_GAP}(?:{particle}{_GAP}){{0,2}}{part}){{0,3}})?"
    )


def _in_any_case(words: Mapping[str, Sequence[str]]) -> Iterator[re.Pattern[str]]:
    """Names written small, where a title or label leaves no doubt: up to three words, ending before a verb."""
    ends = any_of([*words["not_names"], *words["not_people"], *words["name_ends"]])
    word = rf"(?=[^\W\d_])(?!(?i:{ends})(?![\w'’]|-\w))(?i:[a-zà-ÿ])(?:[\w'’À-ÿ]|-(?=\w)){{1,40}}"
    # Nobody lists every verb: after a first word, one in -ed ends the name.
    next_word = rf"(?!(?i:\w{{3,20}}ed)\b){word}"
    particle = rf"(?:(?i:{any_of(words['particles'])}){_GAP}){{0,2}}"
    initials = r"(?:(?i:[a-z])\.[ \t]{0,4}){0,2}"
    name = rf"{initials}{particle}{word}(?:{_GAP}{initials}{particle}{next_word}){{0,2}}"
    # "mr" alone is an examination and "MS." may end a sentence; "dr" alone is nearly always a person.
    title = r"(?:(?i:drs?|mrs|prof)\b\.?|(?:[Mm]r|[Mm]s)\.)"
    yield bounded(rf"(?<![\w'’-]){title}[ \t]{{0,4}}(?P<it>{name}(?:(?:,?\s+and|\s*&)\s+(?:{title}\s+)?{name})?)")
    listed = rf"{word},[ \t]{{0,4}}{word}(?:{_GAP}(?i:[a-z])\b\.?)?"
    field = rf"(?i:{any_of(words['sure_name_fields'])})"
    yield bounded(rf"(?<!\w){field}\s*:\s*(?:{title}\s*)?(?P<it>{listed}|{name})")
    label = rf"(?i:{any_of(words['signing_labels'])})"
    yield bounded(rf"\b{label}(?:\s*:)?\s+(?:{title}\s*)?(?P<it>{listed}|{name})")


def _at_a_line_start(words: Mapping[str, Sequence[str]]) -> Iterator[re.Pattern[str]]:
    """Names that begin a line or follow a heading, before an age, a sex or a record number."""
    not_names = any_of([*words["not_names"], *words["not_people"], *words["name_ends"], *words["titles"]])
    word = rf"(?=[A-ZÀ-Þ])(?!(?i:{not_names})(?![\w'’]|-\w))[A-ZÀ-Þ](?:[\w'’À-ÿ]|-(?=\w)){{1,40}}"
    middle = rf"(?:{_GAP}(?:{_INITIAL}|{word}))?"
    age = rf"\(?\d{{1,3}}[ \t]{{0,2}}(?:[-/]?[ \t]{{0,2}}{_YEARS}|[-/]?[MF]\b|(?:male|female)\b)"
    sign = rf"(?:(?i:{age})|[MF]\b|[MF]/\d|(?i:male|female|mrn|dob|d\.o\.b|date of birth|medical record|age)\b)"
    yield bounded(rf"{_LINE}(?P<it>{word},[ \t]{{0,4}}{word}{middle})(?=[ \t]{{0,4}}[,;(/-]?[ \t]{{0,4}}{sign})", re.M)
    plain = rf"{word}{middle}{_GAP}{word}"
    spoken = rf"(?:,[ \t]{{0,4}}|{_GAP}(?:is|was)[ \t]{{1,4}}an?[ \t]{{1,4}})"
    yield bounded(rf"{_LINE}(?P<it>{plain})(?={spoken}(?i:{age}))", re.M)
