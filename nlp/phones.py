"""Telephone and fax numbers, pagers and extensions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.patterns import UNIT, Pattern, any_of, bounded, by_first, spoken_digits


def shaped_phones() -> Iterator[Pattern]:
    """Patterns without a label."""
    extension = r"(?:\s*,?\s*(?:x|ext\.?|extension)\s*\d{1,6})?"
    country = r"(?:\+?\d{1,2}[\s.-]?)?"
    yield Pattern(
        "phone",
        bounded(
            rf"(?<![\w.-]){country}(?:\([O0]?\d{{3}}\)\s?|\d{{3}}[\s./-])\d{{3}}[\s.-]\d{{4}}{extension}(?![\w-])", re.I
        ),
    )
    yield Pattern(
        "phone",
        bounded(rf"(?<![\w.-])\(?\+\)?\s?\d{{1,3}}(?:[\s.-]?\(?[O0\d]\d{{0,4}}\)?){{2,6}}{extension}(?!\w)", re.I),
    )
    yield Pattern(
        "phone",
        bounded(
            rf"(?<![\w./-])\(?00?[1-9]\d{{0,3}}\)?(?:[ ./-]\d{{2,8}}){{1,4}}{extension}(?![\w-]|\.\d)(?<=\d\d\d)", re.I
        ),
    )
    yield Pattern("phone", bounded(r"(?<![\w./-])0\d(?:[ .]\d\d){4}(?!\w)"))
    yield Pattern("phone", bounded(r"(?<![\w./-])\d{5} \d{5}(?![\w-])"))
    yield Pattern(
        "phone", bounded(rf"(?<![\w./-])\d{{3}}-\d{{4}}{extension}(?![\w-])(?!\s?(?:cell|/|k\b|x10|u/))", re.I)
    )


def labelled_phones(labels: list[str], digits: list[str]) -> Iterator[tuple[str, Pattern]]:
    """(first words, pattern) of those that follow a label."""
    link = (
        r"(?:[ \t]{0,9}(?:number|no|nr|num|is|at|on|to|of|back|line|phone|office|room|fax|tel|the|her|his|direct"
        r"|me|us|report|please|with|[#:=./(-])){0,7}\s*"
    )
    value = (
        rf"(?!\d{{1,3}}\.\d{{1,2}}(?!\d)|\d{{1,3}}/\d)(?P<it>\(?\+?\d[\d ()./-]{{2,20}}\d(?:\s*(?:x|ext\.?)"
        rf"\s*\d{{1,6}})?|{spoken_digits(digits, 3)})(?!\w|[./]\d){UNIT}"
    )
    for first, group in by_first(labels):
        # "T: 555 0100" is a telephone, "T 98.4" a temperature.
        group = [label for label in group if len(label) > 1]
        if not group:
            yield (
                first,
                Pattern(
                    "phone",
                    bounded(
                        rf"{first}\s?:\s{{0,3}}(?P<it>(?=(?:[ ().+/-]{{0,2}}\d){{7}})\(?\+?\d[\d ()./-]{{5,20}}\d)"
                        rf"(?!\w)",
                        re.I,
                    ),
                ),
            )
            continue
        yield first, Pattern("phone", bounded(rf"(?:{any_of(group)})(?![A-Za-z]){link}{value}", re.I))
    yield (
        "x|ext|extension",
        Pattern("phone", bounded(r"(?P<it>(?:x|ext|extension)\.?\s?#?\s?\d{4,6})(?!\w|\.\d)", re.I)),
    )
    yield "at", Pattern("phone", bounded(r"at\s+(?P<it>\d{3}[.-]\d{4})(?!\w|\.\d)", re.I))
