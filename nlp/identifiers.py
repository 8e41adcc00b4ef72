"""The patterns of the 18 HIPAA identifiers (45 CFR 164.514(b)(2)) that rules can find in a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from models.report import Span
from nlp.rulebook import read_rules

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_TIME = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_NOT_PART = r"(?<![\w./-])"


class Pattern(NamedTuple):
    """What group ``it`` (else the whole match) of ``expression`` matches is an identifier of ``kind``."""

    kind: str
    expression: re.Pattern[str]


def identifiers(text: str) -> Iterator[tuple[str, Span]]:
    """(kind, place) of every identifier the patterns find; places may overlap."""
    for kind, expression in _patterns():
        group = "it" if "it" in expression.groupindex else 0
        for match in expression.finditer(text):
            if match.end(group) > match.start(group):
                yield kind, Span(match.start(group), match.end(group))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@cache
def _patterns() -> tuple[Pattern, ...]:
    return (*_contacts(), *_dates(), *_numbers(), *_addresses(), *_institutions(), *_names())


def _contacts() -> Iterator[Pattern]:
    yield Pattern("email", re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"))
    rest = r"[^\s<>\[\]]*[^\s<>\[\].,;:)]"
    yield Pattern("url", re.compile(rf"(?:https?://|ftp://|www\.){rest}", re.I))
    yield Pattern(
        "url",
        re.compile(rf"(?<![\w.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:com|org|net|edu|gov)\b(?:/{rest})?", re.I),
    )
    yield Pattern("ip", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"))
    number = (
        r"(?:\+?\d{1,2}[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?:\s*(?:x|ext\.?|extension)\s*\d{1,6})?"
    )
    yield Pattern("phone", re.compile(rf"(?<![\w.-]){number}(?![\w-])", re.I))
    yield Pattern("phone", re.compile(r"(?<![\w.-])\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}(?!\w)"))
    label = r"(?:phone|telephone|tel|fax|pager|mobile|cell|beeper|ext|extension|paged at|call(?:ed)?(?: back)? at)"
    yield Pattern(
        "phone", re.compile(rf"\b{label}\.?(?: number| no\.?)?\s*[:#]?\s*(?P<it>\+?\d[\d\s().-]{{2,18}}\d)(?!\w)", re.I)
    )
    yield Pattern("phone", re.compile(r"(?<![\w./-])\d{3}-\d{4}(?![\w-])"))
    yield Pattern("ssn", re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"))
    yield Pattern(
        "ssn",
        re.compile(r"\b(?:ssn|social security(?: number| no\.?)?)\s*[:#]?\s*(?P<it>[\d*Xx][\d*Xx -]{2,12}\d)", re.I),
    )


def _dates() -> Iterator[Pattern]:
    # A birth date loses its year too: it would tell an age over 89.
    birth = r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on| in)?)\s*[:#-]?\s*"
    yield Pattern("birth_date", re.compile(rf"{birth}(?P<it>(?:{_MONTH}|\d)[\w/., -]{{0,18}}\d{{2}})(?!\w)", re.I))
    for form in (
        rf"{_NOT_PART}{_DAY}(?P<s>[/-]){_DAY}(?P=s)(?:{_YEAR}|\d\d){_TIME}(?![\w/-]|\.\d)",
        rf"{_NOT_PART}{_YEAR}[/.-]{_DAY}[/.-]{_DAY}{_TIME}(?![\w/-]|\.\d)",
        rf"{_NOT_PART}{_DAY}\.{_DAY}\.{_YEAR}(?![\w/-]|\.\d)",
        rf"(?<![\w.-]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\w-]|\.\d)",
        rf"{_NOT_PART}{_DAY}[ -]{_MONTH}[ ,-]*(?:{_YEAR}|\d\d)?(?!\w)(?! ?(?:mm|cm))",
        rf"\b{_MONTH}\.?,?\s+{_YEAR}\b",
        rf"{_NOT_PART}(?:0?[1-9]|1[0-2])/{_YEAR}(?![\w/-])",
    ):
        yield Pattern("date", re.compile(form, re.I))
    # "may 3 mm" in lower case is no date, so a month and a day without a year must be capitalised.
    day = rf"{_DAY}(?:st|nd|rd|th)?"
    unit = r"(?!\w|[./]\d|\s*(?:mm|cm|x\s*\d|percent|%|weeks?|months?|days?|years?|hours?))"
    yield Pattern("date", re.compile(rf"\b(?=[A-Z])(?i:{_MONTH})\.?\s+{day}(?:\s*,?\s*{_YEAR})?{unit}"))
    yield Pattern("date", re.compile(rf"\b{_MONTH}\.?\s+{day},?\s+{_YEAR}\b", re.I))
    yield Pattern(
        "date", re.compile(rf"\b(?:the\s+)?{_DAY}(?:st|nd|rd|th)\s+(?:of\s+)?{_MONTH}(?:\s*,?\s*{_YEAR})?\b", re.I)
    )
    on = r"\b(?:on|dated|from|since|of|dob|date|exam|study|performed|done|prior|comparison|compared to)\s*:?\s*"
    yield Pattern("date", re.compile(rf"{on}(?P<it>(?:0?[1-9]|1[0-2])/{_DAY})(?![\w/-]|\.\d)", re.I))
    over_89 = r"(?:9\d|1[0-2]\d)"
    yield Pattern("age", re.compile(rf"(?<![\w.])(?P<it>{over_89})(?=\s*-?\s*(?:years?|yrs?|y[./]?o|yo)\b)", re.I))
    yield Pattern("age", re.compile(rf"(?<![\w.])(?P<it>{over_89})(?=\s?(?:M|F|male|female|man|woman)\b)"))
    yield Pattern("age", re.compile(rf"\b(?:aged?|age of)\s*:?\s*(?P<it>{over_89})(?![\w.]?\d)\b", re.I))


def _numbers() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    value = r"(?P<it>(?=[\w./-]{0,40}\d)[A-Za-z]{0,6}[\w./-]{2,40}\w)"
    linking = r"(?:\s*(?:number|no\.?|num|#|id|is|=|:|-))*\s*"
    yield Pattern("id", re.compile(rf"(?<!\w)(?:{_any(words['number_labels'])})(?![A-Za-z]){linking}{value}", re.I))
    yield Pattern(
        "id", re.compile(rf"\b(?:{_any(words['number_fields'])})\s*(?:number|no\.?|#|id)?\s*[:#]\s*#?{value}", re.I)
    )
    yield Pattern(
        "id", re.compile(r"(?<![\w.-])(?<!PMID: )(?<!PMID )(?:[A-Z]{1,4}-?)?\d{6,}(?:-\d+){0,6}(?![\w]|\.\d)")
    )
    yield Pattern("id", re.compile(r"(?<![\w.])[0-2](?:\.\d+){5,30}"))
    yield Pattern("id", re.compile(r"(?<![\w.])(?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z\d]{17}(?!\w)"))


def _addresses() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    street = (
        rf"\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w'.-]*\s+){{1,4}}(?:{_any(words['street_ends'])})\b\.?"
    )
    unit = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Floor|#)\.?\s*#?\w+)?"
    town = r"(?:,?\s+(?:[A-Z][a-z'.-]+\s?){1,3},?\s+[A-Z]{2}\.?(?:\s+\d{5}(?:-\d{4})?)?)?"
    yield Pattern("address", re.compile(street + unit + town))
    yield Pattern("address", re.compile(r"\bP\.?\s?O\.?\s+Box\s+\d+", re.I))
    yield Pattern(
        "address",
        re.compile(r"\b(?:[A-Z][a-z'.-]+\s){0,2}[A-Z][a-z'.-]+,?\s+[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?(?![\w-])"),
    )
    yield Pattern(
        "zip",
        re.compile(
            r"\b(?:zip(?:\s?code)?|postal code|postcode)\s*[:#]?\s*(?P<it>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)",
            re.I,
        ),
    )
    yield Pattern("zip", re.compile(r"(?<![\w.-])\d{5}-\d{4}(?![\w-])"))
    place = r"(?:\d+\s+)?(?:[A-Z][\w'.-]+\s?){1,4}(?:,\s*[A-Z][\w'.-]+(?:\s[A-Z][\w'.-]+)?)?"
    yield Pattern("address", re.compile(rf"\b(?i:{_any(words['residence'])})\s*:?\s*(?P<it>{place})"))


def _institutions() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    not_first = rf"(?!(?:{_any([*words['not_institutions'], *words['not_names']])})\b)"
    word = r"(?:[A-Z][\w'’&-]*|St\.|of|the|at|and|&)"
    ends = rf"(?:{_any(words['institution_ends'])})(?:\s+(?:Hospital|Medical Center|Clinic|Center))?\b"
    named = rf"{not_first}\b[A-Z][\w'’&-]*\s+(?:{word}\s+){{0,5}}?{ends}"
    yield Pattern("institution", re.compile(rf"(?<![\w\[])(?:St\.\s+)?{named}"))
    yield Pattern("institution", re.compile(r"\bUniversity\s+of\s+[A-Z]\w+(?:\s+[A-Z]\w+){0,2}"))
    field = rf"(?:^|(?<=\n)|(?<=[.;,]\s))[ \t]*(?i:{_any(words['institution_fields'])})[ \t]*:[ \t]*"
    yield Pattern("institution", re.compile(rf"{field}(?P<it>[A-Z][^\n:;,.\[]{{2,60}}[A-Za-z])"))


def _names() -> Iterator[Pattern]:
    words = read_rules("rules/identifiers")
    titles = {form for title in words["titles"] for form in (title.capitalize(), title.upper())} | {"dr", "doctor"}
    name = _name_expression([*words["not_names"], *titles], words["particles"])
    degrees = _any(words["degrees"])
    after = rf"(?:,?\s+(?:{degrees})(?!\w))*"
    # "MR" and "MS" in capitals are an examination and a disease unless they stand before a name in capitals.
    title = rf"(?!M[RS]\b(?!\.?[ \t]+[A-Z]{{2}}))(?:{_any(titles)})\b"
    yield Pattern(
        "name",
        re.compile(
            rf"(?<![\w-]){title}\.?\s*:?\s*(?P<it>{name}(?:(?:,?\s+and|\s*&|,)\s+(?:(?i:Drs?|Mrs?|Ms)\.?\s+)?{name})?)"
        ),
    )
    yield Pattern(
        "name", re.compile(rf"\b(?i:{_any(words['name_labels'])})\s*:?\s+(?:{title}\.?\s*)?(?P<it>{name}){after}")
    )
    yield Pattern(
        "name", re.compile(rf"(?<!\w)(?i:{_any(words['name_fields'])})\s*:\s*(?:{title}\.?\s*)?(?P<it>{name})")
    )
    yield Pattern("name", re.compile(rf"(?<![\w.])(?P<it>{name})(?=,?\s+(?:{degrees})(?!\w))"))
    verbs = r"(?:is|was|has|had|presents|presented|with|who|returned|underwent|reports|complains|arrived|fell)"
    yield Pattern("name", re.compile(rf"\b[Pp](?:atient|t)\s+(?P<it>{name})(?=,?\s+{verbs}\b)"))
    yield Pattern("name", re.compile(r"\b[A-Z][A-Za-z'-]+\^[A-Z][A-Za-z'-]*(?:\^[A-Za-z'-]*)*"))


def _name_expression(not_names: Iterable[str], particles: Iterable[str]) -> str:
    """Up to four capitalised words, initials and particles, or "Last, First M."; none of ``not_names``."""
    stop = rf"(?!(?:{_any(not_names)})\b)"
    word = rf"{stop}[A-ZÀ-Þ](?:[\w'’À-ÿ]|-(?=\w))+"
    initial = r"[A-Z]\.?(?![\w'’])"
    particle = rf"(?:{_any(particles)})"
    part = rf"(?:{word}|{initial})"
    return (
        rf"(?:{initial}[ \t]+){{0,2}}(?:{particle}[ \t]+){{0,2}}{word}"
        rf"(?:,[ \t]*{word}(?:[ \t]+{initial})?|(?:[ \t]+(?:{particle}[ \t]+){{0,2}}{part}){{0,3}})?"
    )
