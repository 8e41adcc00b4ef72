"""What the two catalogues share: entries by key, kinds of one another, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Generic, Protocol, TypeVar

from models.errors import BadInput

CHECK = "run `wetread findings check` to see every problem of it"


class Entry(Protocol):
    """``key`` is snake_case and stable; ``name`` is for people; ``parent`` is the entry it is a kind of."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def parent(self) -> str | None: ...


E = TypeVar("E", bound=Entry)


class Catalogue(Mapping[str, E], Generic[E]):
    """Entries by key. Of two with one key the later counts, in the later one's place."""

    def __init__(self, entries: Iterable[E]) -> None:
        self._by_key: dict[str, E] = {}
        for entry in entries:
            self._by_key.pop(entry.key, None)
            self._by_key[entry.key] = entry

    def __getitem__(self, key: str) -> E:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def name(self, key: str) -> str:
        """The display name; a key outside the catalogue (from an import) is shown as words."""
        return self._by_key[key].name if key in self._by_key else key.replace("_", " ")

    def ancestors(self, key: str) -> Iterator[str]:
        """What ``key`` is a kind of, nearest first, as far as the catalogue knows. A circle is walked once."""
        seen = {key}
        parent = self._by_key[key].parent if key in self._by_key else None
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self._by_key[parent].parent if parent in self._by_key else None

    def is_a(self, key: str, ancestor: str) -> bool:
        """Whether ``key`` is ``ancestor`` or lies below it in the tree."""
        return key == ancestor or ancestor in self.ancestors(key)


class Severity(StrEnum):
    """An error makes a catalogue unfit for use; a warning is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an entry of the catalogue file ``file``, or with the file where ``entry`` is empty."""

    file: str
    entry: str
    problem: str
    remedy: str
    severity: Severity = Severity.ERROR
    line: int | None = None

    @property
    def where(self) -> str:
        """``findings.toml:12 [key]``; a key that is no word is shown escaped and cut."""
        key = self.entry if self.entry.isprintable() else ascii(self.entry)
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} [{key[:80]}]" if key else place

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}; {self.remedy}"


def tree_problems(file: str, catalogue: Catalogue[E]) -> list[Problem]:
    """Parents that do not exist, and circles: what would lead code that climbs the tree astray."""
    found = []
    for key, entry in catalogue.items():
        if entry.parent is None:
            continue
        if entry.parent not in catalogue:
            found.append(Problem(file, key, "its parent is not in the catalogue", "name an entry that exists"))
        elif key == entry.parent or any(catalogue[above].parent == key for above in _known(catalogue, key)):
            found.append(Problem(file, key, "it is its own ancestor", "take out the parent that closes the circle"))
    return found


def _known(catalogue: Catalogue[E], key: str) -> Iterator[str]:
    return (above for above in catalogue.ancestors(key) if above in catalogue)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise the first error as BadInput; its remedy names the command that shows them all."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadInput(errors[0].where, errors[0].problem + more, CHECK)


def shipped_text(file: str) -> str:
    """A catalogue file of this package."""
    return files("models").joinpath(file).read_text("utf-8")
