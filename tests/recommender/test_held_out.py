"""The figures a training is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.reading import Reading
from recommender.fit import fit
from recommender.held_out import Difference, difference, figures, foretell, held_out, in_order, losses, right
from recommender.population import Population


@pytest.fixture(scope="module")
def some(department: Sequence[Reading]) -> list[Reading]:
    return in_order([read for read in department if read.sequence < 60])


def test_every_read_is_foretold_once_by_a_fit_that_saw_nothing_of_its_reader(some: list[Reading]) -> None:
    folds = list(held_out(some, {}))
    told = [~np.isnan(fold) for fold in folds]
    assert len(folds) == 5 and np.sum(told, axis=0).tolist() == [1] * len(some)
    readers = [{some[n].reader_id for n in np.flatnonzero(fold)} for fold in told]
    assert sum(map(len, readers)) == 60 and len(set.union(*readers)) == 60


def test_a_readers_own_answers_move_no_chance_before_them(some: list[Reading]) -> None:
    chances = foretell(some, Population(), {})
    n = 30
    other = [*some[:n], replace(some[n], correct=not some[n].correct), *some[n + 1 :]]
    changed = foretell(other, Population(), {})
    assert np.array_equal(changed[: n + 1], chances[: n + 1]) and not np.array_equal(changed, chances)


def test_held_out_a_fit_beats_what_is_shipped_and_seeing_the_reads_flatters_it(some: list[Reading]) -> None:
    answers = right(some)
    out = figures(np.nanmax(np.array(list(held_out(some, {}))), axis=0), answers)
    start = figures(foretell(some, Population(), {}), answers)
    seen = figures(foretell(some, fit(some), {}), answers)
    assert start.auc < out.auc < seen.auc and start.log_loss > out.log_loss > seen.log_loss


def test_two_readers_are_enough_to_hold_one_out(some: list[Reading]) -> None:
    two = [read for read in some if read.reader_id in {"r1", "r2"}]
    assert len(list(held_out(two, {}))) == 2


def test_the_auc_counts_pairs_and_ties_by_half() -> None:
    chances, answers = np.array([0.2, 0.4, 0.4, 0.9]), np.array([False, True, False, True])
    assert figures(chances, answers).auc == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert figures(chances, np.ones(4, dtype=bool)).auc == 0.5
    assert figures(chances, answers).log_loss == pytest.approx(-np.log([0.8, 0.4, 0.6, 0.9]).mean())


def test_a_difference_is_paired_by_reader(some: list[Reading]) -> None:
    base = losses(foretell(some, Population(), {}), right(some))
    assert difference(some, base + 0.01, base).worse
    assert not difference(some, base - 0.01, base).worse
    assert not difference(some, base + 0.001, base).worse
    one = np.array([read.reader_id == "r7" for read in some])
    lone = difference(some, base + one, base)
    assert lone.mean == pytest.approx(1 / 60) and not lone.worse


def test_chance_among_readers_is_not_held_against_a_model() -> None:
    assert Difference(0.1, 0.04).worse and not Difference(0.1, 0.06).worse
