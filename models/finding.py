"""Findings: what is on the image. The catalogue, and an observation of one in a report."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from models.catalogue import Catalogue, refuse, shipped_text, tree_problems
from models.catalogue_file import CatalogueFile, parse_catalogue, read_catalogue
from models.report import Span

FILE = "findings.toml"


class Region(StrEnum):
    """The part of the body a finding, a case or a practice set belongs to."""

    CHEST = "chest"
    ABDOMEN = "abdomen"
    NEURO = "neuro"
    MUSCULOSKELETAL = "musculoskeletal"
    BREAST = "breast"
    OTHER = "other"


class Truth(StrEnum):
    """Whether a case holds what its reader should find. Sensitivity belongs to one, specificity to the other."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"


class Assertion(StrEnum):
    """What the report says of a finding, clinically."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    PRIOR = "prior"
    HYPOTHETICAL = "hypothetical"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"


class Change(StrEnum):
    """How a finding compares with an earlier examination, where the report says."""

    NEW = "new"
    INCREASED = "increased"
    DECREASED = "decreased"
    UNCHANGED = "unchanged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry of the catalogue. ``key`` is snake_case and, for chest films, the name the scorers use.

    ``family`` is the organ or tissue, a word that gives no answer away; ``harm`` is 1 (minor) to 5 (deadly if missed);
    ``parent`` is the finding it is a kind of, never one it is part of or caused by; ``sites`` are words for where it is
    usually seen; ``mimics`` are keys of findings it is taken for; ``prior_miss`` is a published miss rate of its own,
    0 to 1, with ``source``; ``codes`` are identifiers by system (oifm, radlex, snomed).
    """

    key: str
    name: str
    region: Region
    family: str
    modalities: tuple[str, ...]
    phrases: tuple[str, ...]
    parent: str | None = None
    sites: tuple[str, ...] = ()
    mimics: tuple[str, ...] = ()
    harm: int = 2
    prior_miss: float | None = None
    source: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """A finding as one report mentions it; ``span`` is the place of the words in the report's text.

    ``site`` is a word of sites.toml without its side (``site_code`` gives its code); ``count`` is how many, where a
    number or number word says.
    """

    finding: str
    assertion: Assertion
    span: Span
    side: Side | None = None
    site: str | None = None
    severity: tuple[str, ...] = ()
    size_mm: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    count: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """What a report says of a finding beside its assertion: all sides, the greatest degree, the greatest size in mm."""

    sides: frozenset[Side] = frozenset()
    severity: str | None = None
    size_mm: float | None = None


class FindingCatalogue(Catalogue[Finding]):
    """Findings by key. A department adds its own in ``$WETREAD_HOME/findings.toml``."""

    def prior_miss(self, key: str) -> tuple[float, str] | None:
        """The published miss rate and its source: the finding's own, else that of its nearest ancestor with one."""
        for one in (key, *self.ancestors(key)):
            finding = self.get(one)
            if finding is not None and finding.prior_miss is not None:
                return finding.prior_miss, finding.source
        return None


def parse_findings(text: str, where: str, base: FindingCatalogue | None = None) -> list[Finding]:
    """Findings out of TOML, one table a key; ``base`` holds those it may extend. Raises BadInput with the entry."""
    file = parse_catalogue(text, where, Finding, base)
    refuse(file.problems)
    return list(file.entries)


@cache
def shipped_findings() -> FindingCatalogue:
    return FindingCatalogue(parse_findings(shipped_text(FILE), FILE))


@cache
def shipped_sites() -> Mapping[str, str]:
    """Words for places of the body, each with its RadLex identifier or an empty text."""
    return tomllib.loads(shipped_text("sites.toml"))


def site_code(site: str, side: Side | None = None) -> str:
    """The RadLex identifier of a word of sites.toml, of that side where RadLex knows it so; empty where it has none."""
    sites = shipped_sites()
    return (side and sites.get(f"{side.value} {site}")) or sites.get(site, "")


def own_findings(path: Path | None) -> CatalogueFile[Finding]:
    """A department's file: what it adds to the shipped findings or replaces of them, and what is wrong with it."""
    return read_catalogue(path, Finding, shipped_findings()) if path else CatalogueFile()


def findings_of(workspace: Path | None = None) -> FindingCatalogue:
    """The shipped catalogue, extended by the workspace's own file. Raises BadInput where that is broken."""
    path = workspace / FILE if workspace else None
    if path is None or not path.exists():
        return shipped_findings()
    own = own_findings(path)
    refuse(own.problems)
    catalogue = FindingCatalogue([*shipped_findings().values(), *own.entries])
    refuse(tree_problems(str(path), catalogue))
    return catalogue
