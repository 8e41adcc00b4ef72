"""Diagnoses: what the findings mean."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from models.errors import BadInput
from models.finding import Region


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An entry of the catalogue. ``findings`` are keys of the findings catalogue, ``mimics`` keys of this one."""

    key: str
    name: str
    region: Region
    phrases: tuple[str, ...]
    findings: tuple[str, ...] = ()
    mimics: tuple[str, ...] = ()


class DiagnosisCatalogue(Mapping[str, Diagnosis]):
    """Diagnoses by key."""

    def __init__(self, diagnoses: Iterable[Diagnosis]) -> None:
        self._by_key = {diagnosis.key: diagnosis for diagnosis in diagnoses}

    def __getitem__(self, key: str) -> Diagnosis:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def name(self, key: str) -> str:
        return self._by_key[key].name if key in self._by_key else key.replace("_", " ")


def parse_diagnoses(text: str, where: str) -> list[Diagnosis]:
    """Diagnoses out of TOML, one table a key. Raises BadInput with the entry's name."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(where, f"not valid TOML ({error})", "mend the line it names") from error
    return [_diagnosis(key, entry, where) for key, entry in table.items()]


def _diagnosis(key: str, entry: Mapping[str, object], where: str) -> Diagnosis:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    try:
        values["region"] = Region(str(values["region"]))
        return Diagnosis(key=key, **values)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{where} [{key}]", str(error), "compare it with an entry of models/diagnoses.toml") from error


@cache
def shipped_diagnoses() -> DiagnosisCatalogue:
    return DiagnosisCatalogue(
        parse_diagnoses(files("models").joinpath("diagnoses.toml").read_text("utf-8"), "diagnoses.toml")
    )


def diagnoses_of(workspace: Path | None = None) -> DiagnosisCatalogue:
    """The shipped catalogue, with the entries of the workspace's own ``diagnoses.toml`` added or replaced."""
    shipped = shipped_diagnoses()
    own = workspace / "diagnoses.toml" if workspace else None
    if own is None or not own.exists():
        return shipped
    return DiagnosisCatalogue([*shipped.values(), *parse_diagnoses(own.read_text("utf-8"), str(own))])
