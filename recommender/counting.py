"""A beta-binomial tracer: it only counts. The rule-based mode, and the yardstick for anything cleverer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

from models.finding import Truth
from models.reading import Chance, LibraryCase, Skills, SkillState
from recommender.gaussian import logistic
from recommender.population import Population
from recommender.tracer import GENERAL, State, count_evidence, skill_key, skill_path

PRIOR_READS = 4.0
"""How many reads the department's average (or the reader's own more general skill) is worth to a skill never met."""


@dataclass(frozen=True)
class CountingTracer:
    """Right answers and reads by truth and finding; a row's mean and variance are those of its beta distribution.

    A skill without a row starts from the reader's next more general one. It knows no case difficulty and no dates.
    """

    population: Population = field(default_factory=Population)
    parents: Mapping[str, str] = field(default_factory=dict)
    name: str = "counting"
    version: str = "1"

    def predict(self, state: State, case: LibraryCase, now: datetime | None) -> Chance:
        return self.ability(state, case.skills)

    def predict_many(self, state: State, cases: Sequence[LibraryCase], now: datetime | None) -> list[Chance]:
        abilities: dict[tuple[bool, str | None], Chance] = {}
        for case in cases:
            kind = (case.skills.truth is Truth.ABNORMAL, case.skills.finding)
            if kind not in abilities:
                abilities[kind] = self.ability(state, case.skills)
        return [abilities[case.skills.truth is Truth.ABNORMAL, case.skills.finding] for case in cases]

    def update(
        self, state: State, case: LibraryCase, correct: bool, at: datetime | None, weight: float = 1.0
    ) -> dict[str, SkillState]:
        if weight <= 0:
            return {}
        rows = self._rows(state, case.skills)
        return {row.skill: _observe(row, correct, weight).counted(correct, at) for row in rows}

    def ability(self, state: State, skills: Skills) -> Chance:
        right, wrong = _counts(self._rows(state, skills)[-1])
        low, high = (float(betaincinv(right, wrong, quantile)) for quantile in (0.1, 0.9))
        return Chance(right / (right + wrong), low, high)

    def evidence(self, state: State, skills: Skills) -> tuple[int, int]:
        return count_evidence(state, skills)

    def _rows(self, state: State, skills: Skills) -> list[SkillState]:
        """Rows from the general to the particular; a missing one is born from the mean of the one before."""
        mean = logistic(-self.population.average(skills).mean)
        keys = dict.fromkeys((GENERAL, skills.truth.value, *skill_path(skills, self.parents), skill_key(skills)))
        rows: list[SkillState] = []
        for key in keys:
            row = state.get(key) or _born(key, mean)
            mean = row.mean
            rows.append(row)
        return rows


def _born(key: str, mean: float) -> SkillState:
    return SkillState(key, mean, mean * (1 - mean) / (PRIOR_READS + 1))


def _counts(row: SkillState) -> tuple[float, float]:
    """The two parameters of the beta distribution with the row's mean and variance."""
    total = row.mean * (1 - row.mean) / row.variance - 1
    return row.mean * total, (1 - row.mean) * total


def _observe(row: SkillState, correct: bool, weight: float) -> SkillState:
    right, wrong = _counts(row)
    right, wrong = (right + weight, wrong) if correct else (right, wrong + weight)
    total = right + wrong
    return replace(row, mean=right / total, variance=right * wrong / (total**2 * (total + 1)))
