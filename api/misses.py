"""What the group misses: exact counts for the quality lead, inside the peer-learning store.

Practice reads and peer review are never pooled; neither are randomly sampled reviews and those that were triggered or
submitted. No reader is named or ranked here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.learning import PRACTICE_SOURCES
from api.rights import Permission
from api.views import ChanceView
from models.discrepancy import ReviewCounts
from models.finding import FindingCatalogue
from quality.misses import MissPattern, MissRules, miss_patterns
from quality.wording import PRACTICE_READS, SAMPLED_REVIEWS, Unit
from store import read_counts, reviews
from store.read_counts import MissCount
from store.reviews import GroupCount

router = APIRouter(prefix="/api/misses", tags=["misses"])

NOTE = (
    "Counts of the whole group; no reader is named. Intervals are Wilson 95 %; rates are shrunk to the group's own by "
    "a beta-binomial prior worth 200 reads; verdicts hold false discoveries to 5 % over all rows of a table. Practice "
    "cases are chosen for each reader, so their rates describe practice. Of reviews, only randomly sampled ones enter "
    "a rate: the discrepancies of a finding over all random reviews of its modality, whatever those showed, since a "
    "concurring review seldom names what it saw."
)


class MissRow(BaseModel):
    label: str
    discrepancies: int
    reviews: int
    rate: ChanceView | None
    shrunk: float | None
    power: float | None
    verdict: str


class Unsampled(BaseModel):
    label: str
    discrepancies: int


class Misses(BaseModel):
    generated_at: datetime
    readers: int
    practice: list[MissRow]
    reviews: list[MissRow]
    unsampled: list[Unsampled]
    note: str


@router.get("")
def misses(workspace: OpenWorkspace, caller: Caller = allow(Permission.SEE_MISSES)) -> Misses:
    """Miss patterns of the group, from practice reads and from imported reviews."""
    with workspace.database.transaction() as tx:
        practised = read_counts.miss_counts(tx, caller.department_id, PRACTICE_SOURCES)
        reviewed = _review_counts(reviews.group_counts(tx, caller.department_id), workspace.findings)
        readers = read_counts.readers_counted(tx, caller.department_id, PRACTICE_SOURCES)
        note(tx, workspace, caller, "view misses", "misses")
    return Misses(
        generated_at=workspace.now(),
        readers=readers,
        practice=_rows(_practice_counts(practised, workspace.findings), PRACTICE_READS),
        reviews=_rows(reviewed, SAMPLED_REVIEWS),
        unsampled=[Unsampled(label=c.label, discrepancies=c.unsampled) for c in reviewed if c.unsampled],
        note=NOTE,
    )


def _label(findings: FindingCatalogue, finding: str | None, modality: str) -> str:
    name = findings.name(finding) if finding else "no finding named"
    return f"{name}, {modality}" if modality else name


def _practice_counts(counts: Iterable[MissCount], findings: FindingCatalogue) -> list[ReviewCounts]:
    return [ReviewCounts(_label(findings, c.finding, c.modality), c.misses, c.reads) for c in counts]


def _review_counts(counts: Iterable[GroupCount], findings: FindingCatalogue) -> list[ReviewCounts]:
    """Discrepancies of each finding over all randomly sampled reviews of its modality, the same for every finding.

    Concurring reviews seldom name a finding, and those that do are no sample of the cases that show it. Where no review
    of a modality concurs, only discrepancies were sent: they are counted as unsampled and give no rate.
    """
    held = list(counts)
    concurring: dict[str, int] = defaultdict(int)
    reviewed: dict[str, int] = defaultdict(int)
    for c in held:
        concurring[c.modality] += c.concurring
        reviewed[c.modality] += c.concurring + c.discrepancies
    return [
        ReviewCounts(_label(findings, c.finding, c.modality), c.discrepancies, reviewed[c.modality], c.unsampled)
        if concurring[c.modality]
        else ReviewCounts(_label(findings, c.finding, c.modality), 0, 0, c.discrepancies + c.unsampled)
        for c in held
        if c.finding is not None or c.discrepancies or c.unsampled
    ]


def _rows(counts: list[ReviewCounts], unit: Unit) -> list[MissRow]:
    """Rows by how many discrepancies more than expected; the baseline is the group's own rate over all rows."""
    reviewed = sum(c.reviews for c in counts)
    missed = sum(c.discrepancies for c in counts)
    if not reviewed:
        return []
    # A group without any, or with nothing but discrepancies, still has a baseline between 0 and 1.
    baseline = (missed + 0.5) / (reviewed + 1)
    patterns = miss_patterns(counts, baseline, MissRules(), unit)
    return [_row(p) for p in sorted(patterns, key=lambda p: (baseline * p.reviews - p.discrepancies, p.label))]


def _row(pattern: MissPattern) -> MissRow:
    interval = pattern.interval
    rate = (
        ChanceView(mean=pattern.discrepancies / pattern.reviews, low=interval.low, high=interval.high)
        if interval
        else None
    )
    return MissRow(
        label=pattern.label,
        discrepancies=pattern.discrepancies,
        reviews=pattern.reviews,
        rate=rate,
        shrunk=pattern.shrunk,
        power=pattern.power,
        verdict=pattern.verdict,
    )
