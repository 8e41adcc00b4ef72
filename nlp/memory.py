"""A memory of bounded size for what was read before: most sentences of reports are said again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")


class Memory(dict[str, V]):
    """What ``read`` makes of texts: ``memory[text]`` is ``read(text)``, read once as long as it is remembered.

    ``entries`` and ``characters`` (of the texts) bound each of two halves; what was not asked for since the memory was
    half full goes first. A text longer than ``longest`` is never kept.
    """

    def __init__(self, read: Callable[[str], V], *, entries: int, characters: int, longest: int) -> None:
        super().__init__()
        self._read = read
        self._entries, self._characters, self._longest = entries, characters, longest
        self._older: dict[str, V] = {}
        self._length = 0  # of the texts of the younger half

    def __missing__(self, text: str) -> V:
        value = self._older.get(text)
        if value is None:
            value = self._read(text)
        if len(text) <= self._longest:
            if len(self) >= self._entries or self._length + len(text) > self._characters:
                self._older = dict(self)
                self.clear()
                self._length = 0
            self._length += len(text)
            self[text] = value
        return value

    def forget(self) -> None:
        """Empty it."""
        self.clear()
        self._older, self._length = {}, 0

    def held(self) -> int:
        """How many texts it remembers."""
        return len(self.keys() | self._older.keys())
