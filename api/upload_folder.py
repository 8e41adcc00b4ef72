"""Where the files of an upload lie until their case is made: a folder of its owner's, and no name of theirs.

A file is called by its number and by what its first bytes say it is. The names people give to images hold
identifiers, so none is ever written, nor could one lead out of the folder.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from anyio import to_thread

from models.errors import BadInput

LARGEST_FILE = 2 * 2**30
LARGEST_UPLOAD = 8 * 2**30
MOST_FILES = 5_000
MOST_AT_ONCE = 16
"""Files that arrive together: each may be _BETWEEN_CHECKS further than the others know."""

DISK_RESERVE = 2**29
"""Bytes that an upload leaves free, so that the database and the archive beside it go on."""

_CHUNK = 2**20
_BETWEEN_CHECKS = 32 * 2**20
_INCOMING = ".part"
_PASSED = ".passed"
_KINDS = {b"PK\x03\x04": ".zip", b"PK\x05\x06": ".zip", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_PASSED_NAMES = frozenset(("dicomdir", "lockfile", "version", "thumbs.db", "desktop.ini", "autorun.inf"))
_PASSED_SUFFIXES = (".txt", ".htm", ".html", ".xml", ".pdf", ".css", ".js", ".json", ".csv", ".md", ".log") + (
    *(".inf", ".ini", ".exe", ".dll", ".jar", ".bat", ".lnk", ".url"),
)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """``kind`` is .dcm, .png, .jpg or .zip; what is not known by its first bytes is held to be DICOM."""

    number: int
    kind: str
    path: Path
    size: int

    @property
    def passed_over(self) -> bool:
        return self.kind == _PASSED

    @property
    def label(self) -> str:
        """What the file is called in every message: whoever sent it knows which one that is."""
        return f"file {self.number}" if self.kind == ".dcm" else f"file {self.number} ({self.kind})"


def passed_over(name: str) -> bool:
    """Whether a file of this name holds no image: what exports, systems and viewers put beside images."""
    last = PurePosixPath(name.replace("\\", "/")).name.lower()
    return last.startswith(".") or last in _PASSED_NAMES or last.endswith(_PASSED_SUFFIXES)


def kind_of(path: Path) -> str:
    """What a file is by its first bytes."""
    with path.open("rb") as file:
        first = file.read(8)
    return next((kind for signature, kind in _KINDS.items() if first.startswith(signature)), ".dcm")


Keeping = Callable[[], AbstractContextManager[object]]
"""What stands around the moment in which a file takes its place."""


@dataclass(frozen=True, slots=True)
class UploadFolder:
    """The folder of one upload. ``path`` ends in the upload's id, which the service made."""

    path: Path

    @classmethod
    def of(cls, home: Path, upload_id: str) -> UploadFolder:
        return cls(home / "uploads" / upload_id)

    def make(self) -> None:
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)

    def exists(self) -> bool:
        return self.path.is_dir()

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def files(self) -> list[UploadedFile]:
        """The files that arrived whole, by number."""
        return sorted((_file(entry) for entry in _entries(self.path) if _is_whole(entry)), key=lambda one: one.number)

    def drop(self, number: int) -> None:
        """Take one file out; nothing happens where it is not there."""
        for entry in _entries(self.path):
            if _is_whole(entry) and _number(entry) == number:
                Path(entry.path).unlink(missing_ok=True)

    async def receive(
        self, number: int, name: str, length: int | None, body: AsyncIterator[bytes], keeping: Keeping = nullcontext
    ) -> UploadedFile:
        """Write one file as it arrives; a file of that number that arrived before gives way to it.

        ``length`` is what the sender says it will be, in bytes. ``keeping`` is held while the file takes its place, and
        raises where it may no longer. Raises BadInput where a limit is passed; nothing of the file is left then, nor
        when the sender breaks off.
        """
        where = f"file {number}"
        part = self.path / f"{number:05d}.{secrets.token_hex(4)}{_INCOMING}"
        await to_thread.run_sync(self._check, length or 0, part, where)
        try:
            await _write(part, body, lambda size: self._check(size, part, where))
            return await to_thread.run_sync(self._keep, part, number, name, keeping)
        except FileNotFoundError as error:  # the upload was cancelled meanwhile
            raise _gone() from error
        finally:
            part.unlink(missing_ok=True)

    def _check(self, size: int, part: Path, where: str) -> None:
        """Raises BadInput where a file of that size is too much, with all that is here and all that still arrives."""
        others = [entry for entry in _entries(self.path) if self._stays(entry, part)]
        if len(others) >= MOST_FILES:
            raise BadInput(where, f"is more than an upload takes ({MOST_FILES:,} files)", "leave some out")
        if sum(not _is_whole(entry) for entry in others) >= MOST_AT_ONCE:
            raise BadInput(where, f"comes while {MOST_AT_ONCE} others of the upload arrive", "send it again after them")
        room = LARGEST_UPLOAD - sum(_size(entry) for entry in others)
        if size > LARGEST_FILE:
            raise BadInput(where, f"is larger than {LARGEST_FILE / 2**30:g} GiB", "split it, or leave it out")
        if size > room:
            raise BadInput(where, f"makes the upload larger than {LARGEST_UPLOAD / 2**30:g} GiB", "leave some out")
        check_disk(self.path, where)

    def _stays(self, entry: os.DirEntry[str], part: Path) -> bool:
        """Whether an entry counts beside an arriving file: all but itself and the whole file whose place it takes."""
        return entry.name != part.name and not (_is_whole(entry) and entry.name[:5] == part.name[:5])

    def _keep(self, part: Path, number: int, name: str, keeping: Keeping) -> UploadedFile:
        with keeping():
            self._check(part.stat().st_size, part, f"file {number}")
            kind = _PASSED if passed_over(name) else kind_of(part)
            if kind == _PASSED:
                os.truncate(part, 0)
            place = self.path / f"{number:05d}{kind}"
            self.drop(number)
            os.replace(part, place)
            return UploadedFile(number, kind, place, place.stat().st_size)


def check_disk(folder: Path, where: str) -> None:
    """Raises BadInput where the disk is nearly full."""
    if shutil.disk_usage(folder).free < DISK_RESERVE:
        raise BadInput(where, "does not fit on the disk of the service", "ask an administrator to make room there")


def folders_of(home: Path) -> list[str]:
    """The ids of the uploads that have a folder."""
    try:
        return [entry.name for entry in os.scandir(home / "uploads")]
    except FileNotFoundError:
        return []


async def _write(part: Path, body: AsyncIterator[bytes], check: Callable[[int], None]) -> None:
    """Write what arrives, a mebibyte at a time; ``check`` is told the size so far, which takes a look at every file."""
    size, held, checked = 0, bytearray(), -_BETWEEN_CHECKS
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for piece in body:
            held += piece
            if len(held) >= _CHUNK:
                size += len(held)
                if size >= checked + _BETWEEN_CHECKS:
                    await to_thread.run_sync(check, size)
                    checked = size
                await to_thread.run_sync(file.write, bytes(held))
                held.clear()
        await to_thread.run_sync(check, size + len(held))
        await to_thread.run_sync(file.write, bytes(held))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if entry.name[:5].isdigit()]
    except FileNotFoundError as error:
        raise _gone() from error


def _gone() -> BadInput:
    return BadInput("upload", "its files are gone", "start again and send them anew")


def _is_whole(entry: os.DirEntry[str]) -> bool:
    return not entry.name.endswith(_INCOMING)


def _number(entry: os.DirEntry[str]) -> int:
    return int(entry.name[:5])


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:  # it arrived whole, or broke off, just now
        return 0


def _file(entry: os.DirEntry[str]) -> UploadedFile:
    return UploadedFile(_number(entry), Path(entry.name).suffix, Path(entry.path), _size(entry))
