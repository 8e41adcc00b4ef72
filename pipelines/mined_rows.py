"""A chunk of mined reports on its way into the store, in one transaction: authors, names, rows and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from api.workspace import DEPARTMENT, Workspace
from models.finding import Assertion
from models.report import ReportStatus
from models.teaching_case import CaseStatus, TeachingCase
from models.volume import ReportCount
from nlp.readable import Unreadable
from pipelines.csv_values import person_name
from pipelines.file_readers import reader_ids
from pipelines.mining import MinedReport
from pipelines.report_rows import KnownBy, apart, case_name
from pipelines.telling import Told
from store import reports, volumes
from store.database import Transaction
from store.reports import SAME_ID_OTHER_WORDS, KeptReport, StudyIdentity

SHOWN = (Assertion.PRESENT, Assertion.UNCERTAIN)
"""What a report's last word on a finding must be for the report to count as one that shows it."""

KEPT_APART = "report has the id of another one, but other words; it is kept apart, under its id and a ~"

SILENT = "report says nothing of what was found: counted, but no case is made of it"

UNREADABLE = "report {}: counted, but not read, and no case is made of it"

UNRECOGNISED = (
    "report shows nothing that is known, and does not call the study normal: a draft for an educator to judge"
)


@dataclass
class Tally:
    """What came of the reports of one run. ``findings`` counts the reports that show each."""

    drafts: int = 0
    normals: int = 0
    preliminary: int = 0
    authors: set[str] = field(default_factory=set)
    findings: Counter[str] = field(default_factory=Counter)

    def count(self, kept: KeptReport) -> None:
        self.preliminary += kept.status is ReportStatus.PRELIMINARY
        self.findings.update(_shown(kept))

    def count_case(self, case: TeachingCase) -> None:
        self.drafts += case.status is CaseStatus.DRAFT
        self.normals += case.status is CaseStatus.POOL


@dataclass(frozen=True, slots=True)
class Mined:
    """A report and what came of it."""

    known: KnownBy
    mined: MinedReport


def store_mined(workspace: Workspace, labelled: str, chunk: Sequence[Mined], told: Told, tally: Tally) -> list[Mined]:
    """Store the reports of a chunk that are not there yet, whole, or nothing of it; returns those that were new.

    ``labelled`` goes before an author's name where two sources merely share names.
    """
    with workspace.database.transaction() as tx:
        reports.lock(tx, DEPARTMENT)
        # Looked up again: another import, or an earlier line of this file, may have brought it since.
        there = reports.known(tx, [each.known.report_id for each in chunk])
        new = [each for each in _distinct(chunk) if each.known.report_id not in there]
        authors = _authors(tx, workspace, labelled, new)
        names, kept_apart = _names(tx, new)
        before = reports.of_studies(tx, DEPARTMENT, new[0].known.source, _studies(new)) if new else []
        kept = [_kept(each, name, authors) for each, name in zip(new, names, strict=True)]
        made = [_case(each, name) for each, name in zip(new, names, strict=True) if each.mined.case]
        found = [case for case in made if case]
        reports.add(tx, kept, found, [_identity(each) for each in new if _is_named(each)], workspace.now())
        volumes.count_reports(tx, DEPARTMENT, _counts(kept, before))
    told.added += len(new)
    told.known += len(chunk) - len(new)
    if kept_apart:
        told.notice(KEPT_APART, kept_apart)
    whys = Counter(_why(each.mined) for each in new if each.mined.silent)
    for notice, number in (
        *whys.items(),
        (UNRECOGNISED, sum(each.mined.unrecognised and each.mined.case is not None for each in new)),
    ):
        if number:
            told.notice(notice, number)
    for report in kept:
        tally.count(report)
    for case in found:
        tally.count_case(case)
    return new


def _why(mined: MinedReport) -> str:
    """Why a report says nothing of what was found."""
    silent = mined.unreadable in (None, Unreadable.EMPTY, Unreadable.NO_REPORT)
    return SILENT if silent else UNREADABLE.format(mined.unreadable)


def _distinct(chunk: Iterable[Mined]) -> list[Mined]:
    return list({each.known.report_id: each for each in reversed(list(chunk))}.values())[::-1]


def _authors(tx: Transaction, workspace: Workspace, labelled: str, new: Sequence[Mined]) -> dict[str, str]:
    """Pseudonym by author, however the source spaces and composes the name."""
    names = {each.known.row.author: person_name(each.known.row.author) for each in new if each.known.row.author}
    ids = reader_ids(tx, workspace, labelled, dict.fromkeys(names.values(), "")) if names else {}
    return {author: ids[name] for author, name in names.items()}


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Who has a plain name now: a stored report, or the report at a place of the chunk."""

    content: str
    stored: KeptReport | None = None
    place: int = -1


def _names(tx: Transaction, new: Sequence[Mined]) -> tuple[list[str], int]:
    """The name of each report, and how many share theirs with another one.

    Of reports that share id and status, the one whose words have the smallest hash has the plain name, so that no order
    of arrival matters; one that lost it is renamed.
    """
    bearers: dict[tuple[str, ReportStatus], _Bearer] = {}
    wanted = list(dict.fromkeys(each.known.name for each in new))
    source = new[0].known.source if new else ""
    for report in reports.bearing(tx, DEPARTMENT, source, wanted):
        bearers[(report.source_id, report.status)] = _Bearer(report.content, stored=report)
    foreign = _foreign(tx, source, new, {bearer.stored.case_id for bearer in bearers.values() if bearer.stored})
    names: list[str] = []
    kept_apart = 0
    for place, each in enumerate(new):
        key = (each.known.name, each.known.row.status)
        bearer = bearers.get(key)
        kept_apart += bearer is not None
        if case_name(*key) in foreign or (bearer and bearer.content < each.known.content):
            names.append(each.known.apart)
            continue
        if bearer and bearer.stored:
            loser = apart(each.known.name, bearer.content)
            reports.rename(tx, bearer.stored, loser, case_name(loser, key[1]))
        elif bearer:
            names[bearer.place] = new[bearer.place].known.apart
        names.append(each.known.name)
        bearers[key] = _Bearer(each.known.content, place=place)
    return names, kept_apart


def _foreign(tx: Transaction, source: str, new: Sequence[Mined], own: set[str | None]) -> set[str]:
    """Names of cases that cases of another import bear in the same source."""
    wanted = [case_name(each.known.name, each.known.row.status) for each in new]
    held = reports.cases_bearing(tx, DEPARTMENT, source, list(dict.fromkeys(wanted)))
    return {name for name, case_id in held.items() if case_id not in own}


def _kept(each: Mined, name: str, authors: dict[str, str]) -> KeptReport:
    known, mined = each.known, each.mined
    return KeptReport(
        report_id=known.report_id,
        department_id=DEPARTMENT,
        source=known.source,
        source_id=name,
        status=known.row.status,
        content=known.content,
        study=known.study,
        exam=known.exam,
        reader_id=authors.get(known.row.author),
        modality=mined.modality,
        region=mined.region,
        read_at=known.row.read_at,
        truth=mined.truth,
        findings=mined.findings,
        main_findings=mined.main,
        details=mined.details,
        case_id=mined.case.case_id if mined.case else None,
    )


def _case(each: Mined, name: str) -> TeachingCase | None:
    case = each.mined.case
    if case is None:
        return None
    flags = (SAME_ID_OTHER_WORDS, *case.flags) if name != each.known.name else case.flags
    return replace(case, source_id=case_name(name, each.known.row.status), flags=flags)


def _is_named(each: Mined) -> bool:
    return each.mined.case is not None and bool(each.known.row.accession or each.known.row.study_uid)


def _identity(each: Mined) -> StudyIdentity:
    return StudyIdentity(each.known.case_id, each.known.row.accession, each.known.row.study_uid)


def _studies(new: Iterable[Mined]) -> list[str]:
    return list(dict.fromkeys(each.known.study for each in new))


def _counts(kept: Sequence[KeptReport], before: Sequence[KeptReport]) -> list[ReportCount]:
    """What the reports add, by author, month, modality and finding; "" counts the read itself.

    An author reads a study once, however many reports of it there are: the last of them counts, in the place of the
    one that counted ``before``. All are of one source.
    """
    found: Counter[tuple[str, str, str, str]] = Counter()
    counted, now = _last_words(before), _last_words([*before, *kept])
    for key in _last_words(kept):
        if key in counted:
            found.subtract(_read(counted[key]))
        found.update(_read(now[key]))
    return [ReportCount(*key, number) for key, number in found.items() if number]


def _last_words(written: Iterable[KeptReport]) -> dict[tuple[str, str], KeptReport]:
    """The last report on each study by each author."""
    return {(report.study, report.reader_id or ""): report for report in sorted(written, key=_lateness)}


_STATUSES = tuple(ReportStatus)


def _lateness(report: KeptReport) -> tuple[int, float, str]:
    return _STATUSES.index(report.status), report.read_at.timestamp() if report.read_at else 0.0, report.report_id


def _read(report: KeptReport) -> list[tuple[str, str, str, str]]:
    month = f"{report.read_at:%Y-%m}" if report.read_at else ""
    return [(report.reader_id or "", month, report.modality, finding) for finding in ("", *_shown(report))]


def _shown(kept: KeptReport) -> list[str]:
    return [key for key, word in kept.findings.items() if word in SHOWN]
