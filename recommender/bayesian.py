"""A small hierarchical Bayesian tracer.

logit P(right) = general ability ± ½ tendency to call abnormal + ability at that truth + ability at the finding and its
ancestors + gain by practice − difficulty of the case. Each ability is an independent normal that starts at 0 with the
population's variance and moves by one Gaussian step a read. Days without a skill let its variance grow back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import exp

from models.finding import Truth
from models.reading import Chance, LibraryCase, Skills, SkillState
from recommender.gaussian import chance, chances, observe
from recommender.population import Population
from recommender.tracer import GENERAL, State, count_evidence, skill_key, skill_path

TENDENCY = "tendency"

Layout = tuple[tuple[str, float, float], ...]
"""The rows a kind of case touches: skill key, loading, variance at the start."""


@dataclass(frozen=True)
class BayesianTracer:
    """See the module. ``parents`` maps a finding to its parent in the catalogue."""

    population: Population = field(default_factory=Population)
    parents: Mapping[str, str] = field(default_factory=dict)
    name: str = "bayesian"
    version: str = "1"
    _layouts: dict[tuple[bool, str | None], Layout] = field(default_factory=dict, init=False, repr=False, compare=False)

    def predict(self, state: State, case: LibraryCase, now: datetime | None) -> Chance:
        mean, variance = self._ability(state, case.skills, now)
        return chance(mean - case.difficulty, variance + case.difficulty_sd**2)

    def predict_many(self, state: State, cases: Sequence[LibraryCase], now: datetime | None) -> list[Chance]:
        abilities: dict[tuple[bool, str | None], tuple[float, float]] = {}
        means, variances = [], []
        for case in cases:
            kind = (case.skills.truth is Truth.ABNORMAL, case.skills.finding)
            if kind not in abilities:
                abilities[kind] = self._ability(state, case.skills, now)
            mean, variance = abilities[kind]
            means.append(mean - case.difficulty)
            variances.append(variance + case.difficulty_sd**2)
        return chances(means, variances)

    def update(
        self, state: State, case: LibraryCase, correct: bool, at: datetime | None, weight: float = 1.0
    ) -> dict[str, SkillState]:
        if weight <= 0:
            return {}
        rows = self._rows(state, case.skills, at)
        mean = sum(loading * row.mean for row, loading in rows) + self._gain(state, case.skills) - case.difficulty
        variance = sum(loading**2 * row.variance for row, loading in rows) + case.difficulty_sd**2
        posterior_mean, posterior_variance = observe(mean, variance, correct, weight)
        shift, shrink = (posterior_mean - mean) / variance, (posterior_variance - variance) / variance**2
        changed = {}
        for row, loading in rows:
            pull = row.variance * loading
            changed[row.skill] = SkillState(
                row.skill,
                row.mean + pull * shift,
                row.variance + pull**2 * shrink,
                row.reads + 1,
                row.right + int(correct),
                _later(row.last_seen, at),
            )
        return changed

    def ability(self, state: State, skills: Skills) -> Chance:
        mean, variance = self._ability(state, skills, None)
        return chance(mean - self.population.average(skills).mean, variance)

    def evidence(self, state: State, skills: Skills) -> tuple[int, int]:
        return count_evidence(state, skills)

    def _ability(self, state: State, skills: Skills, now: datetime | None) -> tuple[float, float]:
        """Mean and variance of the reader's part of the logit."""
        rows = self._rows(state, skills, now)
        mean = sum(loading * row.mean for row, loading in rows) + self._gain(state, skills)
        return mean, sum(loading**2 * row.variance for row, loading in rows)

    def _rows(self, state: State, skills: Skills, now: datetime | None) -> list[tuple[SkillState, float]]:
        """The rows a case touches, as they stand at ``now``, with their loadings."""
        return [(self._row(state, key, prior, now), loading) for key, loading, prior in self._layout(skills)]

    def _layout(self, skills: Skills) -> Layout:
        """Worked out once for each truth and finding: a replay asks for it at every read."""
        kind = (skills.truth is Truth.ABNORMAL, skills.finding)
        layout = self._layouts.get(kind)
        if layout is None:
            lean, level = (0.5, "finding") if skills.truth is Truth.ABNORMAL else (-0.5, "imitated")
            path = skill_path(skills, self.parents)
            variances = self.population.variances
            layout = (
                (GENERAL, 1.0, variances["all"]),
                (TENDENCY, lean, variances["tendency"]),
                (skills.truth.value, 1.0, variances["truth"]),
                *((key, 1.0, variances[level] / len(path)) for key in path),
            )
            self._layouts[kind] = layout
        return layout

    def _row(self, state: State, key: str, prior: float, now: datetime | None) -> SkillState:
        row = state.get(key)
        if row is None:
            return SkillState(key, 0.0, prior)
        if now is None or row.last_seen is None or now <= row.last_seen or row.variance >= prior:
            return row
        days = (now - row.last_seen).total_seconds() / 86400
        variance = prior - (prior - row.variance) * exp(-self.population.forgetting * days)
        return SkillState(key, row.mean, variance, row.reads, row.right, row.last_seen)

    def _gain(self, state: State, skills: Skills) -> float:
        general = state.get(GENERAL)
        own = state.get(skill_key(skills))
        return self.population.gain("all", general.reads if general else 0) + self.population.gain(
            skills.truth.value, own.reads if own else 0
        )


def _later(seen: datetime | None, at: datetime | None) -> datetime | None:
    """The later of two times, either of which may be unknown."""
    if seen is None or at is None:
        return at if seen is None else seen
    return max(seen, at)
