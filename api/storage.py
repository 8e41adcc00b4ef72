"""What the workspace takes up: database, archive, files, the disks they lie on, and the rows of each kind."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow
from api.folders import Kept, Size, size_of
from api.rights import Permission
from api.settings import Settings
from api.viewing import viewing
from api.workspace import Workspace
from store import storage
from store.storage import RowCounts

router = APIRouter(prefix="/api/storage", tags=["admin"])

LOOK_FOR_SECONDS = 2.0
"""How long a look at the folders may take; what it could not reach is told as missing."""

PARTS = {
    "uploads": "uploads",
    "staging": "staging",
    "mlflow": "lab_book",
    "mlruns": "lab_book",
    "mlflow.db": "lab_book",
}
"""What the files of the workspace folder are, by the name at its top; the rest is "other"."""


class PartSize(BaseModel):
    """``part``: archive, uploads, staging, lab_book, other or database. ``whole`` False: at least so much."""

    part: str
    bytes: int
    files: int
    whole: bool


class Disk(BaseModel):
    """``holds``: what of the workspace lies on it, "workspace" or "archive"."""

    holds: list[str]
    free_bytes: int
    total_bytes: int


class CaseCount(BaseModel):
    status: str
    cases: int


class Rows(BaseModel):
    """Rows of the caller's department. ``images`` are those of its cases."""

    cases: list[CaseCount]
    images: int
    readers: int
    reads: int
    reviews: int
    reports: int
    volumes: int
    audit: int


class StorageView(BaseModel):
    """``archive_elsewhere``: the images lie on another server, which knows how much they take up."""

    measured_at: datetime
    database: str
    archive_elsewhere: bool
    parts: list[PartSize]
    disks: list[Disk]
    rows: Rows


@dataclass
class Meter:
    """Measures a workspace's storage, once a minute however many look. ``clock`` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _views: Kept[StorageView] = field(default_factory=Kept)

    def view(self, workspace: Workspace, department_id: str) -> StorageView:
        now = workspace.now()
        return self._views.get(department_id, now, lambda: self._measure(workspace, department_id, now))

    def _measure(self, workspace: Workspace, department_id: str, now: datetime) -> StorageView:
        with workspace.database.snapshot() as tx:
            rows = storage.row_counts(tx, department_id)
            database = storage.database_bytes(tx)
        end = self.clock() + LOOK_FOR_SECONDS
        settings = workspace.settings
        archive = archive_folder(settings)
        files = _database_files(workspace)
        sizes = {"database": Size(database) + sum((size_of(file, _always) for file in files[1:]), Size())}
        sizes |= _sizes(settings, archive, files, lambda: self.clock() < end)
        return StorageView(
            measured_at=now,
            database=workspace.database.url.get_backend_name(),
            archive_elsewhere=archive is None,
            parts=[PartSize(part=p, bytes=s.bytes, files=s.files, whole=s.whole) for p, s in sizes.items()],
            disks=_disks(settings.home, archive),
            rows=_rows(rows),
        )


@router.get("")
def storage_used(
    request: Request, workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)
) -> StorageView:
    """Sizes, free disk and rows, as of at most a minute ago."""
    with viewing(workspace, caller, "view storage", "storage"):
        pass
    # Outside of that transaction: folders may take seconds, for which nobody else should wait to write.
    return cast(Meter, request.app.state.meter).view(workspace, caller.department_id)


def archive_folder(settings: Settings) -> Path | None:
    """The folder of the archive, None where it is no folder."""
    named = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", settings.archive, re.DOTALL)
    if named and named[1].lower() != "folder":
        return None
    return Path(named[2] if named else settings.archive).resolve()


def _always() -> bool:
    return True


def _database_files(workspace: Workspace) -> list[Path]:
    """The file of an SQLite database and what it keeps beside it; none of another database."""
    address = workspace.database.url
    if address.get_backend_name() != "sqlite" or not address.database:
        return []
    return [Path(f"{Path(address.database).resolve()}{end}") for end in ("", "-wal", "-shm")]


def _sizes(
    settings: Settings, archive: Path | None, database: list[Path], in_time: Callable[[], bool]
) -> dict[str, Size]:
    """Sizes by part. The archive is looked at last: it may be so large that the time runs out in it."""
    home = settings.home.resolve()
    sizes = {part: Size() for part in ("archive", *dict.fromkeys(PARTS.values()), "other")}
    besides = frozenset({*database, *([archive] if archive else [])})
    for entry in sorted(home.iterdir()):
        part = PARTS.get(entry.name, "other")
        sizes[part] += size_of(entry, in_time, besides)
    if archive is not None:
        sizes["archive"] = size_of(archive, in_time)
    else:
        del sizes["archive"]
    return sizes


def _disks(home: Path, archive: Path | None) -> list[Disk]:
    """The disks that hold the workspace folder and the archive, each once."""
    found: dict[int, Disk] = {}
    for name, place in (("workspace", home), ("archive", archive)):
        if place is None or not place.exists():
            continue
        usage = shutil.disk_usage(place)
        disk = found.setdefault(
            place.stat().st_dev, Disk(holds=[], free_bytes=usage.free, total_bytes=usage.used + usage.free)
        )
        disk.holds.append(name)
    return list(found.values())


def _rows(rows: RowCounts) -> Rows:
    return Rows(
        cases=[CaseCount(status=status.value, cases=number) for status, number in rows.cases.items()],
        images=rows.images,
        readers=rows.readers,
        reads=rows.reads,
        reviews=rows.reviews,
        reports=rows.reports,
        volumes=rows.volumes,
        audit=rows.audit,
    )
