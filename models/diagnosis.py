"""Diagnoses: what the findings mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.catalogue import Catalogue, own_text, parse_entries, shipped_text
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


DiagnosisCatalogue = Catalogue[Diagnosis]


def parse_diagnoses(text: str, where: str) -> list[Diagnosis]:
    """Diagnoses out of TOML, one table a key. Raises BadInput with the entry's name."""
    return parse_entries(text, where, _diagnosis)


def _diagnosis(key: str, fields: dict[str, object]) -> Diagnosis:
    fields["region"] = Region(str(fields["region"]))
    return Diagnosis(key=key, **fields)  # type: ignore[arg-type]


@cache
def shipped_diagnoses() -> DiagnosisCatalogue:
    return DiagnosisCatalogue(parse_diagnoses(shipped_text("diagnoses.toml"), "diagnoses.toml"))


def diagnoses_of(workspace: Path | None = None) -> DiagnosisCatalogue:
    """The shipped catalogue, with the entries of the workspace's own ``diagnoses.toml`` added or replaced."""
    own = own_text(workspace, "diagnoses.toml")
    return DiagnosisCatalogue([*shipped_diagnoses().values(), *parse_diagnoses(*own)]) if own else shipped_diagnoses()
