"""What a number of reviews can and cannot show."""

from __future__ import annotations

from scipy.special import bdtr, bdtrc  # type: ignore[import-untyped, unused-ignore]

from quality.intervals import check_counts


def upper_tail(events: int, trials: int, rate: float) -> float:
    """P(X >= ``events``) of a binomial with ``trials`` and ``rate``: the exact one-sided p-value of so many events."""
    check_counts(events, trials)
    return 1.0 if events == 0 else float(bdtrc(events - 1, trials, rate))


def flag_limit(trials: int, rate: float, alpha: float = 0.001) -> int:
    """The funnel's upper limit: the smallest count c with P(X <= c) >= 1 − ``alpha``; what exceeds it is flagged.

    Source: Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Stat Med 24:1185, the exact
    binomial limits.
    """
    low, high = 0, trials
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if float(bdtr(middle, trials, rate)) >= 1 - alpha else (middle + 1, high)
    return low


def power(trials: int, rate: float, times: float, alpha: float = 0.001) -> float:
    """The chance of flagging a true rate of ``times`` × ``rate`` in ``trials`` reviews (exact binomial, one-sided).

    Raises ValueError where ``trials`` is not positive or a rate leaves 0 to 1.
    """
    if trials <= 0 or not 0 < rate < 1 or not 0 < rate * times <= 1:
        raise ValueError(f"no power of {trials} reviews at a rate of {rate} times {times}")
    limit = flag_limit(trials, rate, alpha)
    return 0.0 if limit >= trials else float(bdtrc(limit, trials, rate * times))
