"""Dates, of which only the year stays, and ages over 89: in digits, in words, in a few languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlp.patterns import Pattern, any_of, bounded
from nlp.rulebook import read_rules

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_TIME = r"(?:(?:[T -]|,? at )\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?|[T-]\d{4,6}(?!\d))?"
_NOT_PART = r"(?<![\w./-])"
_ORDINAL = r"(?:st|nd|rd|th)"
_OVER_89 = r"(?:9\d|1[0-2]\d)"


def date_numbers() -> Iterator[Pattern]:
    """Patterns that begin with a digit."""
    month = _month()
    end = r"(?![\w/-]|\.\d)"
    for form in (
        rf"{_NOT_PART}{_DAY}(?P<s>[/-]){_DAY}(?P=s)(?:{_YEAR}|\d\d){_TIME}{end}",
        rf"{_NOT_PART}{_DAY}[/-]{_MONTH_NUMBER}[/-]{_YEAR}(?!\d)",
        rf"{_NOT_PART}{_YEAR}[/.-]{_DAY}[/.-]{_DAY}{_TIME}{end}",
        rf"{_NOT_PART}{_DAY}\.{_DAY}\.{_YEAR}{_TIME}{end}",
        rf"{_NOT_PART}(?:{_DAY}\.{_MONTH_NUMBER}|{_MONTH_NUMBER}\.{_DAY})\.\d\d(?![\w/-]|\.\d| ?[mc]m)",
        rf"{_NOT_PART}{_DAY} ?/ ?{_DAY} ?/ ?(?:{_YEAR}|\d\d){end}",
        rf"{_NOT_PART}{_DAY} {_DAY} {_YEAR}{end}",
        rf"(?<![\w.-]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T-]?\d{{4,6}})?(?![\w-]|\.\d)",
        rf"{_NOT_PART}{_DAY}[ -]?(?:{_DAY}[ -])?{month}[ .,'’-]{{0,4}}(?:{_YEAR}|\d\d(?!\d))?(?!\w)(?!\.?\d| ?(?:mm"
        rf"|cm))",
        rf"{_NOT_PART}{_DAY}{_ORDINAL}?,? (?:of |de |del )?{month}(?:\.?,? (?:of |de |del )?{_YEAR}{_TIME})?(?!\w)"
        rf"(?! ?(?:mm|cm))",
        rf"{_NOT_PART}{_MONTH_NUMBER}[/-]{_YEAR}(?![\w/-])",
        rf"{_NOT_PART}{_MONTH_NUMBER}/{_DAY} ?(?:-|to|–) ?{_MONTH_NUMBER}/{_DAY}(?:/{_YEAR}|/\d\d)?{end}",
    ):
        yield Pattern("date", bounded(form, re.I))
    counted = "".join(
        f"(?<!{word} )" for word in ("image", "im", "img", "series", "se", "slice", "score", "gcs", "grade", "of")
    )
    followed = (
        r"(?!\s{0,2}(?:lymph|nodes?|cores?|positive|ln|involved|images?|slices?|strength|views?|of|pain|were|had)\b)"
    )
    yield Pattern(
        "date", bounded(rf"{_NOT_PART}{counted}{_MONTH_NUMBER}/(?:1[3-9]|2\d|3[01])(?![\w/-]|\.\d|:\d){followed}", re.I)
    )
    yield from _age_numbers()


def _age_numbers() -> Iterator[Pattern]:
    """Ages over 89 that begin with their digits."""
    yield Pattern(
        "age",
        bounded(
            rf"(?<![\w.])(?P<it>{_OVER_89})(?=\s*-?\s*(?:years?|yrs?|y[./]?o|yo|y\.\s?o)\b(?![ \t]{{0,3}}(?:ago|later"
            rf"|earlier|history|ahead)))",
            re.I,
        ),
    )
    yield Pattern(
        "age",
        bounded(
            rf"(?<![\w.])(?<!of )(?<!to )(?<!temp )(?<!fever )(?<!ature )(?<!tmax )(?<!at )(?P<it>{_OVER_89})(?=\s?"
            rf"(?:M|F|male|female|man|woman|lady|gentleman)\b)"
        ),
    )
    yield Pattern(
        "age",
        bounded(
            rf"(?<![\w.-])(?<!of )(?<!to )(?<!temp )(?<!fever )(?<!ature )(?<!tmax )(?<!at )(?P<it>{_OVER_89})(?="
            rf"(?:[mf]|\s(?:male|female|man|woman|lady|gentleman))\b)",
            re.I,
        ),
    )
    yield Pattern("age", bounded(rf"(?<![\w./])(?P<it>{_OVER_89})(?=/[MF]\b)", re.I))
    yield Pattern("age", bounded(rf"(?:(?<=\n)|(?<=[.:] )|(?<!.))(?P<it>{_OVER_89})(?= ?[mf](?:[,;]| with\b))", re.I))
    yield Pattern(
        "age", bounded(rf"(?:(?<=\bage )|(?<=\bage: )|(?<=\bage:)|(?<=\baged ))(?P<it>{_OVER_89})(?=Y\b|\b)", re.I)
    )


def date_words() -> Iterator[tuple[str, Pattern]]:
    """(first words, pattern) of those that begin with a word."""
    rules = read_rules("rules/identifiers")
    month, months = _month(), "|".join(rules["months"])
    yield from _days_of_months(month, months)
    yield from _cued_days(rules)
    yield f"the|{months}", Pattern("date", bounded(_spoken_date(), re.I))
    yield from _ages()
    # A birth date loses its year too: it would tell an age over 89.
    birth = r"(?:d\.?\s?o\.?\s?b\.?|date of birth|birth\s?date|born(?: on| in)?|birthday)(?:\s*(?:is|[:#-]))?\s*"
    value = rf"(?P<it>(?:{month}|\d)[\w/., -]{{0,18}}\d{{2}}|{_spoken_date()})(?!\w)"
    yield "d|dob|date|birth|birthdate|birthday|born", Pattern("birth_date", bounded(birth + value, re.I))


def _days_of_months(month: str, months: str) -> Iterator[tuple[str, Pattern]]:
    """Dates whose month is a word."""
    # "may 3 mm" in lower case is no date, so a month and a day without a year must be capitalised.
    day = rf"{_DAY}{_ORDINAL}?"
    unit = r"(?!\w|[./]\d|\s*(?:mm|cm|x\s*\d|percent|%|weeks?|months?|days?|years?|hours?))"
    yield (
        months,
        Pattern("date", bounded(rf"(?=[A-Z])(?i:{month})\.?\s+{day}(?:\s?[-–]\s?{day})?(?:\s*,?\s*{_YEAR})?{unit}")),
    )
    yield months, Pattern("date", bounded(rf"{month}\.?\s+{day}(?:\s?[-–]\s?{day})?,?\s+(?:of )?{_YEAR}\b", re.I))
    yield months, Pattern("date", bounded(rf"(?!may\b|march\b|mar\b){month}\.?\s+{day}{unit}", re.I))
    yield months, Pattern("date", bounded(rf"(?:may|march)\s+{_DAY}{_ORDINAL}\b", re.I))
    yield (
        "from|on|since|dated|until|through",
        Pattern(
            "date", bounded(rf"(?:from|on|since|dated|until|through)\s+(?P<it>(?:may|march)\s+{_DAY}){unit}", re.I)
        ),
    )
    yield months, Pattern("date", bounded(rf"{month}\.?,?(?:\s+(?:of |de |del )?|[-/'’]){_YEAR}\b", re.I))
    yield months, Pattern("date", bounded(rf"{month}[-/]{_DAY}[-/](?:{_YEAR}|\d\d)(?!\w)", re.I))
    yield (
        "the",
        Pattern("date", bounded(rf"the\s+{_DAY}{_ORDINAL}\s+(?:day\s+)?(?:of\s+)?{month}(?:\s*,?\s*{_YEAR})?\b", re.I)),
    )
    weekday = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    yield (
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        Pattern(
            "date",
            bounded(
                rf"{weekday},?\s+(?:the\s+)?(?:{month}\.?\s+{_DAY}{_ORDINAL}?(?:,?\s+{_YEAR})?"
                rf"|{_DAY}{_ORDINAL}?,?[ -](?:of )?{month}(?:[ ,-]{{1,3}}{_YEAR})?|{_DAY}[/.-]{_DAY}(?:[/.-]"
                rf"(?:{_YEAR}|\d\d))?)(?!\w)",
                re.I,
            ),
        ),
    )


def _cued_days(rules: Mapping[str, list[str]]) -> Iterator[tuple[str, Pattern]]:
    """A month alone, or a month and a day in digits, after a word that makes a date of it."""
    yield (
        "in|since|until|last|early|late|mid|by",
        Pattern(
            "date",
            bounded(
                rf"(?:(?i:in|since|until|last|early|late|mid|by)(?: early| late| mid| last)?)[ -](?P<it>(?!MAY\b"
                rf"|MARCH\b)(?=[A-Z])(?i:{_long_month()}))\b(?! \d)"
            ),
        ),
    )
    cues = any_of(rules["date_cues"])
    yield (
        "|".join({cue.split()[0].strip(":") for cue in rules["date_cues"]}),
        Pattern(
            "date",
            bounded(
                rf"(?:{cues})(?:\s*[:(])?\s*(?P<it>{_MONTH_NUMBER}/{_DAY})(?![\w/-]|\.\d)(?! (?:of|the|positive"
                rf"|nodes?|height|strength|view))",
                re.I,
            ),
        ),
    )
    yield (
        "from|of|between",
        Pattern(
            "date",
            bounded(
                rf"(?:from|between|of)\s+(?P<it>(?:0[1-9]|1[0-2])/{_DAY}|{_MONTH_NUMBER}/(?:1[3-9]|2\d|3[01]))"
                rf"(?![\w/-]|\.\d)",
                re.I,
            ),
        ),
    )


def _ages() -> Iterator[tuple[str, Pattern]]:
    yield (
        "age|aged|turned",
        Pattern(
            "age",
            bounded(rf"(?:aged?(?:\s+of)?|turned)(?:/sex)?(?:\s*[:=])?\s*(?P<it>{_OVER_89})(?!\w{{2}}|\.?\d)", re.I),
        ),
    )
    yield (
        "age|patient",
        Pattern(
            "age",
            bounded(
                rf"(?:patient(?:'s)?\s+)?age(?:\s+is|\s+of)?(?:/sex|/gender|\s?\(years\))?(?:\s*[:=])?\s*"
                rf"(?P<it>{_OVER_89})(?!\w{{2}}|\.?\d)",
                re.I,
            ),
        ),
    )
    over = any_of(read_rules("rules/identifiers")["spoken_over_89"])
    tail = r"(?:[\s-]{1,3}(?:and[\s-]{1,3})?(?:one|two|three|four|five|six|seven|eight|nine))?"
    yield (
        "ninety|hundred|one|a",
        Pattern(
            "age",
            bounded(rf"(?P<it>(?:{over}){tail})(?=[\s-]{{1,3}}(?:years?|yrs?|y)\b(?!\s+(?:ago|later|earlier)))", re.I),
        ),
    )
    yield (
        "aged|age|turned",
        Pattern("age", bounded(rf"(?:aged?(?:\s+of)?|turned)\s*:?\s*(?P<it>(?:{over}){tail})\b", re.I)),
    )


def _month() -> str:
    return rf"(?:{any_of(read_rules('rules/identifiers')['months'])})(?![a-zA-ZÀ-ÿ])"


def _long_month() -> str:
    return any_of(
        month
        for month in read_rules("rules/identifiers")["months"]
        if len(month) > 4 or month in ("may", "june", "july")
    )


def _spoken_date() -> str:
    rules = read_rules("rules/identifiers")
    day = rf"(?:(?:twenty|thirty)[\s-]{{1,3}})?(?:{any_of(rules['spoken_days'])})"
    tens = any_of(rules["spoken_tens"])
    year = rf"(?:(?:,\s{{0,3}}|\s+)(?:nineteen|twenty|two thousand(?: and)?)(?:[\s-]{{1,3}}(?:{tens})){{0,3}})?"
    month = _month()
    return rf"(?:the\s+{day}\s+(?:day\s+)?of\s+{month}|{month}\s+(?:the\s+)?{day}){year}\b"
