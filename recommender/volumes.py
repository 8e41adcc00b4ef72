"""How often a reader meets each finding in a month: by their own reports, else by the department's.

How much a reader reads of a modality is what is stated of the reader, since a dump of reports may be only a part of the
work; where nothing is stated, their own dated reports. What share of it shows a finding, their own reports tell as far
as they are many, else the department's of that modality. A reader of whom nothing is known has the department's
average; a department that has counted nothing leaves the catalogue's, one a month.

Months are counted, not days. So of three months or more, a first or a last one with less than half of what the others
hold on average is taken for a part of a month and left out.
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

RADIOGRAPHS = frozenset({"CR", "DX", "XR", "RX", "RG"})


def modality_group(modality: str) -> str:
    """One code for what is one kind of work: a department writes radiographs as CR in one system and DX in another."""
    return "DX" if modality in RADIOGRAPHS else modality


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
    it. ``unseen[modality][finding]``: findings of the catalogue no report shows, with the share of the modality's
    reports that half a report would be. Worked out once for a department; ``of_reader`` then costs little.
    """

    a_month: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    unseen: Mapping[str, Mapping[str, float]]

    def of_reader(
        self, reports: Sequence[ReportCount], stated: Sequence[Volume], parents: Mapping[str, str]
    ) -> dict[str, Monthly]:
        """Monthly volumes of one reader by finding; findings of which nothing is known are left out.

        ``reports``: the reader's own counts, month by month; ``stated``: reads stated of the reader.
        """
        own = _by_modality(reports, parents)
        monthly = defaultdict[str, float](float)
        unseen = defaultdict[str, float](float)
        for modality, reads in _reads_a_month(reports, stated).items():
            share = self.shares.get(modality, {})
            counts = own.get(modality, {})
            everything = counts.get("", 0.0)
            for finding in (share.keys() | counts.keys()) - {""}:
                shown = counts.get(finding, 0.0) + ENOUGH_REPORTS * share.get(finding, 0.0)
                monthly[finding] += reads * shown / (everything + ENOUGH_REPORTS)
            for finding, least in self.unseen.get(modality, {}).items():
                unseen[finding] += reads * least
        if monthly or unseen:
            rare = {finding: _of_unseen(reads) for finding, reads in unseen.items()}
            return rare | {finding: Monthly(reads) for finding, reads in monthly.items()}
        return {finding: Monthly(reads, Basis.DEPARTMENT) for finding, reads in self.a_month.items()}


def _of_unseen(reads: float) -> Monthly:
    """That few reports show nothing of a finding says nothing of it: it is not met more often for that."""
    return Monthly(reads) if reads < CATALOGUE_VOLUME else CATALOGUE_MONTHLY


def department_volume(
    reports: Sequence[ReportCount],
    dated: Sequence[ReportCount],
    reader_months: int,
    parents: Mapping[str, str],
    practised: Mapping[str, Sequence[str]] | None = None,
) -> DepartmentVolume:
    """From all the department's counts, and those of them that have an author and a date.

    ``reader_months``: the pairs of an author and a month in ``dated``, or readers who come and go would seem to read
    little. ``parents`` maps a finding to its parent; ``practised`` to its modalities, the usual one first.
    """
    by_modality = _by_modality(reports, parents)
    shares: dict[str, dict[str, float]] = {}
    a_month = defaultdict[str, float](float)
    for modality, counts in by_modality.items():
        everything = counts.get("", 0.0)
        shares[modality] = {f: n / everything for f, n in counts.items() if f} if everything else {}
    placed = _by_modality(dated, parents)
    for counts in placed.values():
        for finding, number in counts.items():
            if finding and reader_months:
                a_month[finding] += number / reader_months
    unseen = _unseen(by_modality, practised or {})
    for finding, modalities in (practised or {}).items():
        usual = modality_group(modalities[0]) if modalities else ""
        read = placed.get(usual, {}).get("", 0.0)
        if reader_months and read and finding in unseen.get(usual, {}):
            a_month[finding] = min(CATALOGUE_VOLUME, unseen[usual][finding] * read / reader_months)
    return DepartmentVolume(dict(a_month), shares, unseen)


def _unseen(
    by_modality: Mapping[str, Mapping[str, float]], practised: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """By modality, the findings that no report of the department shows, each with half a report's share (Jeffreys)."""
    shown = {finding for counts in by_modality.values() for finding, number in counts.items() if number}
    found: dict[str, dict[str, float]] = {}
    for finding, modalities in practised.items():
        if finding not in shown:
            for modality in set(map(modality_group, modalities)):
                reports = by_modality.get(modality, {}).get("", 0.0)
                found.setdefault(modality, {})[finding] = 0.5 / (reports + 1)
    return found


def volumes_of(
    own: Sequence[ReportCount],
    own_volumes: Sequence[Volume],
    department: Sequence[ReportCount],
    reader_months: int,
    parents: Mapping[str, str] | None = None,
    practised: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Monthly]:
    """Monthly volumes of one reader by finding, where all the department's reports have an author and a date."""
    tree = parents or {}
    everyone = department_volume(department, department, reader_months, tree, practised)
    return everyone.of_reader(own, own_volumes, tree)


def _by_modality(reports: Iterable[ReportCount], parents: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Reports by modality and finding; a finding's count includes those below it, "" counts all reports.

    A report of a child and its parent is counted twice for the parent, so counts end at the number of reports.
    """
    counts: dict[str, dict[str, float]] = {}
    for each in reports:
        of_modality = counts.setdefault(modality_group(each.modality), {})
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
    """What a reader reads in a month, by modality: as stated, else by their own dated reports."""
    dated = [(each.month, each.modality, each.reports) for each in reports if each.month and not each.finding]
    return _a_month(dated) | _a_month([(each.month, each.modality, each.reads) for each in stated])


def _a_month(numbers: Sequence[tuple[str, str, int]]) -> dict[str, float]:
    """Monthly means by modality, from (month, modality, number), over the whole months in which anything was read."""
    totals = defaultdict[str, int](int)
    for month, _, number in numbers:
        totals[month] += number
    whole = _whole_months(totals)
    found = defaultdict[str, float](float)
    for month, modality, number in numbers:
        found[modality_group(modality)] += number / len(whole) if month in whole else 0.0
    return dict(found)


def _whole_months(totals: Mapping[str, int]) -> list[str]:
    """The months without a first or last one that is too small to be whole. See the module."""
    months = sorted(totals)
    between = months[1:-1]
    if not between:
        return months
    least = sum(totals[month] for month in between) / len(between) / 2
    return [month for month in months if month in between or totals[month] >= least]
