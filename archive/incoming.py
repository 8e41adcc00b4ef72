"""Files that appear whole or not at all, whatever happens to the process that writes them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp


@contextmanager
def incoming_file(folder: Path, parts: Sequence[bytes]) -> Iterator[Path]:
    """A file in ``folder`` with the parts written and on disk; gone afterwards unless it was moved away.

    Its writer holds a lock on it, by which ``sweep`` tells it from one whose writer died.
    """
    descriptor, path = _locked_file(folder)
    try:
        for part in parts:
            _write_all(descriptor, part)
        os.fsync(descriptor)
        yield path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove the files that dead writers left."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def keep_names(folder: Path) -> None:
    """Put the folder's entries on disk, so that a power cut does not undo a move into it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked_file(folder: Path) -> tuple[int, Path]:
    while True:
        descriptor, name = mkstemp(dir=folder)
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.exists(name):
                return descriptor, Path(name)
        os.close(descriptor)  # a sweep came between making and locking: try another


def _write_all(descriptor: int, part: bytes) -> None:
    view = memoryview(part)
    while view:
        view = view[os.write(descriptor, view) :]
