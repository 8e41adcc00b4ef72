"""The files in a zip that somebody sent: read with distrust, one at a time, and never placed by their names."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import error as StructError
from typing import IO
from zlib import error as ZlibError

from api.upload_folder import LARGEST_FILE, LARGEST_UPLOAD, MOST_FILES, UploadedFile, check_disk, kind_of, passed_over
from models.errors import BadInput

LARGEST_DIRECTORY = 4 * 2**20
"""Bytes of a zip's list of entries, which is read in one go: 800 for each of the most files an upload takes."""

MOST_EXPANSION = 100
"""How many times its own size a zip may unpack to, once that is above SMALL; blank images shrink a thousandfold."""

SMALL = 64 * 2**20
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGES = (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, ZlibError, StructError)
"""How ``zipfile`` fails at damaged bytes, apart from OSError where a place in the file is none."""

_LOCAL_HEADER = 30  # bytes before an entry's name and data
_CHUNK = 2**20
_AGAIN = "pack it again, or send its files without packing them"


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in a zip, by its place in the zip's own list, from 1."""

    number: int
    info: zipfile.ZipInfo


@dataclass(frozen=True, slots=True)
class UnpackedFile(UploadedFile):
    """A file out of a zip."""

    called: str = ""

    @property
    def label(self) -> str:
        return self.called


@dataclass(frozen=True, slots=True)
class OpenZip:
    """A zip whose list of entries is within bounds: ``entries`` may hold images, ``passed`` others were passed over."""

    file: UploadedFile
    archive: zipfile.ZipFile
    entries: tuple[ZipEntry, ...]
    passed: int

    @contextmanager
    def unpacked(self, entry: ZipEntry) -> Iterator[UploadedFile]:
        """The entry as a file beside the zip, gone again after the block. Raises BadInput where it does not unpack."""
        where = f"{self.file.label}, entry {entry.number}"
        place = self.file.path.with_name(f"unpacked-{self.file.number:05d}-{entry.number:05d}")
        named = place
        try:
            size = _unpack(self.archive, entry.info, place, where)
            kind = kind_of(place)
            if kind == ".zip":
                raise BadInput(where, "is a zip inside a zip", "unpack the outer one and send the inner")
            # The name is part of a picture's identity (its UIDs), so it must be the same in every run.
            named = place.rename(place.with_name(f"{place.name}{kind}"))
            yield UnpackedFile(self.file.number, kind, named, size, where)
        finally:
            place.unlink(missing_ok=True)
            named.unlink(missing_ok=True)


@contextmanager
def open_zip(file: UploadedFile) -> Iterator[OpenZip]:
    """The zip, its list checked. Raises BadInput for one that is damaged, encrypted, or unpacks to too much."""
    where = file.label
    with ExitStack() as stack:
        try:
            source = stack.enter_context(_ShortReads(file.path))
            archive = stack.enter_context(zipfile.ZipFile(source))
        except (*_DAMAGES, OSError) as error:
            raise BadInput(where, "is no zip that can be read, or is damaged", _AGAIN) from error
        infos = archive.infolist()
        found = tuple(ZipEntry(n, info) for n, info in enumerate(infos, 1) if _may_hold_image(info))
        _check(found, file, where)
        folders = sum(info.is_dir() for info in infos)
        yield OpenZip(file, archive, found, len(infos) - folders - len(found))


class _ShortReads(io.FileIO):
    """``zipfile`` reads a zip's list in one go, of whatever length the zip claims; here no read is that long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("the list of entries is too long")
        return super().read(-1 if size is None else size)


def _may_hold_image(info: zipfile.ZipInfo) -> bool:
    """Not folders, links (which lead elsewhere) and what lies beside images by its name."""
    mode = info.external_attr >> 16
    is_file = stat.S_IFMT(mode) in (0, stat.S_IFREG)
    return is_file and not info.is_dir() and not passed_over(info.filename)


def _check(entries: tuple[ZipEntry, ...], file: UploadedFile, where: str) -> None:
    if len(entries) > MOST_FILES:
        raise BadInput(where, f"holds more files than an upload takes ({MOST_FILES:,})", "split it")
    if any(entry.info.flag_bits & _ENCRYPTED for entry in entries):
        raise BadInput(where, "is encrypted", "pack it without a password")
    if any(entry.info.compress_type not in _METHODS for entry in entries):
        raise BadInput(where, "is packed by a method that is not read here", "pack it as a plain zip (deflate)")
    if any(entry.info.file_size > LARGEST_FILE for entry in entries):
        raise BadInput(where, "unpacks to more than an upload takes", f"stay below {LARGEST_FILE / 2**30:g} GiB a file")
    check_unpacked(sum(entry.info.file_size for entry in entries), file.size, where)
    if _overlap(entry.info for entry in entries):
        raise BadInput(where, "has entries that share their bytes, as no zip of files has", _AGAIN)


def check_unpacked(total: int, packed: int, where: str) -> None:
    """Raises BadInput where so many bytes are too many to make of so many packed ones: in a zip, or in all of them."""
    if total > LARGEST_UPLOAD:
        limit = f"stay below {LARGEST_UPLOAD / 2**30:g} GiB in all"
        raise BadInput(where, "unpacks to more than an upload takes", limit)
    if total > max(SMALL, MOST_EXPANSION * packed):
        raise BadInput(where, f"unpacks to more than {MOST_EXPANSION} times its size", "send its files without packing")


def _overlap(infos: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether entries use the same packed bytes, so that few bytes would unpack to as much as they like."""
    end = 0
    for start, length in sorted((info.header_offset, info.compress_size) for info in infos):
        if start < end:
            return True
        end = start + _LOCAL_HEADER + length
    return False


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, where: str) -> int:
    """Write the entry to ``place``; returns its size in bytes. A file ends where its zip's list says it does."""
    damaged = BadInput(where, "does not unpack: the zip is damaged there", _AGAIN)
    try:
        source = archive.open(info)
    except (*_DAMAGES, OSError) as error:
        raise damaged from error
    size = 0
    with source, _owners_file(place) as target:
        while piece := _read(source, damaged):
            check_disk(place.parent, where)
            size += target.write(piece)
    return size


def _read(source: IO[bytes], damaged: BadInput) -> bytes:
    try:
        return source.read(_CHUNK)
    except _DAMAGES as error:
        raise damaged from error


def _owners_file(place: Path) -> IO[bytes]:
    place.unlink(missing_ok=True)
    place.touch(mode=0o600, exist_ok=False)
    return place.open("wb")
