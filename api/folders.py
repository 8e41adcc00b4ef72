"""The size of folders, looked up at most once a minute and within a few seconds, however many files they hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Size:
    """``whole`` False: there is more, which could not be looked at in the time or may not be read."""

    bytes: int = 0
    files: int = 0
    whole: bool = True

    def __add__(self, other: Size) -> Size:
        return Size(self.bytes + other.bytes, self.files + other.files, self.whole and other.whole)


@dataclass
class Kept(Generic[T]):
    """What is costly to find out, by key, found out again when it is a minute old. Threads wait for one another."""

    _lock: Lock = field(default_factory=Lock)
    _held: dict[str, tuple[datetime, T]] = field(default_factory=dict)

    def get(self, key: str, now: datetime, find_out: Callable[[], T]) -> T:
        with self._lock:
            held = self._held.get(key)
            if held is None or not timedelta(0) <= now - held[0] < KEPT_FOR:
                held = self._held[key] = now, find_out()
            return held[1]


def size_of(place: Path, in_time: Callable[[], bool], besides: frozenset[Path] = frozenset()) -> Size:
    """The size of a file, or of all files under a folder, links not followed, without what is in ``besides``.

    ``in_time`` says whether to go on. A place that does not exist is empty.
    """
    size, waiting = Size(), [place]
    while waiting:
        if not in_time():
            return size + Size(whole=False)
        here = waiting.pop()
        if here in besides:
            continue
        try:
            if here.is_dir() and not here.is_symlink():
                size += _files(here, in_time, waiting, besides)
            elif here.is_file():
                size += Size(here.lstat().st_size, 1)
        except OSError:
            size += Size(whole=False)
    return size


def _files(folder: Path, in_time: Callable[[], bool], waiting: list[Path], besides: frozenset[Path]) -> Size:
    """The files of one folder; its own folders are put to those that wait."""
    found, total = 0, 0
    for entry in _entries(folder):
        if not in_time():
            return Size(total, found, False)
        if entry.is_dir(follow_symlinks=False):
            waiting.append(Path(entry.path))
        elif not besides or Path(entry.path) not in besides:
            with suppress(FileNotFoundError):  # it may go while we look
                total, found = total + entry.stat(follow_symlinks=False).st_size, found + 1
    return Size(total, found)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from entries
