"""What a sentence denies by calling a part of the body normal: "heart size is normal" is no cardiomegaly.

A sentence is spelt as a line of letters, one for each part, call, verb or join (``normal_rules``), and two patterns
find the statements in it: "heart and lungs are normal", "normal heart and lungs".
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from models.finding import Assertion, Observation, Side
from nlp.normal_rules import ASPECT, CALL, PART, UNKNOWN, WHOLE, NormalRules, Said, shipped_normals
from nlp.tokens import Tokens

NORMAL = ("cue", "normal")
"""The attribute of an absence that rests on a part being called normal, not on a denial of the finding itself."""

_MOST_WORDS = 400
"""Words of one sentence that are looked at."""

_ONE = r"(?:A{1,4}f?)?P{1,4}(?:v?A{1,4})?"  # "size of the heart", "heart size", "heart: size"
_LIST = rf"{_ONE}(?:[je]{{1,2}}(?:{_ONE}|A{{1,4}})){{0,12}}"
_CALLS = r"C(?:j{0,2}(?:sj?)?C){0,3}+"
_ASPECTS = r"(?:(?:[je]{0,2}i?A){0,6}+)"
# "heart size and hila are normal in contour", not "clear of …", "normal to …", "clear in the … lobe", "normal heart"
_CALLED = (
    rf"(?<![fin]){_LIST}(?:(?:[vwh]{{1,2}}(?:sj?)?|s)?f?)?{_CALLS}{_ASPECTS}"
    r"(?!j?[fte]|iP|i?y|P{1,4}A{0,4}(?:$|[j.]))"
)
# "normal size and shape of the heart", not "loss of the normal …", "normal heart border"
_CALLING = rf"(?:(?<=[jlvhwbs.])|^){_CALLS}{_ASPECTS}f?{_LIST}(?=$|[jeb.l])"
_STATEMENT = re.compile(rf"Z|{_CALLING}|{_CALLED}")
_TELLS = re.compile(r"Z|C.*P|P.*C")
_EARLIER = re.compile(r"w.*y", re.DOTALL)


_Word = tuple[Said, int, int]  # a phrase of the rules, or an unknown word, and of the sentence the first and next word
_UNKNOWN = Said(UNKNOWN, "")


class Denial(NamedTuple):
    """A finding that is not there, as the words from ``start`` to ``end`` of a sentence say."""

    finding: str
    start: int
    end: int
    side: Side | None


def says_normal(seen: Observation) -> bool:
    """Whether a finding is said to be absent only by calling a part normal."""
    return NORMAL in seen.attributes and seen.assertion is Assertion.ABSENT


class NormalStatements:
    """Reads them. ``known`` are the findings to tell of; others are left out."""

    def __init__(self, known: Container[str], rules: NormalRules | None = None) -> None:
        self._known, self._rules = known, rules or shipped_normals()

    def may_stand_in(self, words: Sequence[str]) -> bool:
        """Whether a sentence of these words may call anything normal; it never misses one that does."""
        return not (self._rules.called.isdisjoint(words) or self._rules.named.isdisjoint(words))

    def denials(self, tokens: Tokens) -> tuple[Denial, ...]:
        """What the sentence denies so, in reading order."""
        spelt = tokens.spelt[:_MOST_WORDS]
        kept = _words(self._rules, spelt)
        line = "".join([said[0] for said, _, _ in kept])
        if "u" in line or not _TELLS.search(line) or _EARLIER.search(line):
            return ()
        found: dict[tuple[str, Side | None], Denial] = {}
        for match in _STATEMENT.finditer(line):
            stated = kept[match.start() : match.end()]
            first, last = stated[0][1], stated[-1][2]
            until = kept[match.end()][1] if match.end() < len(kept) else len(spelt)
            since = kept[match.start() - 1][2] if match.start() else 0
            side = self._side(spelt[since:until])
            for finding in _denied(self._rules, stated):
                denial = Denial(finding, tokens.starts[first], tokens.ends[last - 1], side)
                if finding in self._known:
                    found.setdefault((finding, side), denial)
        return tuple(found.values())

    def _side(self, words: Sequence[str]) -> Side | None:
        sides = {self._rules.sides[word] for word in words if word in self._rules.sides}
        return sides.pop() if len(sides) == 1 else Side.BILATERAL if sides else None


def _words(rules: NormalRules, spelt: Sequence[str]) -> list[_Word]:
    """The sentence as the longest phrases of the rules, from left to right; without words that change nothing."""
    found: list[_Word] = []
    tree, place, count = rules.tree, 0, len(spelt)
    while place < count:
        node = tree.get(spelt[place])
        first, place = place, place + 1
        if node is None:
            found.append((_UNKNOWN, first, place))
            continue
        known, branches = node
        said, at = known or _UNKNOWN, place
        while branches and at < count and (node := branches.get(spelt[at])) is not None:
            known, branches = node
            at += 1
            if known is not None:
                said, place = known, at
        if said[0]:
            found.append((said, first, place))
    return found


def _denied(rules: NormalRules, stated: Sequence[_Word]) -> Iterator[str]:
    """The findings a statement denies: of words side by side that name parts the last counts, "lung vessels"."""
    parts: list[tuple[str, list[str]]] = []
    calls: set[str] = set()
    shared: list[str] = []  # aspects that are said of all parts
    called_first, before = stated[0][0].letter == CALL, ""
    for (letter, name), _, _ in stated:
        if letter == WHOLE:
            yield name
        elif letter == PART:
            if before == PART:
                parts.pop()
            parts.append((name, []))
        elif letter == CALL:
            calls.add(name)
        elif letter == ASPECT:
            (parts[-1][1] if parts and (called_first or not calls) else shared).append(name)
        before = letter
    for name, own in parts:
        yield from rules.denied(name, calls, [*own, *shared])
