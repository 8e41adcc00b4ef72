"""Picks the sentences of a report worth learning from, best first, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
    shown = [seen for seen in observations if seen.assertion in _SHOWN and seen.finding in findings]
    if not shown:
        return ()
    mentions: dict[str, list[Observation]] = {}
    for seen in shown:
        mentions.setdefault(seen.finding, []).append(seen)
    whole = {ancestor for key in mentions for ancestor in findings.ancestors(key)}
    if families:
        mentions = _with_families(shown, findings)
    known = evidence if counts is None else replace(evidence, counts=counts)
    reading = Reading(sectioned, mentions)
    scored: list[tuple[float, TeachingPoint]] = []
    for key in mentions:
        place = reading.best(key) if families or key not in whole else None
        if place is not None:
            point = TeachingPoint(
                key,
                place.sentence.of(sectioned.text),
                place.sentence,
                (),
                reasons(reading, key, place, findings, known),
            )
            scored.append((sum([reason.points for reason in point.reasons]), point))
    if families:
        scored = _lifted(scored, findings)
    scored.sort(key=_rank)
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


def _with_families(shown: list[Observation], findings: FindingCatalogue) -> dict[str, list[Observation]]:
    """The mentions of each finding, those of its kinds among them."""
    mentions: dict[str, list[Observation]] = {}
    for seen in shown:
        for key in (seen.finding, *findings.ancestors(seen.finding)):
            if key in findings:
                mentions.setdefault(key, []).append(seen)
    return mentions


def teaching_value(points: Sequence[TeachingPoint]) -> float:
    """What the best of a report's points is worth, on the scale they are ranked by; 0 where there is none."""
    return max(0.0, sum(reason.points for reason in points[0].reasons)) if points else 0.0


def reasons_of(point: TeachingPoint) -> tuple[tuple[str, float], ...]:
    """Why a point is ranked where it is, the weightiest first: in words, with the points each adds or takes."""
    says = shipped_scale().says
    ordered = sorted(point.reasons, key=lambda reason: -abs(reason.points))
    return tuple((says(reason), reason.points) for reason in ordered)
