"""A place on disk for the rows of a large file while an import sorts and groups them, so that memory stays small.

The rows may hold names, so the file lies in the workspace, for its owner alone, and goes when the import ends. What a
killed import left is swept by the next one.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from api.workspace import Workspace
from models.errors import BadInput


@contextmanager
def staging(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """An empty SQLite database in ``$WETREAD_HOME/staging``, gone when the block ends. It outlives no crash.

    Raises BadInput where the disk cannot take it. For one import in a process at a time: where SQLite sorts what is
    larger than memory is a setting of the whole process.
    """
    folder = workspace.settings.home / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / workspace.new_id()
    lock = _taken(folder, place)
    try:
        with closing(sqlite3.connect(place, isolation_level=None)) as disk:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
                disk.execute(f"PRAGMA {pragma}")
            _sort_in(disk, str(folder))
            yield disk
            _sort_in(disk, "")
    except sqlite3.OperationalError as error:
        remedy = "make room on the disk of WETREAD_HOME, and import again"
        raise BadInput("staging", f"the disk cannot take the file's rows ({error})", remedy) from error
    finally:
        _remove(place)
        lock.close()


def _taken(folder: Path, place: Path) -> IO[bytes]:
    """The lock of a place that is the caller's own, after what dead processes left was swept.

    The folder is locked meanwhile, so that none sweeps a place that is being taken.
    """
    door = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        _sweep(folder)
        lock = place.with_suffix(".lock").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX)
        place.touch(mode=0o600)
        return lock
    finally:
        os.close(door)


def _sweep(folder: Path) -> None:
    """Remove what no living process holds the lock of."""
    for path in folder.iterdir():
        with suppress(OSError):
            if path.suffix != ".lock":
                if not path.with_suffix(".lock").exists():
                    path.unlink()
                continue
            with path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path.with_suffix(""))


def _sort_in(disk: sqlite3.Connection, folder: str) -> None:
    """Let SQLite keep what it sorts in a folder ("": the system's own, which may be memory and others may share)."""
    quoted = folder.replace("'", "''")
    disk.execute(f"PRAGMA temp_store_directory = '{quoted}'")


def _remove(place: Path) -> None:
    for path in (place, place.with_suffix(".lock")):
        with suppress(FileNotFoundError):
            os.unlink(path)
