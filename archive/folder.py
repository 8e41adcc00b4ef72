"""The folder archive: one file an image and an index, for one host and a local disk.

Safe for several processes and threads. A process killed at any point leaves a whole, indexed image, or a file that the
next ``add`` of the image replaces or the next opening sweeps away.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset

from archive.archive import ImageGeometry, StoredImage
from archive.described import content_digest, described
from archive.dicom_files import check_image, read_dicom
from archive.incoming import incoming_file, keep_names, sweep
from archive.index import Index, IndexedImage, delete, insert
from archive.normalise import encoded_header, normalised
from archive.pseudonyms import keyed_hash
from archive.rendering import png
from models.errors import BadInput, Conflict, NotFound


class FolderArchive:
    """An ``Archive`` in a folder. Raises BadInput for a folder that cannot be used or was made with another secret."""

    def __init__(self, folder: Path | str, secret: bytes) -> None:
        self._folder, self._secret = Path(folder), secret
        self._incoming = self._folder / "incoming"
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(str(folder), "cannot be made or written", "choose a folder you may write") from error
        sweep(self._incoming)
        self._index = Index(self._folder / "index.sqlite3")
        own = keyed_hash(secret, "secret check").hex()
        if self._index.secret_check(own) != own:
            raise BadInput(str(folder), "was made with another workspace secret", "restore that workspace's secret")

    def add_file(self, path: Path) -> StoredImage:
        return self.add(read_dicom(path), str(path))

    def add(self, dataset: Dataset, where: str = "image") -> StoredImage:
        check_image(dataset, where)
        image = normalised(dataset, where)
        stored, geometry = described(image.attributes, self._secret)
        content = content_digest(geometry, image.pixels)
        if self._is_held(stored.image_id, content, where):
            return stored
        header = encoded_header(image, where)
        indexed = IndexedImage(stored, geometry, content, len(header))
        padding = b"\0" * (len(image.pixels) % 2)
        with incoming_file(self._incoming, (header, image.pixels, padding)) as path:
            self._take_in(path, indexed, where)
        return stored

    def _take_in(self, path: Path, indexed: IndexedImage, where: str) -> None:
        place = self._place(indexed.stored.image_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        with self._index.writing() as connection:
            if self._is_held(indexed.stored.image_id, indexed.content, where):  # another was quicker
                return
            os.replace(path, place)
            keep_names(place.parent)
            delete(connection, [indexed.stored.image_id])
            insert(connection, indexed)

    def _is_held(self, image_id: str, content: str, where: str) -> bool:
        """Whether this very image is here, index and file. Raises Conflict where another image has its UID."""
        held = self._index.find(image_id)
        if held is None:
            return False
        if held.content != content:
            raise Conflict(
                f"{where}: its SOP Instance UID belongs to another stored image; give the changed image a new UID"
            )
        return self._place(image_id).is_file()

    def images(self, series_id: str) -> tuple[StoredImage, ...]:
        return self._index.series(series_id)

    def geometry(self, image_id: str) -> ImageGeometry:
        return self._found(image_id).geometry

    def frame(self, image_id: str, frame: int) -> bytes:
        indexed = self._found(image_id)
        geometry = indexed.geometry
        if not 1 <= frame <= geometry.frames:
            raise NotFound(f"frame {frame} of an image of {geometry.frames}: frames count from 1")
        with _opened(self._place(image_id)) as file:
            file.seek(indexed.pixels_at + (frame - 1) * geometry.frame_bytes)
            return file.read(geometry.frame_bytes)

    def rendered(
        self,
        image_id: str,
        frame: int,
        window: tuple[float, float] | None = None,
        longest_side: int | None = None,
    ) -> bytes:
        return png(self.frame(image_id, frame), self.geometry(image_id), window, longest_side)

    def dataset(self, image_id: str) -> Dataset:
        self._found(image_id)
        with _opened(self._place(image_id)) as file:
            return pydicom.dcmread(file)

    def remove(self, image_ids: Iterable[str]) -> None:
        wanted = [image_id for image_id in image_ids if re.fullmatch("[0-9a-f]{32}", image_id)]  # never a path
        with self._index.writing() as connection:
            delete(connection, wanted)
        # Files go second, so that a kill in between leaves no row without a file; an image added meanwhile stays.
        with self._index.writing():
            for image_id in wanted:
                if self._index.find(image_id) is None:
                    self._place(image_id).unlink(missing_ok=True)

    def _found(self, image_id: str) -> IndexedImage:
        indexed = self._index.find(image_id)
        if indexed is None:
            raise NotFound("no such image in the archive")
        return indexed

    def _place(self, image_id: str) -> Path:
        return self._folder / "images" / image_id[:2] / f"{image_id}.dcm"


def _opened(place: Path) -> BinaryIO:
    try:
        return place.open("rb")
    except FileNotFoundError as error:
        raise NotFound("the image's file is gone from the archive: add the image again") from error
