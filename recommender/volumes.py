"""How often a reader meets each finding in a month: by their own reports, else by the department's.

For each modality a reader's own reports tell it; where there are none, the reads stated of the reader and what share of
the department's reports of that modality shows the finding. A reader of whom neither is known has the department's
average; a department that has counted nothing leaves the catalogue's, one a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.volume import ReportCount, Volume

CATALOGUE_VOLUME = 1.0
ENOUGH_REPORTS = 20.0
"""What a reader's own share of a finding is weighed against: the department's counts as this many reports."""


class Basis(StrEnum):
    """Where a monthly figure comes from."""

    OWN = "own"
    DEPARTMENT = "department"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Monthly:
    """Reads a month of cases that show a finding."""

    reads: float
    basis: Basis = Basis.OWN


CATALOGUE_MONTHLY = Monthly(CATALOGUE_VOLUME, Basis.CATALOGUE)


@dataclass(frozen=True, slots=True)
class DepartmentVolume:
    """What all readers' reports say: ``a_month`` of each finding for an average reader, ``shares`` by modality.

    ``shares[modality][finding]`` is the share, 0 to 1, of that modality's reports which show the finding or one below
    it. Worked out once for a department; ``of_reader`` then costs little.
    """

    a_month: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]

    def of_reader(
        self, reports: Sequence[ReportCount], stated: Sequence[Volume], parents: Mapping[str, str]
    ) -> dict[str, Monthly]:
        """Monthly volumes of one reader by finding; findings of which nothing is known are left out.

        ``reports``: the reader's own counts, month by month; ``stated``: reads stated of the reader.
        """
        own = _by_modality(reports, parents)
        monthly = defaultdict[str, float](float)
        for modality, reads in _reads_a_month(reports, stated).items():
            share = self.shares.get(modality, {})
            counts = own.get(modality, {})
            everything = counts.get("", 0.0)
            for finding in (share.keys() | counts.keys()) - {""}:
                shown = counts.get(finding, 0.0) + ENOUGH_REPORTS * share.get(finding, 0.0)
                monthly[finding] += reads * shown / (everything + ENOUGH_REPORTS)
        if monthly:
            return {finding: Monthly(reads) for finding, reads in monthly.items()}
        return {finding: Monthly(reads, Basis.DEPARTMENT) for finding, reads in self.a_month.items()}


def department_volume(
    reports: Sequence[ReportCount], readers: int, months: int, parents: Mapping[str, str]
) -> DepartmentVolume:
    """From the department's counts over ``months`` and ``readers``; ``parents`` maps a finding to its parent."""
    by_modality = _by_modality(reports, parents)
    shares: dict[str, dict[str, float]] = {}
    a_month = defaultdict[str, float](float)
    for modality, counts in by_modality.items():
        everything = counts.get("", 0.0)
        shares[modality] = {f: n / everything for f, n in counts.items() if f} if everything else {}
        for finding, number in counts.items():
            if finding and readers and months:
                a_month[finding] += number / (readers * months)
    return DepartmentVolume(dict(a_month), shares)


def volumes_of(
    own: Sequence[ReportCount],
    own_volumes: Sequence[Volume],
    department: Sequence[ReportCount],
    readers: int,
    months: int,
    parents: Mapping[str, str] | None = None,
) -> dict[str, Monthly]:
    """Monthly volumes of one reader by finding, and where each comes from. See the module."""
    tree = parents or {}
    return department_volume(department, readers, months, tree).of_reader(own, own_volumes, tree)


def _by_modality(reports: Iterable[ReportCount], parents: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Reports by modality and finding; a finding's count includes those below it, "" counts all reports.

    A report of a child and its parent is counted twice for the parent, so counts end at the number of reports.
    """
    counts: dict[str, dict[str, float]] = {}
    for each in reports:
        of_modality = counts.setdefault(each.modality, {})
        for finding in _and_above(each.finding, parents):
            of_modality[finding] = of_modality.get(finding, 0.0) + each.reports
    for of_modality in counts.values():
        most = of_modality.get("")
        if most is not None:
            for finding, number in of_modality.items():
                of_modality[finding] = min(number, most)
    return counts


def _and_above(finding: str, parents: Mapping[str, str]) -> list[str]:
    """The finding and its ancestors; a circle in ``parents`` ends the walk."""
    path: list[str] = []
    here: str | None = finding
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return path


def _reads_a_month(reports: Sequence[ReportCount], stated: Sequence[Volume]) -> dict[str, float]:
    """What a reader reads in a month, by modality: by their own dated reports, else as stated."""
    found: dict[str, float] = {}
    told = sorted({volume.month for volume in stated})
    for volume in stated:
        found[volume.modality] = found.get(volume.modality, 0.0) + volume.reads / len(told)
    dated = [each for each in reports if each.month and not each.finding]
    months = {each.month for each in dated}
    for modality in {each.modality for each in dated}:
        found[modality] = sum(each.reports for each in dated if each.modality == modality) / len(months)
    return found
