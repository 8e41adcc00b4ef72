"""Findings: what is on the image. The catalogue, and an observation of one in a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from models.catalogue import Catalogue, own_text, parse_entries, shipped_text
from models.report import Span


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


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry of the catalogue. ``key`` is snake_case and, for chest films, the name the scorers use.

    ``family`` is the organ or tissue, a word that gives no answer away; ``harm`` is 1 (minor) to 5 (deadly if missed);
    ``mimics`` are keys of findings it is taken for; ``prior_miss`` is a published miss rate, 0 to 1, with ``source``.
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
    """A finding as one report mentions it; ``span`` is the place of the words in the report's text."""

    finding: str
    assertion: Assertion
    span: Span
    side: Side | None = None
    site: str | None = None
    severity: tuple[str, ...] = ()
    size_mm: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()


class FindingCatalogue(Catalogue[Finding]):
    """Findings by key. A department adds its own in ``$WETREAD_HOME/findings.toml``."""

    def is_a(self, key: str, ancestor: str) -> bool:
        """Whether ``key`` is ``ancestor`` or lies below it in the tree."""
        seen: str | None = key
        for _ in range(len(self) + 1):
            if seen == ancestor:
                return True
            if seen is None or seen not in self:
                return False
            seen = self[seen].parent
        return False


def parse_findings(text: str, where: str) -> list[Finding]:
    """Findings out of TOML, one table a key. Raises BadInput with the entry's name."""
    return parse_entries(text, where, _finding)


def _finding(key: str, fields: dict[str, object]) -> Finding:
    fields["region"] = Region(str(fields["region"]))
    return Finding(key=key, **fields)  # type: ignore[arg-type]


@cache
def shipped_findings() -> FindingCatalogue:
    return FindingCatalogue(parse_findings(shipped_text("findings.toml"), "findings.toml"))


def findings_of(workspace: Path | None = None) -> FindingCatalogue:
    """The shipped catalogue, with the entries of the workspace's own ``findings.toml`` added or replaced."""
    own = own_text(workspace, "findings.toml")
    return FindingCatalogue([*shipped_findings().values(), *parse_findings(*own)]) if own else shipped_findings()
