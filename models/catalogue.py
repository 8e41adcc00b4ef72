"""What the two catalogues share: entries by key, read from TOML, shipped in the package and extended by a workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from models.errors import BadInput


class Entry(Protocol):
    """``key`` is snake_case and stable; ``name`` is for people."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


E = TypeVar("E", bound=Entry)


class Catalogue(Mapping[str, E], Generic[E]):
    """Entries by key."""

    def __init__(self, entries: Iterable[E]) -> None:
        self._by_key = {entry.key: entry for entry in entries}

    def __getitem__(self, key: str) -> E:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def name(self, key: str) -> str:
        """The display name; a key outside the catalogue (from an import) is shown as words."""
        return self._by_key[key].name if key in self._by_key else key.replace("_", " ")


def parse_entries(text: str, where: str, entry: Callable[[str, dict[str, object]], E]) -> list[E]:
    """Entries out of TOML, one table a key; lists become tuples. Raises BadInput with the entry's name."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(where, f"not valid TOML ({error})", "mend the line it names") from error
    made = []
    for key, fields in table.items():
        try:
            made.append(entry(key, {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadInput(
                f"{where} [{key}]", str(error), "compare it with an entry of the shipped catalogue"
            ) from error
    return made


def shipped_text(file: str) -> str:
    """A catalogue file of this package."""
    return files("models").joinpath(file).read_text("utf-8")


def own_text(workspace: Path | None, file: str) -> tuple[str, str] | None:
    """A workspace's own catalogue file and where it lies; None where it has none."""
    path = workspace / file if workspace else None
    return (path.read_text("utf-8"), str(path)) if path and path.exists() else None
