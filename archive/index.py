"""An archive's own index on this host: which images it holds, their geometry, and where their pixels begin.

SQLite's write lock also orders what happens to the files: a file enters its place, and leaves it, only under that lock.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.archive import ImageGeometry, StoredImage

_BUSY_MILLISECONDS = 60_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS images (
    image_id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    sop_instance_uid TEXT NOT NULL UNIQUE,
    study_instance_uid TEXT NOT NULL,
    series_instance_uid TEXT NOT NULL,
    content TEXT NOT NULL,
    pixels_at INTEGER NOT NULL,
    geometry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS images_by_series ON images (series_id, number, image_id);
CREATE TABLE IF NOT EXISTS archive (secret_check TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class IndexedImage:
    """A row of the index. ``content`` digests pixels and geometry; ``pixels_at`` is a byte offset in the file."""

    stored: StoredImage
    geometry: ImageGeometry
    content: str
    pixels_at: int


class Index:
    """One connection for each thread of each process, opened when first used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._inherited: list[sqlite3.Connection] = []
        with self.writing() as connection:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)

    def _connection(self) -> sqlite3.Connection:
        if getattr(self._local, "process", None) != os.getpid():
            # SQLite forbids a child to use, or even close, a connection that crossed a fork.
            self._inherited.extend(filter(None, [getattr(self._local, "connection", None)]))
            self._local.connection = _connect(self._path)
            self._local.process = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def find(self, image_id: str) -> IndexedImage | None:
        row = self._connection().execute("SELECT * FROM images WHERE image_id = ?", (image_id,)).fetchone()
        return None if row is None else _from_row(row)

    def series(self, series_id: str) -> tuple[StoredImage, ...]:
        query = "SELECT * FROM images WHERE series_id = ? ORDER BY number, image_id"
        return tuple(_from_row(row).stored for row in self._connection().execute(query, (series_id,)))

    def rows(self, query: str, *values: str) -> list[sqlite3.Row]:
        """What a query of an archive's own tables beside the images finds."""
        return self._connection().execute(query, values).fetchall()

    def secret_check(self, own: str) -> str:
        """The check value the archive was made with; ``own`` becomes it where there is none yet."""
        with self.writing() as connection:
            row = connection.execute("SELECT secret_check FROM archive").fetchone()
            if row is None:
                connection.execute("INSERT INTO archive VALUES (?)", (own,))
            return own if row is None else str(row["secret_check"])


def insert(connection: sqlite3.Connection, image: IndexedImage) -> None:
    stored = image.stored
    values = (
        stored.image_id,
        stored.series_id,
        stored.number,
        stored.sop_instance_uid,
        stored.study_instance_uid,
        stored.series_instance_uid,
        image.content,
        image.pixels_at,
        json.dumps(asdict(image.geometry)),
    )
    connection.execute(f"INSERT INTO images VALUES ({','.join('?' * len(values))})", values)


def delete(connection: sqlite3.Connection, image_ids: Iterable[str]) -> None:
    connection.executemany("DELETE FROM images WHERE image_id = ?", [(image_id,) for image_id in image_ids])


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    # The timeout first: turning on the write-ahead log already needs the lock.
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _from_row(row: sqlite3.Row) -> IndexedImage:
    values: dict[str, Any] = json.loads(row["geometry"])
    for name in ("image_position_patient", "image_orientation_patient"):
        values[name] = values[name] and tuple(values[name])
    geometry = ImageGeometry(**values)
    stored = StoredImage(
        image_id=row["image_id"],
        series_id=row["series_id"],
        number=row["number"],
        frames=geometry.frames,
        sop_instance_uid=row["sop_instance_uid"],
        study_instance_uid=row["study_instance_uid"],
        series_instance_uid=row["series_instance_uid"],
    )
    return IndexedImage(stored, geometry, row["content"], row["pixels_at"])
