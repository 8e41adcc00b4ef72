"""A reader's own part of the library: what their reads, reports and volumes say they work with.

A mammographer has no use for an electrocardiogram, however surely it would be misread. So gaps are looked for among a
reader's own cases, and so are normals; something from elsewhere is only explored, or fills a set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.finding import Region, Truth
from models.reading import LibraryCase, Skills
from recommender.situation import Situation
from recommender.tracer import skill_key
from recommender.volumes import Basis, modality_group

Kind = tuple[str, Region]


@dataclass(frozen=True, slots=True)
class Domain:
    """``findings`` met in reads or in daily work, ``kinds`` of cases, and cases of no known kind by id (``circle``).

    A reader of whom nothing is known has no domain, and every case is as near as another.
    """

    findings: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    circle: Collection[str] = ()

    def __bool__(self) -> bool:
        return bool(self.findings or self.kinds or self.circle)

    def holds(self, case: LibraryCase) -> bool:
        if not self:
            return True
        if case.skills.truth is Truth.ABNORMAL and case.skills.finding in self.findings:
            return True
        kind = _kind(case)
        return kind in self.kinds if kind else case.case_id in self.circle


def domain_of(cases: Iterable[LibraryCase], situation: Situation, circle: Collection[str]) -> Domain:
    """``circle``: ids of the cases that those who read the same cases as this reader have read among them.

    One read is no work: a finding or a kind of case counts from ``settings.new_reads`` reads on, or what was explored
    once would become the gap.
    """
    library = list(cases)
    least = situation.settings.new_reads
    abnormal = {case.skills.finding for case in library if case.skills.truth is Truth.ABNORMAL and case.skills.finding}
    work = {finding for finding in abnormal if _is_work(finding, situation)}
    read = {finding for finding in abnormal if _reads(finding, situation) >= least}
    met = Counter(_kind(case) for case in library if case.case_id in situation.exposures)
    kinds = {kind for kind, number in met.items() if number >= least}
    kinds |= {_kind(case) for case in library if case.skills.truth is Truth.ABNORMAL and case.skills.finding in work}
    return Domain(frozenset(work | read), frozenset(kind for kind in kinds if kind), circle)


def _is_work(finding: str, situation: Situation) -> bool:
    """Whether the reader's own volumes hold the finding, or a modality that is known to show it."""
    volume = situation.volumes.get(finding)
    if volume is None or volume.basis is Basis.DEPARTMENT:
        return False
    return volume.reads >= situation.settings.never_met


def _reads(finding: str, situation: Situation) -> int:
    row = situation.state.get(skill_key(Skills(Truth.ABNORMAL, finding)))
    return row.reads if row else 0


def _kind(case: LibraryCase) -> Kind | None:
    modality = case.skills.modality
    return (modality_group(modality), case.skills.region) if modality else None
