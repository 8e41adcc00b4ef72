"""Work on several processes: in order, ahead of whoever takes it, and honest about what is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from models.errors import Unavailable
from pipelines.parallel import BATCHES_A_WORKER, FEWEST_BATCHES, Workers, workers


def doubled(number: int) -> tuple[int, int]:
    return number * 2, os.getpid()


def deadly(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def wrong(number: int) -> int:
    raise ZeroDivisionError(number)


@pytest.mark.parametrize("number", [0, 1, FEWEST_BATCHES, 2 * BATCHES_A_WORKER, 50])
def test_results_come_in_order_from_other_processes(number: int) -> None:
    with workers("", 2) as crew:
        found = list(crew.each(doubled, range(number)))
    assert [result for result, _ in found] == [2 * each for each in range(number)]
    elsewhere = {pid for _, pid in found} - {os.getpid()}
    assert bool(elsewhere) == (number >= FEWEST_BATCHES)


def test_no_more_is_drawn_than_a_few_waves_ahead() -> None:
    drawn = 0

    def numbers() -> Iterator[int]:
        nonlocal drawn
        for number in range(200):
            drawn += 1
            yield number

    with workers("", 2) as crew:
        for taken, _ in enumerate(crew.each(doubled, numbers()), 1):
            assert drawn - taken <= 3 * 2 * BATCHES_A_WORKER


def test_a_worker_that_is_killed_is_one_line() -> None:
    with pytest.raises(Unavailable, match="worker process was stopped"), workers("", 2) as crew:
        list(crew.each(deadly, range(20)))


def test_a_bug_in_the_work_is_not_taken_for_a_lost_worker() -> None:
    with pytest.raises(ZeroDivisionError), workers("", 2) as crew:
        list(crew.each(wrong, range(20)))


def test_one_process_is_this_one() -> None:
    with workers("", 1) as crew:
        assert crew == Workers(1, None)
        assert {pid for _, pid in crew.each(doubled, range(50))} == {os.getpid()}


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere.invalid:6379", "127.0.0.1:port"])
def test_a_cluster_that_is_not_there_is_one_line(address: str) -> None:
    with pytest.raises(Unavailable, match="WETREAD_CLUSTER: the cluster does not answer"), workers(address, 2):
        pass
