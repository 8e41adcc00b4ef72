"""A memory of bounded size for what was read before: most sentences of reports are said again and again."""

from __future__ import annotations

from typing import Generic, TypeVar

V = TypeVar("V")


class Memory(Generic[V]):
    """Values by text. What was not asked for since the memory was half full goes first.

    ``entries`` and ``characters`` (of the texts) bound each of two halves; a text longer than ``longest`` is not kept.
    """

    def __init__(self, entries: int = 16_000, characters: int = 1_500_000, longest: int = 400) -> None:
        self._entries, self._characters, self._longest = entries, characters, longest
        self.clear()

    def clear(self) -> None:
        self._young: dict[str, V] = {}
        self._old: dict[str, V] = {}
        self._length = 0  # of the texts of the young

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def get(self, text: str) -> V | None:
        value = self._young.get(text)
        if value is None:
            value = self._old.get(text)
            if value is not None:
                self.keep(text, value)
        return value

    def keep(self, text: str, value: V) -> None:
        if len(text) > self._longest:
            return
        if len(self._young) >= self._entries or self._length + len(text) > self._characters:
            self._old, self._young, self._length = self._young, {}, 0
        self._length += len(text)
        self._young[text] = value
