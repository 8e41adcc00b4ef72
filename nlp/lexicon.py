"""Finds every word the rules and catalogues know, in one pass over the sentences of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from models.diagnosis import DiagnosisCatalogue
from models.finding import FindingCatalogue
from nlp.flattening import broken, flatten
from nlp.rulebook import Rulebook
from nlp.spacy_alone import spacy_alone

FEW = 64
"""Hits that are looked through faster than they are searched."""

_VOWELS = "aeiou"
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
    reach: int = field(default=0, init=False)
    bounds: Any = field(default=None, init=False)


_KINDS = ("findings", "heads", "places", "diagnoses", "cues", "ends")
_INFLECTED = ("findings", "diagnoses", "places", "heads")
_ENDS = _KINDS.index("ends")

Meanings = tuple[tuple[int, Any], ...]
"""What words may mean: for each meaning the place of its kind in ``_KINDS``, and the value of the hit."""


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


def spellings(phrase: str) -> tuple[str, ...]:
    """A phrase and its regular plural ("lung nodule", "lung nodules"), with and without hyphens."""
    last = phrase.rsplit(" ", 1)[-1].rsplit("-", 1)[-1].lower()
    forms = [phrase]
    if last.isalpha() and len(last) > 3 and not last.endswith(("s", "ed", "ing")):
        forms.append(phrase[:-1] + "ies" if last.endswith("y") and last[-2] not in _VOWELS else phrase + "s")
    forms += [form.replace("-", " ") for form in forms if "-" in form]
    return tuple(dict.fromkeys(forms))


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


class _Piece(NamedTuple):
    """A text, or a part of a long one: which of the texts, its words, and where each character stands in the text."""

    number: int
    flat: str
    origin: Sequence[int]


class Lexicon:
    """spaCy's tokenizer and one PhraseMatcher over catalogues and rules. Costs a second to build: build it once."""

    def __init__(self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook) -> None:
        self._forms: dict[str, Meanings] = {}
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
        self._meanings: dict[int, Meanings] = {}
        for form, meanings in self._forms.items():
            self._matcher.add(form, [self._tokenizer(form)])
            self._meanings[language.vocab.strings[form]] = meanings
        self._full = len(self._vocabulary) + _MOST_NEW_WORDS

    def scan(self, text: str) -> Scan:
        """Every known word of ``text``; of overlapping ones of a kind, the longest."""
        return self.scans([text])[0]

    def scans(self, texts: Sequence[str]) -> list[Scan]:
        """The scan of each text. Reading them together costs less than one by one; no phrase reaches into the next."""
        found: list[tuple[list[Hit], ...]] = [tuple([] for _ in _KINDS) for _ in texts]
        pieces = [piece for number, text in enumerate(texts) for piece in _pieces(number, text)]
        for batch in _batches(pieces):
            # spaCy keeps every word it ever saw; what a long text brings is forgotten at once, the rest before long.
            long = sum(len(piece.flat) for piece in batch) > _LONG
            with self._vocabulary.memory_zone() if long else nullcontext():
                self._match(batch, found)
        if len(self._vocabulary) > self._full:
            self._build()
        return [_scan(hits) for hits in found]

    def _match(self, pieces: Sequence[_Piece], found: list[tuple[list[Hit], ...]]) -> None:
        """Put the hits of the pieces to those of their texts."""
        document = self._tokenizer(_APART.join([piece.flat for piece in pieces]))
        tokens = document.to_array(["IDX", "LENGTH"]).tolist()  # a row a token: where it starts, how long it is
        coming = iter(pieces)
        begin, after = 0, 0  # where the piece begins in the document, and the next one
        for label, first, last in self._matcher(document):
            start = tokens[first][0]
            while start >= after:
                piece = next(coming)
                begin, after = after, after + len(piece.flat) + len(_APART)
                origin, kinds = piece.origin, found[piece.number]
            end = tokens[last - 1][0] + tokens[last - 1][1]
            place, reach = origin[start - begin], origin[end - 1 - begin] + 1
            for kind, value in self._meanings[label]:
                hits = kinds[kind]
                if kind == _ENDS or not hits or place >= hits[-1].end:
                    hits.append(Hit(place, reach, value))
                else:
                    keep_longest(hits, Hit(place, reach, value))


_APART = " \n "
"""Stands between pieces. A line break alone is a special case of spaCy's, which makes it ten times slower."""
_LONG = 20_000
"""Characters of the longest text that is no hostile one, and of what is tokenised at once."""
_MOST_NEW_WORDS = 100_000


def _pieces(number: int, text: str) -> Iterator[_Piece]:
    """A text as one piece; one longer than any report in several, cut at blanks."""
    flat, origin = flatten(text)
    flat = broken(flat)
    start = 0
    while len(flat) - start > _LONG:
        end = flat.rfind(" ", start + 1, start + _LONG)
        end = end if end > 0 else start + _LONG
        yield _Piece(number, flat[start:end], origin[start:end])
        start = end
    yield _Piece(number, flat[start:], origin[start:]) if start else _Piece(number, flat, origin)


def _batches(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """The pieces in groups of about so many characters as are tokenised at once."""
    first = size = 0
    for number, piece in enumerate(pieces):
        size += len(piece.flat)
        if size > _LONG:
            yield pieces[first : number + 1]
            first, size = number + 1, 0
    if first < len(pieces):
        yield pieces[first:]


def _scan(hits: tuple[list[Hit], ...]) -> Scan:
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
