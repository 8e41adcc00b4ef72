"""What a sentence says of the kind of images it was read on: plane, sequence, phase, window; and of the body part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.series import SeriesInfo
from nlp.rulebook import read_rules

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
KINDS = ("plane", "sequence", "phase", "window")
"""What parts one series from another, all of which must agree."""

BODY = "body"


@dataclass(frozen=True, slots=True)
class _Kind:
    """``said`` finds a report's words, each in a group of its value's name; ``described`` are a description's."""

    said: re.Pattern[str]
    described: Mapping[str, tuple[str, ...]]


@cache
def _kinds() -> Mapping[str, _Kind]:
    rules = read_rules("rules/image_links")
    image = "|".join(map(re.escape, rules["image_words"]))
    between = "|".join(map(re.escape, rules["between"]))
    beside = rf"(?=(?:[\s,/-]{{1,2}}(?:{between})){{0,3}}[\s,/-]{{1,2}}(?:{image})\b)"
    return {
        name: _Kind(
            _pattern({value: entry["said"] for value, entry in rules[name].items()}, beside if name == "plane" else ""),
            {value: tuple(f" {word} " for word in entry["described"]) for value, entry in rules[name].items()},
        )
        for name in (*KINDS, BODY)
    }


def _pattern(said: Mapping[str, list[str]], beside: str) -> re.Pattern[str]:
    """Of the words that fit a place the longest counts."""
    groups = sorted(
        ((word, value) for value, words in said.items() for word in words), key=lambda entry: -len(entry[0])
    )
    words = "|".join(rf"(?P<{value}__{n}>{re.escape(word)})" for n, (word, value) in enumerate(groups))
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9]){beside}")


def kinds_said(text: str) -> dict[str, set[str]]:
    """The values of each kind the text names: {"plane": {"sagittal"}, "sequence": {"t2"}}."""
    said: dict[str, set[str]] = {}
    lowered = text.lower()
    for name, kind in _kinds().items():
        values = {match.lastgroup.rsplit("__", 1)[0] for match in kind.said.finditer(lowered) if match.lastgroup}
        if values:
            said[name] = values
    return said


def kinds_of(series: SeriesInfo) -> dict[str, set[str]]:
    """The values of each kind the series' description and attributes name."""
    words = f" {_NOT_LETTERS.sub(' ', series.description.lower().replace('+c', ' postcontrast '))} "
    found: dict[str, set[str]] = {}
    for name, kind in _kinds().items():
        around = words if name != BODY else f"{words}{_NOT_LETTERS.sub(' ', series.body_part.lower())} "
        found[name] = {
            value for value, described in kind.described.items() if any(word in around for word in described)
        }
    if series.plane:
        found["plane"] = {series.plane}
    return found
