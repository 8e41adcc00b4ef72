"""A case out of an upload and a form, made by a job; and how far such a job is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.jobs import FETCH_IMAGES, Queue
from api.new_case_form import NewCase
from api.rights import Permission
from api.upload_folder import UploadFolder
from api.uploaded_images import SOURCE
from api.uploads import opened
from api.viewing import viewing
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput, NotFound
from store import jobs, uploads
from store.jobs import Job, JobStatus
from store.uploads import MAKE_CASE

router = APIRouter(prefix="/api", tags=["new cases"])


class CaseAsked(BaseModel):
    job_id: str
    case_id: str


class JobView(BaseModel):
    """``done`` of ``total`` files. ``error`` has a line for each thing wrong; files are named by their number.

    ``passed`` counts files that hold no image, ``left_out`` those that could not be read and were left out as asked.
    """

    job_id: str
    status: str
    done: int
    total: int | None
    error: str
    case_id: str | None
    passed: int
    left_out: int


@router.post("/uploads/{upload_id}/case", status_code=202)
def make(
    upload_id: str,
    wish: NewCase,
    request: Request,
    workspace: OpenWorkspace,
    caller: Caller = allow(Permission.EDIT_DRAFTS),
) -> CaseAsked:
    """Make a draft of the files that arrived. Asked again while that goes on, or after it, it is the same job."""
    form = wish.checked(workspace)
    with workspace.database.transaction() as tx:
        found = opened(tx, caller, upload_id, locked=True)
        case_id = workspace.opaque("case", DEPARTMENT, SOURCE, upload_id)
        if found.job_id and found.job_status is not JobStatus.FAILED:
            return CaseAsked(job_id=found.job_id, case_id=case_id)
        _check_whole(workspace, upload_id, form.files)
        payload = {"upload_id": upload_id, "case_id": case_id, "account_id": caller.account.account_id}
        job = Job(
            workspace.new_id(),
            caller.department_id,
            MAKE_CASE,
            {**payload, "form": form.model_dump(mode="json")},
            workspace.now(),
        )
        jobs.add(tx, job)
        uploads.set_case(tx, upload_id, case_id)
        note(tx, workspace, caller, "make case", case_id)
    queue: Queue = request.app.state.queue
    queue.enqueue(job.job_id)
    return CaseAsked(job_id=job.job_id, case_id=case_id)


@router.get("/jobs/{job_id}")
def job_state(job_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> JobView:
    """How far a job is that makes a case or fetches its images."""
    with viewing(workspace, caller, "view job", job_id) as tx:
        job = jobs.get(tx, caller.department_id, job_id)
        if job is None or job.kind not in (MAKE_CASE, FETCH_IMAGES) or not _may_see(caller, job):
            raise NotFound("no such job of yours in this department")
    return JobView(
        job_id=job.job_id,
        status=job.status.value,
        done=job.done,
        total=job.total,
        error=job.error,
        case_id=job.payload.get("case_id") if job.status is JobStatus.DONE else None,
        passed=job.payload.get("passed", 0),
        left_out=job.payload.get("left_out", 0),
    )


def _may_see(caller: Caller, job: Job) -> bool:
    """A case is made for the one who asked for it; what names nobody is for everyone who edits drafts."""
    asked_by = job.payload.get("account_id", caller.account.account_id)
    return asked_by == caller.account.account_id or caller.may(Permission.ADMINISTER)


def _check_whole(workspace: Workspace, upload_id: str, files: int) -> None:
    """Raises BadInput where not every file has arrived that its sender sent."""
    arrived = len(UploadFolder.of(workspace.settings.home, upload_id).files())
    if arrived != files:
        raise BadInput("upload", f"holds {arrived:,} of {files:,} files", "send the others first")
