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
    """How many cases of each kind a set of ``size`` should hold, and how many hard ones it may.

    What focus and normals leave is for exploration.
    """

    size: int
    normals: int
    focus: int
    least_focus: int
    hard: int


def plan(size: int, settings: ChoiceSettings, rng: np.random.Generator, recent: tuple[int, int] = (0, 0)) -> Plan:
    """A plan for ``size`` cases, two at least. ``recent``: normals, and cases, of the reader's latest sets."""
    normals = _normals(size, settings, rng, recent)
    least_focus = min(ceil(_exact(settings.focus * size)), size - normals)
    exploration = min(round(settings.exploration * size), size - normals - least_focus)
    hard = floor(_exact(settings.hard_share * size))
    return Plan(size, normals, size - normals - exploration, least_focus, hard)


def _normals(size: int, settings: ChoiceSettings, rng: np.random.Generator, recent: tuple[int, int]) -> int:
    """A draw, as if each case were normal or not by itself: were the number known, the last cases would be too.

    The chance leans against what recent sets held too many of, so that the share over several sets is the wanted one.
    It leans only so far, or the next set's number could be told from the last ones'. One case of each truth at least,
    and room for the focus.
    """
    met, cases = recent
    even = (sum(settings.normals) / 2 * (cases + size) - met) / size
    share = min(max(even, settings.lean[0]), settings.lean[1])
    most = size - max(1, floor(_exact(settings.focus * size)))
    return min(max(int(rng.binomial(size, share)), 1), most)


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
