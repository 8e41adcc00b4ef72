"""Reviews as evidence: what names a finding, and what concurs without naming one."""

from __future__ import annotations

from dataclasses import replace

from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.finding import Truth
from models.reading import Skills
from recommender.evidence import MOST_UNNAMED, readings_of
from recommender.tracer import replay
from tests.building import review_of
from tests.recommender.desk import TRACER


def reviews(number: int, score: str, finding: str | None, sampling: Sampling = Sampling.RANDOM) -> list[Discrepancy]:
    base = replace(review_of("r", "1"), score=RadpeerScore(score), finding=finding, sampling=sampling, error_class=None)
    return [replace(base, discrepancy_id=f"{score}{finding}{sampling}{n:05}") for n in range(number)]


MISSES = reviews(2, "3b", "rib_fracture")
RIB = Skills(Truth.ABNORMAL, "rib_fracture")


def test_two_misses_in_a_thousand_reviews_are_not_two_in_two() -> None:
    alone, among = (replay(TRACER, readings_of(told), {}) for told in (MISSES, [*MISSES, *reviews(998, "1", None)]))
    assert TRACER.ability(among, RIB).mean > TRACER.ability(alone, RIB).mean + 0.05
    assert abs(among["tendency"].mean) < 0.3, "concurring reviews call nobody quick to see something"


def test_concurring_reviews_count_a_little_and_only_so_many_of_them() -> None:
    assert [read.skills.truth for read in readings_of(reviews(40, "1", None))] == [Truth.NORMAL, Truth.ABNORMAL] * 2
    assert readings_of(reviews(9, "1", None)) == []
    assert len(readings_of(reviews(5_000, "1", None))) == MOST_UNNAMED


def test_reviews_that_were_not_drawn_at_random_or_name_no_miss_say_nothing() -> None:
    assert readings_of(reviews(100, "1", None, Sampling.SUBMITTED)) == []
    assert readings_of(reviews(100, "3", None)) == []
    silent = [replace(each, error_class=ErrorClass.TECHNIQUE_OR_SYSTEM) for each in MISSES]
    assert readings_of(silent) == []


def test_the_same_reviews_in_any_order_are_the_same_reads() -> None:
    every = [*MISSES, *reviews(60, "1", None)]
    assert readings_of(every[::-1]) == readings_of(every)
