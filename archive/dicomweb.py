"""The DICOMweb archive: Wetread's own de-identified images on a server that several hosts share.

The server is the truth; an index beside the workspace only remembers what it said. Ids cannot be turned back into UIDs,
so an unknown id is looked for by listing the server's images, study by study, those that changed first. Every image
that comes back is compared with what was stored under its UID before anyone sees it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from archive.archive import ImageGeometry, StoredImage
from archive.described import content_digest, described
from archive.dicom_files import AGAIN, check_image, read_dicom
from archive.dicomweb_access import LIMITS, Access, Limits
from archive.dicomweb_http import Absent
from archive.dicomweb_index import DicomwebIndex, cache_file
from archive.dicomweb_lookup import Lookup
from archive.dicomweb_messages import InstanceName, is_uid
from archive.dicomweb_server import DicomwebServer
from archive.index import IndexedImage
from archive.normalise import NormalImage, encoded_header, normalised
from archive.recent import Recent
from archive.rendering import png
from models.errors import BadInput, Conflict, NotFound

_RECENT_BYTES = 256 << 20  # a stack of 500 slices of 512 x 512
_LARGEST_WHOLE = 64 << 20  # bytes of pixels; of a larger image, single frames are asked for


class DicomwebArchive:
    """An ``Archive`` on a DICOMweb server. Nothing is sent before it is used.

    Raises BadInput for an address, credentials or cache folder that cannot be used, and Unavailable, in any call, for
    a server that does not answer, refuses us, or gives what was not stored.
    """

    def __init__(
        self,
        address: str,
        secret: bytes,
        access: Access,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = DicomwebServer(address, access, limits, clock, sleep)
        self._secret, self._limits, self._setting = secret, limits, access.setting
        self._index = DicomwebIndex(cache_file(self._server.address, secret, access), secret)
        self._recent = Recent(_RECENT_BYTES)
        self._lookup = Lookup(self._server, self._index, clock)

    def add_file(self, path: Path) -> StoredImage:
        return self.add(read_dicom(path), str(path))

    def add(self, dataset: Dataset, where: str = "image") -> StoredImage:
        check_image(dataset, where)
        image = normalised(dataset, where)
        indexed = self._indexed(image)
        name = _name(indexed.stored)
        if not all(map(is_uid, (name.study_uid, name.series_uid, name.sop_uid))):
            raise BadInput(where, "has a UID that no server could find again", AGAIN)
        if self._held(indexed, where) is None:
            self._server.store(name, _file(image, where))
            # Servers keep the first of two different images that arrive under one UID, and thank for both.
            _check_same(self._stored(name), indexed, where)
        self._index.keep(indexed)
        self._recent.put(indexed.stored.image_id, image.pixels)
        return indexed.stored

    def _held(self, indexed: IndexedImage, where: str) -> IndexedImage | None:
        """This very image as the server has it, None where it has none. Raises Conflict where it has another."""
        names = self._server.named(indexed.stored.sop_instance_uid)
        if not names:
            return None
        held = self._index.seen(indexed.stored.image_id)
        if held is None:
            try:
                held = self._indexed(self._fetched(names[0]))
            except Absent:
                return None
        _check_same(held, indexed, where)
        return held

    def _stored(self, name: InstanceName) -> IndexedImage:
        """What the server has under a name that was just stored; it may take a moment to find it."""
        for attempt in range(self._limits.tries):
            try:
                return self._indexed(self._fetched(name))
            except Absent:
                self._server.sleep(self._limits.first_wait_seconds * 2**attempt)
        raise self._server.unusable("takes an image and then does not have it")

    def images(self, series_id: str) -> tuple[StoredImage, ...]:
        """The series as the server has it now, without what was removed here."""
        if not _is_id(series_id):
            return ()
        one = self._index.series(series_id) or self._lookup.search(lambda: self._index.series(series_id))
        if one is None:
            return ()
        names = self._server.instances(one.study_uid, one.series_uid)
        self._index.note(names)
        images = []
        for name in names:
            image_id, _ = self._index.ids(name)
            if not self._index.is_removed(image_id):
                images.append((self._index.seen(image_id) or self._seen(name)).stored)
        return tuple(sorted(images, key=lambda image: (image.number, image.image_id)))

    def geometry(self, image_id: str) -> ImageGeometry:
        return self._found(image_id).geometry

    def frame(self, image_id: str, frame: int) -> bytes:
        indexed = self._found(image_id)
        geometry = indexed.geometry
        if not 1 <= frame <= geometry.frames:
            raise NotFound(f"frame {frame} of an image of {geometry.frames}: frames count from 1")
        size = geometry.frame_bytes
        if size * geometry.frames <= _LARGEST_WHOLE:
            return self._pixels(indexed)[(frame - 1) * size : frame * size]
        return self._one_frame(indexed, frame)

    def rendered(
        self,
        image_id: str,
        frame: int,
        window: tuple[float, float] | None = None,
        longest_side: int | None = None,
    ) -> bytes:
        return png(self.frame(image_id, frame), self.geometry(image_id), window, longest_side)

    def dataset(self, image_id: str) -> Dataset:
        return pydicom.dcmread(BytesIO(_file(self._checked(self._found(image_id)), "image")))

    def remove(self, image_ids: Iterable[str]) -> None:
        """Forget images here, and on the server where it deletes; where it does not, other hosts still see them."""
        wanted = [image_id for image_id in dict.fromkeys(image_ids) if _is_id(image_id)]
        if not all(self._index.name(image_id) for image_id in wanted):
            self._lookup.search(lambda: next((None for image_id in wanted if not self._index.name(image_id)), True))
        names = {image_id: name for image_id in wanted if (name := self._index.name(image_id))}
        self._index.remove(names)  # first, so that a kill or a server that fails leaves nothing to be seen
        for image_id, name in names.items():
            if self._server.delete(name):
                self._index.forget(image_id)

    def _found(self, image_id: str) -> IndexedImage:
        """The image, from the index or else from the server."""
        if not _is_id(image_id):
            raise NotFound("no such image in the archive")
        indexed = self._index.seen(image_id)
        if indexed is not None:
            return indexed
        name = self._index.name(image_id) or self._lookup.search(lambda: self._index.name(image_id))
        if name is None or self._index.is_removed(image_id):
            raise NotFound("no such image in the archive")
        return self._seen(name)

    def _seen(self, name: InstanceName) -> IndexedImage:
        """An image that only a listing told of, now seen whole."""
        try:
            image = self._fetched(name)
        except Absent as error:
            raise _gone() from error
        indexed = self._indexed(image)
        self._index.see(indexed)
        self._recent.put(indexed.stored.image_id, image.pixels)
        return indexed

    def _pixels(self, indexed: IndexedImage) -> bytes:
        pixels = self._recent.get(indexed.stored.image_id)
        if pixels is None:
            pixels = self._checked(indexed).pixels
            self._recent.put(indexed.stored.image_id, pixels)
        return pixels

    def _one_frame(self, indexed: IndexedImage, frame: int) -> bytes:
        """A frame of an image too large to be fetched whole, of which only the length can be checked."""
        size = indexed.geometry.frame_bytes
        pixels = self._recent.get((indexed.stored.image_id, frame))
        if pixels is None:
            try:
                pixels = self._server.frame(_name(indexed.stored), frame)
            except Absent as error:
                raise _gone() from error
            if len(pixels) not in (size, size + size % 2):
                raise self._server.unusable("answers with a frame of another size than was stored")
            pixels = pixels[:size]
            self._recent.put((indexed.stored.image_id, frame), pixels)
        return pixels

    def _checked(self, indexed: IndexedImage) -> NormalImage:
        """The image from the server, which must be the one that was stored."""
        try:
            image = self._fetched(_name(indexed.stored))
        except Absent as error:
            raise _gone() from error
        if self._indexed(image).content != indexed.content:
            raise self._server.unusable("answers with another image than was stored under its UID")
        return image

    def _fetched(self, name: InstanceName) -> NormalImage:
        dataset = self._server.instance(name)
        try:
            check_image(dataset, self._setting)
            return normalised(dataset, self._setting)
        except BadInput as fault:
            raise self._server.unusable(f"gives an image that {fault.problem}") from None

    def _indexed(self, image: NormalImage) -> IndexedImage:
        stored, geometry = described(image.attributes, self._secret)
        return IndexedImage(stored, geometry, content_digest(geometry, image.pixels), pixels_at=0)


def _file(image: NormalImage, where: str) -> bytes:
    return b"".join((encoded_header(image, where), image.pixels, b"\0" * (len(image.pixels) % 2)))


def _check_same(held: IndexedImage, new: IndexedImage, where: str) -> None:
    if held.content != new.content:
        raise Conflict(
            f"{where}: its SOP Instance UID belongs to another stored image; give the changed image a new UID"
        )


def _name(stored: StoredImage) -> InstanceName:
    return InstanceName(stored.study_instance_uid, stored.series_instance_uid, stored.sop_instance_uid)


def _is_id(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def _gone() -> NotFound:
    return NotFound("the image is gone from the archive: add the image again")
