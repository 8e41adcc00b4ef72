"""Small numbers pulled towards what is usual."""

from __future__ import annotations

from dataclasses import dataclass

from quality.intervals import check_counts


@dataclass(frozen=True, slots=True)
class RatePrior:
    """A usual ``rate`` (0 to 1) that is believed as firmly as if it came from ``reads`` reads."""

    rate: float = 0.01
    reads: float = 200.0


def shrunk_rate(events: int, trials: int, prior: RatePrior | None = None) -> float:
    """The mean of the beta-binomial posterior: 3 of 60 under a prior of 1 % worth 200 reads is 1.9 %.

    Source: Gelman et al., "Bayesian Data Analysis" (3rd ed.), section 2.4. Raises ValueError for impossible counts.
    """
    check_counts(events, trials)
    believed = prior or RatePrior()
    return (events + believed.rate * believed.reads) / (trials + believed.reads)
