"""Miss patterns: where discrepancies are more than usual, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.discrepancy import ReviewCounts
from quality.discovery import q_values
from quality.intervals import Interval, wilson
from quality.power import power, upper_tail
from quality.shrinkage import RatePrior, shrunk_rate


@dataclass(frozen=True, slots=True)
class MissRules:
    """``level`` of the intervals; ``q``: the false discoveries borne; ``power``: below it, silence proves nothing.

    ``prior_reads``: how many reads the baseline is worth when a rate is shrunk towards it. ``alpha``: of the power.
    """

    level: float = 0.95
    q: float = 0.05
    power: float = 0.8
    alpha: float = 0.001
    prior_reads: float = 200.0


@dataclass(frozen=True, slots=True)
class MissPattern:
    """One cell. ``unsampled`` discrepancies came without a denominator: a count that enters no rate.

    ``interval``, ``shrunk``, ``q`` and ``power`` (to see the baseline doubled) are None where nothing was sampled.
    """

    label: str
    discrepancies: int
    reviews: int
    unsampled: int
    interval: Interval | None
    shrunk: float | None
    q: float | None
    power: float | None
    verdict: str


def miss_patterns(
    counts: Sequence[ReviewCounts], baseline: float, rules: MissRules | None = None
) -> tuple[MissPattern, ...]:
    """A row for each cell, in the order given; ``baseline`` is the usual discrepancy rate, between 0 and ½.

    Only randomly sampled reviews (``reviews``, ``discrepancies``) enter rates; triggered and submitted ones stand
    apart. Cells are tested together, so q-values are those of this very grid. Raises ValueError for an impossible
    baseline or count.
    """
    if not 0 < baseline <= 0.5:
        raise ValueError(f"a baseline lies between 0 and 0.5, not at {baseline}")
    used = rules or MissRules()
    sampled = [n for n, cell in enumerate(counts) if cell.reviews]
    tails = [upper_tail(counts[n].discrepancies, counts[n].reviews, baseline) for n in sampled]
    adjusted = dict(zip(sampled, q_values(tails), strict=True))
    return tuple(_pattern(cell, baseline, adjusted.get(n), used) for n, cell in enumerate(counts))


def _pattern(cell: ReviewCounts, baseline: float, q: float | None, rules: MissRules) -> MissPattern:
    if q is None:
        if cell.discrepancies:
            raise ValueError(f"{cell.label}: {cell.discrepancies} discrepancies in no review")
        verdict = _unsampled_verdict(cell)
        return MissPattern(cell.label, 0, 0, cell.unsampled, None, None, None, None, verdict)
    strength = power(cell.reviews, baseline, 2.0, rules.alpha)
    return MissPattern(
        label=cell.label,
        discrepancies=cell.discrepancies,
        reviews=cell.reviews,
        unsampled=cell.unsampled,
        interval=wilson(cell.discrepancies, cell.reviews, rules.level),
        shrunk=shrunk_rate(cell.discrepancies, cell.reviews, RatePrior(baseline, rules.prior_reads)),
        q=q,
        power=strength,
        verdict=_verdict(cell, baseline, q, strength, rules),
    )


def _unsampled_verdict(cell: ReviewCounts) -> str:
    if not cell.unsampled:
        return "Not enough data: no randomly sampled review."
    noun = "discrepancy was" if cell.unsampled == 1 else "discrepancies were"
    return f"Not enough data: {cell.unsampled} {noun} submitted without a random sample, so there is no rate."


def _verdict(cell: ReviewCounts, baseline: float, q: float, strength: float, rules: MissRules) -> str:
    """Not enough data unless the numbers say more: a flag the grid survives, or silence with the power to speak."""
    found = f"{cell.discrepancies} in {cell.reviews} randomly sampled reviews"
    if q <= rules.q:
        return f"More discrepancies than the usual {baseline:.1%}: {found} (q = {q:.2g}). A learning opportunity."
    if strength >= rules.power:
        return f"Nothing unusual: {found}; a doubled rate would have been seen with a chance of {strength:.0%}."
    return f"Not enough data: with {found}, a doubled rate would be seen with a chance of only {strength:.0%}."
