"""Diagnoses: what the findings mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.catalogue import Catalogue, refuse, shipped_text, tree_problems
from models.catalogue_file import CatalogueFile, parse_catalogue, read_catalogue
from models.finding import Region

FILE = "diagnoses.toml"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An entry of the catalogue. ``findings`` are keys of the findings catalogue; ``parent`` (the diagnosis it is a
    kind of) and ``mimics`` are keys of this one.
    """

    key: str
    name: str
    region: Region
    phrases: tuple[str, ...]
    findings: tuple[str, ...] = ()
    parent: str | None = None
    mimics: tuple[str, ...] = ()


DiagnosisCatalogue = Catalogue[Diagnosis]


def parse_diagnoses(text: str, where: str, base: DiagnosisCatalogue | None = None) -> list[Diagnosis]:
    """Diagnoses out of TOML, one table a key; ``base`` holds those it may extend. Raises BadInput with the entry."""
    file = parse_catalogue(text, where, Diagnosis, base)
    refuse(file.problems)
    return list(file.entries)


@cache
def shipped_diagnoses() -> DiagnosisCatalogue:
    return DiagnosisCatalogue(parse_diagnoses(shipped_text(FILE), FILE))


def own_diagnoses(path: Path | None) -> CatalogueFile[Diagnosis]:
    """A department's file: what it adds to the shipped diagnoses or replaces of them, and what is wrong with it."""
    return read_catalogue(path, Diagnosis, shipped_diagnoses()) if path else CatalogueFile()


def diagnoses_of(workspace: Path | None = None) -> DiagnosisCatalogue:
    """The shipped catalogue, extended by the workspace's own file. Raises BadInput where that is broken."""
    path = workspace / FILE if workspace else None
    if path is None or not path.exists():
        return shipped_diagnoses()
    own = own_diagnoses(path)
    refuse(own.problems)
    catalogue = DiagnosisCatalogue([*shipped_diagnoses().values(), *own.entries])
    refuse(tree_problems(str(path), catalogue))
    return catalogue
