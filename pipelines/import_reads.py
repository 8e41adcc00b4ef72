"""``wetread import-reads``: reads of another system become history, and what they say of each reader and case.

A read is known by what its row says of it, never by its neighbours (``imported_reads``): importing a file again adds
nothing, a mended file adds what was mended, and a killed import completes when it is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.reading import Reader, Reading, ReadingSource
from pipelines.case_names import cases_of_reads, checked_source
from pipelines.csv_values import Clock
from pipelines.imported_reads import FindingWords, reading_ids, reading_of
from pipelines.learn import learn, unlearned
from pipelines.reads_file import ReadRow, read_rows
from pipelines.stubs import stub
from pipelines.telling import Told, along, out
from store import audit, cases, history, readers
from store.audit import AuditEntry
from store.database import Transaction
from store.history import Held

__all__ = ["ReadsImport", "import_reads", "learn"]

ROWS_A_TRANSACTION = 5_000


@dataclass(frozen=True, slots=True)
class ReadsImport:
    """``create_cases`` None: where the workspace knows none of the file's cases. ``source`` tells files apart whose
    readers and cases merely share names."""

    path: Path
    clock: Clock
    create_cases: bool | None = None
    source: str = ""


def import_reads(workspace: Workspace, wanted: ReadsImport) -> int:
    """Import every usable row; returns the exit code, 1 where a row was refused."""
    checked_source(wanted.source)
    told = Told("reads")
    rows = list(along(read_rows(wanted.path, told, wanted.clock), f"reading {wanted.path.name}"))
    words = FindingWords(workspace.findings)
    with workspace.database.transaction() as tx:
        case_ids = _case_ids(tx, workspace, words, wanted, rows, told)
        rows = [row for row in rows if row.case in case_ids]
        reader_ids = _reader_ids(tx, workspace, wanted, rows)
        reads = reading_ids(tx, workspace, wanted.source, rows)
    readings = _distinct(zip(rows, reads, strict=True), words, case_ids, reader_ids, told)
    _store(workspace, readings, told)
    learning = Learning(workspace.findings)
    if told.added or unlearned(workspace, learning):
        learn(workspace, learning)
    with workspace.database.transaction() as tx:
        audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", "import reads", f"{told.added} reads"))
    out.print(f"{len(reader_ids):,} readers, {len(case_ids):,} cases in the file")
    return told.finish()


def _case_ids(
    tx: Transaction,
    workspace: Workspace,
    words: FindingWords,
    wanted: ReadsImport,
    rows: Sequence[ReadRow],
    told: Told,
) -> dict[str, str]:
    """case_id by the file's name of a case; stubs are made where wanted, else reads of unknown cases are refused."""
    names = list(dict.fromkeys(row.case for row in rows))
    known, unclear = cases_of_reads(tx, workspace, DEPARTMENT, wanted.source, names)
    create = wanted.create_cases if wanted.create_cases is not None else not known
    if create:
        known |= _stubs(tx, workspace, words, wanted, [row for row in rows if row.case not in {*known, *unclear}], told)
    for row in rows:
        if row.case in unclear:
            problem = "more than one collection of this workspace has a case of this id"
            told.refuse(BadInput(row.where, problem, "name the collection with --source"))
        elif row.case not in known:
            problem = "this workspace has no such case"
            told.refuse(BadInput(row.where, problem, "import it first, or add --create-cases"))
    return known


def _stubs(
    tx: Transaction,
    workspace: Workspace,
    words: FindingWords,
    wanted: ReadsImport,
    rows: Sequence[ReadRow],
    told: Told,
) -> dict[str, str]:
    """A stub for each case of the rows, as the first row of it has it; case_id by the file's name."""
    first = {row.case: row for row in reversed(rows)}
    made = {name: stub(workspace, words, wanted.source, row) for name, row in first.items()}
    if made:
        told.notice("case made as a stub without images, practised on the command line", len(made))
        cases.add_stubs(tx, list(made.values()), workspace.now())
    return {name: case.case_id for name, case in made.items()}


def _reader_ids(tx: Transaction, workspace: Workspace, wanted: ReadsImport, rows: Iterable[ReadRow]) -> dict[str, str]:
    """Pseudonym by the file's name of a reader; a name that is known already, a login say, keeps its reader."""
    levels = {row.reader: row.level for row in rows}
    labels = {name: f"{wanted.source}/{name}" if wanted.source else name for name in levels}
    known = readers.by_labels(tx, DEPARTMENT)
    found = {name: known.get(label) or workspace.opaque("reader", DEPARTMENT, label) for name, label in labels.items()}
    readers.add(tx, [Reader(found[name], DEPARTMENT, level) for name, level in levels.items()])
    readers.name(tx, DEPARTMENT, {labels[name]: reader for name, reader in found.items()})
    return found


def _distinct(
    rows: Iterable[tuple[ReadRow, str]],
    words: FindingWords,
    case_ids: Mapping[str, str],
    reader_ids: Mapping[str, str],
    told: Told,
) -> list[tuple[str, Reading]]:
    """The reads with the place of each in the file; a second row that tells of the same read is refused."""
    first: dict[str, int] = {}
    found: list[tuple[str, Reading]] = []
    for row, read in rows:
        try:
            if read in first:
                problem = f"tells of the same read as line {first[read]}: reader, case and number agree"
                raise BadInput(row.where, problem, "number the two apart, or remove one")
            found.append((row.where, reading_of(words, row, read, case_ids[row.case], reader_ids[row.reader])))
            first[read] = row.line
        except BadInput as error:
            told.refuse(error)
    return found


def _store(workspace: Workspace, readings: Sequence[tuple[str, Reading]], told: Told) -> None:
    for start in along(range(0, len(readings), ROWS_A_TRANSACTION), "storing reads"):
        part = readings[start : start + ROWS_A_TRANSACTION]
        with workspace.database.transaction() as tx:
            held = history.held(tx, [reading.reading_id for _, reading in part])
            _add(tx, [reading for _, reading in part if reading.reading_id not in held])
        told.added += len(part) - len(held)
        for where, reading in part:
            if reading.reading_id in held:
                _known(where, reading, held[reading.reading_id], told)


def _known(where: str, reading: Reading, held: Held, told: Told) -> None:
    """A stored read is evidence that a reader's state rests on: a file that now says otherwise does not change it."""
    told_otherwise = {"correct": reading.correct != held.correct, "truth": reading.skills.truth is not held.truth}
    changed = [name for name, differs in told_otherwise.items() if differs]
    if not changed:
        told.known += 1
        return
    problem = f"its {' and '.join(changed)} differs from what is stored of this read, which stays"
    told.refuse(BadInput(where, problem, "mend the row, or import the file under its own --source"))


def _add(tx: Transaction, new: Sequence[Reading]) -> None:
    """Store reads none of which is there. One whose number another read of its reader and case has goes last."""
    if history.add_many(tx, new) == len(new):
        return
    there = history.held(tx, [reading.reading_id for reading in new])
    for reading in new:
        if reading.reading_id not in there:
            last = history.next_sequence(tx, reading.reader_id, ReadingSource.IMPORTED)
            history.add(tx, replace(reading, sequence=last))
