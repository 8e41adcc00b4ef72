"""What a job's handler works with: the parts of the workspace, and a heart that says the worker lives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from api.learning import Learning
from api.workspace import Workspace
from store import jobs
from store.database import Transaction
from store.jobs import Job

log = logging.getLogger("wetread")

BEAT_SECONDS = 30.0
"""Pause between two heartbeats, well below the time after which a job counts as left by its worker."""


class Heart:
    """Beats in transactions of its own, so that others see a job's progress while the job is still at work."""

    def __init__(self, workspace: Workspace, job_id: str) -> None:
        self._workspace, self._job_id = workspace, job_id
        self._lock = Lock()
        self._done = 0
        self._total: int | None = None

    def progress(self, done: int, total: int) -> None:
        """Say how far the job is; written where it is a hundredth further than before, and at the end."""
        with self._lock:
            moved = total != self._total or done == total or (done - self._done) * 100 >= total
            if moved:
                self._done, self._total = done, total
                self._beat()

    def beat(self) -> None:
        with self._lock:
            self._beat()

    def _beat(self) -> None:
        with self._workspace.database.transaction() as tx:
            jobs.beat(tx, self._job_id, self._workspace.now(), self._done, self._total)


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with."""

    workspace: Workspace
    learning: Learning
    job: Job
    heart: Heart


Finish = Callable[[Transaction], None]
"""What remains to be written, in the transaction that also finishes the job."""

Handler = Callable[[JobContext], AbstractContextManager[Finish]]
"""A job's slow part, done in no transaction, so that others may write meanwhile; it yields what then is written.

What stands behind its ``yield`` runs after that was committed; where anything fails, the error is raised at the
``yield``, so that a handler can take back what it did outside the database.
"""


@contextmanager
def beating(heart: Heart) -> Iterator[None]:
    """Beat from another thread while the block runs, also where it is in one long step."""
    over = Event()

    def beat_on() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                heart.beat()
            except Exception as error:
                # The job's own transaction may hold the database for longer than a beat waits; then no other worker
                # can claim the job either.
                log.warning("a heartbeat failed with %s", type(error).__name__)

    thread = Thread(target=beat_on, name="wetread-heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
