"""A sentence as the readers of attributes see it: its words, its mentions, and what stands between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence, Set
from typing import NamedTuple

from nlp.mentions import Mention
from nlp.phrasebook import Words

_REACH = 200


class Others:
    """Where the mentions of a sentence stand, for quick counting."""

    def __init__(self, found: Sequence[Mention]) -> None:
        self._starts = [mention.start for mention in found]  # mentions come in reading order
        heads = sorted((mention.head, place) for place, mention in enumerate(found))
        self._heads = [head for head, _ in heads]
        self._places = [place for _, place in heads]

    def heads_between(self, low: int, high: int) -> int:
        """How many have their head at ``low`` or later and before ``high``."""
        return max(0, bisect_left(self._heads, high) - bisect_left(self._heads, low))

    def at_head(self, head: int) -> list[int]:
        """Which mentions have their head at ``head``."""
        return self._places[bisect_left(self._heads, head) : bisect_left(self._heads, head + 1)]

    def next_start(self, at: int) -> int | None:
        """Where the first mention begins that begins at ``at`` or later."""
        first = bisect_left(self._starts, at)
        return self._starts[first] if first < len(self._starts) else None

    def next_head(self, at: int) -> int | None:
        """Which mention is the first with its head at ``at`` or later."""
        first = bisect_left(self._heads, at)
        return self._places[first] if first < len(self._heads) else None

    def last_before(self, at: int) -> int | None:
        """Which mention is the last with its head before ``at``."""
        first = bisect_left(self._heads, at)
        return self._places[first - 1] if first else None


class Neighbours(NamedTuple):
    """The sentence ``text``, its words, and its mentions in reading order; places count from its start.

    A word of ``parting`` between a place and a head says that they are of two findings.
    """

    text: str
    words: Words
    found: Sequence[Mention]
    others: Others
    parting: Set[str]

    def begin(self, mention: Mention) -> int:
        """Where the mention begins; its head, where a place before it is another finding's ("lobe and effusion")."""
        start, head = mention.start, mention.head
        if start == head or not (
            self.others.heads_between(start, head) or not self.parting.isdisjoint(self.words.between(start, head))
        ):
            return start
        return head

    def alike(self, place: int) -> list[int]:
        """The places in ``found`` of all mentions with the same head: one phrase may mean two findings."""
        return [place] if len(self.found) == 1 else self.others.at_head(self.found[place].head)

    def owner(self, start: int, end: int, parting: Set[str]) -> int | None:
        """The place in ``found`` of the mention that words at ``start`` to ``end`` are said of.

        The mention they stand in, the next one where no word of ``parting`` stands between, else the one before, else
        the next.
        """
        if len(self.found) == 1:
            return 0
        after = self.others.next_head(start)
        if after is not None:
            mention = self.found[after]
            begin = self.begin(mention)
            if begin < end or (begin - end <= _REACH and parting.isdisjoint(self.words.between(end, begin))):
                return after
        before = self.others.last_before(start)
        return after if before is None else before
