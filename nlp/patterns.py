"""What a pattern of an identifier is, and how expressions are written so that none costs more than a text's length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_BLANKS = 30

UNIT = (
    r"(?!\s{0,2}(?:mm|cm|ml|mg|mcg|kg|hz|kvp?|mas|hu|cc|units?|percent|%|weeks?|months?|hours?|minutes?|seconds?"
    r"|sec|x\s{0,2}\d)\b)"
)
"""What follows is no unit: the number before it measures nothing."""


class Pattern(NamedTuple):
    """What group ``it`` (else the whole match) of ``expression`` matches is an identifier of ``kind``."""

    kind: str
    expression: re.Pattern[str]


def any_of(words: Iterable[str]) -> str:
    """An alternation of ``words``, the longest first; a blank in a word stands for blanks."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def bounded(expression: str, flags: int = 0) -> re.Pattern[str]:
    r"""``expression`` compiled with its ``\s*`` and ``\s+`` limited to thirty blanks.

    Two unlimited runs side by side cost quadratic time where a page of blanks follows a label.
    """
    return re.compile(expression.replace(r"\s*", f"\\s{{0,{_BLANKS}}}").replace(r"\s+", f"\\s{{1,{_BLANKS}}}"), flags)


def by_first(labels: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Labels together that begin with the same word."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        groups.setdefault(re.split(r"[^a-zäöüßé]", label)[0], []).append(label)
    yield from groups.items()


def spoken_digits(digits: list[str], fewest: int) -> str:
    """So many more digits as words, after a first one."""
    digit = rf"(?:{any_of(digits)})"
    return rf"(?:{digit}(?:[ ,.-]{{1,3}}(?:double |triple )?{digit}){{{fewest},18}}(?!\w))"
