"""Picks the sentences of a report worth learning from."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import attrgetter

from models.finding import Assertion, FindingCatalogue, Observation
from models.report import SectionedText, SectionName, Span
from models.teaching_case import TeachingPoint
from nlp.sentences import sentences

_start = attrgetter("start")
_SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)


def teaching_points(
    sectioned: SectionedText,
    observations: Sequence[Observation],
    findings: FindingCatalogue,
    counts: Mapping[str, int] | None = None,
) -> tuple[TeachingPoint, ...]:
    """One sentence of the report for each finding it shows, best first; ``text`` is the report's own words.

    Ranked by harm if missed, published misses, a known mimic, rarity (``counts``: how often each finding was reported
    in the department; without it, kinds of a finding count as rarer than the finding) and how certain the report is. A
    finding is left out where a kind of it is shown too.
    """
    shown = [seen for seen in observations if seen.assertion in _SHOWN and seen.finding in findings]
    keys = {seen.finding for seen in shown}
    scored = []
    for key in sorted(keys):
        if any(other != key and findings.is_a(other, key) for other in keys):
            continue
        mentions = [seen for seen in shown if seen.finding == key]
        span = _best_sentence(sectioned, mentions)
        if span is not None:
            scored.append((_worth(key, mentions, findings, counts or {}), key, span))
    scored.sort(key=lambda entry: (-entry[0], entry[2], entry[1]))
    return tuple(TeachingPoint(key, span.of(sectioned.text), span) for _, key, span in scored)


def teaching_value(
    points: Sequence[TeachingPoint],
    observations: Sequence[Observation],
    findings: FindingCatalogue,
    counts: Mapping[str, int] | None = None,
) -> float:
    """What the best of a report's points is worth, on the scale they are ranked by; 0 where there is none."""
    if not points:
        return 0.0
    key = points[0].finding
    mentions = [seen for seen in observations if seen.finding == key and seen.assertion in _SHOWN]
    return max(0.0, _worth(key, mentions, findings, counts or {}))


def _best_sentence(sectioned: SectionedText, mentions: list[Observation]) -> Span | None:
    """The sentence that says most of the finding: certain, with side, size and degree, and in the findings."""
    best: tuple[float, Span] | None = None
    for section in sectioned.sections:
        if section.name not in (SectionName.FINDINGS, SectionName.IMPRESSION):
            continue
        spans = sentences(sectioned.text, section.span)
        for seen in mentions:
            place = bisect_right(spans, seen.span.start, key=_start) - 1  # sentences stand apart, in order
            if place >= 0 and seen.span.end <= spans[place].end:
                worth = _detail(seen, spans[place], section.name)
                if best is None or worth > best[0]:
                    best = (worth, spans[place])
    return best[1] if best else None


def _detail(seen: Observation, span: Span, section: SectionName) -> float:
    said = sum((seen.side is not None, seen.size_mm is not None, bool(seen.severity), seen.site is not None))
    certain = 3 * (seen.assertion is Assertion.PRESENT)
    length = min(span.end - span.start, 240) / 240
    return said + certain + length + 0.5 * (section is SectionName.FINDINGS)


def _worth(key: str, mentions: list[Observation], findings: FindingCatalogue, counts: Mapping[str, int]) -> float:
    finding = findings[key]
    total = sum(counts.values())
    rarity = math.log((total + 10) / (counts.get(key, 0) + 1)) / 4 if total else 0.5 * (finding.parent is not None)
    certain = any(seen.assertion is Assertion.PRESENT for seen in mentions)
    return finding.harm + (finding.prior_miss or 0.0) + 0.5 * bool(finding.mimics) + rarity - 1.5 * (not certain)
