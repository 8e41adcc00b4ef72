"""Uploads: files that an educator sends for one new case. The files lie in the workspace folder, the rows here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, update

from store import jobs
from store.database import Transaction
from store.jobs import Job, JobStatus
from store.tables import jobs as job_rows
from store.tables import uploads

MAKE_CASE = "make_case"
"""The kind of the job that makes an upload's case; its payload names the upload."""

_AT_WORK = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Upload:
    """``case_id`` is that of the case being made, or made, of it; None before that was asked for."""

    upload_id: str
    department_id: str
    account_id: str
    started_at: datetime
    case_id: str | None = None


def add(tx: Transaction, upload: Upload) -> None:
    tx.execute(
        insert(uploads).values(
            upload_id=upload.upload_id,
            department_id=upload.department_id,
            account_id=upload.account_id,
            started_at=upload.started_at,
            case_id=upload.case_id,
        )
    )


def get(tx: Transaction, upload_id: str, account_id: str, locked: bool = False) -> Upload | None:
    """The upload, for the account that started it and nobody else; ``locked`` keeps others from it until the end."""
    asked = select(uploads).where(uploads.c.upload_id == upload_id, uploads.c.account_id == account_id)
    row = tx.execute(asked.with_for_update() if locked else asked).one_or_none()
    return Upload(row.upload_id, row.department_id, row.account_id, row.started_at, row.case_id) if row else None


def set_case(tx: Transaction, upload_id: str, case_id: str) -> None:
    tx.execute(update(uploads).where(uploads.c.upload_id == upload_id).values(case_id=case_id))


def latest_job(tx: Transaction, upload: Upload) -> Job | None:
    """The newest job that makes the upload's case."""
    found = tx.execute(
        select(job_rows.c.job_id)
        .where(
            job_rows.c.department_id == upload.department_id,
            job_rows.c.kind == MAKE_CASE,
            job_rows.c.payload["upload_id"].as_string() == upload.upload_id,
        )
        .order_by(job_rows.c.created_at.desc(), job_rows.c.status.desc(), job_rows.c.job_id)
        .limit(1)
    ).scalar_one_or_none()
    return jobs.get(tx, upload.department_id, found) if found else None


def remove(tx: Transaction, upload_id: str) -> None:
    tx.execute(delete(uploads).where(uploads.c.upload_id == upload_id))


def remove_older(tx: Transaction, started_before: datetime) -> None:
    """Forget uploads of that age whose case nobody is making now."""
    tx.execute(delete(uploads).where(uploads.c.started_at < started_before, ~_has_job(*_AT_WORK)))


def waiting(tx: Transaction) -> set[str]:
    """Ids of the uploads whose case is not made yet: their files are still needed."""
    return set(tx.execute(select(uploads.c.upload_id).where(~_has_job(JobStatus.DONE.value))).scalars())


def open_of(tx: Transaction, account_id: str) -> dict[str, bool]:
    """The account's uploads whose case is not made, and whether a job tried and failed to make it."""
    failed = and_(_has_job(JobStatus.FAILED.value), ~_has_job(*_AT_WORK)).label("failed")
    mine = select(uploads.c.upload_id, failed).where(uploads.c.account_id == account_id)
    return {row.upload_id: bool(row.failed) for row in tx.execute(mine.where(~_has_job(JobStatus.DONE.value)))}


def _has_job(*statuses: str) -> ColumnElement[bool]:
    return exists().where(
        job_rows.c.kind == MAKE_CASE,
        job_rows.c.status.in_(statuses),
        job_rows.c.payload["upload_id"].as_string() == uploads.c.upload_id,
    )
