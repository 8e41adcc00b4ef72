"""What a report, and the department, say of a finding that makes it worth teaching: the factors of the scale."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from models.finding import Assertion, Change, Finding, FindingCatalogue, Observation
from models.report import SectionedText, SectionName, Span
from models.teaching_case import Reason
from nlp.point_scale import Scale, shipped_scale
from nlp.sentences import sentences

_start = attrgetter("start")
_LONGEST = 240
_BIG = frozenset(("moderate", "severe", "large"))
_MILD = frozenset(("mild", "small"))
_CHANGES = {Change.NEW: "new", Change.INCREASED: "increased"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the department knows of findings, by key.

    ``counts``: how often it reported each. ``misses``: the share of its reviews, 0 to 1, in which each was missed.
    ``changed``: findings that the preliminary and the final version of this report tell differently.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    misses: Mapping[str, float] = field(default_factory=dict)
    changed: Collection[str] = ()


NOTHING = Evidence()


class Place(NamedTuple):
    """The mention of a finding that says most of it, its sentence, and the sentence's number among those read."""

    seen: Observation
    sentence: Span
    number: int


class Reading:
    """A report's sentences, and the mentions of each finding it shows, in reading order."""

    def __init__(self, sectioned: SectionedText, mentions: Mapping[str, Sequence[Observation]]) -> None:
        self.text = sectioned.text
        self.mentions = mentions
        self.sentences: list[Span] = []
        self._concluding: list[Span] = []
        for section in sectioned.sections:
            if section.name is SectionName.FINDINGS:
                self.sentences += sentences(self.text, section.span)
            elif section.name is SectionName.IMPRESSION:
                self.sentences += sentences(self.text, section.span)
                self._concluding.append(section.span)
        self.first = min([seen[0].span.start for seen in mentions.values()])

    def number(self, seen: Observation) -> int:
        """Which sentence the mention begins in, or which goes before it: sentences stand apart, in order."""
        return bisect_right(self.sentences, seen.span.start, key=_start) - 1

    def best(self, key: str) -> Place | None:
        """Where the report says most of the finding: surely, with side, size and degree, and in the findings."""
        best, most = None, -1.0
        for seen in self.mentions[key]:
            number = self.number(seen)
            if number >= 0 and seen.span.end <= self.sentences[number].end:
                sentence = self.sentences[number]
                said = self._said(seen, sentence)
                if said > most:
                    best, most = Place(seen, sentence, number), said
        return best

    def _said(self, seen: Observation, sentence: Span) -> float:
        said = (seen.side is not None) + (seen.size_mm is not None) + bool(seen.severity) + (seen.site is not None)
        certain = 3 * (seen.assertion is Assertion.PRESENT)
        length = min(sentence.end - sentence.start, _LONGEST) / _LONGEST
        return said + certain + length + 0.5 * (not self.concludes(seen))

    def concludes(self, seen: Observation) -> bool:
        """Whether the mention stands in the impression."""
        return any(span.start <= seen.span.start < span.end for span in self._concluding)

    def beside(self, sentence: Span, keys: Sequence[str], low: int, high: int) -> bool:
        """Whether a finding of ``keys`` begins in the sentence from ``low`` to before ``high``."""
        low, high = max(low, sentence.start), min(high, sentence.end)
        return any(low <= seen.span.start < high for key in keys for seen in self.mentions.get(key, ()))


def reasons(
    reading: Reading, key: str, place: Place, findings: FindingCatalogue, evidence: Evidence
) -> tuple[Reason, ...]:
    """The finding's own worth, and every factor that holds for it in this report and in this department."""
    scale = shipped_scale()
    points = scale.points
    finding = findings[key]
    why = [Reason("finding", scale.base(finding))]
    why += [Reason(name, points[name]) for name in sorted(_as_told(reading, key, place, scale))]
    why += [Reason(name, round(points[name] * amount, 3), amount) for name, amount in _as_known(finding, evidence)]
    return tuple(why)


def _as_told(reading: Reading, key: str, place: Place, scale: Scale) -> set[str]:
    """The factors that hold by what the report says."""
    seen, sentence, number = place
    start, end = seen.span.start, seen.span.end
    text, mentions = reading.text, reading.mentions[key]
    low, high = max(sentence.start, start - scale.reach), min(sentence.end, end + scale.reach)
    told = scale.named_near(text, low, high)
    told.update(_degree(mentions))
    if mentions[0].span.start == reading.first:
        told.add("first")
    if len(mentions) > 1:
        told.update(_repeated(reading, mentions))
    if number + 1 < len(reading.sentences):
        following = reading.sentences[number + 1]
        if scale.goes_on(text, following.start, following.end):
            told.add("pursued")
    if key in scale.explained_by and reading.beside(sentence, scale.explained_by[key], end, sentence.end):
        told.add("explained")
    if key in scale.explains and reading.beside(sentence, scale.explains[key], sentence.start, start):
        told.add("explains")
    return told


def _degree(mentions: Sequence[Observation]) -> Iterator[str]:
    """Size, degree, change and certainty, over all mentions."""
    degrees = {word for seen in mentions for word in seen.severity}
    if not degrees.isdisjoint(_BIG):
        yield "big"
    elif "borderline" in degrees:
        yield "borderline"
    elif not degrees.isdisjoint(_MILD):
        yield "mild"
    for seen in mentions:
        if seen.change in _CHANGES:
            yield _CHANGES[seen.change]
        if seen.size_mm is not None:
            yield "measured"
    if all(seen.assertion is not Assertion.PRESENT for seen in mentions):
        yield "uncertain"


def _repeated(reading: Reading, mentions: Sequence[Observation]) -> Iterator[str]:
    """Whether the findings speak of it in more than one sentence, and whether the impression does."""
    concluding = sum([reading.concludes(seen) for seen in mentions])
    if concluding:
        yield "concluded"
    numbers = {reading.number(seen) for seen in mentions if not reading.concludes(seen)}
    if len(numbers) > 1:
        yield "again"


def _as_known(finding: Finding, evidence: Evidence) -> Iterator[tuple[str, float]]:
    """The factors that hold by what is published and by what the department knows, each with its amount."""
    key = finding.key
    if finding.prior_miss:
        yield "subtle", finding.prior_miss
    if finding.mimics:
        yield "mimic", 1.0
    if evidence.counts:
        yield "rare", math.log((sum(evidence.counts.values()) + 10) / (evidence.counts.get(key, 0) + 1)) / 4
    elif finding.parent is not None:
        yield "kind", 1.0
    if evidence.misses.get(key):
        yield "missed", evidence.misses[key]
    if key in evidence.changed:
        yield "changed", 1.0
