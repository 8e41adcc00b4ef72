"""``wetread import-reads``: reads of another system become history, and what they say of each reader and case.

A read is known by source, reader, case and sequence (the row, where a file numbers none): importing a file again adds
nothing, and a killed import completes when it is run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.learning import PRACTICE_SOURCES, Learning
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.finding import FindingCatalogue, Region, Truth
from models.reading import Reader, Reading, ReadingSource, Skills, StateKind
from models.teaching_case import CaseKey, CaseOrigin, CaseStatus, CaseStem, Cleaning, Proof, TeachingCase
from pipelines.reads_file import Clock, ReadRow, read_rows
from pipelines.telling import Told, along, out, working
from recommender.fit import fit
from recommender.population import Population
from store import audit, cases, history, library, readers, states, tracer_models
from store.audit import AuditEntry
from store.database import Transaction

ROWS_A_TRANSACTION = 5_000
FEWEST_READERS = 5
"""Below this many readers the shipped priors are better than a fit."""


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
    told = Told("reads")
    rows = list(along(read_rows(wanted.path, told, wanted.clock), f"reading {wanted.path.name}"))
    learning = Learning(workspace.findings)
    with workspace.database.transaction() as tx:
        case_ids = _case_ids(tx, workspace, wanted, rows, told)
        reader_ids = _reader_ids(tx, workspace, wanted, rows)
    usable = [row for row in rows if row.case in case_ids]
    _store(workspace, usable, case_ids, reader_ids, told)
    if told.added or _unlearned(workspace, reader_ids.values()):
        learn(workspace, learning)
    with workspace.database.transaction() as tx:
        audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", "import reads", f"{told.added} reads"))
    out.print(f"{len(reader_ids):,} readers, {len(case_ids):,} cases in the file")
    return told.finish()


def learn(workspace: Workspace, learning: Learning) -> None:
    """Fit the population to all reads of the department, then bring every reader's states up to date."""
    with workspace.database.transaction() as tx:
        reads = [r for r in history.of_department(tx, DEPARTMENT) if r.source in PRACTICE_SOURCES]
        if len({read.reader_id for read in reads}) >= FEWEST_READERS:
            with working("learning how hard each case is"):
                population = fit(reads)
            _promote(tx, workspace, population)
    with workspace.database.snapshot() as tx:
        everyone = readers.every(tx, DEPARTMENT)
    for reader in along(everyone, "bringing readers up to date"):
        with workspace.database.transaction() as tx:
            learning.replay(tx, reader)


def _promote(tx: Transaction, workspace: Workspace, population: Population) -> None:
    tracer_models.promote(tx, DEPARTMENT, "bayesian", json.loads(population.to_json()), workspace.now())
    library.set_difficulties(tx, DEPARTMENT, ((case, d.mean, d.sd) for case, d in population.cases.items()))


def _case_ids(
    tx: Transaction, workspace: Workspace, wanted: ReadsImport, rows: Sequence[ReadRow], told: Told
) -> dict[str, str]:
    """case_id by the file's name of a case; stubs are made where wanted, else reads of unknown cases are refused."""
    names = list(dict.fromkeys(row.case for row in rows))
    ids = cases.known(tx, DEPARTMENT, [_name(wanted, name) for name in names])
    known = {name: ids[_name(wanted, name)] for name in names if _name(wanted, name) in ids}
    create = wanted.create_cases if wanted.create_cases is not None else not known
    first = {row.case: row for row in reversed(rows) if row.case not in known}
    if create and first:
        stubs = [_stub(workspace, wanted, row) for row in first.values()]
        told.notice("case made as a stub without images, practised on the command line", len(stubs))
        cases.add_stubs(tx, stubs, workspace.now())
        return known | {row.case: stub.case_id for row, stub in zip(first.values(), stubs, strict=True)}
    for row in rows:
        if row.case not in known:
            told.refuse(
                BadInput(row.where, "this workspace has no such case", "import it first, or add --create-cases")
            )
    return known


def _reader_ids(tx: Transaction, workspace: Workspace, wanted: ReadsImport, rows: Iterable[ReadRow]) -> dict[str, str]:
    """Pseudonym by the file's name of a reader; a name that is known already, a login say, keeps its reader."""
    levels = {row.reader: row.level for row in rows}
    found: dict[str, str] = {}
    known = readers.by_labels(tx, DEPARTMENT)
    for label in levels:
        name = _name(wanted, label)
        found[label] = known.get(name) or workspace.opaque("reader", DEPARTMENT, name)
    readers.add(tx, [Reader(found[label], DEPARTMENT, level) for label, level in levels.items()])
    readers.name(tx, DEPARTMENT, {_name(wanted, label): reader for label, reader in found.items()})
    return found


def _name(wanted: ReadsImport, name: str) -> str:
    return f"{wanted.source}/{name}" if wanted.source else name


def _store(
    workspace: Workspace,
    rows: Sequence[ReadRow],
    case_ids: dict[str, str],
    reader_ids: dict[str, str],
    told: Told,
) -> None:
    sequences = _sequences(rows)
    readings = [
        _reading(workspace, row, case_ids[row.case], reader_ids[row.reader], sequence)
        for row, sequence in zip(rows, sequences, strict=True)
    ]
    starts = range(0, len(readings), ROWS_A_TRANSACTION)
    for start in along(starts, "storing reads"):
        part = readings[start : start + ROWS_A_TRANSACTION]
        with workspace.database.transaction() as tx:
            new = history.add_many(tx, part)
        told.added += new
        told.known += len(part) - new


def _sequences(rows: Sequence[ReadRow]) -> list[int]:
    """A number that orders a reader's reads and stays the same at every import of the file.

    Where each series counts anew, a later series continues after the longest earlier one.
    """
    lengths: dict[str, int] = {}
    for row in rows:
        lengths[row.series] = max(lengths.get(row.series, 0), row.sequence or 0)
    offsets, total = {}, 0
    for series, length in lengths.items():
        offsets[series] = total
        total += length
    return [row.row if row.sequence is None else offsets[row.series] + row.sequence for row in rows]


def _reading(workspace: Workspace, row: ReadRow, case_id: str, reader_id: str, sequence: int) -> Reading:
    return Reading(
        reading_id=workspace.opaque("reading", DEPARTMENT, "imported", reader_id, case_id, str(sequence)),
        department_id=DEPARTMENT,
        reader_id=reader_id,
        case_id=case_id,
        source=ReadingSource.IMPORTED,
        sequence=sequence,
        correct=row.correct,
        skills=_skills(row, workspace.findings),
        read_at=row.read_at,
        seconds=row.seconds,
        answer_text=row.answer,
    )


def _skills(row: ReadRow, findings: FindingCatalogue) -> Skills:
    finding = finding_key(row.diagnosis, findings) if row.diagnosis else None
    region = findings[finding].region if finding and finding in findings else Region.OTHER
    return Skills(row.truth, finding, row.modality, region)


def finding_key(words: str, findings: FindingCatalogue) -> str:
    """The catalogue's key for a file's word of a finding; the words themselves as a key where it has none."""
    wanted = words.strip().lower()
    for key, finding in findings.items():
        if wanted in (key, finding.name.lower()) or wanted in (phrase.lower() for phrase in finding.phrases):
            return key
    return "_".join("".join(c if c.isalnum() else " " for c in wanted).split())[:80]


def _stub(workspace: Workspace, wanted: ReadsImport, row: ReadRow) -> TeachingCase:
    name = _name(wanted, row.case)
    case_id = workspace.opaque("case", DEPARTMENT, "reads", name)
    skills = _skills(row, workspace.findings)
    abnormal = row.truth is Truth.ABNORMAL
    key = CaseKey(
        case_id=case_id,
        title=row.diagnosis or "Normal",
        report="",
        sections=(),
        truth=row.truth,
        findings=(skills.finding,) if abnormal and skills.finding else (),
        observations=(),
        diagnosis=None,
        diagnosis_text=row.diagnosis,
        differential=(),
        discussion="",
        origin=CaseOrigin.IMPORTED,
        proof=Proof.REPORT_ONLY,
        difficulty=0.0,
        points=(),
        imitates=None if abnormal else skills.finding,
    )
    return TeachingCase(
        department_id=DEPARTMENT,
        source="reads",
        source_id=name,
        status=CaseStatus.STUB,
        stem=CaseStem(case_id, "", ()),
        key=key,
        region=skills.region,
        modality=row.modality,
        patient=workspace.opaque("patient", "reads", name),
        cleaning=Cleaning(None, None),
    )


def _unlearned(workspace: Workspace, reader_ids: Iterable[str]) -> bool:
    """Whether an earlier import was killed between its reads and what they say."""
    with workspace.database.snapshot() as tx:
        return any(states.head(tx, reader_id, StateKind.PRIVATE) is None for reader_id in reader_ids)
