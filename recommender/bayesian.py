"""A small hierarchical Bayesian tracer.

logit P(right) = general ability ± ½ tendency to call abnormal + ability at that truth + ability at the finding and its
ancestors + gain by practice − difficulty of the case. Each ability is an independent normal that starts at 0 with the
population's variance and moves by one Gaussian step a read. Days without a skill let its variance grow back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import exp

from models.finding import Truth
from models.reading import Chance, LibraryCase, Skills, SkillState
from recommender.gaussian import chance, observe
from recommender.population import Population
from recommender.tracer import GENERAL, State, count_evidence, skill_key, skill_path

TENDENCY = "tendency"


@dataclass(frozen=True)
class BayesianTracer:
    """See the module. ``parents`` maps a finding to its parent in the catalogue."""

    population: Population = field(default_factory=Population)
    parents: Mapping[str, str] = field(default_factory=dict)
    name: str = "bayesian"
    version: str = "1"

    def predict(self, state: State, case: LibraryCase, now: datetime | None) -> Chance:
        mean, variance = self._ability(state, case.skills, now)
        return chance(mean - case.difficulty, variance + case.difficulty_sd**2)

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
        return {
            row.skill: replace(
                row,
                mean=row.mean + row.variance * loading * shift,
                variance=row.variance + (row.variance * loading) ** 2 * shrink,
            ).counted(correct, at)
            for row, loading in rows
        }

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
        lean, level = (0.5, "finding") if skills.truth is Truth.ABNORMAL else (-0.5, "imitated")
        path = skill_path(skills, self.parents)
        variances = self.population.variances
        loadings = [(GENERAL, 1.0, variances["all"]), (TENDENCY, lean, variances["tendency"])]
        loadings.append((skills.truth.value, 1.0, variances["truth"]))
        loadings += [(key, 1.0, variances[level] / len(path)) for key in path]
        return [(self._row(state, key, prior, now), loading) for key, loading, prior in loadings]

    def _row(self, state: State, key: str, prior: float, now: datetime | None) -> SkillState:
        row = state.get(key)
        if row is None:
            return SkillState(key, 0.0, prior)
        if now is None or row.last_seen is None or now <= row.last_seen or row.variance >= prior:
            return row
        days = (now - row.last_seen).total_seconds() / 86400
        return replace(row, variance=prior - (prior - row.variance) * exp(-self.population.forgetting * days))

    def _gain(self, state: State, skills: Skills) -> float:
        general = state.get(GENERAL)
        own = state.get(skill_key(skills))
        return self.population.gain("all", general.reads if general else 0) + self.population.gain(
            skills.truth.value, own.reads if own else 0
        )
