"""Finds phrases of several kinds word by word: what stands around a mention of a finding."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from nlp.lexicon import Hit
from nlp.tokens import Tokens, words_of

_ENDS_HERE = ""

Node = dict[str, Any]


class Words(NamedTuple):
    """A sentence as words, small, each with the place it starts at in the text, and the phrases found by kind."""

    spelt: list[str]
    starts: list[int]
    found: Mapping[str, list[Hit]]

    def of(self, kind: str) -> list[Hit]:
        """The phrases of that kind in reading order; of those that overlap, the first and longest."""
        return self.found.get(kind, [])

    def between(self, low: int, high: int) -> list[str]:
        """The words that start at ``low`` or later and before ``high``."""
        first = bisect_left(self.starts, low)
        return self.spelt[first : bisect_left(self.starts, high, first)]

    def starts_between(self, low: int, high: int) -> list[int]:
        """Where those words start."""
        first = bisect_left(self.starts, low)
        return self.starts[first : bisect_left(self.starts, high, first)]


class Phrasebook:
    """Phrases by kind and by what they mean, in one tree of words; ``None`` as meaning hides the words of a phrase."""

    def __init__(self, kinds: Mapping[str, Mapping[Any, Iterable[str]]]) -> None:
        self._tree: Node = {}
        for kind, table in kinds.items():
            for value, phrases in table.items():
                for phrase in phrases:
                    self._add(kind, value, words_of(phrase))

    def _add(self, kind: str, value: Any, words: list[str]) -> None:
        node = self._tree
        for word in words:
            node = node.setdefault(word, {})
        others = [meaning for meaning in node.get(_ENDS_HERE, ()) if meaning[0] != kind]
        node[_ENDS_HERE] = (*others, (kind, value))

    def read(self, tokens: Tokens) -> Words:
        """The phrases among the words of a sentence."""
        spelt, starts, ends = tokens
        tree, count = self._tree, len(spelt)
        found: dict[str, list[Hit]] = {}
        done: dict[str, int] = {}
        for first in [place for place, word in enumerate(spelt) if word in tree]:
            node, last = tree[spelt[first]], first + 1
            ending: list[tuple[int, tuple[tuple[str, Any], ...]]] = []  # where phrases end, and what they mean by kind
            while True:
                if _ENDS_HERE in node:
                    ending.append((last, node[_ENDS_HERE]))
                if last == count or spelt[last] not in node:
                    break
                node, last = node[spelt[last]], last + 1
            for last, meanings in ending[::-1]:  # the longest of each kind counts
                for kind, value in meanings:
                    if first >= done.get(kind, 0):
                        done[kind] = last
                        if value is not None:
                            found.setdefault(kind, []).append(Hit(starts[first], ends[last - 1], value))
        return Words(spelt, starts, found)
