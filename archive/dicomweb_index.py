"""What one host knows of a DICOMweb archive: which UIDs lie behind the opaque ids, and which images it has removed.

It is a cache but for the removals: where the server does not delete, only this file remembers them, so what the server
lists never overwrites them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from archive.dicomweb_access import Access
from archive.dicomweb_messages import InstanceName
from archive.index import Index, IndexedImage, delete, insert
from archive.pseudonyms import keyed_hash, opaque_id
from models.errors import BadInput

_SCHEMA = """
CREATE TABLE IF NOT EXISTS listed (
    image_id TEXT PRIMARY KEY,
    series_id TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    sop_uid TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_by_series ON listed (series_id);
CREATE INDEX IF NOT EXISTS listed_by_study ON listed (study_uid)
"""
_LIST = "INSERT INTO listed VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (image_id) DO NOTHING"


class DicomwebIndex:
    """Two tables: the images seen whole, as in the folder archive's index, and all that the server listed."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self._seen, self._secret = Index(path), secret
        with self._seen.writing() as connection:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)

    def seen(self, image_id: str) -> IndexedImage | None:
        """The image, where it was once seen whole and is not removed."""
        return self._seen.find(image_id)

    def name(self, image_id: str) -> InstanceName | None:
        """Where the server keeps an image, removed or not."""
        rows = self._rows("image_id = ?", image_id)
        return _name(rows[0]) if rows else None

    def is_removed(self, image_id: str) -> bool:
        return bool(self._rows("image_id = ? AND removed", image_id))

    def series(self, series_id: str) -> InstanceName | None:
        """An image of the series, by which its UIDs are known."""
        rows = self._rows("series_id = ? LIMIT 1", series_id)
        return _name(rows[0]) if rows else None

    def counts(self) -> dict[str, int]:
        """How many images are known of each study, by its UID."""
        return {row[0]: row[1] for row in self._seen.rows("SELECT study_uid, count(*) FROM listed GROUP BY 1")}

    def note(self, names: Iterable[InstanceName]) -> None:
        """Note what the server lists. What is removed here stays so."""
        with self._seen.writing() as connection:
            connection.executemany(_LIST, [self._row(name) for name in names])

    def keep(self, image: IndexedImage) -> None:
        """Note an image that was added, and seen whole; it is no longer removed."""
        stored = image.stored
        name = InstanceName(stored.study_instance_uid, stored.series_instance_uid, stored.sop_instance_uid)
        with self._seen.writing() as connection:
            delete(connection, [stored.image_id])
            insert(connection, image)
            connection.execute("DELETE FROM listed WHERE image_id = ?", (stored.image_id,))
            connection.execute(_LIST, self._row(name))

    def see(self, image: IndexedImage) -> None:
        """Note an image fetched for a reader; where another removed it meanwhile, it stays removed."""
        with self._seen.writing() as connection:
            removed = "SELECT 1 FROM listed WHERE image_id = ? AND removed"
            if connection.execute(removed, (image.stored.image_id,)).fetchone() is None:
                delete(connection, [image.stored.image_id])
                insert(connection, image)

    def remove(self, image_ids: Iterable[str]) -> None:
        """Hide images for good, whatever the server goes on listing."""
        ids = list(image_ids)
        with self._seen.writing() as connection:
            delete(connection, ids)
            connection.executemany("UPDATE listed SET removed = 1 WHERE image_id = ?", [(each,) for each in ids])

    def forget(self, image_id: str) -> None:
        """Know nothing more of a removed image, since the server has it no longer."""
        with self._seen.writing() as connection:
            connection.execute("DELETE FROM listed WHERE image_id = ? AND removed", (image_id,))

    def ids(self, name: InstanceName) -> tuple[str, str]:
        """The opaque ids of an instance and of its series."""
        image_id = opaque_id(self._secret, "image", name.sop_uid)
        return image_id, opaque_id(self._secret, "series", name.series_uid)

    def _row(self, name: InstanceName) -> tuple[str, ...]:
        return (*self.ids(name), name.study_uid, name.series_uid, name.sop_uid)

    def _rows(self, condition: str, value: str) -> list[sqlite3.Row]:
        return self._seen.rows(f"SELECT * FROM listed WHERE {condition}", value)


def _name(row: sqlite3.Row) -> InstanceName:
    return InstanceName(row["study_uid"], row["series_uid"], row["sop_uid"])


def cache_file(address: str, secret: bytes, access: Access) -> Path:
    """One for each server and secret: what is known of one says nothing of another.

    Raises BadInput where there is no folder for it.
    """
    if access.cache is None:
        raise BadInput(access.setting, "needs a workspace folder beside it", "set WETREAD_HOME")
    try:
        access.cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(str(access.cache), "cannot be made or written", "choose a folder you may write") from error
    return access.cache / f"dicomweb-{keyed_hash(secret, 'dicomweb archive', address).hex()[:16]}.sqlite3"
