"""Intervals, shrinkage, power and q-values, against published values and against their own definitions."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.discovery import q_values
from quality.intervals import clopper_pearson, wilson
from quality.power import flag_limit, power, upper_tail
from quality.shrinkage import RatePrior, shrunk_rate

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def binomial(n: int, k: int, p: float) -> float:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


@pytest.mark.parametrize(
    ("events", "trials", "low", "high"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_values(events: int, trials: int, low: float, high: float) -> None:
    interval = wilson(events, trials)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("events", "trials", "low", "high"),
    # The same table, method 5.
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_gives_newcombes_values(events: int, trials: int, low: float, high: float) -> None:
    interval = clopper_pearson(events, trials)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(COUNTS)
def test_intervals_hold_the_proportion_and_mirror_its_complement(counts: tuple[int, int]) -> None:
    events, trials = counts
    for interval in (wilson, clopper_pearson):
        here, mirrored = interval(events, trials), interval(trials - events, trials)
        assert 0 <= here.low <= events / trials <= here.high <= 1
        assert here.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@pytest.mark.parametrize(("events", "trials"), [(1, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(events: int, trials: int) -> None:
    for function in (wilson, clopper_pearson, shrunk_rate):
        with pytest.raises(ValueError, match="no proportion"):
            function(events, trials)


def test_three_of_sixty_is_shrunk_to_nearly_two_percent() -> None:
    assert round(shrunk_rate(3, 60, RatePrior(0.01, 200)), 3) == 0.019


@given(COUNTS, st.floats(0.001, 0.5), st.floats(1, 1000))
def test_a_shrunk_rate_lies_between_the_raw_one_and_the_prior(
    counts: tuple[int, int], rate: float, reads: float
) -> None:
    events, trials = counts
    low, high = sorted((events / trials, rate))
    assert low - 1e-12 <= shrunk_rate(events, trials, RatePrior(rate, reads)) <= high + 1e-12


@pytest.mark.parametrize(
    ("trials", "rate", "times", "expected"),
    [(300, 0.006, 2, 0.030), (3000, 0.006, 2, 0.715), (1000, 0.02, 2, 0.763), (300, 0.02, 3, 0.721)],
)
def test_power_of_known_designs(trials: int, rate: float, times: float, expected: float) -> None:
    assert power(trials, rate, times) == pytest.approx(expected, abs=6e-4)


@given(st.integers(1, 200), st.floats(0.001, 0.5))
def test_the_limit_is_the_smallest_that_keeps_false_flags_below_alpha(trials: int, rate: float) -> None:
    limit = flag_limit(trials, rate)
    above = sum(binomial(trials, k, rate) for k in range(limit + 1, trials + 1))
    assert above <= 0.001 + 1e-9
    assert limit == 0 or above + binomial(trials, limit, rate) > 0.001 - 1e-9


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.01, 0.9))
def test_the_tail_is_the_sum_of_its_terms(counts: tuple[int, int], rate: float) -> None:
    events, trials = counts
    summed = sum(binomial(trials, k, rate) for k in range(events, trials + 1))
    assert upper_tail(events, trials, rate) == pytest.approx(summed, rel=1e-6, abs=1e-12)


def test_q_values_of_benjamini_and_hochbergs_example() -> None:
    # Their 15 p-values (1995, section 4.1): exactly the first four are discoveries at 5 %.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert [q <= 0.05 for q in q_values(p)] == [True] * 4 + [False] * 11
    assert q_values(p)[3] == pytest.approx(0.0095 * 15 / 4)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_values_keep_the_order_and_never_fall_below_p(p_values: list[float]) -> None:
    q = q_values(p_values)
    assert all(p <= value <= 1 for p, value in zip(p_values, q, strict=True))
    ranked = [value for _, value in sorted(zip(p_values, q, strict=True))]
    assert ranked == sorted(ranked)
