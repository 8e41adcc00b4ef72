"""Finds every word the rules and catalogues know, in one pass over the sentences of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from models.diagnosis import DiagnosisCatalogue
from models.finding import FindingCatalogue
from nlp.flattening import APART, Piece, batches, is_long, pieces
from nlp.rulebook import Rulebook
from nlp.spacy_alone import spacy_alone
from nlp.spelling import spellings

FEW = 64
"""Hits that are looked through faster than they are searched."""

_start = attrgetter("start")
_end = attrgetter("end")
_label, _first_token = itemgetter(0), itemgetter(1)


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
    reach: int = field(default=0, init=False)
    bounds: Any = field(default=None, init=False)


_KINDS = ("findings", "heads", "places", "diagnoses", "cues", "ends")
_INFLECTED = ("findings", "diagnoses", "places", "heads")
_TELLING = ("findings", "heads", "diagnoses")
_ENDS = _KINDS.index("ends")

_Meanings = tuple[tuple[int, Any], ...]  # each the place of its kind in _KINDS, and the value of the hit
_Hits = tuple[list[Hit], ...]  # of each kind


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
    """spaCy's tokenizer and one PhraseMatcher over catalogues and rules. Costs a second to build: build it once."""

    def __init__(self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook) -> None:
        self._forms: dict[str, _Meanings] = {}
        labels = {label.lower() for label in rules.labels_only}
        for key, finding in findings.items():
            self._add("findings", key, (phrase for phrase in finding.phrases if phrase.lower() not in labels))
        for key, diagnosis in diagnoses.items():
            self._add("diagnoses", key, diagnosis.phrases)
        self._add_rules(rules)
        self._build()

    def _add_rules(self, rules: Rulebook) -> None:
        for head in rules.heads:
            self._add("heads", head, head.words)
        for place, words in rules.places.items():
            self._add("places", place, words)
        for cue in rules.cues:
            self._add("cues", cue, cue.words)
        self._add("cues", None, rules.plain)
        for finding, cue in rules.denied.items():  # "heart size is normal" names a finding to deny it
            self._add("findings", finding, cue.words)
            self._add("cues", cue, cue.words)
        for assertion, words in rules.ends.items():
            self._add("ends", assertion, words)

    def _add(self, kind: str, value: Any, phrases: Iterable[str]) -> None:
        forms = (form for phrase in phrases for form in (spellings(phrase) if kind in _INFLECTED else (phrase,)))
        for form in dict.fromkeys(form.lower() for form in forms):
            self._forms[form] = (*self._forms.get(form, ()), (_KINDS.index(kind), value))

    def _build(self) -> None:
        """A tokenizer and a matcher that have seen no text."""
        with spacy_alone():
            import spacy
            from spacy.matcher import PhraseMatcher

        language = spacy.blank("en")
        self._vocabulary, self._tokenizer = language.vocab, language.tokenizer
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        for form in self._forms:
            self._matcher.add(form, [self._tokenizer(form)])
        self._known = {language.vocab.strings[form]: meanings for form, meanings in self._forms.items()}
        self._places = {label: _only(meanings, ("places",)) for label, meanings in self._known.items()}
        self._places = {label: meanings for label, meanings in self._places.items() if meanings}
        self._telling = {label for label, meanings in self._known.items() if _only(meanings, _TELLING)}
        self._full = len(self._vocabulary) + _MOST_NEW_WORDS

    def scan(self, text: str) -> Scan:
        """The known words of ``text``; of overlapping ones of a kind, the longest.

        Where it names no finding, head or diagnosis nothing but its places can matter, and only they are told.
        """
        return self.scans([text])[0]

    def scans(self, texts: Sequence[str]) -> list[Scan]:
        """The scan of each text. Reading them together costs less than one by one; no phrase reaches into the next."""
        found: dict[int, _Hits] = {}
        for batch in batches([piece for number, text in enumerate(texts) for piece in pieces(number, text)]):
            # spaCy keeps every word it ever saw; what a long text brings is forgotten at once, the rest before long.
            with self._vocabulary.memory_zone() if is_long(batch) else _NO_ZONE:
                self._match(batch, found)
        if len(self._vocabulary) > self._full:
            self._build()
        return [_scan(found[number]) if number in found else _NOTHING for number in range(len(texts))]

    def _match(self, batch: Sequence[Piece], found: dict[int, _Hits]) -> None:
        """Put the hits of the pieces to those of their texts."""
        document = self._tokenizer(APART.join([piece.flat for piece in batch]))
        matches = self._matcher(document)
        tokens = document.to_array(["IDX", "LENGTH"]).tolist()  # a row a token: where it starts, how long it is
        begin = first = 0  # where the piece stands in the document, and its first match
        for number, flat, origin in batch:
            token = bisect_left(tokens, [begin + len(flat)])
            last = bisect_left(matches, token, first, key=_first_token)
            part = matches[first:last]
            known = self._places if self._telling.isdisjoint(map(_label, part)) else self._known
            hits = found.get(number, ())
            for label, left, right in part:
                for kind, value in known.get(label, ()):
                    hits = hits or found.setdefault(number, tuple([[] for _ in _KINDS]))
                    start, end = tokens[left][0] - begin, sum(tokens[right - 1]) - begin
                    hit = Hit(origin[start], origin[end - 1] + 1, value)
                    if kind == _ENDS or not hits[kind] or hit.start >= hits[kind][-1].end:
                        hits[kind].append(hit)
                    else:
                        keep_longest(hits[kind], hit)
            begin, first = begin + len(flat) + len(APART), last


_MOST_NEW_WORDS = 100_000
_NO_ZONE = nullcontext()
_NOTHING = Scan()


def _only(meanings: _Meanings, kinds: tuple[str, ...]) -> _Meanings:
    return tuple(meaning for meaning in meanings if _KINDS[meaning[0]] in kinds)


def _scan(hits: _Hits) -> Scan:
    scan = Scan(*hits)
    if scan.cues:
        scan.cues = [hit for hit in scan.cues if hit.value is not None]
        scan.reach = max((hit.value.reach for hit in scan.cues), default=0)
    if scan.heads and scan.findings:
        scan.heads = _uncovered(scan.heads, scan.findings)
    return scan


def _uncovered(hits: list[Hit], by: list[Hit]) -> list[Hit]:
    """The hits that share no character with one of ``by``."""
    return [
        hit
        for hit in hits
        if not any(other.start < hit.end and hit.start < other.end for other in near(by, hit.start, hit.end))
    ]
