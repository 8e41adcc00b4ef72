"""``wetread findings check``: proves the shipped catalogues and the department's own files consistent, together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rich.box import SIMPLE
from rich.table import Table

from models import diagnosis, finding
from models.catalogue import Problem, Severity
from models.catalogue_check import check as check_catalogues
from models.diagnosis import Diagnosis, DiagnosisCatalogue, own_diagnoses, shipped_diagnoses
from models.finding import Finding, FindingCatalogue, Region, own_findings, shipped_findings, shipped_sites
from nlp.rulebook import shipped_rules
from pipelines.telling import err, out, printable

E = TypeVar("E", Finding, Diagnosis)

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@dataclass(frozen=True, slots=True)
class Own:
    """A department's files, where it has them."""

    findings: Path | None = None
    diagnoses: Path | None = None

    @classmethod
    def of(cls, home: Path, findings: Path | None, diagnoses: Path | None) -> Own:
        """The files named, or else those that lie in the workspace ``home``."""
        lying = [path if path.exists() else None for path in (home / finding.FILE, home / diagnosis.FILE)]
        return cls(findings or lying[0], diagnoses or lying[1])


def check(own: Own) -> int:
    """Print every problem, one a line, and what the catalogues hold. The exit code is 1 where there is an error."""
    read_findings = own_findings(own.findings)
    read_diagnoses = own_diagnoses(own.diagnoses)
    findings = FindingCatalogue([*shipped_findings().values(), *read_findings.entries])
    diagnoses = DiagnosisCatalogue([*shipped_diagnoses().values(), *read_diagnoses.entries])
    places = known_places()
    told = [
        *check_catalogues(shipped_findings(), shipped_diagnoses(), shipped=True, places=places),
        *check_catalogues(findings, diagnoses, places=places),
    ]
    files = {finding.FILE: (own.findings, read_findings.lines), diagnosis.FILE: (own.diagnoses, read_diagnoses.lines)}
    problems = [*read_findings.problems, *read_diagnoses.problems]
    problems += [_placed(problem, *files[problem.file]) for problem in dict.fromkeys(told)]
    for problem in sorted(problems, key=lambda problem: (problem.file, problem.line or 0)):
        err.print(f"{problem.severity:<8} {printable(str(problem))}", style=COLOURS[problem.severity], markup=False)
    out.print(findings_table(findings))
    out.print(diagnoses_table(diagnoses))
    return _verdict(problems)


def known_places() -> frozenset[str]:
    """Words for places: those of the catalogue's own list, and those that reports are searched for."""
    places = shipped_rules().places
    names = (place.replace("_", " ") for place in places)
    return frozenset((*shipped_sites(), *names, *(word for words in places.values() for word in words)))


def _placed(problem: Problem, path: Path | None, lines: Mapping[str, int] | None) -> Problem:
    """The problem at its place in the department's file, where the entry is the department's."""
    if path is None or not lines or problem.entry not in lines:
        return problem
    return replace(problem, file=str(path), line=lines[problem.entry])


def _verdict(problems: Iterable[Problem]) -> int:
    counts = Counter(problem.severity for problem in problems)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    out.print(f"{errors:,} errors, {warnings:,} warnings" if errors or warnings else "the catalogues are consistent")
    return 1 if errors else 0


def findings_table(findings: FindingCatalogue) -> Table:
    """How many findings of each region have what; ``of parent`` are miss rates a parent lends."""
    columns: dict[str, Callable[[Finding], object]] = {
        "parent": lambda one: one.parent,
        "sites": lambda one: one.sites,
        "mimics": lambda one: one.mimics,
        "miss rate": lambda one: one.prior_miss is not None,
        "of parent": lambda one: one.prior_miss is None and findings.prior_miss(one.key),
        "harm 4-5": lambda one: one.harm >= 4,
        "codes": lambda one: one.codes,
    }
    return _table("findings", findings.values(), columns)


def diagnoses_table(diagnoses: DiagnosisCatalogue) -> Table:
    """How many diagnoses of each region have what."""
    columns: dict[str, Callable[[Diagnosis], object]] = {
        "parent": lambda one: one.parent,
        "findings": lambda one: one.findings,
        "mimics": lambda one: one.mimics,
    }
    return _table("diagnoses", diagnoses.values(), columns)


def _table(what: str, entries: Iterable[E], columns: Mapping[str, Callable[[E], object]]) -> Table:
    """A row a region, and one for all: the number of entries, then of those for which each column holds."""
    table = Table("region", what, *columns, box=SIMPLE, padding=(0, 0, 0, 1), pad_edge=False)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    everyone = list(entries)
    for region in (*Region, None):
        rows = [one for one in everyone if region in (one.region, None)]
        if rows:
            held = [sum(bool(holds(one)) for one in rows) for holds in columns.values()]
            table.add_row(region or "all", str(len(rows)), *map(str, held))
    return table
