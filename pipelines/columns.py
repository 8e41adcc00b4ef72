"""Which column of a CSV file holds what: found by name, said by an option, and remembered for the next file like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.csv_records import Record
from pipelines.csv_values import time_zone
from pipelines.telling import out
from store import column_maps


@dataclass(frozen=True, slots=True)
class Column:
    """Something wanted of a row, and the names of columns that hold it, the first that is there."""

    wanted: str
    names: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The file's columns in order, and which of them holds what is wanted ("" where none does)."""

    names: tuple[str, ...]
    columns: Mapping[str, str]
    _places: tuple[tuple[str, int], ...] = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = tuple((wanted, self.names.index(name) if name else -1) for wanted, name in self.columns.items())
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_last", max((place for _, place in places), default=-1))

    def values(self, record: Record) -> dict[str, str]:
        """What is wanted of a row, stripped; "" where the row or the file does not have it."""
        fields = record.fields
        there = len(fields)
        return {wanted: fields[place].strip() if 0 <= place < there else "" for wanted, place in self._places}

    def check(self, where: str, record: Record, whole: bool = False) -> None:
        """Raises BadInput for a row that is broken or has more fields than the header.

        Where it is to be ``whole``, for one too that ends before a field that is wanted.
        """
        if record.error:
            raise record.error
        counted = f"has {len(record.fields)} fields where the header has {len(self.names)}"
        if len(record.fields) > len(self.names):
            raise BadInput(where, counted, "put fields that hold the separator into quotes")
        if whole and len(record.fields) <= self._last:
            raise BadInput(where, counted, "complete the row; fields may be empty, but not missing")


def header_of(path: Path, record: Record | None, wanted: Sequence[Column], given: Mapping[str, str]) -> Header:
    """The header in the file's first record. ``given`` (what is wanted: column name) comes before names known here.

    Raises BadInput where the file is empty, a needed column is missing, or a named one is not there or there twice.
    """
    if record is None:
        raise BadInput(str(path), "the file is empty", "give a CSV file with a header line")
    if record.error:
        raise record.error
    names = tuple(name.strip() for name in record.fields)
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(_plain(name), name)
    _check_given(path, wanted, given, by_plain)
    found = {each.wanted: _found(each, given, by_plain) for each in wanted}
    for each in wanted:
        if each.needed and not found[each.wanted]:
            remedy = f"name it {each.names[0]}, or say which one holds it: --column {each.wanted}=NAME"
            raise BadInput(f"{path}:{record.line}", f"no column {each.wanted}", remedy)
    _check_once(path, record, names, found)
    return Header(names, found)


def _found(each: Column, given: Mapping[str, str], by_plain: Mapping[str, str]) -> str:
    if each.wanted in given:
        return by_plain[_plain(given[each.wanted])] if given[each.wanted] else ""
    return next((by_plain[_plain(name)] for name in each.names if _plain(name) in by_plain), "")


def _check_given(path: Path, wanted: Sequence[Column], given: Mapping[str, str], by_plain: Mapping[str, str]) -> None:
    known = [each.wanted for each in wanted]
    for what, name in given.items():
        if what not in known:
            raise BadInput("--column", f"there is nothing called {what}", f"use one of {', '.join(known)}")
        if name and _plain(name) not in by_plain:
            raise BadInput("--column", f"the file {path.name} has no column of the name given for {what}", "check it")


def _check_once(path: Path, record: Record, names: Sequence[str], found: Mapping[str, str]) -> None:
    times = Counter(map(_plain, names))
    for what, name in found.items():
        if name and times[_plain(name)] > 1:
            problem = f"the column that holds {what} is there {times[_plain(name)]} times"
            raise BadInput(f"{path}:{record.line}", problem, "give each column a name of its own")


def _plain(name: str) -> str:
    """A column's name without case, spaces and marks: "Read At" is read_at."""
    return "".join(c for c in name.lower() if c.isalnum())


@dataclass(frozen=True, slots=True)
class ColumnWish:
    """What the command line says of a file's columns (what is wanted: column) and of times without a zone ("": not)."""

    columns: Mapping[str, str]
    time_zone: str = ""


def parse_columns(pairs: Sequence[str]) -> dict[str, str]:
    """``["reader=Radiologist", …]`` as a mapping. Raises BadInput for a pair without "="."""
    found: dict[str, str] = {}
    for pair in pairs:
        wanted, equals, name = pair.partition("=")
        if not equals:
            raise BadInput("--column", "is no pair", "write it as reader=Radiologist")
        found[wanted.strip()] = name.strip()
    return found


def mapped(
    workspace: Workspace,
    kind: str,
    path: Path,
    record: Record | None,
    wanted: Sequence[Column],
    wish: ColumnWish,
    source: str = "",
) -> tuple[Header, ColumnWish]:
    """The header, and the wish completed by what was said of a file of this source with the same header before.

    What came from before is told. Raises BadInput as ``header_of`` and ``time_zone`` do.
    """
    names = tuple(name.strip() for name in record.fields) if record else ()
    with workspace.database.snapshot() as tx:
        before = column_maps.get(tx, DEPARTMENT, kind, _mark(workspace, kind, source, names))
    before = before or column_maps.ColumnMap({}, "")
    said = ColumnWish({**before.columns, **wish.columns}, wish.time_zone or before.time_zone)
    header = header_of(path, record, wanted, said.columns)
    time_zone(said.time_zone)
    used = [f"{what}={name}" for what, name in before.columns.items() if what not in wish.columns]
    used += [f"--time-zone {before.time_zone}"] if before.time_zone and not wish.time_zone else []
    if used:
        out.print(f"columns remembered from the last such file: {', '.join(used)}", markup=False)
    return header, said


def remember(workspace: Workspace, kind: str, header: Header, wish: ColumnWish, source: str = "") -> None:
    """Keep what was said for the next file of this source with the same header.

    To be called once the file's rows have gone in: else a slip would spoil every later import.
    """
    if not wish.columns and not wish.time_zone:
        return
    said = column_maps.ColumnMap(wish.columns, wish.time_zone)
    with workspace.database.transaction() as tx:
        column_maps.put(tx, DEPARTMENT, kind, _mark(workspace, kind, source, header.names), said)


def _mark(workspace: Workspace, kind: str, source: str, names: Sequence[str]) -> str:
    return (
        workspace.opaque("header of source", kind, source, *names)
        if source
        else workspace.opaque("header", kind, *names)
    )
