"""Miss patterns: silence is 'not enough data', and what came without a denominator never enters a rate."""

from __future__ import annotations

import numpy as np
import pytest

from models.discrepancy import ReviewCounts
from quality.misses import miss_patterns
from quality.wording import PRACTICE_READS


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


def test_numbers_are_written_alike_and_no_chance_is_called_certain() -> None:
    counts = [ReviewCounts("large", 80, 4000), ReviewCounts("small", 1, 20), ReviewCounts("high", 40, 100)]
    large, small, high = (row.verdict for row in miss_patterns(counts, baseline=0.0204))
    assert large == (
        "Nothing unusual: 80 in 4000 randomly sampled reviews; "
        "a doubled rate would have been seen with a chance of over 99 %."
    )
    assert small == (
        "Not enough data: with 1 in 20 randomly sampled reviews, "
        "a doubled rate would be seen with a chance of under 1 %."
    )
    assert high == (
        "More discrepancies than the usual 2.0 %: 40 in 100 randomly sampled reviews (q < 0.001). "
        "A learning opportunity."
    )
    assert "in 1 randomly sampled review," in miss_patterns([ReviewCounts("one", 0, 1)], 0.02)[0].verdict


@pytest.mark.parametrize("baseline", [0.45, 0.5, 0.58, 0.8, 0.95, 0.98])
def test_a_high_baseline_flags_no_cell_that_is_at_it(baseline: float) -> None:
    usual = [ReviewCounts(f"usual {n}", round(baseline * 400), 400) for n in range(8)]
    rows = miss_patterns([*usual, ReviewCounts("odd", 400, 400)], baseline)
    assert [row.label for row in rows if row.verdict.startswith("More")] == ["odd"]
    assert all(row.power is not None and 0 <= row.power <= 1 for row in rows)
    assert all("doubled" not in row.verdict and "not at" not in row.verdict for row in rows)


def test_above_a_third_the_rate_to_rule_out_lies_halfway_to_certainty() -> None:
    for baseline, said in ((0.33, "a doubled rate"), (0.5, "a rate of 75.0 %"), (0.9, "a rate of 95.0 %")):
        assert said in miss_patterns([ReviewCounts("usual", round(baseline * 400), 400)], baseline)[0].verdict


def test_practice_reads_are_no_sample_of_the_department() -> None:
    counts = [ReviewCounts("nodule", 95, 300), ReviewCounts("effusion", 90, 300), ReviewCounts("none", 0, 0)]
    nodule, effusion, none = miss_patterns(counts, 185 / 600, unit=PRACTICE_READS)
    why = "practice cases are chosen for each reader, so this rate describes the practice, not the department"
    assert nodule.verdict == f"95 of 300 practice reads; {why}."
    assert effusion.verdict == f"90 of 300 practice reads; {why}."
    assert none.verdict == "Not enough data: no practice read."


def test_a_practice_flag_needs_more_than_the_practice_as_a_whole() -> None:
    counts = [ReviewCounts(str(n), 60, 300) for n in range(5)] + [ReviewCounts("worse", 173, 299)]
    rows = miss_patterns(counts, 473 / 1799, unit=PRACTICE_READS)
    assert [row.label for row in rows if "learning opportunity" in row.verdict] == ["worse"]
    assert rows[-1].verdict.startswith(
        "More than in the group's practice as a whole (26.3 %): 173 of 299 practice reads (q < 0.001). "
    )
    assert rows[-1].verdict.endswith("describes the practice, not the department.")
    assert not any("sampled" in row.verdict or "usual" in row.verdict for row in rows)
    assert [(row.q, row.shrunk) for row in rows] == [(r.q, r.shrunk) for r in miss_patterns(counts, 473 / 1799)]


@pytest.mark.parametrize("baseline", [0.0, -0.1, 1.0])
def test_an_impossible_baseline_is_refused(baseline: float) -> None:
    with pytest.raises(ValueError, match="baseline"):
        miss_patterns([ReviewCounts("nodule", 1, 10)], baseline)


def test_discrepancies_without_reviews_are_refused() -> None:
    with pytest.raises(ValueError, match="in no review"):
        miss_patterns([ReviewCounts("nodule", 1, 0)], baseline=0.02)
