"""Files for a new case, each in a request of its own; they wait in the workspace folder until the case is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Header, Path, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.door import Caller, OpenWorkspace, allow, note
from api.rights import Permission
from api.upload_folder import LARGEST_FILE, LARGEST_UPLOAD, MOST_FILES, UploadedFile, UploadFolder
from api.workspace import Workspace
from models.errors import Conflict, NotFound
from store import uploads
from store.database import Transaction
from store.jobs import JobStatus
from store.uploads import Upload

router = APIRouter(prefix="/api/uploads", tags=["new cases"])

MOST_OPEN = 5
"""Uploads of one person whose cases are not made yet: each may fill gibibytes of the disk."""

FILE_ROUTE = re.compile(r"/api/uploads/[^/]+/files/[^/]+")
"""Where a body may be larger than any other request's."""

FileNumber = Annotated[int, Path(ge=1, le=99_999)]
FileName = Annotated[str, Header(alias="x-wetread-name", max_length=3_000)]
_ANY_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Limits(BaseModel):
    file_bytes: int
    upload_bytes: int
    files: int


class UploadStarted(BaseModel):
    upload_id: str
    limits: Limits


class FileView(BaseModel):
    """A file that arrived whole. ``kind`` is what it is by its content, "passed" where it can hold no image."""

    number: int
    kind: str
    size: int

    @classmethod
    def of(cls, file: UploadedFile) -> FileView:
        return cls(number=file.number, kind=file.kind.removeprefix("."), size=file.size)


class UploadView(BaseModel):
    upload_id: str
    files: list[FileView]
    job_id: str | None
    case_id: str | None


@router.post("", status_code=201)
def start(workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> UploadStarted:
    """An empty upload. What no case is made of within a day is deleted."""
    upload = Upload(workspace.new_id(), caller.department_id, caller.account.account_id, workspace.now())
    with workspace.database.transaction() as tx:
        _check_number(tx, workspace, caller)
        uploads.add(tx, upload)
        note(tx, workspace, caller, "start upload", upload.upload_id)
    # After the row, so that a sweep never meets a folder whose row is still to come.
    UploadFolder.of(workspace.settings.home, upload.upload_id).make()
    limits = Limits(file_bytes=LARGEST_FILE, upload_bytes=LARGEST_UPLOAD, files=MOST_FILES)
    return UploadStarted(upload_id=upload.upload_id, limits=limits)


@router.put("/{upload_id}/files/{number}", openapi_extra=_ANY_BYTES)
async def put_file(
    upload_id: str,
    number: FileNumber,
    workspace: OpenWorkspace,
    request: Request,
    name: FileName = "",
    caller: Caller = allow(Permission.EDIT_DRAFTS),
) -> FileView:
    """One file's bytes. Sent again under its number, it takes the place of what came before.

    ``name``, percent-encoded, only tells whether the file can hold an image; it is not kept.
    """
    await run_in_threadpool(_still_open, workspace, caller, upload_id)
    folder = UploadFolder.of(workspace.settings.home, upload_id)
    length = request.headers.get("content-length", "")
    expected = int(length) if length.isdecimal() else None
    keeping = partial(_changing, workspace, caller, upload_id, "send file", number)
    try:
        received = await folder.receive(number, unquote(name), expected, request.stream(), keeping)
    except ClientDisconnect:
        raise Conflict(f"file {number}: broke off; send it again") from None
    return FileView.of(received)


@router.get("/{upload_id}")
def get(upload_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> UploadView:
    """What arrived, and the newest job that makes the case."""
    with workspace.database.transaction() as tx:
        found = opened(tx, caller, upload_id)
        note(tx, workspace, caller, "view upload", upload_id)
    made = found.job_status is JobStatus.DONE
    files = [] if made else UploadFolder.of(workspace.settings.home, upload_id).files()
    return UploadView(
        upload_id=upload_id,
        files=[FileView.of(file) for file in files],
        job_id=found.job_id,
        case_id=found.upload.case_id if made else None,
    )


@router.delete("/{upload_id}/files/{number}", status_code=204)
def drop_file(
    upload_id: str, number: FileNumber, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)
) -> Response:
    """Take one file out again."""
    with _changing(workspace, caller, upload_id, "drop file", number):
        UploadFolder.of(workspace.settings.home, upload_id).drop(number)
    return Response(status_code=204)


@router.delete("/{upload_id}", status_code=204)
def cancel(upload_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> Response:
    """Forget the upload and delete its files."""
    with workspace.database.transaction() as tx:
        opened(tx, caller, upload_id, locked=True).check_open()
        uploads.remove(tx, upload_id)
        note(tx, workspace, caller, "cancel upload", upload_id)
    UploadFolder.of(workspace.settings.home, upload_id).remove()
    return Response(status_code=204)


@dataclass(frozen=True, slots=True)
class OpenedUpload:
    """An upload of the caller's own, and the newest job that makes its case."""

    upload: Upload
    job_id: str | None
    job_status: JobStatus | None

    def check_open(self) -> None:
        """Raises Conflict where a case is being made of it, or was made: its files stay as they are."""
        if self.job_status not in (None, JobStatus.FAILED):
            raise Conflict("the case of this upload is being made, or is made; start a new one for other files")


def opened(tx: Transaction, caller: Caller, upload_id: str, locked: bool = False) -> OpenedUpload:
    """``locked`` until the transaction ends. Raises NotFound where the upload is not the caller's."""
    upload = uploads.get(tx, upload_id, caller.account.account_id, locked)
    if upload is None:
        raise NotFound("no such upload of yours; it may have been deleted after a day")
    job = uploads.latest_job(tx, upload)
    return OpenedUpload(upload, job.job_id if job else None, job.status if job else None)


@contextmanager
def _changing(workspace: Workspace, caller: Caller, upload_id: str, action: str, number: int) -> Iterator[None]:
    """While a file comes or goes no case can be asked for; one that was asked for while it arrived refuses it."""
    with workspace.database.transaction() as tx:
        opened(tx, caller, upload_id, locked=True).check_open()
        note(tx, workspace, caller, action, f"{upload_id}/{number}")
        yield


def _check_number(tx: Transaction, workspace: Workspace, caller: Caller) -> None:
    """Raises Conflict where the caller has too many uploads; those that hold nothing, or failed, make way first."""
    held = uploads.open_of(tx, caller.account.account_id)
    if len(held) < MOST_OPEN:
        return
    idle = [upload_id for upload_id, failed in held.items() if failed or _is_empty(workspace, upload_id)]
    for upload_id in idle:  # its folder goes with the next sweep
        uploads.remove(tx, upload_id)
    if len(held) - len(idle) >= MOST_OPEN:
        problem = f"{MOST_OPEN} uploads of yours wait for their cases already"
        raise Conflict(f"{problem}; make their cases or cancel one, or wait: what is left is deleted after a day")


def _is_empty(workspace: Workspace, upload_id: str) -> bool:
    folder = UploadFolder.of(workspace.settings.home, upload_id)
    return not (folder.exists() and any(folder.path.iterdir()))


def _still_open(workspace: Workspace, caller: Caller, upload_id: str) -> None:
    with workspace.database.snapshot() as tx:
        opened(tx, caller, upload_id).check_open()
