"""A reader's gaps: chance of a miss × how often the finding is met × harm if missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.finding import FindingCatalogue, Truth
from models.reading import Skills
from recommender.candidates import Candidate
from recommender.population import Difficulty
from recommender.request import ChoiceSettings
from recommender.situation import Situation
from recommender.tracer import State, Tracer, skill_path
from recommender.volumes import CATALOGUE_MONTHLY, CATALOGUE_VOLUME, Basis

DEFAULT_HARM = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """``miss`` is the expected chance of a miss (0 to 1), ``volume`` in reads a month, ``harm`` 1 to 5.

    ``basis``: where the volume comes from.
    """

    finding: str
    miss: float
    volume: float
    harm: int
    basis: Basis = Basis.CATALOGUE

    @property
    def size(self) -> float:
        return self.miss * self.volume * self.harm


def gap_of(finding: str, situation: Situation) -> Gap:
    miss = 1.0 - situation.ability(Skills(Truth.ABNORMAL, finding)).mean
    harm = situation.findings[finding].harm if finding in situation.findings else DEFAULT_HARM
    volume = situation.volumes.get(finding, CATALOGUE_MONTHLY)
    return Gap(finding, miss, volume.reads, harm, volume.basis)


def department_gaps(
    states: Iterable[State],
    tracer: Tracer,
    keys: Iterable[str],
    findings: FindingCatalogue,
    a_month: Mapping[str, float],
) -> dict[str, float]:
    """The gap of each finding for the department: the mean of its readers' chances of a miss, × volume × harm.

    ``states``: one for each reader (none: a reader of whom nothing is known); ``keys``: findings; ``a_month``: an
    average reader's monthly reads by finding.
    """
    asked = [_Asked.of(key, tracer) for key in sorted(set(keys))]
    misses = np.zeros(len(asked))
    readers = 0
    for state in states:
        misses += _misses(asked, state, tracer)
        readers += 1
    if not readers:
        misses, readers = np.array(_misses(asked, {}, tracer)), 1
    gaps = {}
    for each, miss in zip(asked, misses / readers, strict=True):
        harm = findings[each.finding].harm if each.finding in findings else DEFAULT_HARM
        gaps[each.finding] = float(miss) * a_month.get(each.finding, CATALOGUE_VOLUME) * harm
    return gaps


@dataclass(frozen=True, slots=True)
class _Asked:
    """A finding with the rows a state may hold of it, and the difficulty of an average case of it."""

    finding: str
    skills: Skills
    rows: tuple[str, ...]
    difficulty: Difficulty

    @classmethod
    def of(cls, finding: str, tracer: Tracer) -> _Asked:
        skills = Skills(Truth.ABNORMAL, finding)
        return cls(finding, skills, skill_path(skills, tracer.parents), tracer.population.average(skills))


def _misses(asked: Sequence[_Asked], state: State, tracer: Tracer) -> list[float]:
    """One reader's chance of missing each finding. Those never read differ by their difficulty alone."""
    unread: dict[Difficulty, float] = {}
    misses = []
    for each in asked:
        if any(row in state for row in each.rows):
            misses.append(1.0 - tracer.ability(state, each.skills).mean)
            continue
        if each.difficulty not in unread:
            unread[each.difficulty] = 1.0 - tracer.ability(state, each.skills).mean
        misses.append(unread[each.difficulty])
    return misses


def findings_in(pool: Iterable[Candidate], least: int) -> list[str]:
    """Findings shown by at least ``least`` patients of the pool, sorted by key."""
    shown = Counter(finding for finding, _ in {(c.finding, c.patient) for c in pool if not c.normal and c.finding})
    return sorted(finding for finding, patients in shown.items() if finding and patients >= least)


def focus_gap(gaps: Sequence[Gap], settings: ChoiceSettings) -> Gap | None:
    """The finding the reader misses most; the size of the gap decides only between those missed nearly as often.

    A rare deadly finding read well teaches less than a plain one read badly, so harm may not outweigh the miss. How
    often a finding is met has more say where it was counted than where it is assumed. What the reader is known never to
    meet comes last: it is the focus only where nothing else is missed to speak of.
    """
    if not gaps:
        return None
    met = [gap for gap in gaps if gap.basis is not Basis.OWN or gap.volume >= settings.never_met]
    held = met if any(gap.miss > 1 - settings.mastery for gap in met) else gaps
    worst = max(gap.miss for gap in held)
    near = [gap for gap in held if gap.miss >= worst - _tie(gap, settings)]
    return max(near, key=lambda gap: (gap.size, gap.finding))


def _tie(gap: Gap, settings: ChoiceSettings) -> float:
    return settings.near_tie if gap.basis is Basis.CATALOGUE else settings.near_tie_met
