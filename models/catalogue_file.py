"""A catalogue file: TOML, one table an entry, as the package ships it and as a department writes its own.

A department's ``findings.toml`` or ``diagnoses.toml`` holds three kinds of tables. A key of its own adds an entry. The
key of a shipped entry replaces that entry whole. With ``extend = true`` it extends the shipped entry instead: lists and
codes are added to the shipped ones, any other field replaces its own, and what is not written stays.

    [pneumothorax]
    extend = true
    phrases = ["collapsed lung edge"]

Fields and their types are those of the dataclass an entry becomes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast, get_args, get_type_hints

from models.catalogue import Catalogue, Entry, Problem
from models.errors import BadInput

LARGEST = 8_000_000
"""Bytes of a catalogue file. The shipped ones have a fiftieth of it; a larger one is another file by mistake."""


class _Dataclass(Entry, Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


E = TypeVar("E", bound=_Dataclass)


@dataclass(frozen=True, slots=True)
class CatalogueFile(Generic[E]):
    """What a file holds: the entries that could be made, what is wrong with the rest, and where each table begins."""

    entries: tuple[E, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, int] | None = None


def read_catalogue(path: Path, kind: type[E], base: Catalogue[E] | None = None) -> CatalogueFile[E]:
    """The file at ``path``; one that cannot be read is one problem, never an exception."""
    try:
        return parse_catalogue(file_text(path), str(path), kind, base)
    except BadInput as error:
        return CatalogueFile(problems=(Problem(error.where, "", error.problem, error.remedy),))


def file_text(path: Path) -> str:
    """The text of a catalogue file, without a byte order mark. Raises BadInput where it is no such file."""
    if not path.is_file():  # a pipe would be waited for
        raise BadInput(str(path), "not a file" if path.exists() else "no such file", "give a TOML file you may read")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read ({error.strerror})", "give a TOML file you may read") from error
    if len(data) > LARGEST:
        raise BadInput(str(path), f"larger than {LARGEST // 1_000_000} MB", "give a catalogue, not another file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(f"{path}:{line}", "not UTF-8", "save the file as UTF-8") from error


def parse_catalogue(text: str, where: str, kind: type[E], base: Catalogue[E] | None = None) -> CatalogueFile[E]:
    """Entries of ``kind`` out of TOML, with all problems of the file. ``base`` holds those that may be extended."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits and 10,000 brackets raise these
        told = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "too long or too deep"
        return CatalogueFile(problems=(Problem(where, "", f"not valid TOML ({told})", "mend the line it names"),))
    lines = {key: line for key in tables if (line := _line(text, key))}
    entries, problems = [], []
    for key, table in tables.items():
        made = _entry(key, table, kind, base)
        if isinstance(made, list):
            problems += [Problem(where, key, problem, remedy, line=lines.get(key)) for problem, remedy in made]
        else:
            entries.append(made)
    return CatalogueFile(tuple(entries), tuple(problems), lines)


def _line(text: str, key: str) -> int | None:
    """The line on which a table of that name begins."""
    found = re.search(rf"""^[ \t]*(\[[ \t]*)?(["']?){re.escape(key)}\2[ \t]*[\].=]""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _entry(key: str, table: object, kind: type[E], base: Catalogue[E] | None) -> E | list[tuple[str, str]]:
    """The entry, or its problems as (problem, remedy)."""
    if not isinstance(table, dict):
        return [("not a table", "write [key] on a line and the fields below it")]
    given = dict(table)
    extend = given.pop("extend", False)
    if not isinstance(extend, bool):
        return [("extend is neither true nor false", "write extend = true")]
    shipped = base.get(key) if base is not None else None
    if extend and shipped is None:
        return [("it extends an entry that is not shipped", "take out extend, or mend the key")]
    values, wrong = _values(given, kind)
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING} - {"key"}
    if missing := sorted(required - given.keys()):
        wrong += [] if extend else [(f"{', '.join(missing)} missing", "add what is missing, or extend = true")]
    if wrong:
        return wrong
    if extend and shipped is not None:
        return replace(shipped, **_added(shipped, values))
    return cast(Callable[..., E], kind)(key=key, **values)


def _values(given: Mapping[str, object], kind: type[E]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Each field as its dataclass wants it, and what is wrong with those that cannot be taken."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "key"}
    values: dict[str, Any] = {}
    wrong = []
    for name, value in given.items():
        if name not in hints:
            close = get_close_matches(name, hints, 1)
            remedy = f"write {close[0]}" if close else f"take it out; there are {', '.join(hints)}"
            wrong.append((f"unknown field {name if name.isidentifier() else ascii(name)[:80]}", remedy))
            continue
        wanted, take = _taker(hints[name])
        try:
            values[name] = take(value)
        except ValueError:
            wrong.append((f"{name} is not {wanted}", "compare it with an entry of the shipped catalogue"))
    return values, wrong


def _taker(hint: Any) -> tuple[str, Callable[[object], Any]]:
    """What a field of that type wants, in words, and a function that takes it or raises ValueError."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f"one of {', '.join(hint)}", lambda value: hint(_text(value))
    arguments = get_args(hint)
    if hint is str or (str in arguments and type(None) in arguments):
        return "text", _text
    if hint is int:
        return "a whole number", _whole
    if float in arguments:
        return "a number", _number
    if Ellipsis in arguments:
        return "a list of texts", _texts
    return "a table of texts", _named_texts


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e300:
        raise ValueError
    return float(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_text(item) for item in value)


def _named_texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError
    return {name: _text(item) for name, item in value.items()}


def _added(shipped: E, values: dict[str, Any]) -> dict[str, Any]:
    """Lists and codes joined to the shipped ones, each item once; other values as they are."""
    joined: dict[str, Any] = {}
    for name, value in values.items():
        before = getattr(shipped, name)
        if isinstance(value, tuple):
            joined[name] = tuple(dict.fromkeys((*before, *value)))
        else:
            joined[name] = {**before, **value} if isinstance(value, dict) else value
    return joined
