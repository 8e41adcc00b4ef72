"""The words and marks by which a sentence falls into clauses."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nlp.rulebook import read_rules

STOP, COMMA, COLON, OPEN, CLOSE = ";", ",", ":", "(", ")"
AND, OR, VERB, WITH, OPENS, RELATIVE, DESCRIBING, THING = (
    *("and", "or", "verbs", "with", "opens", "relatives", "describing", "things"),
)
"""Kinds of signs: marks, and tables of clauses.toml; its stops count as a semicolon."""

_SIGN = re.compile(r"[a-z&]+(?:[-/][a-z]+)*|[,;:()]|(?P<number>\d+)|(?<=\s)(?P<dash>[-–—]+)(?=\s)")
_GROUPS = {"number": OPENS, "dash": STOP}


class Sign(NamedTuple):
    """A word or mark that shapes a sentence, at characters ``start`` to ``end``."""

    start: int
    end: int
    kind: str


@cache
def kinds() -> dict[str, str]:
    """The kind of each mark and word that has one."""
    rules = read_rules("rules/clauses")
    named = (DESCRIBING, OPENS, RELATIVE, WITH, AND, OR, VERB, THING)
    words = {word: name for name in named for word in rules[name]}
    marks = {mark: mark for mark in (STOP, COMMA, COLON, OPEN, CLOSE)}
    return marks | words | dict.fromkeys(rules["stops"], STOP)


@cache
def denied_too() -> frozenset[str]:
    """Words that open something new only after a mark."""
    return frozenset(read_rules("rules/clauses")["denied_too"])


@cache
def label_joints() -> re.Pattern[str]:
    """What may stand between the words of a label, and behind them."""
    return re.compile(f"(?:{'|'.join(map(re.escape, read_rules('rules/clauses')['label_joints']))}|\\s)*+")


@cache
def adjective_endings() -> tuple[str, ...]:
    """How words end that describe the finding behind them."""
    return tuple(read_rules("rules/clauses")["adjective_endings"])


@cache
def sides() -> tuple[str, ...]:
    """Words for a side, each with the blank behind it."""
    return tuple(f"{word} " for word in read_rules("rules/clauses")["sides"])


def signs_of(text: str) -> list[Sign]:
    """The words and marks that shape a sentence."""
    kind_of = kinds().get
    small = text.lower()
    found = []
    for match in _SIGN.finditer(small if len(small) == len(text) else text):  # a few letters grow when made small
        kind = kind_of(match[0]) or (match.lastgroup and _GROUPS[match.lastgroup])
        if kind:
            found.append(Sign(match.start(), match.end(), kind))
    return found


def tells(text: str, start: int, end: int) -> bool:
    """Whether a verb, or a colon for one, stands in ``text`` from ``start`` to ``end``."""
    return any(sign.kind in (VERB, COLON) for sign in signs_of(text[start:end]))
