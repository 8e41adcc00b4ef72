"""What a report, and the department, say of a finding that makes it worth teaching: the factors of the scale."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from models.finding import Assertion, Change, Finding, Observation
from models.report import SectionedText, SectionName, Span
from models.teaching_case import Reason
from nlp.plain import plain
from nlp.point_scale import Scale, shipped_scale
from nlp.sentences import sentences_of

_start = attrgetter("start")
_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_LONGEST = 240
_DEGREES = (  # the first that holds counts: "small to moderate" is not small
    ("big", frozenset(("moderate", "severe", "large"))),
    ("borderline", frozenset(("borderline",))),
    ("mild", frozenset(("mild", "small"))),
)
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
    """A mention in its sentence. ``following`` is the next sentence of the section as (start, end), empty if none."""

    seen: Observation
    sentence: Span
    following: tuple[int, int]
    concluding: bool


class Reading:
    """A report's sentences, and the mentions of each finding it shows, in reading order."""

    def __init__(self, sectioned: SectionedText, mentions: Mapping[str, Sequence[Observation]]) -> None:
        self.text = plain(sectioned.text)
        self.mentions = mentions
        self.first = min([seen[0].span.start for seen in mentions.values()])
        self._sections = [section for section in sectioned.sections if section.name in _READ]
        self._starts = [section.span.start for section in self._sections]
        self._parted: dict[int, tuple[Span, ...]] = {}

    def places(self, key: str) -> list[Place]:
        """The mentions of the finding that stand in sentences of the findings or the impression."""
        return [place for seen in self.mentions[key] if (place := self._place(seen)) is not None]

    def _place(self, seen: Observation) -> Place | None:
        number = bisect_right(self._starts, seen.span.start) - 1
        if number < 0:
            return None
        section = self._sections[number]
        at = section.span.start
        start, end = seen.span.start - at, seen.span.end - at
        parted = self._parted.get(number)
        if parted is None:
            parted = self._parted[number] = sentences_of(self.text[at : section.span.end])
        nearest = bisect_right(parted, start, key=_start) - 1  # sentences stand apart, in order
        if nearest < 0 or end > parted[nearest].end:
            return None
        sentence, after = parted[nearest], parted[nearest + 1 : nearest + 2]
        following = (after[0].start + at, after[0].end + at) if after else (0, 0)
        concluding = section.name is SectionName.IMPRESSION
        return Place(seen, Span(sentence.start + at, sentence.end + at), following, concluding)

    def best(self, places: Sequence[Place]) -> Place:
        """Where the report says most of the finding: surely, with side, size and degree, and in the findings."""
        return places[0] if len(places) == 1 else max(places, key=_said)

    def beside(self, keys: Sequence[str], low: int, high: int) -> bool:
        """Whether a finding of ``keys`` begins at ``low`` to before ``high``."""
        return any(low <= seen.span.start < high for key in keys for seen in self.mentions.get(key, ()))


def _said(place: Place) -> float:
    seen, sentence = place.seen, place.sentence
    said = (seen.side is not None) + (seen.size_mm is not None) + bool(seen.severity) + (seen.site is not None)
    certain = 3 * (seen.assertion is Assertion.PRESENT)
    length = min(sentence.end - sentence.start, _LONGEST) / _LONGEST
    return said + certain + length + 0.5 * (not place.concluding)


def reasons(
    reading: Reading, finding: Finding, places: Sequence[Place], best: Place, evidence: Evidence
) -> tuple[Reason, ...]:
    """The finding's own worth, and every factor that holds for it in this report and in this department."""
    scale = shipped_scale()
    told = _by_words(reading, finding.key, best, scale)
    told.update(_by_mentions(reading, places))
    plain = scale.plain
    return (
        Reason("finding", scale.base(finding)),
        *[plain[name] for name in sorted(told)],
        *_as_known(finding, evidence, scale),
    )


def _by_words(reading: Reading, key: str, place: Place, scale: Scale) -> set[str]:
    """The factors that hold by the words around a mention."""
    seen, sentence, following, _ = place
    text, start, end = reading.text, seen.span.start, seen.span.end
    told = scale.named_near(text, max(sentence.start, start - scale.reach), min(sentence.end, end + scale.reach))
    if scale.goes_on(text, *following):
        told.add("pursued")
    if len(reading.mentions) > 1:
        if key in scale.explained_by and reading.beside(scale.explained_by[key], end, sentence.end):
            told.add("explained")
        if key in scale.explains and reading.beside(scale.explains[key], sentence.start, start):
            told.add("explains")
    return told


def _by_mentions(reading: Reading, places: Sequence[Place]) -> set[str]:
    """The factors that hold by where the finding is mentioned, and how large, changed and sure it is in any mention."""
    told: set[str] = set()
    said_in: set[int] = set()
    degrees: set[str] = set()
    certain = False
    for seen, sentence, _, concluding in places:
        said_in.add(-1 if concluding else sentence.start)
        degrees.update(seen.severity)
        certain = certain or seen.assertion is Assertion.PRESENT
        if seen.size_mm is not None:
            told.add("measured")
        if seen.change in _CHANGES:
            told.add(_CHANGES[seen.change])
    if degrees:
        told.update([name for name, words in _DEGREES if not words.isdisjoint(degrees)][:1])
    if not certain:
        told.add("uncertain")
    if places[0].seen.span.start == reading.first:
        told.add("first")
    if -1 in said_in:
        told.add("concluded")
    if len(said_in) - (-1 in said_in) > 1:
        told.add("again")
    return told


def _as_known(finding: Finding, evidence: Evidence, scale: Scale) -> list[Reason]:
    """The factors that hold by what is published and by what the department knows."""
    key, known = finding.key, []
    if finding.prior_miss:
        known.append(scale.reason("subtle", finding.prior_miss))
    if finding.mimics:
        known.append(scale.plain["mimic"])
    if not evidence.counts and finding.parent is not None:
        known.append(scale.plain["kind"])
    if evidence is not NOTHING:
        if evidence.counts:
            rarity = math.log((sum(evidence.counts.values()) + 10) / (evidence.counts.get(key, 0) + 1)) / 4
            known.append(scale.reason("rare", rarity))
        if evidence.misses.get(key):
            known.append(scale.reason("missed", evidence.misses[key]))
        if key in evidence.changed:
            known.append(scale.plain["changed"])
    return known
