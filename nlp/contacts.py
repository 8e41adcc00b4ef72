"""Addresses of the network and names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.patterns import Pattern, any_of, bounded
from nlp.rulebook import read_rules

_AT = re.compile(r"@|(?i:[(\[]\s?at\s?[)\]])|(?i: at )")
_POINT = re.compile(r"\.[A-Za-z]{2,6}(?!\w)|://|(?i:www\.)")


def contacts() -> Iterator[tuple[re.Pattern[str], Pattern]]:
    """(what must stand in a text at all, pattern)."""
    rules = read_rules("rules/identifiers")
    ends = any_of(rules["domains"])
    yield (
        re.compile("@"),
        Pattern("email", bounded(r"(?<![\w.+%'’-])[\w.+%'’-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")),
    )
    host = rf"[\w-]{{1,63}}(?:(?:\s?\.\s?|\s+dot\s+)[\w-]{{1,63}}){{0,4}}(?:\s?\.\s?|\s+dot\s+)(?:{ends})"
    at = r"(?:\s?[(\[<{]\s?at\s?[)\]>}]\s?|\s@\s?|@\s|\s+at\s+)"
    joint = r"(?:\.|_|\s+(?:dot|underscore|dash)\s+)(?:(?:van|de|der|bin|al|la) ){0,2}"
    user = rf"[\w+%'’-]{{1,40}}(?:{joint}[\w+%'’-]{{1,40}}){{0,4}}"
    yield _AT, Pattern("email", bounded(rf"(?<![\w.+%'’-]){user}{at}{host}(?!\w)", re.I))
    rest = r"[^\s<>\[\]]{0,500}[^\s<>\[\].,;:)]"
    yield _POINT, Pattern("url", bounded(rf"(?:https?://|ftp://|www\.){rest}", re.I))
    label = r"(?<![\w.@-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}"
    yield (
        _POINT,
        Pattern("url", bounded(rf"{label}\.(?:com|org|net|edu|gov|mil|info|health|hospital)\b(?:[/:?#]{rest})?", re.I)),
    )
    yield _POINT, Pattern("url", bounded(rf"{label}\.(?:{ends})(?::\d{{2,5}})?[/?#]{rest}", re.I))
    # "effusion.In" is a missing blank; two labels before a country's code are an address.
    yield (
        _POINT,
        Pattern("url", bounded(rf"(?<![\w.@-])[\w-]{{2,63}}(?:\.[\w-]{{2,63}}){{1,5}}\.(?:{ends})(?![\w-])", re.I)),
    )
    files = any_of(rules["file_ends"])
    yield (
        _POINT,
        Pattern(
            "id", bounded(rf"(?<![\w./\\-])[\w~+'’/\\:-]{{1,120}}(?:\.[\w-]{{1,40}}){{0,3}}\.(?:{files})(?!\w)", re.I)
        ),
    )
