"""``wetread mine``: reports of any format become drafts, a pool of normals, exposure, and evidence of what was changed.

Reports stream through: a few are read, those that are known left out, the rest mined by worker processes and stored, a
chunk a transaction. Killed and run again, the command completes. No order of reports or files matters.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.case_names import checked_source
from pipelines.csv_values import Clock, check_name, person_name
from pipelines.intake import Intake, intake
from pipelines.mined_rows import Mined, Tally, store_mined
from pipelines.mining import Batch, mine_batch, packed
from pipelines.pairs import compare_reports, replay_asked
from pipelines.parallel import Workers, workers
from pipelines.report_files import report_rows
from pipelines.report_files.row import ReportRow
from pipelines.report_images import Places, attach_files, fetch_drafts, naming_files
from pipelines.report_rows import REPORTS, KnownBy, known_by, unread
from pipelines.telling import out
from store import reports

REPORTS_A_BATCH = 100
"""Reports sent to a worker at a time."""

REPORTS_A_TRANSACTION = 1_000

REPORTS_LOOKED_UP = 1_000
LONGEST_REPORT = 100_000
"""Characters. No report is so long; what is has many glued together, and would cost minutes to read."""

MOST_CHARACTERS = 2_000_000
"""Fewer reports go together where they are longer than this in all, so that reports of any length fit into memory."""

KNOWN_TOGETHER = 20_000
"""Known reports that are passed over before that is told, where no new one is among them."""

MOST_FINDINGS_TOLD = 8


@dataclass(frozen=True, slots=True)
class MiningWish:
    """``jobs`` processes of this machine, or those of ``cluster``. ``images`` is a folder, None: beside the reports.

    ``fetch`` False leaves the PACS alone; ``columns`` says which column of a CSV file holds what, ``time_format`` how
    it writes times (see ``parse_time_format``).
    """

    path: Path
    clock: Clock
    source: str = ""
    images: Path | None = None
    fetch: bool = True
    jobs: int = 1
    cluster: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some reports of the file: ``read`` in all, those to be mined, and known ones that name images."""

    read: int
    new: tuple[KnownBy, ...]
    known: int
    naming: tuple[tuple[KnownBy, str], ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """What every report of one run is taken in with."""

    workspace: Workspace
    wanted: MiningWish
    told: Intake
    tally: Tally
    catalogues: bytes
    places: Places


def mine(workspace: Workspace, wanted: MiningWish) -> int:
    """Take in every report of a file or folder; returns the exit code, 1 where one was refused."""
    checked_source(wanted.source)
    tally = Tally()
    with intake(workspace, "reports", "reports", wanted.path, wanted.source or REPORTS) as told:
        catalogues = packed(workspace.findings, workspace.diagnoses)
        run = _Run(workspace, wanted, told, tally, catalogues, Places(wanted.path, wanted.images))
        with workers(wanted.cluster, wanted.jobs) as crew:
            for _ in told.along(_taken_in(run, crew), f"mining {wanted.path.name}"):
                pass
        pairs = compare_reports(workspace)
        learning = Learning(workspace.findings)
        replay_asked(workspace, learning)
        with workspace.database.transaction() as tx:
            learning.note_gaps(tx, DEPARTMENT)
        if wanted.fetch:
            fetch_drafts(workspace, told)
    _tell(run, pairs)
    return told.finish()


def _taken_in(run: _Run, crew: Workers) -> Iterator[None]:
    """Mine and store; yields once for each report that was read."""
    sent: deque[_Part] = deque()
    chunk: list[Mined] = []
    for mined in crew.each(mine_batch, _batches(run, sent)):
        part = sent.popleft()
        chunk += [Mined(*each) for each in zip(part.new, mined, strict=True)]
        run.told.known += part.known
        _attach(run, part.naming)
        if len(chunk) >= REPORTS_A_TRANSACTION or sum(each.known.characters for each in chunk) >= MOST_CHARACTERS:
            _store(run, chunk)
            chunk = []
        yield from [None] * part.read
    _store(run, chunk)


def _store(run: _Run, chunk: list[Mined]) -> None:
    if chunk:
        new = store_mined(run.workspace, run.wanted.source, chunk, run.told, run.tally)
        _attach(run, naming_files((each.known, each.known.case_id if each.mined.case else None) for each in new))


def _attach(run: _Run, naming: list[tuple[KnownBy, str]] | tuple[tuple[KnownBy, str], ...]) -> None:
    if naming:
        attach_files(run.workspace, run.places, naming, run.told)


def _batches(run: _Run, sent: deque[_Part]) -> Iterator[Batch]:
    """What workers are given; ``sent`` gets what each batch's reports are, in the same order."""
    for part in _parts(run):
        sent.append(part)
        texts = tuple(unread(run.workspace, each) for each in part.new)
        yield Batch(run.catalogues if texts else b"", texts)


def _parts(run: _Run) -> Iterator[_Part]:
    wanted = run.wanted
    rows = report_rows(wanted.path, run.told.refuse, wanted.clock, run.told.notice, wanted.columns, wanted.time_format)
    known: list[tuple[KnownBy, str | None]] = []
    for looked_up in _chunks(run, rows):
        with run.workspace.database.snapshot() as tx:
            there = reports.known(tx, [each.report_id for each in looked_up])
        known += [(each, there[each.report_id]) for each in looked_up if each.report_id in there]
        new = [each for each in looked_up if each.report_id not in there]
        if new or len(known) >= KNOWN_TOGETHER:
            yield from _split(known, new)
            known = []
    yield from _split(known, [])


def _chunks(run: _Run, rows: Iterable[ReportRow]) -> Iterator[list[KnownBy]]:
    for chunk in _together(_named(run, rows), REPORTS_LOOKED_UP):
        authors = {each.row.author for each in chunk if each.row.author}
        run.tally.authors.update(map(person_name, authors))
        yield chunk


def _named(run: _Run, rows: Iterable[ReportRow]) -> Iterator[KnownBy]:
    for row in rows:
        try:
            if row.author:
                check_name(row.where, "author", row.author, "author")
        except BadInput as error:
            run.told.refuse(error)
            continue
        known = known_by(run.workspace, run.wanted.source, row)
        if known.characters <= LONGEST_REPORT:
            yield known
        else:
            problem = f"has more than {LONGEST_REPORT:,} characters"
            run.told.refuse(BadInput(row.where, problem, "give one report, not many in one"))


def _split(known: list[tuple[KnownBy, str | None]], new: list[KnownBy]) -> Iterator[_Part]:
    """The new reports in batches; the known ones are told first."""
    if known:
        yield _Part(len(known), (), len(known), tuple(naming_files(known)))
    for batch in _together(new, REPORTS_A_BATCH):
        yield _Part(len(batch), tuple(batch), 0, ())


def _together(reports: Iterable[KnownBy], most: int) -> Iterator[list[KnownBy]]:
    """The reports in lists of at most so many, or fewer where they are long."""
    chunk: list[KnownBy] = []
    characters = 0
    for each in reports:
        chunk.append(each)
        characters += each.characters
        if len(chunk) == most or characters >= MOST_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _tell(run: _Run, pairs: int) -> None:
    told, tally = run.told, run.tally
    read = told.added + told.known + told.refused
    out.print(f"{read:,} reports read, by {len(tally.authors):,} authors")
    made = f"{tally.drafts:,} drafts, {tally.normals:,} normals in the pool, {tally.preliminary:,} preliminary"
    out.print(f"{made}; {pairs:,} compared with a later report")
    if tally.findings:
        most = tally.findings.most_common(MOST_FINDINGS_TOLD)
        named = ", ".join(f"{run.workspace.findings.name(key)} {number:,}" for key, number in most)
        out.print(f"most seen: {named}", markup=False)
