"""Findings: what is on the image. The catalogue, and an observation of one in a report."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from models.errors import BadInput
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


class FindingCatalogue(Mapping[str, Finding]):
    """Findings by key. A department adds its own in ``$WETREAD_HOME/findings.toml``."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._by_key = {finding.key: finding for finding in findings}

    def __getitem__(self, key: str) -> Finding:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def name(self, key: str) -> str:
        """The display name; a key outside the catalogue (from an import) is shown as words."""
        return self._by_key[key].name if key in self._by_key else key.replace("_", " ")

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
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(where, f"not valid TOML ({error})", "mend the line it names") from error
    return [_finding(key, entry, where) for key, entry in table.items()]


def _finding(key: str, entry: Mapping[str, object], where: str) -> Finding:
    lists = ("modalities", "phrases", "sites", "mimics")
    values = {
        name: tuple(value) if name in lists and isinstance(value, list) else value for name, value in entry.items()
    }
    try:
        values["region"] = Region(str(values["region"]))
        return Finding(key=key, **values)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{where} [{key}]", str(error), "compare it with an entry of models/findings.toml") from error


@cache
def shipped_findings() -> FindingCatalogue:
    text = files("models").joinpath("findings.toml").read_text("utf-8")
    return FindingCatalogue(parse_findings(text, "findings.toml"))


def findings_of(workspace: Path | None = None) -> FindingCatalogue:
    """The shipped catalogue, with the entries of the workspace's own ``findings.toml`` added or replaced."""
    shipped = shipped_findings()
    own = workspace / "findings.toml" if workspace else None
    if own is None or not own.exists():
        return shipped
    return FindingCatalogue([*shipped.values(), *parse_findings(own.read_text("utf-8"), str(own))])
