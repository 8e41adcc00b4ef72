"""Miss patterns: where discrepancies are more than usual, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.discrepancy import ReviewCounts
from quality.discovery import q_values
from quality.intervals import Interval, wilson
from quality.power import power, upper_tail
from quality.shrinkage import RatePrior, shrunk_rate
from quality.wording import SAMPLED_REVIEWS, Unit, likelihood, percent, q_text

CHOSEN = "practice cases are chosen for each reader, so this rate describes the practice, not the department"


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

    ``interval``, ``shrunk``, ``q`` and ``power`` are None where there is no review. ``power`` is that to see the
    baseline doubled or, above a third, halfway to certainty.
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
    counts: Sequence[ReviewCounts],
    baseline: float,
    rules: MissRules | None = None,
    unit: Unit = SAMPLED_REVIEWS,
) -> tuple[MissPattern, ...]:
    """A row for each cell, in the order given; ``baseline`` is the usual discrepancy rate, between 0 and 1.

    Only what ``unit`` names (``reviews``, ``discrepancies``) enters rates: randomly sampled reviews, with triggered and
    submitted ones apart; or practice reads, which were chosen, so that ``baseline`` must be their own rate and the
    verdicts claim nothing of the department. Cells are tested together, so q-values are those of this very grid. Raises
    ValueError for an impossible baseline or count.
    """
    if not 0 < baseline < 1:
        raise ValueError(f"a baseline lies between 0 and 1, not at {baseline}")
    used = rules or MissRules()
    sampled = [n for n, cell in enumerate(counts) if cell.reviews]
    tails = [upper_tail(counts[n].discrepancies, counts[n].reviews, baseline) for n in sampled]
    adjusted = dict(zip(sampled, q_values(tails), strict=True))
    return tuple(_pattern(cell, baseline, adjusted.get(n), used, unit) for n, cell in enumerate(counts))


def _pattern(cell: ReviewCounts, baseline: float, q: float | None, rules: MissRules, unit: Unit) -> MissPattern:
    if q is None:
        if cell.discrepancies:
            raise ValueError(f"{cell.label}: {cell.discrepancies} discrepancies in no review")
        verdict = _unsampled_verdict(cell, unit)
        return MissPattern(cell.label, 0, 0, cell.unsampled, None, None, None, None, verdict)
    strength = power(cell.reviews, baseline, _worse(baseline) / baseline, rules.alpha)
    verdict = (
        _verdict(cell, baseline, q, strength, rules)
        if unit.sampled
        else _practice_verdict(cell, baseline, q, unit, rules)
    )
    return MissPattern(
        label=cell.label,
        discrepancies=cell.discrepancies,
        reviews=cell.reviews,
        unsampled=cell.unsampled,
        interval=wilson(cell.discrepancies, cell.reviews, rules.level),
        shrunk=shrunk_rate(cell.discrepancies, cell.reviews, RatePrior(baseline, rules.prior_reads)),
        q=q,
        power=strength,
        verdict=verdict,
    )


def _worse(baseline: float) -> float:
    """The rate that a quiet cell is asked to rule out: a doubled one or, where that nears certainty, halfway to it."""
    return min(2 * baseline, (1 + baseline) / 2)


def _worse_in_words(baseline: float) -> str:
    return "a doubled rate" if 3 * baseline <= 1 else f"a rate of {percent(_worse(baseline))}"


def _unsampled_verdict(cell: ReviewCounts, unit: Unit) -> str:
    if not cell.unsampled:
        return f"Not enough data: no {unit.one}."
    noun = "discrepancy" if cell.unsampled == 1 else "discrepancies"
    return f"Not enough data: {cell.unsampled} {noun} came without a random sample to count in, so there is no rate."


def _verdict(cell: ReviewCounts, baseline: float, q: float, strength: float, rules: MissRules) -> str:
    """Not enough data unless the numbers say more: a flag the grid survives, or silence with the power to speak."""
    found = f"{cell.discrepancies} in {SAMPLED_REVIEWS.count(cell.reviews)}"
    if q <= rules.q:
        return f"More discrepancies than the usual {percent(baseline)}: {found} ({q_text(q)}). A learning opportunity."
    worse, chance = _worse_in_words(baseline), likelihood(strength)
    if strength >= rules.power:
        return f"Nothing unusual: {found}; {worse} would have been seen with a chance of {chance}."
    return f"Not enough data: with {found}, {worse} would be seen with a chance of {chance}."


def _practice_verdict(cell: ReviewCounts, baseline: float, q: float, unit: Unit, rules: MissRules) -> str:
    """Reads that were chosen say nothing of usual work; a flag compares them with one another only."""
    found = f"{cell.discrepancies} of {unit.count(cell.reviews)}"
    if q <= rules.q:
        return (
            f"More than in the group's practice as a whole ({percent(baseline)}): {found} ({q_text(q)}). "
            f"A learning opportunity; {CHOSEN}."
        )
    return f"{found}; {CHOSEN}."
