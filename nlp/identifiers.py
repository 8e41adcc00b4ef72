"""The patterns of the 18 HIPAA identifiers (45 CFR 164.514(b)(2)) that rules can find in a report.

Every repeat that another could share has an upper bound: a long run of blanks, hyphens or capitals costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from models.report import Span
from nlp.names import any_of, bounded, name_expressions
from nlp.rulebook import read_rules

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_TIME = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_NOT_PART = r"(?<![\w./-])"


_DIGIT = re.compile(r"\d")
_WITH_DIGITS = frozenset({"age", "birth_date", "date", "id", "ip", "phone", "ssn", "zip"})
"""Kinds none of which is without a digit: most texts have none, and need not be searched for them."""


class Pattern(NamedTuple):
    """What group ``it`` (else the whole match) of ``expression`` matches is an identifier of ``kind``."""

    kind: str
    expression: re.Pattern[str]


def identifiers(text: str) -> Iterator[tuple[str, Span]]:
    """(kind, place) of every identifier the patterns find; places may overlap."""
    for kind, expression in patterns() if _DIGIT.search(text) else _without_digits():
        group = "it" if "it" in expression.groupindex else 0
        for match in expression.finditer(text):
            if match.end(group) > match.start(group):
                yield kind, Span(match.start(group), match.end(group))


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, compiled once."""
    return (*_contacts(), *_dates(), *_numbers(), *_addresses(), *_institutions(), *_names())


@cache
def _without_digits() -> tuple[Pattern, ...]:
    """The patterns that may match a text without a digit."""
    return tuple(pattern for pattern in patterns() if pattern.kind not in _WITH_DIGITS)


def _contacts() -> Iterator[Pattern]:
    yield Pattern("email", bounded(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"))
    rest = r"[^\s<>\[\]]{0,500}[^\s<>\[\].,;:)]"
    yield Pattern("url", bounded(rf"(?:https?://|ftp://|www\.){rest}", re.I))
    yield Pattern(
        "url",
        bounded(rf"(?<![\w.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:com|org|net|edu|gov)\b(?:/{rest})?", re.I),
    )
    yield Pattern("ip", bounded(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]{0,8}\d)"))
    number = (
        r"(?:\+?\d{1,2}[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?:\s*(?:x|ext\.?|extension)\s*\d{1,6})?"
    )
    yield Pattern("phone", bounded(rf"(?<![\w.-]){number}(?![\w-])", re.I))
    yield Pattern("phone", bounded(r"(?<![\w.-])\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}(?!\w)"))
    label = r"(?:phone|telephone|tel|fax|pager|mobile|cell|beeper|ext|extension|paged at|call(?:ed)?(?: back)? at)"
    yield Pattern(
        "phone",
        bounded(rf"\b{label}\.?(?: number| no\.?)?(?:\s*[:#])?\s*(?P<it>\+?\d[\d\s().-]{{2,18}}\d)(?!\w)", re.I),
    )
    yield Pattern("phone", bounded(r"(?<![\w./-])\d{3}-\d{4}(?![\w-])"))
    yield Pattern("ssn", bounded(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"))
    yield Pattern(
        "ssn",
        bounded(r"\b(?:ssn|social security(?: number| no\.?)?)(?:\s*[:#])?\s*(?P<it>[\d*Xx][\d*Xx -]{2,12}\d)", re.I),
    )


def _dates() -> Iterator[Pattern]:
    # A birth date loses its year too: it would tell an age over 89.
    birth = r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on| in)?)(?:\s*[:#-])?\s*"
    yield Pattern("birth_date", bounded(rf"{birth}(?P<it>(?:{_MONTH}|\d)[\w/., -]{{0,18}}\d{{2}})(?!\w)", re.I))
    for form in (
        rf"{_NOT_PART}{_DAY}(?P<s>[/-]){_DAY}(?P=s)(?:{_YEAR}|\d\d){_TIME}(?![\w/-]|\.\d)",
        rf"{_NOT_PART}{_YEAR}[/.-]{_DAY}[/.-]{_DAY}{_TIME}(?![\w/-]|\.\d)",
        rf"{_NOT_PART}{_DAY}\.{_DAY}\.{_YEAR}(?![\w/-]|\.\d)",
        rf"{_NOT_PART}(?:{_DAY}\.(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])\.{_DAY})\.\d\d(?![\w/-]|\.\d| ?[mc]m)",
        rf"(?<![\w.-]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\w-]|\.\d)",
        rf"{_NOT_PART}{_DAY}[ -]{_MONTH}[ ,-]{{0,4}}(?:{_YEAR}|\d\d)?(?!\w)(?! ?(?:mm|cm))",
        rf"\b{_MONTH}\.?,?\s+{_YEAR}\b",
        rf"{_NOT_PART}(?:0?[1-9]|1[0-2])/{_YEAR}(?![\w/-])",
    ):
        yield Pattern("date", bounded(form, re.I))
    # "may 3 mm" in lower case is no date, so a month and a day without a year must be capitalised.
    day = rf"{_DAY}(?:st|nd|rd|th)?"
    unit = r"(?!\w|[./]\d|\s*(?:mm|cm|x\s*\d|percent|%|weeks?|months?|days?|years?|hours?))"
    yield Pattern("date", bounded(rf"\b(?=[A-Z])(?i:{_MONTH})\.?\s+{day}(?:\s*,?\s*{_YEAR})?{unit}"))
    yield Pattern("date", bounded(rf"\b{_MONTH}\.?\s+{day},?\s+{_YEAR}\b", re.I))
    yield Pattern(
        "date", bounded(rf"\b(?:the\s+)?{_DAY}(?:st|nd|rd|th)\s+(?:of\s+)?{_MONTH}(?:\s*,?\s*{_YEAR})?\b", re.I)
    )
    on = r"\b(?:on|dated|from|since|of|dob|date|exam|study|performed|done|prior|comparison|compared to)(?:\s*:)?\s*"
    yield Pattern("date", bounded(rf"{on}(?P<it>(?:0?[1-9]|1[0-2])/{_DAY})(?![\w/-]|\.\d)", re.I))
    over_89 = r"(?:9\d|1[0-2]\d)"
    yield Pattern("age", bounded(rf"(?<![\w.])(?P<it>{over_89})(?=\s*-?\s*(?:years?|yrs?|y[./]?o|yo)\b)", re.I))
    yield Pattern("age", bounded(rf"(?<![\w.])(?P<it>{over_89})(?=\s?(?:M|F|male|female|man|woman)\b)"))
    yield Pattern("age", bounded(rf"\b(?:aged?|age of)(?:\s*:)?\s*(?P<it>{over_89})(?![\w.]?\d)\b", re.I))


def _numbers() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    value = r"(?P<it>(?=[\w./-]{0,40}\d)[A-Za-z]{0,6}[\w./-]{2,40}\w)"
    linking = r"(?:\s*(?:number|no\.?|num|#|id|is|=|:|-)){0,6}\s*"
    yield Pattern("id", bounded(rf"(?<!\w)(?:{any_of(words['number_labels'])})(?![A-Za-z]){linking}{value}", re.I))
    yield Pattern(
        "id", bounded(rf"\b(?:{any_of(words['number_fields'])})\s*(?:number|no\.?|#|id)?\s*[:#]\s*#?{value}", re.I)
    )
    yield Pattern(
        "id", bounded(r"(?<![\w.-])(?<!PMID: )(?<!PMID )(?:[A-Z]{1,4}-?)?\d{6,40}(?:-\d{1,20}){0,6}(?![\w]|\.\d)")
    )
    yield Pattern("id", bounded(r"(?<![\w.])[0-2](?:\.\d{1,40}){5,30}"))
    yield Pattern("id", bounded(r"(?<![\w.])(?=[A-HJ-NPR-Z]{0,16}\d)(?=\d{0,16}[A-HJ-NPR-Z])[A-HJ-NPR-Z\d]{17}(?!\w)"))


def _addresses() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    words_of_street = r"(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w'.-]{0,30}\s+){1,4}"
    street = rf"\d{{1,6}}[A-Za-z]?\s+{words_of_street}(?:{any_of(words['street_ends'])})\b\.?"
    unit = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Floor|#)\.?\s*#?\w{1,12})?"
    town = r"(?:,?\s+(?:[A-Z][a-z'.-]{1,30}\s?){1,3},?\s+[A-Z]{2}\.?(?:\s+\d{5}(?:-\d{4})?)?)?"
    yield Pattern("address", bounded(street + unit + town))
    yield Pattern("address", bounded(r"\bP\.?\s?O\.?\s+Box\s+\d{1,12}", re.I))
    yield Pattern(
        "address",
        bounded(r"\b(?:[A-Z][a-z'.-]{1,30}\s){0,2}[A-Z][a-z'.-]{1,30},?\s+[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?(?![\w-])"),
    )
    yield Pattern(
        "zip",
        bounded(
            r"\b(?:zip(?:\s?code)?|postal code|postcode)(?:\s*[:#])?\s*"
            r"(?P<it>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)",
            re.I,
        ),
    )
    yield Pattern("zip", bounded(r"(?<![\w.-])\d{5}-\d{4}(?![\w-])"))
    place = r"(?:\d{1,6}\s+)?(?:[A-Z][\w'.-]{1,30}\s?){1,4}(?:,\s*[A-Z][\w'.-]{1,30}(?:\s[A-Z][\w'.-]{1,30})?)?"
    yield Pattern("address", bounded(rf"\b(?i:{any_of(words['residence'])})(?:\s*:)?\s*(?P<it>{place})"))


def _institutions() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    not_first = rf"(?!(?:{any_of([*words['not_institutions'], *words['not_names']])})\b)"
    word = r"(?:[A-Z][\w'’&-]{0,30}|St\.|of|the|at|and|&)"
    ends = rf"(?:{any_of(words['institution_ends'])})(?:\s+(?:Hospital|Medical Center|Clinic|Center))?\b"
    named = rf"{not_first}\b[A-Z][\w'’&-]{{0,30}}\s+(?:{word}\s+){{0,5}}?{ends}"
    yield Pattern("institution", bounded(rf"(?<![\w\[])(?:St\.\s+)?{named}"))
    yield Pattern("institution", bounded(r"\bUniversity\s+of\s+[A-Z]\w{1,30}(?:\s+[A-Z]\w{1,30}){0,2}"))
    field = (
        rf"(?:^|(?<=\n)|(?<=[.;,]\s))[ \t]{{0,8}}(?i:{any_of(words['institution_fields'])})[ \t]{{0,8}}:[ \t]{{0,30}}"
    )
    yield Pattern("institution", bounded(rf"{field}(?P<it>[A-Z][^\n:;,.\[]{{2,60}}[A-Za-z])"))


def _names() -> Iterator[Pattern]:
    yield from (Pattern("name", expression) for expression in name_expressions())
