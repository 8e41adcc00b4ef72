"""Jobs as an admin sees them: what waits, runs, is done or failed, and a second try."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.jobs import Queue
from api.rights import Permission
from api.viewing import viewing
from models.errors import Conflict, NotFound
from store import jobs
from store.jobs import Job, JobStatus

router = APIRouter(prefix="/api/jobs", tags=["admin"])


class JobLine(BaseModel):
    """``done`` of ``total``, where the job tells; ``error`` is one line, "" where it did not fail."""

    job_id: str
    kind: str
    status: JobStatus
    done: int
    total: int | None
    created_at: datetime
    finished_at: datetime | None
    error: str

    @classmethod
    def of(cls, job: Job) -> JobLine:
        return cls(
            job_id=job.job_id,
            kind=job.kind,
            status=job.status,
            done=job.done,
            total=job.total,
            created_at=job.created_at,
            finished_at=job.finished_at,
            error=job.error,
        )


class JobPage(BaseModel):
    total: int
    counts: dict[JobStatus, int]
    items: list[JobLine]


@router.get("")
def every_job(
    workspace: OpenWorkspace,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    caller: Caller = allow(Permission.ADMINISTER),
) -> JobPage:
    """The newest jobs first, and how many stand at each status."""
    with viewing(workspace, caller, "view jobs", "jobs") as tx:
        counts = jobs.counts(tx, caller.department_id)
        found = jobs.latest(tx, caller.department_id, limit, offset)
    return JobPage(total=sum(counts.values()), counts=counts, items=[JobLine.of(job) for job in found])


@router.post("/{job_id}/retry")
def retry(
    job_id: str, request: Request, workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)
) -> JobLine:
    """Queue a failed job again."""
    with workspace.database.transaction() as tx:
        queued = jobs.retry(tx, caller.department_id, job_id)
        job = jobs.get(tx, caller.department_id, job_id)
        if job is None:
            raise NotFound("no such job in this department")
        if not queued:
            raise Conflict("only a failed job can be tried again; this one has not failed")
        note(tx, workspace, caller, "retry job", job_id)
    queue: Queue = request.app.state.queue
    queue.enqueue(job_id)
    return JobLine.of(job)
