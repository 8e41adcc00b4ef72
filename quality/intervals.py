"""Intervals for a proportion."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]


@dataclass(frozen=True, slots=True)
class Interval:
    """A proportion's bounds, both 0 to 1."""

    low: float
    high: float


def wilson(events: int, trials: int, level: float = 0.95) -> Interval:
    """Wilson's score interval. Source: Wilson (1927), "Probable inference", JASA 22:209.

    Raises ValueError where ``events`` are not 0 to ``trials``, ``trials`` not positive or ``level`` not in (0, 1).
    """
    check_counts(events, trials)
    z = NormalDist().inv_cdf(0.5 + _level(level) / 2)
    share = events / trials
    centre = share + z * z / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = 0.0 if events == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if events == trials else min(1.0, (centre + half) / scale)
    return Interval(low, high)


def clopper_pearson(events: int, trials: int, level: float = 0.95) -> Interval:
    """The exact interval: never covers less than ``level``. Source: Clopper & Pearson (1934), Biometrika 26:404.

    Raises ValueError as ``wilson`` does.
    """
    check_counts(events, trials)
    tail = (1 - _level(level)) / 2
    low = float(betaincinv(events, trials - events + 1, tail)) if events else 0.0
    high = float(betaincinv(events + 1, trials - events, 1 - tail)) if events < trials else 1.0
    return Interval(low, high)


def check_counts(events: int, trials: int) -> None:
    if trials <= 0 or not 0 <= events <= trials:
        raise ValueError(f"{events} events in {trials} trials is no proportion")


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
    return level
