"""Finds every word the rules and catalogues know, in one pass over a sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter
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
_FINDINGS, _PLACES, _ENDS = (_KINDS.index(kind) for kind in ("findings", "places", "ends"))


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
    """The phrases of catalogues and rules in trees of words: findings, diagnoses, and what is said around them."""

    def __init__(self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook) -> None:
        labels = {label.lower() for label in rules.labels_only}
        self._findings = _tree(
            *(("findings", key, [each for each in finding.phrases if each.lower() not in labels])
              for key, finding in findings.items()),
            *(("heads", head, head.words) for head in rules.heads),
        )  # fmt: skip
        self._diagnoses = _tree(*(("diagnoses", key, diagnosis.phrases) for key, diagnosis in diagnoses.items()))
        self._around = _tree(
            *(("places", place, words) for place, words in rules.places.items()),
            *(("cues", cue, cue.words) for cue in rules.cues),
            ("cues", None, rules.plain),
            *(("ends", assertion, words) for assertion, words in rules.ends.items()),
        )

    def telling(self, text: str, spelt: list[str] | None = None) -> Scan | None:
        """The scan of a text that names a finding, or a word that may be one; None for others, which most are.

        ``spelt`` are its words where they are known.
        """
        spelt = words_of(text) if spelt is None else spelt
        found = _found(self._findings, spelt)
        return self._scan(text, spelt, found) if found else None

    def diagnosing(self, text: str) -> Scan | None:
        """The scan of a text that names a diagnosis."""
        spelt = words_of(text)
        if not (found := _found(self._diagnoses, spelt)):
            return None
        return self._scan(text, spelt, [*_found(self._findings, spelt), *found])

    def named(self, text: str) -> tuple[list[str], list[str]]:
        """The keys of all places, and of all findings by their own phrases, that ``text`` names."""
        spelt = words_of(text)
        places = _longest(_found(self._around, spelt), _PLACES)
        return places, _longest(_found(self._findings, spelt), _FINDINGS)

    def _scan(self, text: str, spelt: list[str], named: list[_Found]) -> Scan:
        """The known words of ``text``; of overlapping ones of a kind, the longest."""
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
_Meanings = tuple[tuple[int, Any], ...]
_Node = tuple[_Meanings, "_Branches | None"]  # what the words up to here mean, and the words that may follow
_Branches = dict[str, _Node]


def _tree(*phrases: tuple[str, Any, Iterable[str]]) -> _Branches:
    """A tree of words out of phrases, each with its kind and value."""
    known: dict[tuple[str, ...], _Meanings] = {}
    for kind, value, forms in phrases:
        meaning = (_KINDS.index(kind), value)
        spelt = (one for form in forms for one in (spellings(form) if kind in _INFLECTED else (form,)))
        for words in dict.fromkeys(tuple(words_of(one)) for one in spelt):
            known[words] = (*known.get(words, ()), meaning)
    known.pop((), None)
    return _grown(sorted(known.items(), key=itemgetter(0)), 0, {})


def _grown(
    phrases: Sequence[tuple[tuple[str, ...], _Meanings]], depth: int, ends: dict[tuple[int, ...], _Node]
) -> _Branches:
    """The branches for sorted phrases that are alike up to ``depth``.

    Ends that mean the same are one, in ``ends``: a tree that is half as large is read faster.
    """
    branches: _Branches = {}
    for word, alike in groupby(phrases, key=lambda phrase: phrase[0][depth]):
        longer = list(alike)
        words, here = longer[0]
        if len(words) > depth + 1:
            branches[word] = ((), _grown(longer, depth + 1, ends))
        elif len(longer) > 1:
            branches[word] = (here, _grown(longer[1:], depth + 1, ends))
        else:
            branches[word] = ends.setdefault(tuple(map(id, here)), (here, None))
    return branches


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
            if branches is None or last == final:
                break
            last += 1
            node = branches.get(spelt[last])
            if node is None:
                break
            meanings, branches = node
    return found


def _longest(found: list[_Found], kind: int) -> list[str]:
    """The values of that kind, of overlapping phrases the longest."""
    kept: list[Hit] = []
    for one, first, last, value in found:
        if one == kind:
            keep_longest(kept, Hit(first, last + 1, value))
    return [hit.value for hit in kept]


def _uncovered(hits: list[Hit], by: list[Hit]) -> list[Hit]:
    """The hits that share no character with one of ``by``."""
    return [
        hit
        for hit in hits
        if not any(other.start < hit.end and hit.start < other.end for other in near(by, hit.start, hit.end))
    ]
