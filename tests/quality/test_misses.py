"""Miss patterns: silence is 'not enough data', and what came without a denominator never enters a rate."""

from __future__ import annotations

import numpy as np
import pytest

from models.discrepancy import ReviewCounts
from quality.misses import miss_patterns


def test_a_few_reviews_say_not_enough_data() -> None:
    (row,) = miss_patterns([ReviewCounts("rib fracture", 2, 60)], baseline=0.02)
    assert row.verdict.startswith("Not enough data")
    assert row.interval is not None and row.interval.low < 2 / 60 < row.interval.high
    assert row.power is not None and row.power < 0.2
    assert row.shrunk is not None and 0.02 < row.shrunk < 2 / 60


def test_a_planted_pattern_is_found_among_many_quiet_ones() -> None:
    rng = np.random.default_rng(7)
    quiet = [ReviewCounts(f"quiet {n}", int(rng.binomial(400, 0.02)), 400) for n in range(30)]
    rows = miss_patterns([*quiet, ReviewCounts("planted", 40, 400)], baseline=0.02)
    assert [row.label for row in rows if row.verdict.startswith("More")] == ["planted"]


def test_looking_at_many_cells_asks_more_of_each() -> None:
    odd = ReviewCounts("odd", 13, 300)
    alone = miss_patterns([odd], baseline=0.02)[0]
    among = miss_patterns([odd, *(ReviewCounts(str(n), 6, 300) for n in range(40))], baseline=0.02)[0]
    assert alone.q is not None and among.q is not None and alone.q < 0.05 < among.q
    assert alone.verdict.startswith("More") and among.verdict.startswith("Not enough data")


def test_silence_counts_only_with_the_power_to_speak() -> None:
    (row,) = miss_patterns([ReviewCounts("all chest films", 80, 4000)], baseline=0.02)
    assert row.verdict.startswith("Nothing unusual") and row.power is not None and row.power > 0.99


def test_submitted_cases_change_no_number() -> None:
    without = miss_patterns([ReviewCounts("nodule", 4, 200)], baseline=0.02)[0]
    with_them = miss_patterns([ReviewCounts("nodule", 4, 200, unsampled=50)], baseline=0.02)[0]
    assert with_them.unsampled == 50
    assert (without.interval, without.shrunk, without.q, without.power, without.verdict) == (
        with_them.interval,
        with_them.shrunk,
        with_them.q,
        with_them.power,
        with_them.verdict,
    )


def test_submitted_cases_alone_are_a_count_without_a_rate() -> None:
    (row,) = miss_patterns([ReviewCounts("nodule", 0, 0, unsampled=9)], baseline=0.02)
    assert (row.interval, row.shrunk, row.q, row.power) == (None, None, None, None)
    assert "9 discrepancies" in row.verdict and "no rate" in row.verdict and "%" not in row.verdict


@pytest.mark.parametrize("baseline", [0.0, -0.1, 0.6])
def test_an_impossible_baseline_is_refused(baseline: float) -> None:
    with pytest.raises(ValueError, match="baseline"):
        miss_patterns([ReviewCounts("nodule", 1, 10)], baseline)


def test_discrepancies_without_reviews_are_refused() -> None:
    with pytest.raises(ValueError, match="in no review"):
        miss_patterns([ReviewCounts("nodule", 1, 0)], baseline=0.02)
