"""Work to be done later, as rows written in the transaction that causes it. The queue carries only their ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update

from store.database import Transaction
from store.tables import jobs


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    job_id: str
    department_id: str
    kind: str
    payload: dict[str, Any]
    created_at: datetime
    status: JobStatus = JobStatus.QUEUED
    error: str = ""
    done: int = 0
    total: int | None = None
    finished_at: datetime | None = None
    attempts: int = 0
    """How many workers took it up, this one too."""


def add(tx: Transaction, job: Job) -> None:
    tx.execute(
        insert(jobs).values(
            job_id=job.job_id,
            department_id=job.department_id,
            kind=job.kind,
            payload=job.payload,
            status=job.status.value,
            created_at=job.created_at,
        )
    )


def claim(tx: Transaction, job_id: str, now: datetime, stale_before: datetime) -> Job | None:
    """Take a job that waits, or whose worker's heartbeat is older than ``stale_before``; None where it is taken."""
    changed = tx.execute(
        update(jobs)
        .where(
            jobs.c.job_id == job_id,
            or_(
                jobs.c.status == JobStatus.QUEUED.value,
                (jobs.c.status == JobStatus.RUNNING.value) & (jobs.c.heartbeat_at < stale_before),
            ),
        )
        .values(status=JobStatus.RUNNING.value, heartbeat_at=now, attempts=jobs.c.attempts + 1)
    ).rowcount
    if not changed:
        return None
    row = tx.execute(select(jobs).where(jobs.c.job_id == job_id)).one()
    return _job(row)


def beat(tx: Transaction, job_id: str, now: datetime, done: int, total: int | None) -> None:
    """Say that the job's worker lives, and how far it is."""
    tx.execute(update(jobs).where(jobs.c.job_id == job_id).values(heartbeat_at=now, done=done, total=total))


def get(tx: Transaction, department_id: str, job_id: str) -> Job | None:
    row = tx.execute(select(jobs).where(jobs.c.job_id == job_id, jobs.c.department_id == department_id)).one_or_none()
    return _job(row) if row else None


def latest(tx: Transaction, department_id: str, limit: int, offset: int = 0) -> list[Job]:
    """One page of the jobs, the newest first."""
    rows = tx.execute(
        select(jobs)
        .where(jobs.c.department_id == department_id)
        .order_by(jobs.c.created_at.desc(), jobs.c.job_id)
        .limit(limit)
        .offset(offset)
    )
    return [_job(row) for row in rows]


def counts(tx: Transaction, department_id: str) -> dict[JobStatus, int]:
    """How many jobs stand at each status; none is left out."""
    rows = tx.execute(
        select(jobs.c.status, func.count().label("number"))
        .where(jobs.c.department_id == department_id)
        .group_by(jobs.c.status)
    )
    held = {row.status: row.number for row in rows}
    return {status: held.get(status.value, 0) for status in JobStatus}


def retry(tx: Transaction, department_id: str, job_id: str) -> bool:
    """Queue a failed job again; False where it has not failed."""
    changed = tx.execute(
        update(jobs)
        .where(jobs.c.job_id == job_id, jobs.c.department_id == department_id, jobs.c.status == JobStatus.FAILED.value)
        .values(
            status=JobStatus.QUEUED.value,
            error="",
            finished_at=None,
            heartbeat_at=None,
            done=0,
            total=None,
            attempts=0,
        )
    ).rowcount
    return bool(changed)


def finish(tx: Transaction, job_id: str, now: datetime, error: str = "") -> None:
    status = JobStatus.FAILED if error else JobStatus.DONE
    tx.execute(update(jobs).where(jobs.c.job_id == job_id).values(status=status.value, finished_at=now, error=error))


def put_payload(tx: Transaction, job_id: str, payload: dict[str, Any]) -> None:
    """Let the job carry this from now on: what it found, in the place of what it was told."""
    tx.execute(update(jobs).where(jobs.c.job_id == job_id).values(payload=payload))


def queued(tx: Transaction, department_id: str, kind: str) -> list[Job]:
    """The jobs of a kind that no worker has begun. Until the transaction ends none can: what it writes, they find."""
    here = (jobs.c.department_id == department_id, jobs.c.kind == kind, jobs.c.status == JobStatus.QUEUED.value)
    return [_job(row) for row in tx.execute(select(jobs).where(*here).order_by(jobs.c.job_id).with_for_update())]


def waiting(tx: Transaction, stale_before: datetime) -> list[str]:
    """Jobs that never started, or whose worker died."""
    return list(
        tx.execute(
            select(jobs.c.job_id)
            .where(
                or_(
                    jobs.c.status == JobStatus.QUEUED.value,
                    (jobs.c.status == JobStatus.RUNNING.value) & (jobs.c.heartbeat_at < stale_before),
                )
            )
            .order_by(jobs.c.created_at, jobs.c.job_id)
        ).scalars()
    )


def _job(row: Row[Any]) -> Job:
    return Job(
        job_id=row.job_id,
        department_id=row.department_id,
        kind=row.kind,
        payload=row.payload,
        created_at=row.created_at,
        status=JobStatus(row.status),
        error=row.error,
        done=row.done,
        total=row.total,
        finished_at=row.finished_at,
        attempts=row.attempts,
    )
