"""Population parameters from the reads of many readers.

A logistic model with crossed random effects: each effect is a family of independent normals (case; reader; reader ×
tendency; reader × truth; reader × finding; …), fitted by mean-field variational Bayes with the Pólya-Gamma bound, one
family at a time, and each family's variance by expectation maximisation. Sources: Jaakkola & Jordan, "Bayesian
parameter estimation via variational methods" (2000), the bound; Polson, Scott & Windle (2013), its Pólya-Gamma reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from models.errors import BadInput
from models.finding import Truth
from models.reading import Reading, Skills
from recommender.population import Difficulty, Population, Trend
from recommender.tracer import replay_order, skill_key

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

GENERAL_SCALE, SKILL_SCALE = 10.0, 2.0
"""Reads after which practice has visibly begun to pay, in general and in one skill."""

WIDE = 10.0
PRIOR_MEMBERS = 8.0
"""How many members' worth of belief holds a variance near its default; keeps tiny departments from the extremes."""

LEAST_FINDING_VARIANCE = 0.3
"""Mean-field fits pull small variances towards 0; a reader's own weak finding would then drown in the average."""


@dataclass
class Effect:
    """A family of independent normals: member ``index[n]`` enters row n's logit times ``loading[n]``; both are (N,).

    ``mean`` and ``spread`` (a variance) are those of the members, (members,). ``prior`` is the variance the family
    starts from; it stays where ``learned`` is false. ``loading`` None is 1 throughout, ``index`` None the only member.
    Mutable, since it is fitted in place; ``logit`` (N,) is what it adds to each row.
    """

    index: Codes | None
    loading: Floats | None
    members: int
    prior: float
    learned: bool = True
    variance: float = field(init=False)
    mean: Floats = field(init=False)
    spread: Floats = field(init=False)
    logit: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.variance = self.prior
        self.mean, self.spread = np.zeros(self.members), np.full(self.members, self.prior)
        self.logit = np.zeros(1)
        self._square = None if self.loading is None else self.loading**2

    @property
    def uncertainty(self) -> Floats:
        spread = self.spread if self.index is None else self.spread[self.index]
        return spread if self._square is None else spread * self._square

    def renew(self, pull: Floats, omega: Floats) -> None:
        """The best normals for this family while the others stand, then its variance. ``pull``, ``omega``: (N,)."""
        precision = 1 / self.variance + self._sums(omega, self._square)
        self.spread = 1 / precision
        self.mean = self._sums(pull, self.loading) / precision
        mean = self.mean if self.index is None else self.mean[self.index]
        self.logit = mean if self.loading is None else mean * self.loading
        if self.learned:
            seen = float(np.sum(self.mean**2 + self.spread))
            self.variance = (seen + PRIOR_MEMBERS * self.prior) / (self.members + PRIOR_MEMBERS)

    def _sums(self, value: Floats, factor: Floats | None) -> Floats:
        """Sums of ``value`` × ``factor`` over the rows of each member, (members,)."""
        if self.index is None:
            return np.array([value.sum() if factor is None else value @ factor])
        weighed = value if factor is None else value * factor
        return np.bincount(self.index, weighed, self.members).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Rows:
    """Reads as columns, (N,), by reader and in the order a replay would take them; reads of weight 0 are left out.

    Readers, cases and skills are numbers: skill n is ``skills[n]``, a truth and a skill key; case n is ``cases[n]``, a
    skill and a case id. A case stands under its skill: were its key corrected, its reads before and after are those of
    two cases. ``read`` counts the reader's earlier reads, ``same`` those of the same skill.
    """

    skills: tuple[tuple[Truth, str], ...]
    cases: tuple[tuple[int, str], ...]
    reader: Codes
    skill: Codes
    case: Codes
    read: Codes
    same: Codes
    correct: Floats
    weight: Floats

    @property
    def abnormal(self) -> NDArray[np.bool_]:
        return np.array([truth is Truth.ABNORMAL for truth, _ in self.skills])[self.skill]


def fit(reads: Iterable[Reading], steps: int = 120) -> Population:
    """The population behind ``reads`` (any number of readers, each in replay order; weights count as in updates).

    Raises BadInput where there is no read at all. Deterministic.
    """
    rows = _rows(reads)
    effects, trends = _effects(rows), _trend_effects(rows)
    _descend([*effects.values(), *(effect for effect, _ in trends.values())], rows, steps)
    return Population(
        averages=_averages(rows, effects),
        cases=_cases(rows, effects),
        variances={
            **{level: effects[level].variance for level in ("all", "tendency", "truth")},
            "finding": max(effects["finding"].variance, LEAST_FINDING_VARIANCE),
            "imitated": effects["finding"].variance,
        },
        trends={
            key: Trend(float(effect.mean[0]), trend.scale, trend.centre) for key, (effect, trend) in trends.items()
        },
        reads=len(rows.correct),
    )


def _rows(reads: Iterable[Reading]) -> Rows:
    weighty = [reading for reading in reads if reading.weight > 0]
    if not weighty:
        raise BadInput("reads", "there are none to fit", "import or practise some first")
    weighty.sort(key=lambda reading: (reading.reader_id, replay_order(reading)))
    skills: dict[tuple[bool, str | None], int] = {}
    readers: dict[str, int] = {}
    cases: dict[tuple[int, str], int] = {}
    codes = np.empty((len(weighty), 3), dtype=np.int64)
    for n, reading in enumerate(weighty):
        asked = reading.skills
        skill = skills.setdefault((asked.truth is Truth.ABNORMAL, asked.finding), len(skills))
        case = cases.setdefault((skill, reading.case_id), len(cases))
        codes[n] = readers.setdefault(reading.reader_id, len(readers)), skill, case
    reader, skill_codes, case_codes = np.ascontiguousarray(codes.T)
    asked_of = [Skills(Truth.ABNORMAL if abnormal else Truth.NORMAL, finding) for abnormal, finding in skills]
    return Rows(
        skills=tuple((asked.truth, skill_key(asked)) for asked in asked_of),
        cases=tuple(cases),
        reader=reader,
        skill=skill_codes,
        case=case_codes,
        read=_earlier(reader),
        same=_earlier(reader * len(skills) + skill_codes),
        correct=np.array([reading.correct for reading in weighty], dtype=np.float64),
        weight=np.array([reading.weight for reading in weighty], dtype=np.float64),
    )


def _earlier(code: Codes) -> Codes:
    """How many earlier rows have the same code, (N,)."""
    order = np.argsort(code, kind="stable")
    ranked = code[order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    count = np.empty(len(code), dtype=np.int64)
    count[order] = np.arange(len(code)) - np.repeat(first, np.diff(np.r_[first, len(code)]))
    return count


def _effects(rows: Rows) -> dict[str, Effect]:
    """Effects by level: the first three describe cases (with the sign of ability), the others readers."""
    prior, readers, skills = Population().variances, int(rows.reader[-1]) + 1, len(rows.skills)
    abnormal = rows.abnormal
    of_truth, of_skill = _distinct(rows.reader * 2 + abnormal), _distinct(rows.reader * skills + rows.skill)
    return {
        "truth mean": Effect(abnormal.astype(np.int64), None, 2, WIDE, learned=False),
        "finding mean": Effect(rows.skill, None, skills, 0.3),
        "case": Effect(rows.case, None, len(rows.cases), 1.0),
        "all": Effect(rows.reader, None, readers, prior["all"]),
        "tendency": Effect(rows.reader, np.where(abnormal, 0.5, -0.5), readers, prior["tendency"]),
        "truth": Effect(of_truth, None, int(of_truth.max()) + 1, prior["truth"]),
        "finding": Effect(of_skill, None, int(of_skill.max()) + 1, prior["finding"]),
    }


def _distinct(code: Codes) -> Codes:
    """The codes renumbered without gaps."""
    return np.unique(code, return_inverse=True)[1].astype(np.int64)


def _trend_effects(rows: Rows) -> dict[str, tuple[Effect, Trend]]:
    """A slope for practice in general and one for each truth; centred, so that difficulty is an average reader's."""
    trends = {"all": _slope(np.log1p(rows.read / GENERAL_SCALE), np.ones(len(rows.read), dtype=bool), GENERAL_SCALE)}
    same, abnormal = np.log1p(rows.same / SKILL_SCALE), rows.abnormal
    for truth, chosen in ((Truth.NORMAL, ~abnormal), (Truth.ABNORMAL, abnormal)):
        if chosen.any():
            trends[truth.value] = _slope(same, chosen, SKILL_SCALE)
    return trends


def _slope(value: Floats, chosen: NDArray[np.bool_], scale: float) -> tuple[Effect, Trend]:
    centre = float(value[chosen].mean())
    # A slope is worth little belief in advance: a standard deviation of 0.3 logits per e-fold of reads.
    effect = Effect(None, np.where(chosen, value - centre, 0.0), 1, 0.09, learned=False)
    return effect, Trend(0.0, scale, centre)


def _descend(effects: Sequence[Effect], rows: Rows, steps: int) -> None:
    """Coordinate ascent on the evidence bound."""
    kappa = rows.weight * (rows.correct - 0.5)
    logit = np.zeros(len(kappa))
    for _ in range(steps):
        second = np.sqrt(logit**2 + sum(effect.uncertainty for effect in effects)) + 1e-9
        omega = rows.weight * np.tanh(second / 2) / (2 * second)
        for effect in effects:
            logit -= effect.logit
            effect.renew(kappa - omega * logit, omega)
            logit += effect.logit
        logit = np.sum([effect.logit for effect in effects], axis=0)  # what rounding gathered ends with each step


def _averages(rows: Rows, effects: dict[str, Effect]) -> dict[str, Difficulty]:
    """Difficulty of an unread case, by truth and by skill key."""
    between, finding = effects["case"].variance, effects["finding mean"]
    averages = dict(Population().averages)
    for truth in {truth for truth, _ in rows.skills}:
        averages[truth.value] = Difficulty(-_truth_mean(effects, truth), sqrt(between + finding.variance))
    for n, (truth, key) in enumerate(rows.skills):
        mean = -_truth_mean(effects, truth) - float(finding.mean[n])
        averages[key] = Difficulty(mean, sqrt(between + float(finding.spread[n])))
    return averages


def _cases(rows: Rows, effects: dict[str, Effect]) -> dict[str, Difficulty]:
    case, finding = effects["case"], effects["finding mean"].mean.tolist()
    truths = {truth: _truth_mean(effects, truth) for truth in Truth}
    return {
        case_id: Difficulty(-truths[rows.skills[skill][0]] - finding[skill] - mean, sqrt(variance))
        for (skill, case_id), mean, variance in zip(rows.cases, case.mean.tolist(), case.spread.tolist(), strict=True)
    }


def _truth_mean(effects: dict[str, Effect], truth: Truth) -> float:
    return float(effects["truth mean"].mean[int(truth is Truth.ABNORMAL)])
