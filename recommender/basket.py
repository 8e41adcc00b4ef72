"""A set while it is being filled, with the limits that hold over the whole of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np

from recommender.candidates import Candidate
from recommender.request import ChoiceSettings, Purpose


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cases of each kind a set of ``size`` should hold, and how many normal and hard ones it may.

    What focus and normals leave is for exploration.
    """

    size: int
    normals: int
    most_normals: int
    focus: int
    least_focus: int
    hard: int


def plan(size: int, settings: ChoiceSettings, rng: np.random.Generator) -> Plan:
    """Draws the number of normals, so that a reader cannot learn it."""
    low, high = ceil(_exact(settings.normals[0] * size)), floor(_exact(settings.normals[1] * size))
    if low > high:
        low = high = round(sum(settings.normals) / 2 * size)
    normals = int(rng.integers(low, high + 1))
    least_focus = min(ceil(_exact(settings.focus * size)), size - normals)
    exploration = min(round(settings.exploration * size), size - normals - least_focus)
    hard = floor(_exact(settings.hard_share * size))
    return Plan(size, normals, high, size - normals - exploration, least_focus, hard)


def _exact(share: float) -> float:
    """0.3 × 10 is 3, whatever binary fractions make of it."""
    return round(share, 9)


@dataclass
class Basket:
    """Chosen cases with their purposes. Takes no patient twice and keeps the caps on hard and synthetic cases."""

    plan: Plan
    settings: ChoiceSettings
    synthetic_normals: int
    synthetic_abnormals: int
    chosen: list[tuple[Candidate, Purpose]] = field(default_factory=list)
    patients: set[str] = field(default_factory=set)

    def take(
        self,
        queue: Iterable[Candidate],
        count: int,
        purpose: Purpose,
        *,
        hard_too: bool = False,
        per_finding: int | None = None,
    ) -> int:
        """Takes up to ``count`` cases from ``queue`` in its order; returns how many it took."""
        taken = 0
        findings = Counter(candidate.finding for candidate, _ in self.chosen if not candidate.normal)
        for candidate in queue:
            if taken >= count or len(self.chosen) >= self.plan.size:
                break
            if per_finding is not None and findings[candidate.finding] >= per_finding:
                continue
            if not self._fits(candidate, hard_too):
                continue
            self.chosen.append((candidate, purpose))
            self.patients.add(candidate.patient)
            findings[candidate.finding] += 1
            taken += 1
        return taken

    def _fits(self, candidate: Candidate, hard_too: bool) -> bool:
        if candidate.patient in self.patients:
            return False
        if candidate.chance.mean < self.settings.hard and not hard_too and self.hard >= self.plan.hard:
            return False
        if not candidate.synthetic:
            return True
        cap = self.synthetic_normals if candidate.normal else self.synthetic_abnormals
        return self.synthetic(candidate.normal) < cap

    @property
    def hard(self) -> int:
        return sum(candidate.chance.mean < self.settings.hard for candidate, _ in self.chosen)

    @property
    def normals(self) -> int:
        return sum(candidate.normal for candidate, _ in self.chosen)

    def synthetic(self, normal: bool) -> int:
        """Synthetic cases in the basket that are normal, or abnormal."""
        return sum(candidate.synthetic and candidate.normal is normal for candidate, _ in self.chosen)
