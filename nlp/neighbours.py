"""A sentence as the readers of attributes see it: its words, its mentions, and what stands between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from nlp.mentions import Mention
from nlp.phrasebook import Words


class Others:
    """Where the mentions of a sentence stand, for quick counting."""

    def __init__(self, found: Sequence[Mention]) -> None:
        self._starts = [mention.start for mention in found]  # mentions come in reading order
        self._heads = sorted([mention.head for mention in found])

    def heads_between(self, low: int, high: int) -> int:
        """How many have their head at ``low`` or later and before ``high``."""
        return max(0, bisect_left(self._heads, high) - bisect_left(self._heads, low))

    def next_start(self, place: int) -> int | None:
        """Where the first mention begins that begins at ``place`` or later."""
        first = bisect_left(self._starts, place)
        return self._starts[first] if first < len(self._starts) else None


class Neighbours(NamedTuple):
    """The sentence ``text``, its words, and its mentions in reading order; places count from its start."""

    text: str
    words: Words
    found: Sequence[Mention]
    others: Others
