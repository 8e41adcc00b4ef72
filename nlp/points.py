"""Picks the sentences of a report worth learning from, best first, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from models.finding import Assertion, FindingCatalogue, Observation
from models.report import SectionedText
from models.teaching_case import TeachingPoint
from nlp.point_factors import NOTHING, Evidence, Reading, reasons
from nlp.point_scale import shipped_scale

_SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)
_STEP = 1e-6


def teaching_points(
    sectioned: SectionedText,
    observations: Sequence[Observation],
    findings: FindingCatalogue,
    counts: Mapping[str, int] | None = None,
    evidence: Evidence = NOTHING,
    *,
    families: bool = False,
) -> tuple[TeachingPoint, ...]:
    """One sentence of the report for each finding it shows, best first; ``text`` is the report's own words.

    Ranked on the scale of ``rules/points.toml`` with what the department's ``evidence`` adds; ``counts``, how often it
    reported each finding, may be given alone. A finding is left out where a kind of it is shown too, unless
    ``families`` asks for all findings and what they are kinds of.
    """
    mentions: dict[str, list[Observation]] = {}
    for seen in observations:
        if seen.assertion in _SHOWN:
            mentions.setdefault(seen.finding, []).append(seen)
    mentions = {key: seen for key, seen in mentions.items() if key in findings}
    if not mentions:
        return ()
    left_out = {family for key in mentions if findings[key].parent for family in findings.ancestors(key)}
    if families:
        mentions, left_out = _with_families(mentions, findings), set()
    reading = Reading(sectioned, mentions)
    known = evidence if counts is None else replace(evidence, counts=counts)
    scored: list[tuple[float, TeachingPoint]] = []
    for key in mentions:
        places = reading.places(key) if key not in left_out else ()
        if places:
            best = reading.best(places)
            why = reasons(reading, findings[key], places, best, known)
            point = TeachingPoint(key, best.sentence.of(sectioned.text), best.sentence, reasons=why)
            scored.append((sum([reason.points for reason in why]), point))
    if len(scored) > 1:
        scored = sorted(_lifted(scored, findings) if families else scored, key=_rank)
    return tuple([point for _, point in scored])


def _rank(scored: tuple[float, TeachingPoint]) -> tuple[float, int, int, str]:
    worth, point = scored
    return -worth, point.span.start, point.span.end, point.finding


def _lifted(scored: list[tuple[float, TeachingPoint]], findings: FindingCatalogue) -> list[tuple[float, TeachingPoint]]:
    """Each family a little above the best of its kinds: whoever names the kind has named the family too."""
    best = {point.finding: worth for worth, point in scored}
    for worth, point in scored:
        for steps, family in enumerate(findings.ancestors(point.finding), start=1):
            if family in best:
                best[family] = max(best[family], worth + steps * _STEP)
    return [(best[point.finding], point) for _, point in scored]


def _with_families(
    mentions: Mapping[str, list[Observation]], findings: FindingCatalogue
) -> dict[str, list[Observation]]:
    """The mentions of each finding, those of its kinds among them, in reading order."""
    whole = {key: list(seen) for key, seen in mentions.items()}
    for key, seen in mentions.items():
        for family in findings.ancestors(key):
            if family in findings:
                whole.setdefault(family, []).extend(seen)
    return {key: sorted(seen, key=attrgetter("span")) for key, seen in whole.items()}


def teaching_value(points: Sequence[TeachingPoint]) -> float:
    """What the best of a report's points is worth, on the scale they are ranked by; 0 where there is none."""
    return max(0.0, sum(reason.points for reason in points[0].reasons)) if points else 0.0


def reasons_of(point: TeachingPoint) -> tuple[tuple[str, float], ...]:
    """Why a point is ranked where it is, the weightiest first: in words, with the points each adds or takes."""
    says = shipped_scale().says
    ordered = sorted(point.reasons, key=lambda reason: -abs(reason.points))
    return tuple((says(reason), reason.points) for reason in ordered)
