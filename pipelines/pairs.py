"""Preliminary reports and the final ones that followed: what the change between two says of who wrote the first.

Such reads are evidence for their reader's private state alone (wall 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from api.jobs import REPLAY_READER, run
from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.finding import Assertion, FindingCatalogue, Truth
from models.reading import Reading, ReadingSource, Skills
from models.report import ReportStatus
from pipelines.ranking import rank_again
from pipelines.telling import along
from store import history, jobs, reports
from store.database import Transaction
from store.jobs import Job
from store.reports import CORRECTED_LATER, KeptReport

LONGEST_BETWEEN = timedelta(days=14)
"""Between two reports of one procedure that do not share an id; later, its study's number was given again."""

PAIRS_A_TRANSACTION = 500

UNSURE = 0.5
"""The weight of a read where the earlier report is unsure of the finding, or names only what it is a kind of; and where
the later one does not mention what the earlier one saw, which may have been left out as of no matter."""

_NUMBERS = 100
"""Reads kept apart in one pair; the rest of ``sequence`` tells the pairs of a reader and case apart."""

_FOLLOWED_BY = {
    ReportStatus.PRELIMINARY: (ReportStatus.FINAL, ReportStatus.CORRECTED),
    ReportStatus.FINAL: (ReportStatus.CORRECTED,),
    ReportStatus.CORRECTED: (),
}


_UNKNOWN = ("", "OT")
_PLAIN_FILM = ("CR", "DX", "XR")


@dataclass(frozen=True, slots=True)
class Pair:
    """A report and the later one it is compared with, if any; ``before`` is the one it was compared with up to now."""

    earlier: KeptReport
    later: KeptReport | None
    before: KeptReport | None


def pairs_of(study: Sequence[KeptReport]) -> list[Pair]:
    """The pairs among the reports of a study of one source that are not stored yet, whatever their order.

    A preliminary report is compared with the first final one after it, or the first corrected one where there is none;
    a final one with the first corrected one. A report without a time may follow any. Where several procedures share
    the study's number and nothing tells which report is whose, none is compared: false evidence is worse than none.
    """
    ordered = sorted(study, key=_order)
    by_id = {report.report_id: report for report in study}
    found: list[Pair] = []
    for earlier in ordered:
        later = _later(earlier, ordered)
        if earlier.changed_by != (later.report_id if later else None):
            found.append(Pair(earlier, later, by_id.get(earlier.changed_by or "")))
    return found


def _later(earlier: KeptReport, study: Sequence[KeptReport]) -> KeptReport | None:
    """The report to compare with: one of the same id where there is any, else the one of the same procedure.

    Of two versions of a report, told twice with other words, one alone is evidence.
    """
    if any(_is_version(each, earlier) and each.content < earlier.content for each in study):
        return None
    after = _FOLLOWED_BY[earlier.status]
    same = [each for each in study if each.own_id == earlier.own_id and each.status in after]
    if same:
        return _first(same, earlier)
    others = [each for each in study if each.status in after and _matches(each, earlier) and not _taken(each, study)]
    named = [each for each in others if each.exam == earlier.exam is not None]
    if named:
        return _first(named, earlier)
    later = _first(others, earlier)
    return later if later and _is_alone(earlier, later, study) else None


def _is_version(one: KeptReport, other: KeptReport) -> bool:
    return one.own_id == other.own_id and one.status is other.status


def _first(later: Sequence[KeptReport], earlier: KeptReport) -> KeptReport | None:
    wanted = (each for status in _FOLLOWED_BY[earlier.status] for each in later if each.status is status)
    return next((each for each in wanted if _may_follow(each, earlier)), None)


def _matches(one: KeptReport, other: KeptReport) -> bool:
    """Whether two reports of a study may be of one procedure."""
    if one.exam and other.exam and one.exam != other.exam:
        return False
    if one.read_at and other.read_at and abs(one.read_at - other.read_at) > LONGEST_BETWEEN:
        return False
    first, second = ("DX" if each.modality in _PLAIN_FILM else each.modality for each in (one, other))
    return first == second or first in _UNKNOWN or second in _UNKNOWN


def _taken(later: KeptReport, study: Sequence[KeptReport]) -> bool:
    """Whether a report follows an earlier one of its own id."""
    return any(each.own_id == later.own_id and later.status in _FOLLOWED_BY[each.status] for each in study)


def _is_alone(earlier: KeptReport, later: KeptReport, study: Sequence[KeptReport]) -> bool:
    """Whether no other report of either one's status might be of the same procedure."""
    for one, other in ((earlier, later), (later, earlier)):
        rivals = (each for each in study if each.status is one.status and each.own_id != one.own_id)
        if any(_matches(each, other) for each in rivals):
            return False
    return True


def _order(report: KeptReport) -> tuple[bool, datetime | str, str]:
    return report.read_at is None, report.read_at or "", report.report_id


def _may_follow(later: KeptReport, earlier: KeptReport) -> bool:
    return later.read_at is None or earlier.read_at is None or later.read_at >= earlier.read_at


@dataclass(frozen=True, slots=True)
class Change:
    """What a later report says of one finding of an earlier one. ``finding`` None: both call the study normal."""

    truth: Truth
    finding: str | None
    correct: bool
    weight: float
    answered: str | None = None


def changes_of(earlier: KeptReport, later: KeptReport, findings: FindingCatalogue) -> list[Change]:
    """What each main finding of the two reports became.

    A finding the later report is sure of was right where the earlier one saw it, a kind of it or what it is a kind of,
    and is a miss elsewhere. A finding the earlier one was sure of and the later one denies or leaves out was an
    overcall. What the later report itself doubts proves nothing, nor does what a report leaves out of which nothing was
    understood.
    """
    overcalls = [
        Change(Truth.NORMAL, key, False, 1.0 if later.findings.get(key) is Assertion.ABSENT else UNSURE)
        for key in earlier.main_findings
        if earlier.findings.get(key) is Assertion.PRESENT
        and not _mentioned(later, key, findings)
        and _speaks_of(later, key)
    ]
    said = overcalls[0].finding if overcalls else None
    found = [
        _seen(earlier, key, said, findings)
        for key in later.main_findings
        if later.findings.get(key) is Assertion.PRESENT and _speaks_of(earlier, key)
    ]
    if earlier.truth is later.truth is Truth.NORMAL:
        return [Change(Truth.NORMAL, None, True, 1.0)]
    return [*found, *overcalls]


_SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)


def _speaks_of(report: KeptReport, key: str) -> bool:
    """Whether the report denies the finding, or shows others or calls the study normal, so that its silence tells."""
    shows = any(word in _SHOWN for word in report.findings.values())
    return report.truth is Truth.NORMAL or shows or report.findings.get(key) is Assertion.ABSENT


def _seen(earlier: KeptReport, key: str, said: str | None, findings: FindingCatalogue) -> Change:
    """What became of a finding that the later report shows."""
    words = {other: word for other, word in earlier.findings.items() if word in _SHOWN}
    if words.get(key) is Assertion.PRESENT or any(
        word is Assertion.PRESENT and findings.is_a(other, key) for other, word in words.items()
    ):
        return Change(Truth.ABNORMAL, key, True, 1.0)
    related = any(findings.is_a(other, key) or findings.is_a(key, other) for other in words)
    return Change(Truth.ABNORMAL, key, related, UNSURE if related else 1.0, None if related else said)


def _mentioned(later: KeptReport, key: str, findings: FindingCatalogue) -> bool:
    """Whether the later report leaves the finding standing: as present, doubtful or old, itself or a relative."""
    standing = (*_SHOWN, Assertion.PRIOR)
    return any(
        word in standing and (findings.is_a(other, key) or findings.is_a(key, other))
        for other, word in later.findings.items()
    )


def readings_of(workspace: Workspace, earlier: KeptReport, later: KeptReport) -> list[Reading]:
    """The reads that a pair tells of; none where nobody knows who wrote the earlier report."""
    if earlier.reader_id is None or later.case_id is None:
        return []
    # Numbers of a reader's reads of one case must differ, and be the same in whatever order the reports come.
    first = int(earlier.report_id[:6], 16) * _NUMBERS
    changes = changes_of(earlier, later, workspace.findings)[:_NUMBERS]
    return [
        Reading(
            reading_id=workspace.opaque(
                *("reading", DEPARTMENT, "prelim_final", earlier.report_id, later.report_id),
                *(change.truth.value, change.finding or ""),
            ),
            department_id=DEPARTMENT,
            reader_id=earlier.reader_id,
            case_id=later.case_id,
            source=ReadingSource.PRELIM_FINAL,
            sequence=first + number,
            correct=change.correct,
            skills=Skills(change.truth, change.finding, later.modality, later.region),
            read_at=earlier.read_at,
            answered=change.answered,
            weight=change.weight,
        )
        for number, change in enumerate(changes)
    ]


def compare_reports(workspace: Workspace) -> int:
    """Store what each pair that is not compared yet tells, and ask for its readers' replay; returns how many pairs.

    A pair, its reads and the jobs that replay them are one transaction: killed and run again, it completes.
    """
    with workspace.database.snapshot() as tx:
        waiting = (pair for study in reports.studies(tx, DEPARTMENT) for pair in pairs_of(study))
        portions = iter(lambda: list(islice(waiting, PAIRS_A_TRANSACTION)), [])
        return sum(_store(workspace, portion) for portion in along(portions, "comparing reports"))


def _store(workspace: Workspace, pairs: Sequence[Pair]) -> int:
    with workspace.database.transaction() as tx:
        reports.lock(tx, DEPARTMENT)
        old = [each for pair in pairs if pair.before for each in readings_of(workspace, pair.earlier, pair.before)]
        history.remove(tx, [reading.reading_id for reading in old])
        new = [each for pair in pairs if pair.later for each in readings_of(workspace, pair.earlier, pair.later)]
        history.add_many(tx, new)
        for pair in pairs:
            reports.compared(tx, pair.earlier.report_id, pair.later.report_id if pair.later else None)
            if pair.earlier.case_id:
                changed = reports.flag if pair.later else reports.unflag
                changed(tx, pair.earlier.case_id, CORRECTED_LATER)
        later = (each for pair in pairs for each in (pair.later, pair.before) if each)
        for case_id in sorted({each.case_id for each in later if each.case_id}):
            rank_again(tx, workspace, case_id)
        _ask_for_replay(tx, workspace, {reading.reader_id for reading in (*old, *new)})
    return sum(pair.later is not None for pair in pairs)


def _ask_for_replay(tx: Transaction, workspace: Workspace, reader_ids: set[str]) -> None:
    """A job for each reader that has none waiting."""
    asked = {str(job.payload.get("reader_id")) for job in jobs.queued(tx, DEPARTMENT, REPLAY_READER)}
    for reader_id in sorted(reader_ids - asked):
        now, payload = workspace.now(), {"reader_id": reader_id}
        jobs.add(tx, Job(workspace.new_id(), DEPARTMENT, REPLAY_READER, payload, now))


def replay_asked(workspace: Workspace, learning: Learning) -> None:
    """Do the replays that wait, this run's and what an earlier one left; a service at work may take some of them."""
    with workspace.database.transaction() as tx:
        waiting = jobs.queued(tx, DEPARTMENT, REPLAY_READER)
    for job in along(waiting, "bringing readers up to date"):
        run(workspace, learning, job.job_id)
