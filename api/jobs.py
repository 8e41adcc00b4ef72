"""Work done after the answer. A job is a row of the store; the queue carries only its id.

The queue alone would lose a task to a kill, so a sweep queues again every row that never started or whose worker's
heartbeat is stale. Handlers may run twice with the same effect as once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.case_making import make_case
from api.job_context import Finish, Handler, Heart, JobContext, beating
from api.learning import Learning
from api.upload_folder import UploadFolder, folders_of
from api.workspace import Workspace
from models.errors import NotFound, WetreadError
from store import jobs, readers, uploads
from store.database import Transaction
from store.uploads import MAKE_CASE

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

log = logging.getLogger("wetread")

STALE_AFTER = timedelta(minutes=3)
"""Several heartbeats: a worker that misses them all is dead."""

MOST_ATTEMPTS = 3
"""A job that so many workers took up and died of would end every one after them too."""

UPLOADS_KEPT = timedelta(hours=24)
REPLAY_READER = "replay_reader"
FETCH_IMAGES = "fetch_images"


@contextmanager
def _replay_reader(context: JobContext) -> Iterator[Finish]:
    """A read arrived late, or the model moved: take the whole history in again, in its order."""

    def finish(tx: Transaction) -> None:
        reader = readers.get(tx, context.job.payload["reader_id"])
        if reader is None or reader.department_id != context.job.department_id:
            raise NotFound("the reader of this job does not exist")
        context.learning.replay(tx, reader)

    yield finish


@contextmanager
def _fetch_images(context: JobContext) -> Iterator[Finish]:
    """A draft lacks its images: ask the department's archive for its study."""
    # Imported here, since only this job needs the client of a remote archive.
    from api.study_images import fetch_images

    if not fetch_images(context.workspace, context.job.payload["case_id"]):
        raise NotFound("no images came: the PACS does not hold the study that this case's report names")
    yield lambda tx: None


HANDLERS: dict[str, Handler] = {REPLAY_READER: _replay_reader, MAKE_CASE: make_case, FETCH_IMAGES: _fetch_images}


def run(workspace: Workspace, learning: Learning, job_id: str) -> bool:
    """Do one job, if no other worker has it; returns whether this call did it."""
    now = workspace.now()
    with workspace.database.transaction() as tx:
        job = jobs.claim(tx, job_id, now, now - STALE_AFTER)
    if job is None:
        return False
    heart = Heart(workspace, job_id)
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise _EndsItsWorker(job.kind)
        context = JobContext(workspace, learning, job, heart)
        with beating(heart), HANDLERS[job.kind](context) as finish, workspace.database.transaction() as tx:
            finish(tx)
            jobs.finish(tx, job_id, workspace.now())
    except Exception as error:
        # The row must say that it failed whatever the cause, or the sweep would run it for ever.
        log.error("job %s (%s) failed with %s", job_id, job.kind, type(error).__name__)
        with workspace.database.transaction() as tx:
            jobs.finish(tx, job_id, workspace.now(), error=_told(error))
    if job.kind == MAKE_CASE:
        workspace.database.forget()  # the form, as it was typed
    return True


class _EndsItsWorker(WetreadError):
    """A job that every worker died of, or that was running whenever the service was ended."""

    def __init__(self, kind: str) -> None:
        remedy = "take out its largest and its compressed files and make the case again" if kind == MAKE_CASE else ""
        problem = f"its worker ended {MOST_ATTEMPTS} times before it was done, perhaps for want of memory"
        super().__init__(f"job: {problem}; {remedy or 'ask an administrator to look at the memory and try it again'}")


def _told(error: Exception) -> str:
    """What a failed job says: an error made for people is told, any other by its type, for its text may quote."""
    return str(error) if isinstance(error, WetreadError) else type(error).__name__


def sweep(workspace: Workspace) -> list[str]:
    """Ids of jobs that wait, or whose worker died."""
    with workspace.database.snapshot() as tx:
        return jobs.waiting(tx, workspace.now() - STALE_AFTER)


def sweep_uploads(workspace: Workspace) -> None:
    """Remove uploads of which no case was made within a day, and the files of those that became one."""
    home = workspace.settings.home
    # Listed before the rows are read: an upload's row is there before its folder is.
    folders = folders_of(home)
    with workspace.database.transaction() as tx:
        uploads.remove_older(tx, workspace.now() - UPLOADS_KEPT)
        waiting = uploads.waiting(tx)
    for upload_id in folders:
        if upload_id not in waiting:
            UploadFolder.of(home, upload_id).remove()


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
        sweep_uploads(workspace)

    return Queue(huey, do)


def embedded_consumer(queue: Queue) -> Consumer:
    """A consumer inside the service: one worker thread, and the service keeps its own signal handlers."""
    from huey.consumer import Consumer

    class Embedded(Consumer):  # type: ignore[misc]
        def _set_signal_handlers(self) -> None:
            return None

    return Embedded(queue.huey, workers=1, periodic=True)
