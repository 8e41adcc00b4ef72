"""Numbers and codes that belong to one person: after a label, or of a shape that nothing clinical has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlp.patterns import UNIT, Pattern, any_of, bounded, by_first, spoken_digits
from nlp.phones import labelled_phones, shaped_phones
from nlp.rulebook import read_rules

_FREE = r"(?<![\w./-])"
_DIGITS = r"(?=(?:[ .()/+-]{0,3}\d){9,19}(?!\d))"
_CODE = r"(?=[\w./*-]{0,40}[\d*])[A-Za-z0-9*{(][\w./*-]{0,40}[\w*}]"
_SEPARATED = r"\d(?:[ -]\d){3,15}(?!\w)"
_GROUPED = r"[A-Za-z0-9]{1,4}(?:[ -](?=[A-Z]{0,6}\d)[A-Z0-9]{2,6}(?!\w)){1,7}"


def shaped_numbers() -> Iterator[Pattern]:
    """Patterns without a label, that begin with a digit, a plus, a bracket or a code's first letters."""
    yield from shaped_phones()
    yield Pattern("ssn", bounded(rf"{_FREE}\d{{3}}(?P<s>[-. –])\d{{2}}(?P=s)\d{{4}}(?![\w-])"))
    yield Pattern("id", bounded(rf"{_FREE}{_DIGITS}\d{{2,6}}(?:[ -]\d{{2,7}}){{1,6}}(?![\w-]|\.\d|/\d){UNIT}", re.I))
    yield Pattern(
        "id",
        bounded(
            r"(?<![\w.^])(?<!pmid )(?<!pmid: )(?<!pmid:)(?:[A-Z]{1,4}-?)?\d{6,40}[A-Z]{0,2}(?:-\d{1,20}){0,6}(?![\w]"
            r"|\.\d)" + UNIT,
            re.I,
        ),
    )
    yield Pattern(
        "id",
        bounded(
            r"(?<![\w.^])(?=[A-Za-z0-9_/-]{0,44}[A-Za-z])(?=(?:[A-Za-z_/-]{0,12}\d){5,40})(?!\d{1,4}-?(?:mm|cm|ml|mg)"
            r")(?>[A-Za-z0-9]{1,24}(?:[_/-][A-Za-z0-9]{1,24}){0,8})(?![\w])(?!\.\d)" + UNIT
        ),
    )
    yield Pattern("id", bounded(r"(?<![\w.])(?:[A-Z]{1,3}\d{2}|\d{2}-?[A-Z]{1,3})-\d{3,8}(?!\w)", re.I))
    yield Pattern("id", bounded(r"(?<![\w./-])\d{2,3}-\d{2,3}-\d{2,3}(?![\w-]|\.\d)"))
    yield Pattern("id", bounded(r"(?<![\w./-])\d{2}-\d{4,8}(?![\w-]|\.\d)" + UNIT))
    yield Pattern("id", bounded(r"(?<![\w.])[0-2](?:\.\d{1,40}){5,30}|(?<![\w.])2\.25\.\d{6,40}"))
    yield Pattern("id", bounded(r"(?<!\w)[A-Z9]{3,5}\d{3,6}[A-Z0-9]{4,8} \d{2}(?!\w|\.\d)", re.I))
    yield Pattern(
        "id", bounded(r"(?<![\w.])(?=[A-HJ-NPR-Z]{0,16}\d)(?=\d{0,16}[A-HJ-NPR-Z])[A-HJ-NPR-Z\d]{17}(?!\w)", re.I)
    )
    yield Pattern(
        "id",
        bounded(
            r"(?<!\w)(?=[a-z]{2}\d\d ?[a-z0-9]{4}(?: ?[a-z0-9]{4}){2})(?=(?:[ a-z]{0,6}\d){10})[a-z]{2}\d\d"
            r"(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,4})?(?!\w)",
            re.I,
        ),
    )
    yield Pattern("id", bounded(r"(?<!\w)\(0[01]\)\d{12,16}(?:\(\d{2,3}\)[\w/.-]{1,22}){0,6}", re.I))
    yield Pattern(
        "id", bounded(r"(?<![\w:.-])[0-9a-f]{2}(?P<s>[:-])(?:[0-9a-f]{2}(?P=s)){4}[0-9a-f]{2}(?![\w:-])", re.I)
    )
    yield Pattern("id", bounded(r"(?<![\w.-])\d(?:[ -]\d){5,15}(?![\w/.-])" + UNIT, re.I))
    yield Pattern("ip", bounded(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{2,5})?(?![\w.]{0,8}\d)"))
    yield Pattern(
        "ip",
        bounded(
            r"(?<![\w:.])(?=[0-9a-f:]{0,40}(?:::|(?::[0-9a-f]{1,4}){7}))[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){1,7}(?:::)"
            r"?(?:/\d{1,3}|%\w{1,8})?(?![\w:])",
            re.I,
        ),
    )


def labelled_numbers() -> Iterator[tuple[str, Pattern]]:
    """(first words, pattern) of those that follow a label."""
    rules = read_rules("rules/identifiers")
    spoken = spoken_digits(rules["spoken_digits"], 3)
    value = rf"(?P<it>{spoken}|{_SEPARATED}|{_GROUPED}|{_CODE}|[A-Z0-9]{{2,4}}\d|\d{{2,3}})(?!\w|-\w|\.\d)"
    link = rf"(?:[ \t]{{0,9}}(?:(?:{any_of(rules['number_links'])})(?![^\W\d_])|[#:=.(,-])){{0,7}}\s*"
    for first, labels in by_first(rules["number_labels"]):
        yield (
            first,
            Pattern(
                "id",
                bounded(
                    rf"(?:{any_of(labels)})(?![A-Za-z]){link}(?!\d{{1,3}}\s?(?:mm|cm|year|yo|y/o|hours?|days?|weeks?"
                    rf"|months?|times)|\d{{1,4}}\.\d{{1,3}}(?![\d.-]))#?{value}",
                    re.I,
                ),
            ),
        )
    for first, labels in by_first(rules["number_fields"]):
        yield (
            first,
            Pattern(
                "id",
                bounded(
                    rf"(?:{any_of(labels)})\s*(?:(?:number|nr|no|id|code)\.?\s*[:#=]?|[:#=])[ \t]{{0,9}}(?:is\s*)?#?"
                    rf"(?=[\w./-]{{4}})(?!\d{{1,4}}\.\d{{1,3}}(?![\d.-])){value}",
                    re.I,
                ),
            ),
        )
    yield from _codes(rules, link)
    yield from _plates(rules, link)
    yield from labelled_phones(rules["phone_labels"], rules["spoken_digits"])
    yield from _social_security(spoken)
    yield from _numbered(rules)


def _codes(rules: Mapping[str, list[str]], link: str) -> Iterator[tuple[str, Pattern]]:
    """Labels that are words of reports too: a code of some length must follow."""
    for first, labels in by_first(rules["code_labels"]):
        yield (
            first,
            Pattern(
                "id",
                bounded(
                    rf"(?:{any_of(labels)})(?![A-Za-z]){link}#?(?!\d{{1,4}}\.\d{{1,3}}(?![\d.-])(?!\d))(?P<it>(?="
                    rf"(?:[\w.-]{{0,5}}\d){{3}})[\w./-]{{3,40}}\w(?:[ ]\d{{4,6}})?|[A-Z]{{1,4}}-?\d{{3,10}}|"
                    rf"[A-Z]{{1,5}}[-_](?=\w{{0,8}}\d)\w{{4,20}})(?!\w)",
                    re.I,
                ),
            ),
        )


def _plates(rules: Mapping[str, list[str]], link: str) -> Iterator[tuple[str, Pattern]]:
    """Vehicles, by their plate or frame."""
    mixed = (
        r"(?=(?:[A-Z\d]{1,4}[ -]?){0,2}[A-Z])(?=[A-Z]{0,3}[ -]?[A-Z]{0,3}\d[A-Z -]{0,4}\d)(?!\d{1,3} |XXXX)"
        r"(?:[A-Z0-9]{1,4}(?:[- ](?=[A-Z]{2,3}\b|[A-Z]{0,3}\d)[A-Z0-9]{2,5}){1,2}|[A-Z0-9]{5,17})|\d{5,8}"
    )
    for first, labels in by_first(rules["perhaps_plate_labels"]):
        yield first, Pattern("id", bounded(rf"(?:{any_of(labels)})(?![A-Za-z]){link}(?P<it>{mixed})(?!\w)", re.I))
    plate = (
        r"(?=[^\W_]{1,4}[ -]?[^\W_]?)(?=[^\W\d_]{0,7}[ -]?[^\W\d_]{0,4}[ -]?\d)(?!XXXX)(?:[^\W_]{1,4}(?:[- ]"
        r"(?:[A-ZÄÖÜ]{1,4}(?![^\W\d_])|[A-Z]{0,3}\d[A-Z0-9]{0,4})){1,2}|[^\W_]{4,17})"
    )
    for first, labels in by_first(rules["plate_labels"]):
        yield first, Pattern("id", bounded(rf"(?:{any_of(labels)})(?![A-Za-z]){link}(?P<it>{plate})(?!\w)", re.I))


def _social_security(spoken: str) -> Iterator[tuple[str, Pattern]]:
    ssn = (
        r"(?:s\.?s\.?n\.?|social security|soc\.?\s?sec\.?|s\.?s\.?|social)(?![A-Za-z])(?:[ \t]{0,9}(?:number|no\.?"
        r"|num|security|last|four|4|digits|of|is|#|[:=(),])){0,7}\s*"
    )
    yield (
        "ssn|social|soc|s|ss",
        Pattern(
            "ssn",
            bounded(
                rf"{ssn}(?P<it>[\dXx*]{{3}}[-. ]?[\dXx*]{{2}}[-. ]?\d{{4}}|\d{{9}}|\d{{4}}|{_SEPARATED}|{spoken})"
                r"(?!\w)",
                re.I,
            ),
        ),
    )
    yield (
        "last",
        Pattern(
            "ssn",
            bounded(
                r"last\s+(?:four|4)(?:\s+digits)?(?:\s+(?:of|social|ssn|the|is|security|number)|\s*:){0,5}\s*"
                r"(?P<it>\d{4})(?!\w)",
                re.I,
            ),
        ),
    )


def _numbered(rules: Mapping[str, list[str]]) -> Iterator[tuple[str, Pattern]]:
    """Whatever is called a number, unless it counts something; digits spelt out."""
    number = (
        r"(?:number|numbers|no\.?|nr\.?|num\.?|id|identifier|ref|ref\.|reference|code)(?![A-Za-z])(?:\s*(?:is"
        r"|was|[:#=.])){0,3}\s*#?"
    )
    strong = (
        r"(?!\w{1,4}-?\w{0,3}\.\d{1,3}(?!\d))(?P<it>(?=(?:[A-Za-z_./-]{0,8}\d){4})[A-Za-z0-9][\w./-]{2,40}\w|"
        r"(?=[A-Z-]{0,6}\d)(?=[\d-]{0,6}[A-Z])(?=(?:[A-Z-]{0,6}\d){3})[\w-]{4,40})"
    )
    yield (
        "number|numbers|no|nr|num|id|identifier|ref|reference|code",
        Pattern("id", bounded(rf"(?:{_not_after(rules['counted'])}){number}{strong}(?!\w|\.\d){UNIT}", re.I)),
    )
    for first in rules["spoken_digits"]:
        yield first, Pattern("id", bounded(spoken_digits(rules["spoken_digits"], 4), re.I))


def _not_after(words: list[str]) -> str:
    """No such word stands before: "image number 1204" counts images."""
    return "".join(f"(?<!{re.escape(word)} )" for word in words)
