"""``wetread backup`` and ``restore``: a workspace as one file, and back.

The file is a tar of three parts: the database, ``archive/`` with the images, and ``home/`` with the secret and the
catalogues; without the secret no opaque id would be found again. Database and index of the archive are copied with
SQLite's own online copy, in this order and before the images, so that a service or an import may go on meanwhile: what
a case shows was in the archive before its rows were written. The file is as sensitive as the workspace itself.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from api.settings import Settings
from models.errors import BadInput
from pipelines.telling import along, out
from pipelines.workspace_places import (
    ARCHIVE,
    DATABASE,
    HOME,
    INDEX,
    archive_files,
    archive_folder,
    database_path,
    home_files,
)
from store.database import Database, copy_sqlite, copy_sqlite_file

ONLY_OWNER = 0o600


def backup(settings: Settings, target: Path) -> None:
    """Write the workspace to ``target`` (a .tar). Raises BadInput where there is none, or the target cannot be used."""
    if not (settings.home / "secret").exists():
        raise BadInput(str(settings.home), "holds no workspace", "set WETREAD_HOME to the workspace folder")
    archive = archive_folder(settings)
    database_path(settings)
    _check_target(settings, archive, target)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with TemporaryDirectory(dir=target.parent) as temporary, _private(part) as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                _pack(tar, settings, archive, Path(temporary))
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    out.print(f"workspace written to {target}", markup=False)


def _private(path: Path) -> BinaryIO:
    """A new file that nobody but its owner could read at any moment."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_OWNER), "wb")


def _check_target(settings: Settings, archive: Path, target: Path) -> None:
    if target.exists():
        raise BadInput(str(target), "is there already", "choose another name, or remove it first")
    if not target.parent.is_dir():
        raise BadInput(str(target.parent), "there is no such folder", "make it first, or choose another")
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in (settings.home, archive)):
        raise BadInput(str(target), "lies in the workspace it would hold", "choose a place outside of it")


def _pack(tar: tarfile.TarFile, settings: Settings, archive: Path, temporary: Path) -> None:
    copy_sqlite(Database(settings.database), temporary / DATABASE)
    _add(tar, temporary / DATABASE, DATABASE)
    if (archive / INDEX).exists():
        copy_sqlite_file(archive / INDEX, temporary / INDEX)
        _add(tar, temporary / INDEX, f"{ARCHIVE}/{INDEX}")
    for path, name in along(list(_files(settings, archive)), "packing"):
        with suppress(FileNotFoundError):  # taken out while this went on
            _add(tar, path, name)


def _files(settings: Settings, archive: Path) -> Iterator[tuple[Path, str]]:
    for path in home_files(settings, archive):
        yield path, f"{HOME}/{path.relative_to(settings.home)}"
    for path in archive_files(archive):
        yield path, f"{ARCHIVE}/{path.relative_to(archive)}"


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """Pack the file as it is now; its length is that of the opened file, whatever happens to its name meanwhile."""
    with path.open("rb") as file:
        member = tar.gettarinfo(arcname=name, fileobj=file)
        member.mode, member.uid, member.gid, member.uname, member.gname = ONLY_OWNER, 0, 0, "", ""
        tar.addfile(member, file)
