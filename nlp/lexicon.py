"""Finds every word the rules and catalogues know, in one pass over a text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from models.diagnosis import DiagnosisCatalogue
from models.finding import FindingCatalogue
from nlp.rulebook import Cue, Rulebook
from nlp.spacy_alone import spacy_alone

FEW = 64
"""Hits that are looked through faster than they are searched."""

_VOWELS = "aeiou"
_start = attrgetter("start")
_end = attrgetter("end")
_BLANKS = re.compile(r"[^\S ]\s*| \s+")


# spaCy peels signs off a run one by one and looks at the whole run for each. None so long holds a known word.
_UNBROKEN = re.compile(r"(?<!\S)\S{200,}")
_LONGEST_RUN = 100


def _broken(run: re.Match[str]) -> str:
    """A run of signs without a blank, with a blank in the place of every hundredth."""
    return " ".join(run[0][start : start + _LONGEST_RUN - 1] for start in range(0, len(run[0]), _LONGEST_RUN)).ljust(
        len(run[0])
    )


class Hit(NamedTuple):
    """Known words at characters ``start`` to ``end``. ``value`` is a key, or the rule they belong to."""

    start: int
    end: int
    value: Any


@dataclass(slots=True)
class Scan:
    """The hits of one text (or of one sentence of it), by kind, in reading order; ``reach`` is its farthest cue's."""

    findings: list[Hit] = field(default_factory=list)
    heads: list[Hit] = field(default_factory=list)
    places: list[Hit] = field(default_factory=list)
    diagnoses: list[Hit] = field(default_factory=list)
    cues: list[Hit] = field(default_factory=list)
    ends: list[Hit] = field(default_factory=list)
    sides: list[Hit] = field(default_factory=list)
    severities: list[Hit] = field(default_factory=list)
    reach: int = field(default=0, init=False)

    def within(self, start: int, end: int) -> Scan:
        """The hits that begin at ``start`` or later and before ``end``."""
        part = Scan(
            *(
                [hit for hit in hits if start <= hit.start < end] if len(hits) <= FEW else starting(hits, start, end)
                for hits in self._lists()
            )
        )
        part.reach = self.reach
        return part

    def _lists(self) -> Iterator[list[Hit]]:
        yield from (self.findings, self.heads, self.places, self.diagnoses)
        yield from (self.cues, self.ends, self.sides, self.severities)


def starting(hits: list[Hit], start: int, end: int) -> list[Hit]:
    """Those of the hits, which are in reading order, that begin at ``start`` or later and before ``end``."""
    first = bisect_left(hits, start, key=_start)
    return hits[first : bisect_left(hits, end, first, key=_start)]


def near(hits: list[Hit], low: int, high: int) -> list[Hit]:
    """Those of the hits that share a place with ``low`` to ``high`` or touch it; as ``longest`` leaves hits.

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


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that no longer hit covers, in reading order. Several hits on exactly the same words all stay."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        last = kept[-1] if kept else None
        if last is None or hit.start >= last.end or (hit.start, hit.end) == (last.start, last.end):
            kept.append(hit)
        elif hit.end > last.end and hit.end - hit.start > last.end - last.start:
            kept[-1] = hit
    return kept


def flatten(text: str) -> tuple[str, Sequence[int]]:
    """``text`` with each run of blanks as one space, and for each of its characters the place in ``text``.

    Dictated lines are wrapped anywhere: "pleural\\n   effusion" must match the phrase of two words.
    """
    if not _BLANKS.search(text):
        return text, range(len(text))
    origin: list[int] = []
    start = 0
    for run in _BLANKS.finditer(text):
        origin.extend(range(start, run.start() + 1))
        start = run.end()
    origin.extend(range(start, len(text)))
    return _BLANKS.sub(" ", text), origin


class Lexicon:
    """spaCy's tokenizer and one PhraseMatcher over catalogues and rules. Costs a second to build: build it once."""

    def __init__(self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook) -> None:
        with spacy_alone():
            import spacy
            from spacy.matcher import PhraseMatcher

        self._language = spacy.blank("en")
        self._matcher = PhraseMatcher(self._language.vocab, attr="LOWER")
        self._meaning: dict[int, tuple[str, Any]] = {}
        self._scanned: dict[str, Scan] = {}
        labels = {label.lower() for label in rules.labels_only}
        for key, finding in findings.items():
            self._add("findings", key, (phrase for phrase in finding.phrases if phrase.lower() not in labels))
        for key, diagnosis in diagnoses.items():
            self._add("diagnoses", key, diagnosis.phrases)
        self._add_rules(rules)

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
        for side, words in rules.sides.items():
            self._add("sides", side, words)
        for severity, words in rules.severities.items():
            self._add("severities", severity, words)

    def _add(self, kind: str, value: Any, phrases: Iterable[str]) -> None:
        label = f"{kind} {len(self._meaning)}"
        forms = {form for phrase in phrases for form in (spellings(phrase) if kind in _INFLECTED else (phrase,))}
        if forms:
            self._matcher.add(label, [self._language.make_doc(form) for form in sorted(forms)])
            self._meaning[self._language.vocab.strings[label]] = (kind, value)

    def scan(self, text: str) -> Scan:
        """Every known word of ``text``; of overlapping ones of a kind, the longest. Not to be changed by who asks.

        The last texts are remembered: a report is asked for its findings, then its diagnoses, then its region.
        """
        held = self._scanned.get(text)
        if held is None:
            held = self._scan(text)
            if len(self._scanned) >= _REMEMBERED:
                self._scanned.pop(next(iter(self._scanned)))
            self._scanned[text] = held
        return held

    def _scan(self, text: str) -> Scan:
        flat, origin = flatten(text)
        if max(map(len, flat.split()), default=0) > _LONGEST_RUN:
            flat = _UNBROKEN.sub(_broken, flat)
        document = self._language.make_doc(flat)
        found: dict[str, list[Hit]] = {kind: [] for kind in _KINDS}
        tokens = document.to_array(["IDX", "LENGTH"]).tolist()  # a row a token: where it starts, how long it is
        for label, first, last in self._matcher(document):
            kind, value = self._meaning[label]
            end = tokens[last - 1][0] + tokens[last - 1][1]
            found[kind].append(Hit(origin[tokens[first][0]], origin[end - 1] + 1, value))
        scan = Scan(**{kind: longest(hits) for kind, hits in found.items() if kind != "ends"})
        scan.ends = sorted(found["ends"], key=lambda hit: hit.start)
        scan.cues = [hit for hit in scan.cues if isinstance(hit.value, Cue)]
        scan.reach = max((hit.value.reach for hit in scan.cues), default=0)
        scan.heads = _uncovered(scan.heads, scan.findings)
        return scan


_REMEMBERED = 4
_KINDS = ("findings", "heads", "places", "diagnoses", "cues", "ends", "sides", "severities")
_INFLECTED = ("findings", "diagnoses", "places", "heads")


def _uncovered(hits: list[Hit], by: list[Hit]) -> list[Hit]:
    """The hits that share no character with one of ``by``."""
    return [
        hit
        for hit in hits
        if not any(other.start < hit.end and hit.start < other.end for other in near(by, hit.start, hit.end))
    ]
