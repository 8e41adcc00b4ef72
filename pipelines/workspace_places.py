"""Where a workspace keeps its parts on this machine, and which of their files a backup holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from api.settings import Settings
from models.errors import BadInput
from store.database import Database

DATABASE = "wetread.db"
ARCHIVE = "archive"
HOME = "home"
INDEX = "index.sqlite3"
"""Names inside a backup; the last two also those of the folder archive's own parts."""

_BESIDE = ("", "-wal", "-shm", "-journal")
_QUEUE = "queue.db"
_UPLOADS = "uploads"


def archive_folder(settings: Settings) -> Path:
    """The folder of the workspace's archive. Raises BadInput for an archive that is none."""
    named = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", settings.archive, re.DOTALL)
    if named and named[1].lower() != "folder":
        raise BadInput("WETREAD_ARCHIVE", "is no folder", "back its images up where they are kept")
    return Path(named[2] if named else settings.archive).resolve()


def database_path(settings: Settings) -> Path:
    """The file of the workspace's database. Raises BadInput for one that is not SQLite."""
    address = Database(settings.database).url
    if address.get_backend_name() != "sqlite" or not address.database:
        remedy = "back the database up with pg_dump, and the folders with tar"
        raise BadInput("WETREAD_DATABASE", "is no SQLite file", remedy)
    return Path(address.database).resolve()


def home_files(settings: Settings, archive: Path) -> Iterator[Path]:
    """What the workspace folder holds beside the database, the archive, the queue and the uploads.

    The jobs fill the queue again; an upload's files still name patients, and go within a day anyway.
    """
    left_out = {settings.home.resolve() / f"{_QUEUE}{end}" for end in _BESIDE}
    database = database_path(settings)
    left_out |= {database.with_name(database.name + end) for end in _BESIDE}
    for path in sorted(settings.home.rglob("*")):
        inside = path.resolve()
        apart = inside.is_relative_to(archive) or inside.is_relative_to(settings.home.resolve() / _UPLOADS)
        if path.is_file() and inside not in left_out and not apart:
            yield path


def archive_files(archive: Path) -> Iterator[Path]:
    """The archive's images: not its index, which is copied apart, nor what is only coming in."""
    index = {archive / f"{INDEX}{end}" for end in _BESIDE}
    for path in sorted(archive.rglob("*")):
        if path.is_file() and path not in index and path.relative_to(archive).parts[0] != "incoming":
            yield path
