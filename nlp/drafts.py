"""What an educator should know of a draft case before approving it, and what its answer would be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, product

from models.finding import Assertion, FindingCatalogue, Observation, Side, Truth
from models.report import SectionedText, SectionName, overlapping
from models.teaching_case import TeachingPoint
from nlp.miner import Miner
from nlp.normal_statements import says_normal

FLAGS = (
    "history_gives_answer",
    "too_short",
    "no_image",
    "side_clash",
    "measurement_clash",
    "findings_and_impression_disagree",
    "truth_uncertain",
)
_FEWEST_WORDS = 8
_MOST_MAIN_FINDINGS = 3
_SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)
_ROUNDED_MM = 1.0
_ROUNDED_SHARE = 0.15
_COMPARED = 50
"""Measurements of one finding in one part of a report that are compared; no report has as many."""


def draft_flags(
    history: str,
    sectioned: SectionedText,
    observations: Sequence[Observation],
    findings: FindingCatalogue,
    miner: Miner,
    images: int,
    diagnosis: str | None = None,
) -> tuple[str, ...]:
    """The keys of ``FLAGS`` that hold, in that order. ``diagnosis`` is the case's own, ``images`` how many it has."""
    body = f"{sectioned.body(SectionName.FINDINGS)} {sectioned.body(SectionName.IMPRESSION)}"
    holds = (
        _history_gives_answer(history, observations, findings, miner, diagnosis),
        len(body.split()) < _FEWEST_WORDS,
        images == 0,
        _side_clash(sectioned, observations),
        _measurement_clash(sectioned, observations),
        _disagree(sectioned, observations, findings),
        _only(observations, Assertion.UNCERTAIN),
    )
    return tuple(flag for flag, held in zip(FLAGS, holds, strict=True) if held)


def truth_of(observations: Sequence[Observation]) -> Truth:
    """Abnormal where the report shows a finding, surely or perhaps."""
    return Truth.ABNORMAL if any(seen.assertion in _SHOWN for seen in observations) else Truth.NORMAL


def main_findings(observations: Sequence[Observation], points: Sequence[TeachingPoint]) -> tuple[str, ...]:
    """Keys a right answer names: the findings of the best points the report is sure of, at most three.

    Where it is sure of none, the best point's finding.
    """
    sure = {seen.finding for seen in observations if seen.assertion is Assertion.PRESENT}
    ranked = [point.finding for point in points]
    return tuple([key for key in ranked if key in sure][:_MOST_MAIN_FINDINGS] or ranked[:1])


def _history_gives_answer(
    history: str, observations: Sequence[Observation], findings: FindingCatalogue, miner: Miner, diagnosis: str | None
) -> bool:
    named_findings, named_diagnoses = miner.named(history)
    present = {seen.finding for seen in observations if seen.assertion is Assertion.PRESENT}
    kinds = {kind for shown in present for kind in (shown, *findings.ancestors(shown))}
    told = any(kind in kinds for named in named_findings for kind in (named, *findings.ancestors(named)))
    return told or diagnosis in named_diagnoses


def _in(sectioned: SectionedText, observations: Sequence[Observation], name: SectionName) -> list[Observation]:
    inside = overlapping([section.span for section in sectioned.named(name)], [seen.span for seen in observations])
    return list(compress(observations, inside))


def _side_clash(sectioned: SectionedText, observations: Sequence[Observation]) -> bool:
    """Whether findings and impression put the same finding on opposite sides."""
    sides: list[dict[str, set[Side]]] = []
    for name in (SectionName.FINDINGS, SectionName.IMPRESSION):
        told: dict[str, set[Side]] = {}
        for seen in _in(sectioned, observations, name):
            if seen.assertion is Assertion.PRESENT and seen.side is not None:
                told.setdefault(seen.finding, set()).add(seen.side)
        sides.append(told)
    both = sides[0].keys() & sides[1].keys()
    return any(
        {*sides[0][key], *sides[1][key]} == {Side.LEFT, Side.RIGHT}
        and sides[0][key] != sides[1][key]
        and not sides[0][key] & sides[1][key]
        for key in both
    )


def _measurement_clash(sectioned: SectionedText, observations: Sequence[Observation]) -> bool:
    """Whether findings and impression measure the same finding, on the same side, and no two of the sizes agree.

    A rounded size agrees ("12 mm", "1.2 cm", "1.3 x 0.8 cm"); "8 mm" and "8 cm" do not.
    """
    sizes: list[dict[str, list[Observation]]] = []
    for name in (SectionName.FINDINGS, SectionName.IMPRESSION):
        told: dict[str, list[Observation]] = {}
        for seen in _in(sectioned, observations, name):
            if seen.size_mm is not None and seen.assertion in _SHOWN:
                told.setdefault(seen.finding, []).append(seen)
        sizes.append(told)
    pairs = [tuple(product(*[part[key][:_COMPARED] for part in sizes])) for key in sizes[0].keys() & sizes[1].keys()]
    return any(
        any(_sides_agree(*pair) for pair in compared) and not any(_sizes_agree(*pair) for pair in compared)
        for compared in pairs
    )


def _sizes_agree(one: Observation, other: Observation) -> bool:
    first, second = one.size_mm or 0.0, other.size_mm or 0.0
    return abs(first - second) <= max(_ROUNDED_MM, _ROUNDED_SHARE * max(first, second))


def _sides_agree(one: Observation, other: Observation) -> bool:
    return one.side is None or other.side is None or one.side is other.side


def _disagree(sectioned: SectionedText, observations: Sequence[Observation], findings: FindingCatalogue) -> bool:
    """Whether one of findings and impression says a finding is present and the other that it is absent."""
    told = [_in(sectioned, observations, name) for name in (SectionName.FINDINGS, SectionName.IMPRESSION)]
    shown = [{seen.finding for seen in part if seen.assertion is Assertion.PRESENT} for part in told]
    denied = [_denied(part, findings) for part in told]
    return any((shown[one] - denied[one]) & (denied[other] - shown[other]) for one, other in ((0, 1), (1, 0)))


def _denied(part: Sequence[Observation], findings: FindingCatalogue) -> set[str]:
    """What a section says is absent.

    An organ it calls normal but shows something in is not meant as a whole: "lungs are clear" beside a granuloma.
    """
    families = {seen.finding: findings[seen.finding].family for seen in part if seen.finding in findings}
    affected = {families.get(seen.finding) for seen in part if seen.assertion is not Assertion.ABSENT}
    absent = [seen for seen in part if seen.assertion is Assertion.ABSENT]
    return {seen.finding for seen in absent if not (says_normal(seen) and families.get(seen.finding) in affected)}


def _only(observations: Sequence[Observation], assertion: Assertion) -> bool:
    shown = {seen.assertion for seen in observations} & {Assertion.PRESENT, Assertion.UNCERTAIN}
    return shown == {assertion}
