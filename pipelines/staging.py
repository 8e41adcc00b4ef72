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

from api.workspace import Workspace


@contextmanager
def staging(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """An empty SQLite database in ``$WETREAD_HOME/staging``, gone when the block ends. It outlives no crash."""
    folder = workspace.settings.home / "staging"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    place = folder / workspace.new_id()
    with place.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            place.touch(mode=0o600)
            with closing(sqlite3.connect(place, isolation_level=None)) as connection:
                for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
                    connection.execute(f"PRAGMA {pragma}")
                yield connection
        finally:
            _remove(place)


def _sweep(folder: Path) -> None:
    """Remove what processes left that hold its lock no more."""
    for path in folder.glob("*.lock"):
        with suppress(OSError), path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path.with_suffix(""))


def _remove(place: Path) -> None:
    for path in (place, place.with_suffix(".lock")):
        with suppress(FileNotFoundError):
            os.unlink(path)
