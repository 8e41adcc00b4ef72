"""Jobs: the queue carries an id, the row decides, and a lost queue loses no work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from api.jobs import MOST_ATTEMPTS, REPLAY_READER, STALE_AFTER, Queue, embedded_consumer, open_queue, run, sweep
from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace, utc_now
from models.reading import Reader, StateKind
from store import history, jobs, readers, states
from store.jobs import Job, JobStatus
from tests.building import Clock, library_of, read_of, workspace_at

PATIENCE_SECONDS = 30


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A reader with one read that no state has taken in, and the job that will."""
    made = replace(workspace_at(tmp_path, Clock()), now=utc_now)
    case = library_of(made, 2)[1]
    with made.database.transaction() as tx:
        readers.add(tx, [Reader("ada", DEPARTMENT)])
        history.add(tx, read_of("ada", case, 1, False))
        jobs.add(tx, Job("job1", DEPARTMENT, REPLAY_READER, {"reader_id": "ada"}, made.now()))
    return made


@pytest.fixture
def queue(workspace: Workspace) -> Iterator[Queue]:
    """A queue with the worker that the service embeds."""
    made = open_queue(workspace, Learning(workspace.findings))
    consumer = embedded_consumer(made)
    worker = Thread(target=consumer.run, daemon=True)
    worker.start()
    yield made
    consumer.stop(graceful=True)


def reads_taken_in(workspace: Workspace) -> int:
    with workspace.database.snapshot() as tx:
        held = states.get(tx, "ada", StateKind.PRIVATE).get("all")
    return held.reads if held else 0


def test_a_queued_id_is_worked_by_the_embedded_worker(workspace: Workspace, queue: Queue) -> None:
    queue.enqueue("job1")
    end = time.monotonic() + PATIENCE_SECONDS
    while not reads_taken_in(workspace) and time.monotonic() < end:
        time.sleep(0.05)
    assert sweep(workspace) == [] and reads_taken_in(workspace) == 1


def test_an_id_that_never_reached_the_queue_is_found_by_the_sweep(workspace: Workspace) -> None:
    [waiting] = sweep(workspace)
    assert run(workspace, Learning(workspace.findings), waiting)
    assert not run(workspace, Learning(workspace.findings), waiting), "a job is done once"
    assert reads_taken_in(workspace) == 1


def test_a_job_that_fails_says_so_and_is_not_tried_for_ever(workspace: Workspace) -> None:
    with workspace.database.transaction() as tx:
        jobs.add(tx, Job("job2", DEPARTMENT, REPLAY_READER, {"reader_id": "nobody"}, workspace.now()))
    assert run(workspace, Learning(workspace.findings), "job2")
    assert sweep(workspace) == ["job1"]


def test_a_job_that_ends_every_worker_is_given_up(tmp_path: Path) -> None:
    """What kills the process leaves the row running: without a count, each restart would die of it again."""
    clock = Clock()
    workspace = workspace_at(tmp_path, clock)
    learning = Learning(workspace.findings)
    with workspace.database.transaction() as tx:
        jobs.add(tx, Job("job1", DEPARTMENT, REPLAY_READER, {"reader_id": "ada"}, clock()))
    for _ in range(MOST_ATTEMPTS):
        with workspace.database.transaction() as tx:
            assert jobs.claim(tx, "job1", clock(), clock() - STALE_AFTER)
        clock.forward(seconds=STALE_AFTER.total_seconds() + 1)
    assert sweep(workspace) == ["job1"] and run(workspace, learning, "job1")
    with workspace.database.transaction() as tx:
        given_up = jobs.get(tx, DEPARTMENT, "job1")
        assert given_up and given_up.status is JobStatus.FAILED and "3 times" in given_up.error
        assert jobs.retry(tx, DEPARTMENT, "job1"), "an administrator may try it again, and again three times"
        again = jobs.claim(tx, "job1", clock(), clock() - STALE_AFTER)
        assert again and again.attempts == 1
    assert sweep(workspace) == []
