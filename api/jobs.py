"""Work done after the answer. A job is a row of the store; the queue carries only its id.

The queue alone would lose a task to a kill, so a sweep queues again every row that never started or whose worker's
heartbeat is stale. Handlers may run twice with the same effect as once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.learning import Learning
from api.workspace import Workspace
from models.errors import NotFound
from store import jobs, readers
from store.database import Transaction
from store.jobs import Job

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

log = logging.getLogger("wetread")

STALE_AFTER = timedelta(minutes=10)
REPLAY_READER = "replay_reader"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with, in the transaction that also finishes its job."""

    workspace: Workspace
    learning: Learning
    tx: Transaction
    job: Job


def _replay_reader(context: JobContext) -> None:
    """A read arrived late, or the model moved: take the whole history in again, in its order."""
    reader = readers.get(context.tx, context.job.payload["reader_id"])
    if reader is None or reader.department_id != context.job.department_id:
        raise NotFound("the reader of this job does not exist")
    context.learning.replay(context.tx, reader)


HANDLERS: dict[str, Callable[[JobContext], None]] = {REPLAY_READER: _replay_reader}


def run(workspace: Workspace, learning: Learning, job_id: str) -> bool:
    """Do one job, if no other worker has it; returns whether this call did it."""
    now = workspace.now()
    with workspace.database.transaction() as tx:
        job = jobs.claim(tx, job_id, now, now - STALE_AFTER)
    if job is None:
        return False
    try:
        with workspace.database.transaction() as tx:
            HANDLERS[job.kind](JobContext(workspace, learning, tx, job))
            jobs.finish(tx, job_id, workspace.now())
    except Exception as error:
        # The row must say that it failed whatever the cause, or the sweep would run it for ever.
        log.error("job %s (%s) failed with %s", job_id, job.kind, type(error).__name__)
        with workspace.database.transaction() as tx:
            jobs.finish(tx, job_id, workspace.now(), error=type(error).__name__)
    return True


def sweep(workspace: Workspace) -> list[str]:
    """Ids of jobs that wait, or whose worker died."""
    with workspace.database.snapshot() as tx:
        return jobs.waiting(tx, workspace.now() - STALE_AFTER)


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue and the task that takes a job's id."""

    huey: Huey
    enqueue: Callable[[str], object]


def open_queue(workspace: Workspace, learning: Learning) -> Queue:
    """A queue in the workspace folder. Huey's messages are pickles, so each is signed with the workspace's secret."""
    from huey import SqliteHuey, crontab
    from huey.serializer import SignedSerializer

    huey = SqliteHuey(
        "wetread",
        filename=str(workspace.settings.home / "queue.db"),
        results=False,
        serializer=SignedSerializer(secret=workspace.secret.hex(), salt="wetread-queue"),
    )

    @huey.task(name="job")  # type: ignore[untyped-decorator]
    def do(job_id: str) -> None:
        run(workspace, learning, job_id)

    @huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def swept() -> None:
        for job_id in sweep(workspace):
            run(workspace, learning, job_id)

    return Queue(huey, do)


def embedded_consumer(queue: Queue) -> Consumer:
    """A consumer inside the service: one worker thread, and the service keeps its own signal handlers."""
    from huey.consumer import Consumer

    class Embedded(Consumer):  # type: ignore[misc]
        def _set_signal_handlers(self) -> None:
            return None

    return Embedded(queue.huey, workers=1, periodic=True)
