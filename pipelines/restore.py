"""``wetread restore``: a backup becomes a workspace again, and is looked through before anybody uses it."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from api.settings import Settings
from api.workspace import Workspace
from models.errors import BadInput, NotFound
from pipelines.telling import along, err, out
from pipelines.workspace_places import ARCHIVE, DATABASE, HOME, archive_folder, database_path
from store import accounts, reimports

WRITE = "give a file that `wetread backup` wrote"


def restore(settings: Settings, source: Path) -> int:
    """Unpack a backup into an empty workspace folder; returns the exit code, 1 where a case lacks images.

    Everybody is signed out. Raises BadInput where settings name places that are in use, or the file is no whole backup.
    """
    home, archive = settings.home, archive_folder(settings)
    _check_places(settings, archive)
    home.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.parent) as temporary:
        fresh = _unpacked(source, Path(temporary))
        (fresh / DATABASE).rename(fresh / HOME / DATABASE)
        (fresh / ARCHIVE).mkdir(exist_ok=True)
        if archive.is_relative_to(home):
            _move(fresh / ARCHIVE, fresh / HOME / archive.relative_to(home))
        else:
            _move(fresh / ARCHIVE, archive)
        _move(fresh / HOME, home)  # last: a folder that is there holds a whole workspace
    workspace = Workspace.open(settings)
    with workspace.database.transaction() as tx:
        accounts.end_all_sessions(tx)
    out.print(f"workspace restored to {home}", markup=False)
    return _look_through(workspace)


def _check_places(settings: Settings, archive: Path) -> None:
    if database_path(settings) != settings.home.resolve() / DATABASE:
        remedy = "unset it to restore into WETREAD_HOME"
        raise BadInput("WETREAD_DATABASE", "names another place than the workspace folder", remedy)
    for folder, name in ((settings.home, "WETREAD_HOME"), (archive, "WETREAD_ARCHIVE")):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(str(folder), "is not empty", f"set {name} to a new folder")


def _unpacked(source: Path, temporary: Path) -> Path:
    fresh = temporary / "workspace"
    try:
        with tarfile.open(source, "r:") as tar:
            # The filter refuses members that lead out of the folder, devices and links.
            tar.extractall(fresh, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadInput(str(source), "is no backup, or is damaged or cut short", WRITE) from error
    if not (fresh / HOME / "secret").is_file() or not (fresh / DATABASE).is_file():
        raise BadInput(str(source), "lacks the secret or the database", WRITE)
    return fresh


def _move(folder: Path, place: Path) -> None:
    if place.exists():
        place.rmdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder, place)


def _look_through(workspace: Workspace) -> int:
    """Whether every image that a case shows can be read; says so where one cannot."""
    with workspace.database.snapshot() as tx:
        shown = reimports.all_images(tx)
    gone: list[str] = []
    for case_id, image_id in along(shown, "checking images"):
        try:
            workspace.archive.frame(image_id, 1)
        except NotFound:
            gone.append(case_id)
    if gone:
        told = f"{len(gone):,} images of {len(set(gone)):,} cases are not in the backup: import those cases again"
        err.print(told, style="yellow", markup=False)
    return 1 if gone else 0
