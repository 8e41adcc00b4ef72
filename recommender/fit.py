"""Population parameters from the reads of many readers.

A logistic model with crossed random effects: each effect is a family of independent normals (case; reader; reader ×
tendency; reader × truth; reader × finding; …), fitted by mean-field variational Bayes with the Pólya-Gamma bound, one
family at a time, and each family's variance by expectation maximisation. Sources: Jaakkola & Jordan, "Bayesian
parameter estimation via variational methods" (2000), the bound; Polson, Scott & Windle (2013), its Pólya-Gamma reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from models.errors import BadInput
from models.finding import Truth
from models.reading import Reading
from recommender.population import Difficulty, Population, Trend
from recommender.tracer import replay_order, skill_key

Floats = NDArray[np.float64]

GENERAL_SCALE, SKILL_SCALE = 10.0, 2.0
"""Reads after which practice has visibly begun to pay, in general and in one skill."""

WIDE = 10.0
PRIOR_MEMBERS = 8.0
"""How many members' worth of belief holds a variance near its default; keeps tiny departments from the extremes."""

LEAST_FINDING_VARIANCE = 0.3
"""Mean-field fits pull small variances towards 0; a reader's own weak finding would then drown in the average."""

Name = tuple[str, ...]


@dataclass
class Effect:
    """A family of independent normals: member ``index[n]`` enters row n's logit times ``loading[n]``; both are (N,).

    ``mean`` and ``spread`` (a variance) are those of the members, (members,), in the order of ``names``. ``prior`` is
    the variance the family starts from; it stays where ``learned`` is false. Mutable, since it is fitted in place.
    """

    index: NDArray[np.int64]
    loading: Floats
    names: tuple[Name, ...]
    prior: float
    learned: bool
    variance: float
    mean: Floats
    spread: Floats

    @property
    def logit(self) -> Floats:
        return self.loading * self.mean[self.index]

    @property
    def uncertainty(self) -> Floats:
        return self.loading**2 * self.spread[self.index]

    def by_name(self) -> dict[Name, tuple[float, float]]:
        """Mean and variance of each member."""
        return {name: (float(m), float(v)) for name, m, v in zip(self.names, self.mean, self.spread, strict=True)}


@dataclass(frozen=True)
class Row:
    """One read with what went before: ``read`` counts the reader's earlier reads, ``same`` those of the same skill."""

    reading: Reading
    read: int
    same: int


def fit(reads: Iterable[Reading], steps: int = 120) -> Population:
    """The population behind ``reads`` (any number of readers, each in replay order; weights count as in updates).

    Raises BadInput where there is no read at all. Deterministic.
    """
    rows = _rows(reads)
    if not rows:
        raise BadInput("reads", "there are none to fit", "import or practise some first")
    correct = np.array([row.reading.correct for row in rows], dtype=np.float64)
    weight = np.array([row.reading.weight for row in rows], dtype=np.float64)
    effects, trends = _effects(rows), _trend_effects(rows)
    _descend([*effects.values(), *(effect for effect, _ in trends.values())], correct, weight, steps)
    return Population(
        averages=_averages(effects),
        cases=_cases(effects),
        variances={
            **{level: effects[level].variance for level in ("all", "tendency", "truth")},
            "finding": max(effects["finding"].variance, LEAST_FINDING_VARIANCE),
            "imitated": effects["finding"].variance,
        },
        trends={
            key: Trend(float(effect.mean[0]), trend.scale, trend.centre) for key, (effect, trend) in trends.items()
        },
        reads=len(rows),
    )


def _rows(reads: Iterable[Reading]) -> list[Row]:
    """Rows by reader, in the order a replay would take them, which leaves out reads of weight 0."""
    weighty = (reading for reading in reads if reading.weight > 0)
    ordered = sorted(weighty, key=lambda reading: (reading.reader_id, replay_order(reading)))
    rows: list[Row] = []
    for _, own in groupby(ordered, key=lambda reading: reading.reader_id):
        same: dict[str, int] = {}
        for read, reading in enumerate(own):
            key = skill_key(reading.skills)
            rows.append(Row(reading, read, same.get(key, 0)))
            same[key] = same.get(key, 0) + 1
    return rows


def _effect(names: Sequence[Name], loading: Floats, prior: float, learned: bool = True) -> Effect:
    distinct = tuple(dict.fromkeys(names))
    number = {name: n for n, name in enumerate(distinct)}
    index = np.array([number[name] for name in names], dtype=np.int64)
    mean, spread = np.zeros(len(distinct)), np.full(len(distinct), prior)
    return Effect(index, loading, distinct, prior, learned, prior, mean, spread)


def _effects(rows: Sequence[Row]) -> dict[str, Effect]:
    """Effects by level: the first three describe cases (with the sign of ability), the others readers."""
    one = np.ones(len(rows))
    lean = np.array([0.5 if row.reading.skills.truth is Truth.ABNORMAL else -0.5 for row in rows])

    def named(name: Callable[[Reading], Name]) -> list[Name]:
        return [name(row.reading) for row in rows]

    prior = Population().variances
    return {
        "truth mean": _effect(named(lambda r: (r.skills.truth.value,)), one, WIDE, learned=False),
        "finding mean": _effect(named(lambda r: (r.skills.truth.value, skill_key(r.skills))), one, 0.3),
        "case": _effect(named(_case_name), one, 1.0),
        "all": _effect(named(lambda r: (r.reader_id,)), one, prior["all"]),
        "tendency": _effect(named(lambda r: (r.reader_id,)), lean, prior["tendency"]),
        "truth": _effect(named(lambda r: (r.reader_id, r.skills.truth.value)), one, prior["truth"]),
        "finding": _effect(named(lambda r: (r.reader_id, skill_key(r.skills))), one, prior["finding"]),
    }


def _case_name(reading: Reading) -> Name:
    """A case under its skill: were its key corrected, its reads before and after are those of two cases."""
    return (reading.skills.truth.value, skill_key(reading.skills), reading.case_id)


def _trend_effects(rows: Sequence[Row]) -> dict[str, tuple[Effect, Trend]]:
    """A slope for practice in general and one for each truth; centred, so that difficulty is an average reader's."""
    general = np.array([log1p(row.read / GENERAL_SCALE) for row in rows])
    trends = {"all": _slope(general, np.ones(len(rows), dtype=bool), GENERAL_SCALE)}
    same = np.array([log1p(row.same / SKILL_SCALE) for row in rows])
    for truth in Truth:
        chosen = np.array([row.reading.skills.truth is truth for row in rows])
        if chosen.any():
            trends[truth.value] = _slope(same, chosen, SKILL_SCALE)
    return trends


def _slope(value: Floats, chosen: NDArray[np.bool_], scale: float) -> tuple[Effect, Trend]:
    centre = float(value[chosen].mean())
    # A slope is worth little belief in advance: a standard deviation of 0.3 logits per e-fold of reads.
    effect = _effect([()] * len(value), np.where(chosen, value - centre, 0.0), 0.09, learned=False)
    return effect, Trend(0.0, scale, centre)


def _descend(effects: Sequence[Effect], correct: Floats, weight: Floats, steps: int) -> None:
    """Coordinate ascent on the evidence bound. ``correct`` (0 or 1) and ``weight`` are (N,)."""
    kappa = weight * (correct - 0.5)
    for _ in range(steps):
        logit = np.sum([effect.logit for effect in effects], axis=0)
        second = np.sqrt(logit**2 + np.sum([effect.uncertainty for effect in effects], axis=0)) + 1e-9
        omega = weight * np.tanh(second / 2) / (2 * second)
        for effect in effects:
            rest = logit - effect.logit
            _renew(effect, kappa - omega * rest, omega)
            logit = rest + effect.logit


def _renew(effect: Effect, pull: Floats, omega: Floats) -> None:
    """The best normals for one family while the others stand, then its variance."""
    size = len(effect.names)
    precision = 1 / effect.variance + np.bincount(effect.index, omega * effect.loading**2, size)
    effect.spread = 1 / precision
    effect.mean = np.bincount(effect.index, effect.loading * pull, size) / precision
    if effect.learned:
        seen = float(np.sum(effect.mean**2 + effect.spread))
        effect.variance = (seen + PRIOR_MEMBERS * effect.prior) / (size + PRIOR_MEMBERS)


def _averages(effects: dict[str, Effect]) -> dict[str, Difficulty]:
    """Difficulty of an unread case, by truth and by skill key."""
    truths, between = effects["truth mean"].by_name(), effects["case"].variance
    averages = dict(Population().averages)
    for (truth,), (mean, _) in truths.items():
        averages[truth] = Difficulty(-mean, sqrt(between + effects["finding mean"].variance))
    for (truth, key), (mean, variance) in effects["finding mean"].by_name().items():
        averages[key] = Difficulty(-truths[(truth,)][0] - mean, sqrt(between + variance))
    return averages


def _cases(effects: dict[str, Effect]) -> dict[str, Difficulty]:
    truths, findings = effects["truth mean"].by_name(), effects["finding mean"].by_name()
    return {
        case: Difficulty(-truths[(truth,)][0] - findings[(truth, key)][0] - mean, sqrt(variance))
        for (truth, key, case), (mean, variance) in effects["case"].by_name().items()
    }
