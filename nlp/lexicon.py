"""Finds every word the rules and catalogues know, in one pass over a sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from models.diagnosis import DiagnosisCatalogue
from models.finding import FindingCatalogue
from nlp.rulebook import Rulebook
from nlp.spelling import spellings
from nlp.tokens import Tokens, tokens_of, words_of

FEW = 64
"""Hits that are looked through faster than they are searched."""

_start = attrgetter("start")
_end = attrgetter("end")


class Hit(NamedTuple):
    """Known words at characters ``start`` to ``end``. ``value`` is a key, or the rule they belong to."""

    start: int
    end: int
    value: Any


@dataclass(slots=True)
class Scan:
    """The hits of one sentence or other text, by kind, in reading order; ``reach`` is its farthest cue's.

    ``bounds`` are those of its clauses, once they were asked for.
    """

    findings: list[Hit] = field(default_factory=list)
    heads: list[Hit] = field(default_factory=list)
    places: list[Hit] = field(default_factory=list)
    diagnoses: list[Hit] = field(default_factory=list)
    cues: list[Hit] = field(default_factory=list)
    ends: list[Hit] = field(default_factory=list)
    tokens: Tokens = field(default=Tokens([], [], []), init=False, repr=False)
    reach: int = field(default=0, init=False)
    bounds: Any = field(default=None, init=False)


_KINDS = ("findings", "heads", "places", "diagnoses", "cues", "ends")
_INFLECTED = ("findings", "diagnoses", "places", "heads")
_TELLING = ("findings", "heads", "diagnoses")
_ENDS = _KINDS.index("ends")


def starting(hits: list[Hit], start: int, end: int) -> list[Hit]:
    """Those of the hits, which are in reading order, that begin at ``start`` or later and before ``end``."""
    first = bisect_left(hits, start, key=_start)
    return hits[first : bisect_left(hits, end, first, key=_start)]


def near(hits: list[Hit], low: int, high: int) -> list[Hit]:
    """Those of the hits that share a place with ``low`` to ``high`` or touch it; as ``keep_longest`` leaves hits.

    What cannot reach a mention is not looked at: a sentence of thousands of words stays quick.
    """
    if len(hits) <= FEW:
        return hits
    first = bisect_left(hits, low, key=_end)
    return hits[first : bisect_right(hits, high, first, key=_start)]


def keep_longest(kept: list[Hit], hit: Hit) -> None:
    """Add a hit to those that no longer one covers. Several hits on exactly the same words all stay.

    Hits come by their start, and of one start the shorter first.
    """
    first, last, _ = kept[-1] if kept else (0, 0, None)
    if hit.start >= last:
        kept.append(hit)
    elif hit.start == first and hit.end == last:  # the same words may mean two findings, but each of them once
        if hit not in kept[-4:]:
            kept.append(hit)
    elif hit.end > last and hit.end - hit.start > last - first:
        while kept and kept[-1].start == first:
            kept.pop()
        kept.append(hit)


class Lexicon:
    """The phrases of catalogues and rules in two trees of words: what tells something, and what is said around it."""

    def __init__(self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook) -> None:
        self._telling: _Branches = {}
        self._around: _Branches = {}
        self._marked: set[str] = set()  # of each telling phrase the longest word
        labels = {label.lower() for label in rules.labels_only}
        for key, finding in findings.items():
            self._add("findings", key, (phrase for phrase in finding.phrases if phrase.lower() not in labels))
        for key, diagnosis in diagnoses.items():
            self._add("diagnoses", key, diagnosis.phrases)
        for head in rules.heads:
            self._add("heads", head, head.words)
        for place, words in rules.places.items():
            self._add("places", place, words)
        for cue in rules.cues:
            self._add("cues", cue, cue.words)
        self._add("cues", None, rules.plain)
        for denied, cue in rules.denied.items():  # "heart size is normal" names a finding to deny it
            self._add("findings", denied, cue.words)
            self._add("cues", cue, cue.words)
        for assertion, words in rules.ends.items():
            self._add("ends", assertion, words)

    def _add(self, kind: str, value: Any, phrases: Iterable[str]) -> None:
        meaning = (_KINDS.index(kind), value)
        for phrase in phrases:
            for form in spellings(phrase) if kind in _INFLECTED else (phrase,):
                words = words_of(form)
                if words and kind in _TELLING:
                    self._marked.add(max(words, key=len))
                if words:
                    _plant(self._telling if kind in _TELLING else self._around, words, meaning)

    def telling(self, text: str) -> Scan | None:
        """The scan of a text that names a finding, head or diagnosis; None for the others, which most sentences are."""
        spelt = words_of(text)
        if self._marked.isdisjoint(spelt):
            return None
        named = _found(self._telling, spelt)
        return self._scan(text, spelt, named) if named else None

    def scan(self, text: str) -> Scan:
        """The known words of ``text``; of overlapping ones of a kind, the longest."""
        spelt = words_of(text)
        return self._scan(text, spelt, _found(self._telling, spelt))

    def _scan(self, text: str, spelt: list[str], named: list[_Found]) -> Scan:
        tokens = tokens_of(text, spelt)
        scan = Scan()
        scan.tokens = tokens
        kinds = (scan.findings, scan.heads, scan.places, scan.diagnoses, scan.cues)
        ends: list[_Found] = []
        for found in (*named, *_found(self._around, spelt)):
            kind, first, last, value = found
            if kind == _ENDS:
                ends.append(found)
                continue
            hits, hit = kinds[kind], Hit(tokens.starts[first], tokens.ends[last], value)
            if not hits or hit.start >= hits[-1].end:
                hits.append(hit)
            else:
                keep_longest(hits, hit)
        if scan.cues:
            scan.cues = [hit for hit in scan.cues if hit.value is not None]
        if scan.cues:  # without any there is nothing to end
            scan.ends = [Hit(tokens.starts[first], tokens.ends[last], value) for _, first, last, value in ends]
            scan.reach = max([hit.value.reach for hit in scan.cues])
        if scan.heads and scan.findings:
            scan.heads = _uncovered(scan.heads, scan.findings)
        return scan


_Found = tuple[int, int, int, Any]  # the place of the kind in _KINDS, the first and last word, the value
_Node = tuple[list[tuple[int, Any]], "_Branches"]  # what the words up to here mean, and the words that may follow
_Branches = dict[str, _Node]


def _plant(tree: _Branches, words: list[str], meaning: tuple[int, Any]) -> None:
    for word in words:
        meanings, tree = tree.setdefault(word, ([], {}))
    if meaning not in meanings:
        meanings.append(meaning)


def _found(tree: _Branches, spelt: list[str]) -> list[_Found]:
    """Every phrase of the tree among the words, by its first word, and of one first word the shorter first."""
    found: list[_Found] = []
    final = len(spelt) - 1
    for first in [place for place, word in enumerate(spelt) if word in tree]:
        meanings, branches = tree[spelt[first]]
        last = first
        while True:
            for kind, value in meanings:
                found.append((kind, first, last, value))
            if last == final or not branches:
                break
            last += 1
            node = branches.get(spelt[last])
            if node is None:
                break
            meanings, branches = node
    return found


def _uncovered(hits: list[Hit], by: list[Hit]) -> list[Hit]:
    """The hits that share no character with one of ``by``."""
    return [
        hit
        for hit in hits
        if not any(other.start < hit.end and hit.start < other.end for other in near(by, hit.start, hit.end))
    ]
