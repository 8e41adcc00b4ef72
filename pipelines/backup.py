"""``wetread backup`` and ``restore``: a workspace as one file, and back.

The database is copied with SQLite's own online copy, so that a running service may go on. Images, catalogues and the
workspace's secret go along: without the secret no opaque id would be found again. The file is as sensitive as the
workspace itself.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.settings import Settings
from models.errors import BadInput
from pipelines.telling import along, out
from store.database import Database, copy_sqlite

DATABASE = "wetread.db"
LEFT_OUT = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "queue.db", "queue.db-wal", "queue.db-shm")


def backup(settings: Settings, target: Path) -> None:
    """Write the workspace to ``target`` (a .tar). Raises BadInput where there is none, or the file is there already."""
    if not (settings.home / "secret").exists():
        raise BadInput(str(settings.home), "holds no workspace", "set WETREAD_HOME to the workspace folder")
    if target.exists():
        raise BadInput(str(target), "is there already", "choose another name, or remove it first")
    database = Database(settings.database)
    if database.url.get_backend_name() != "sqlite":
        raise BadInput(
            "WETREAD_DATABASE", "is PostgreSQL", "back the database up with pg_dump, and the folder with tar"
        )
    part = target.with_name(target.name + ".part")
    with TemporaryDirectory(dir=target.parent) as temporary:
        copy = Path(temporary) / DATABASE
        copy_sqlite(database, copy)
        with tarfile.open(part, "w") as tar:
            tar.add(copy, DATABASE)
            for path in along(list(_files(settings.home)), "packing"):
                tar.add(path, str(path.relative_to(settings.home)))
    part.chmod(0o600)
    part.rename(target)
    out.print(f"workspace written to {target}", markup=False)


def restore(settings: Settings, source: Path) -> None:
    """Unpack a backup into an empty workspace folder."""
    home = settings.home
    if home.exists() and any(home.iterdir()):
        raise BadInput(str(home), "is not empty", "set WETREAD_HOME to a new folder")
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise BadInput(str(source), "is no backup", "give a file that `wetread backup` wrote")
    home.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.parent) as temporary, tarfile.open(source) as tar:
        fresh = Path(temporary) / "workspace"
        # The filter refuses members that lead out of the folder, devices and links.
        tar.extractall(fresh, filter="data")
        if not (fresh / "secret").exists() or not (fresh / DATABASE).exists():
            raise BadInput(str(source), "lacks the secret or the database", "give a file that `wetread backup` wrote")
        (fresh / "secret").chmod(0o600)
        if home.exists():
            home.rmdir()
        fresh.rename(home)
    out.print(f"workspace restored to {home}", markup=False)


def _files(home: Path) -> Iterator[Path]:
    return (path for path in sorted(home.rglob("*")) if path.is_file() and path.name not in LEFT_OUT)
