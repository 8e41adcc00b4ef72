"""``wetread import-reads``: reads of another system become history, and what they say of each reader and case.

A read is known by what its row says of it, never by its neighbours (``imported_reads``): importing a file again adds
nothing, a mended file adds what was mended, and a killed import completes when it is run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.reading import Reading, ReadingSource
from pipelines.case_names import STUBS, cases_of_reads, checked_source, stub_id
from pipelines.columns import ColumnWish, Header, mapped, remember
from pipelines.csv_records import Record, csv_records
from pipelines.csv_values import Clock, in_utc, time_zone
from pipelines.file_readers import reader_ids
from pipelines.finding_words import FindingWords
from pipelines.imported_reads import alike_ids, reading_of
from pipelines.intake import Intake, intake
from pipelines.learn import learn, unlearned
from pipelines.read_conflicts import contradicted, told_by_case, told_by_read, told_otherwise
from pipelines.reads_file import COLUMNS, ReadRow, ReadsReader, check_columns, spelled
from pipelines.staged_reads import MOST_ALIKE, StagedRead, StagedReads
from pipelines.staging import staging
from pipelines.stubs import stub
from pipelines.telling import out
from pipelines.written_times import TimeEvidence, TimeFormat, parse_time_format
from store import cases, history, reimports
from store.database import Transaction

__all__ = ["ReadsImport", "import_reads", "learn"]

ROWS_A_TRANSACTION = 5_000
WENT_BACK = "read whose time goes back against its number, which says where it stands"


@dataclass(frozen=True, slots=True)
class ReadsImport:
    """``create_cases`` None: where the workspace knows none of the file's cases, or as stubs alone. ``source`` tells
    files apart whose readers and cases merely share names. ``time_format``: see ``parse_time_format``."""

    path: Path
    clock: Clock
    create_cases: bool | None = None
    source: str = ""
    wish: ColumnWish = field(default_factory=lambda: ColumnWish({}))
    time_format: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step of one import is done with."""

    workspace: Workspace
    wanted: ReadsImport
    told: Intake
    words: FindingWords
    reads: StagedReads


def import_reads(workspace: Workspace, wanted: ReadsImport) -> int:
    """Import every usable row; returns the exit code, 1 where a row was refused."""
    checked_source(wanted.source)
    with intake(workspace, "reads", "reads", wanted.path, wanted.source) as told:
        with staging(workspace) as disk:
            reads = StagedReads(disk, workspace, wanted.source, wanted.path)
            run = _Run(workspace, wanted, told, FindingWords(workspace.findings), reads)
            header, wish = _stage(run)
            tells_cases = bool(header.columns["truth"] or header.columns["diagnosis"])
            _link_cases(run, tells_cases)
            with workspace.database.transaction() as tx:
                people = reader_ids(tx, workspace, wanted.source, reads.levels())
            _tell_alike_apart(run)
            _store(run, people, tells_cases)
            linked = reads.linked()
        if told.added or told.known:
            remember(workspace, "reads", header, wish, wanted.source)
        learning = Learning(workspace.findings)
        if told.added or unlearned(workspace, learning):
            learn(workspace, learning)
    out.print(f"{len(people):,} readers, {linked:,} cases in the file")
    return told.finish()


def _stage(run: _Run) -> tuple[Header, ColumnWish]:
    """Every row that can be used onto the disk; the others are refused. Returns the header and what was said of it."""
    path, wanted = run.wanted.path, run.wanted
    times = parse_time_format(wanted.time_format)
    records = csv_records(path)
    first = next(records, None)
    header, wish = mapped(run.workspace, "reads", path, first, COLUMNS, wanted.wish, wanted.source)
    check_columns(path, header)
    clock = replace(wanted.clock, zone=time_zone(wish.time_zone)) if wish.time_zone else wanted.clock
    reader = ReadsReader(path, header, clock, times, TimeEvidence())
    if not _put_rows(run, reader, records):
        run.told.refuse(BadInput(str(path), "holds no reads", "add one row a read below the header"))
    _settle_times(run, reader)
    if header.columns["sequence"] and header.columns["read_at"] and (back := run.reads.steady_clocks()):
        run.told.notice(WENT_BACK, back)
    run.reads.group()
    return header, wish


def _put_rows(run: _Run, reader: ReadsReader, records: Iterator[Record]) -> bool:
    """Returns whether there are any rows, usable or not."""
    found = False
    in_series = bool(reader.header.columns["series"])
    for record in run.told.along(records, f"reading {run.wanted.path.name}"):
        found = True
        if in_series:
            run.reads.meet(*reader.reader_and_series(record), record.line)
        try:
            run.reads.put(run.words.judged(reader.row(record)))
        except BadInput as error:
            run.told.refuse(error)
            continue
        if record.note:
            run.told.notice(f"line {record.note}")
    run.reads.flush()
    return found


def _settle_times(run: _Run, reader: ReadsReader) -> None:
    """Read the times that only their whole column can tell."""
    times: TimeFormat | None = None
    for part in run.reads.with_open_times():
        times = times or reader.evidence.settled(str(run.wanted.path))
        settled: list[ReadRow] = []
        refused: list[ReadRow] = []
        for row in part:
            try:
                stated = times.stated(row.where, row.open_time)
                at = in_utc(row.where, stated, reader.clock)
                settled.append(replace(row, stated_time=spelled(stated), read_at=at))
            except BadInput as error:
                run.told.refuse(error)
                refused.append(row)
        run.reads.settle(settled, refused)


def _link_cases(run: _Run, tells_cases: bool) -> None:
    """Find each case of the file in the workspace; stubs are made of the others where wanted.

    ``tells_cases``: whether the file says what its cases are.
    """
    workspace, reads, source = run.workspace, run.reads, run.wanted.source
    only_stubs = True
    for part in reads.cases():
        with workspace.database.snapshot() as tx:
            known, unclear = cases_of_reads(tx, workspace, DEPARTMENT, source, [row.case for row in part])
            stubs = _stubs_among(tx, workspace, source, known)
            truths = reimports.truths(tx, list(known.values()))
        only_stubs = only_stubs and set(known.values()) <= stubs
        reads.link(known.items(), unclear)
        # A real case may show more than a file asks of it; a stub is what the file asked.
        told = ((name, *truths[id], id in stubs) for name, id in known.items())
        reads.tell_cases(
            (name, truth, "".join(f[:1]) if stub or not tells_cases else "") for name, truth, f, stub in told
        )
    # A file that grows by the month, or whose import was killed, meets stubs of its own: they are no library.
    create = only_stubs if run.wanted.create_cases is None else run.wanted.create_cases
    for part in reads.cases(unlinked=True) if create else ():
        made = [(row.case, stub(workspace, run.words, source, row)) for row in part]
        with workspace.database.transaction() as tx:
            cases.add_stubs(tx, [case for _, case in made], workspace.now())
        reads.link((stated, case.case_id) for stated, case in made)
        run.told.notice("case made as a stub without images, practised on the command line", len(made))


def _stubs_among(tx: Transaction, workspace: Workspace, source: str, known: Mapping[str, str]) -> set[str]:
    """The case_ids of stubs of this source among cases by their stated names."""
    names = [stub_id(workspace, source, stated) for stated in known]
    return {case.case_id for case in reimports.known(tx, DEPARTMENT, names) if case.source == STUBS}


def _tell_alike_apart(run: _Run) -> None:
    """Decide which reads the rows tell of that nothing but their place tells apart."""
    while rows := run.reads.too_many_alike():
        for row in rows:
            problem = f"more than {MOST_ALIKE:,} rows have its reader, case and time"
            run.told.refuse(BadInput(row.where, problem, "number the reads in a column sequence"))
    for groups in run.reads.alike():
        with run.workspace.database.snapshot() as tx:
            run.reads.place(alike_ids(tx, run.workspace, run.wanted.source, run.words, groups).items())


def _store(run: _Run, people: Mapping[str, str], tells_cases: bool) -> None:
    """Store what is new. A file that does not tell what its cases are (``tells_cases``) takes that from the cases."""
    part: list[tuple[StagedRead, Reading]] = []
    for staged in run.told.along(run.reads, "storing reads", len(run.reads)):
        if not tells_cases:
            staged = told_by_case(staged)
        try:
            part.append((staged, _reading(run, staged, people)))
        except BadInput as error:
            run.told.refuse(error)
        if len(part) >= ROWS_A_TRANSACTION:
            _store_part(run, part, tells_cases)
            part = []
    _store_part(run, part, tells_cases)


def _reading(run: _Run, staged: StagedRead, people: Mapping[str, str]) -> Reading:
    """The read a row tells of. Raises BadInput where its case is not known, or an earlier row tells of it."""
    row = staged.row
    if staged.unclear:
        problem = "more than one collection of this workspace has a case of this id"
        raise BadInput(row.where, problem, "name the collection with --source")
    if staged.case_id is None:
        raise BadInput(row.where, "this workspace has no such case", "import it first, or add --create-cases")
    if staged.first != row.line:
        problem = f"tells of the same read as line {staged.first}: reader, case and number agree"
        raise BadInput(row.where, problem, "number the two apart, or remove one")
    return reading_of(run.words, row, staged.reading_id, staged.case_id, people[row.reader])


def _store_part(run: _Run, part: Sequence[tuple[StagedRead, Reading]], tells_cases: bool) -> None:
    with run.workspace.database.transaction() as tx:
        held = history.held(tx, [reading.reading_id for _, reading in part])
        fresh = [(staged, reading) for staged, reading in part if reading.reading_id not in held]
        new = [reading for staged, reading in fresh if not contradicted(run.words, staged)]
        added = _add(tx, new)
    run.told.added += added
    run.told.known += len(new) - added  # another import was faster
    for staged, reading in part:
        problem, remedy = "", "mend the row"
        if before := held.get(reading.reading_id):
            row = staged.row if tells_cases else told_by_read(staged.row, before)
            problem = told_otherwise(run.words, row, before)
        elif other := contradicted(run.words, staged):
            problem = f"says another {other} than the case of this name"
            remedy = "mend the row or, where the file numbers its cases its own way, import it under its own --source"
        if problem:
            run.told.refuse(BadInput(staged.row.where, problem, remedy))
        elif before:
            run.told.known += 1


def _add(tx: Transaction, new: Sequence[Reading]) -> int:
    """Store reads and return how many were not there. One whose number another read of its reader and case has goes
    last."""
    added = history.add_many(tx, new)
    if added == len(new):
        return added
    there = history.held(tx, [reading.reading_id for reading in new])
    for reading in new:
        if reading.reading_id not in there:
            last = history.next_sequence(tx, reading.reader_id, ReadingSource.IMPORTED)
            history.add(tx, replace(reading, sequence=last))
            added += 1
    return added
