"""The reading history: every committed read, whichever source it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, or_, select

from models.finding import Region, Truth
from models.reading import Exposure, Reading, ReadingSource, Skills, StateKind
from store import notation
from store.database import Transaction
from store.inserting import insert_new
from store.tables import cases, reader_states, readings, state_heads

IDS_A_STATEMENT = 500


def add(tx: Transaction, reading: Reading) -> None:
    """Store one read given to Wetread."""
    tx.execute(insert(readings).values(_row(reading)))


def add_many(tx: Transaction, many: Sequence[Reading]) -> int:
    """Store the reads whose id and (source, reader, case, sequence) are not there yet; returns how many that were."""
    return insert_new(tx, readings, [_row(reading) for reading in many])


def remove(tx: Transaction, reading_ids: Sequence[str]) -> None:
    """Take back reads that rested on evidence which has changed; their readers' states must be replayed."""
    for start in range(0, len(reading_ids), IDS_A_STATEMENT):
        part = list(reading_ids[start : start + IDS_A_STATEMENT])
        tx.execute(delete(readings).where(readings.c.reading_id.in_(part)))


@dataclass(frozen=True, slots=True)
class Held:
    """What a stored read says, for comparison with a file that tells of it again."""

    correct: bool
    truth: Truth
    finding: str | None = None
    answer_text: str = ""


def held(tx: Transaction, reading_ids: Sequence[str]) -> dict[str, Held]:
    """Those of the reads that are stored, by reading_id."""
    found: dict[str, Held] = {}
    for start in range(0, len(reading_ids), IDS_A_STATEMENT):
        part = list(reading_ids[start : start + IDS_A_STATEMENT])
        rows = tx.execute(
            select(
                readings.c.reading_id,
                readings.c.correct,
                readings.c.truth,
                readings.c.finding,
                readings.c.answer_text,
            ).where(readings.c.reading_id.in_(part))
        )
        found.update({id: Held(correct, Truth(truth), *told) for id, correct, truth, *told in rows})
    return found


def behind(
    tx: Transaction,
    department_id: str,
    sources: Collection[ReadingSource],
    kind: StateKind,
    skill: str,
    model: str,
) -> list[str]:
    """Readers whose state of that kind has not taken in all their reads of these sources under this model.

    ``skill`` names the row of the state that counts every read. A process that died between storing reads and
    learning from them leaves such readers.
    """
    counted = (
        select(readings.c.reader_id, func.count().label("reads"))
        .where(readings.c.department_id == department_id, readings.c.weight > 0, from_sources(sources))
        .group_by(readings.c.reader_id)
        .subquery()
    )
    state = and_(
        reader_states.c.reader_id == counted.c.reader_id,
        reader_states.c.kind == kind.value,
        reader_states.c.skill == skill,
    )
    head = and_(state_heads.c.reader_id == counted.c.reader_id, state_heads.c.kind == kind.value)
    rows = tx.execute(
        select(counted.c.reader_id)
        .join(reader_states, state, isouter=True)
        .join(state_heads, head, isouter=True)
        .where(
            or_(
                func.coalesce(reader_states.c.reads, 0) != counted.c.reads,
                func.coalesce(state_heads.c.model, "") != model,
            )
        )
        .order_by(counted.c.reader_id)
    )
    return list(rows.scalars())


def get(tx: Transaction, reading_id: str) -> Reading | None:
    row = tx.execute(select(readings).where(readings.c.reading_id == reading_id)).one_or_none()
    return _reading(row) if row else None


def of_reader(tx: Transaction, reader_id: str) -> list[Reading]:
    rows = tx.execute(
        select(readings).where(readings.c.reader_id == reader_id).order_by(readings.c.sequence, readings.c.reading_id)
    )
    return [_reading(row) for row in rows]


def of_department(tx: Transaction, department_id: str) -> Iterable[Reading]:
    """Every read of the department, streamed, a reader's reads together."""
    every = (
        select(readings)
        .where(readings.c.department_id == department_id)
        .order_by(readings.c.reader_id, readings.c.sequence, readings.c.reading_id)
    )
    # The option belongs to this statement: set on the transaction, it would make cursors of its later writes.
    return (_reading(row) for row in tx.execute(every, execution_options={"yield_per": 2000}))


def evidence(
    tx: Transaction,
    department_id: str,
    sources: Collection[ReadingSource],
    reader_ids: Sequence[str],
    newest: int | None = None,
) -> Iterator[Reading]:
    """What reads of these sources tell of these readers' skills: streamed, a reader's reads together.

    Reads of no weight are left out, and so are the answers themselves. ``newest``: only so many of each reader, the
    latest; undated ones are older than any dated one.
    """
    counted = and_(readings.c.department_id == department_id, readings.c.weight > 0, from_sources(sources))
    kinds = {source.value: source for source in ReadingSource}
    asked: dict[tuple[str, str | None, str, str], Skills] = {}
    for start in range(0, len(reader_ids), IDS_A_STATEMENT):
        part = readings.c.reader_id.in_(list(reader_ids[start : start + IDS_A_STATEMENT]))
        rows = tx.execute(_evidence(and_(counted, part), newest), execution_options={"yield_per": 5000})
        for reading_id, reader_id, case_id, source, sequence, correct, read_at, weight, *kind in rows:
            skills = asked.get(key := tuple(kind))
            if skills is None:
                truth, finding, modality, region = key
                skills = asked[key] = Skills(Truth(truth), finding, modality, Region(region))
            yield Reading(
                reading_id,
                department_id,
                reader_id,
                case_id,
                kinds[source],
                sequence,
                correct,
                skills,
                read_at=read_at,
                weight=weight,
            )


_TOLD = (
    *("reading_id", "reader_id", "case_id", "source", "sequence", "correct", "read_at", "weight"),
    *("truth", "finding", "modality", "region"),
)


def _evidence(counted: ColumnElement[bool], newest: int | None) -> Select[Any]:
    told = select(*(readings.c[name] for name in _TOLD)).where(counted).order_by(readings.c.reader_id)
    if newest is None:
        return told
    latest = (
        readings.c.read_at.desc().nulls_last(),
        *(readings.c[name].desc() for name in ("source", "sequence", "reading_id")),
    )
    place = func.row_number().over(partition_by=readings.c.reader_id, order_by=latest).label("place")
    placed = select(readings.c.reading_id, place).where(counted).subquery()
    return told.join(placed, placed.c.reading_id == readings.c.reading_id).where(placed.c.place <= newest)


def reads_by_reader(tx: Transaction, department_id: str, sources: Collection[ReadingSource]) -> dict[str, int]:
    """Reads of these sources that tell of a skill, by reader_id; readers without any are left out."""
    rows = tx.execute(
        select(readings.c.reader_id, func.count().label("reads"))
        .where(readings.c.department_id == department_id, readings.c.weight > 0, from_sources(sources))
        .group_by(readings.c.reader_id)
        .order_by(readings.c.reader_id)
    )
    return {row.reader_id: row.reads for row in rows}


def next_sequence(tx: Transaction, reader_id: str, source: ReadingSource) -> int:
    last = tx.execute(
        select(func.max(readings.c.sequence)).where(
            readings.c.reader_id == reader_id, readings.c.source == source.value
        )
    ).scalar()
    return (last or 0) + 1


def exposures(tx: Transaction, reader_id: str, sources: Collection[ReadingSource]) -> dict[str, Exposure]:
    """When the reader last met each case in reads of these sources, by case_id."""
    rows = tx.execute(
        select(
            readings.c.case_id,
            cases.c.patient,
            func.count().label("times"),
            func.max(readings.c.read_at).label("last_at"),
        )
        .join(cases, cases.c.case_id == readings.c.case_id)
        .where(readings.c.reader_id == reader_id, from_sources(sources))
        .group_by(readings.c.case_id, cases.c.patient)
    )
    return {row.case_id: Exposure(row.case_id, row.patient, row.times, row.last_at) for row in rows}


def read_of_no_modality(
    tx: Transaction, department_id: str, sources: Collection[ReadingSource]
) -> Iterator[tuple[str, str]]:
    """Reader and case of reads from these sources of cases whose modality is not known, each pair once; streamed."""
    rows = tx.execute(
        select(readings.c.reader_id, readings.c.case_id)
        .where(readings.c.department_id == department_id, readings.c.modality == "", from_sources(sources))
        .distinct(),
        execution_options={"yield_per": 5000},
    )
    return ((reader_id, case_id) for reader_id, case_id in rows)


def count(tx: Transaction, department_id: str) -> int:
    total: int = tx.execute(
        select(func.count()).select_from(readings).where(readings.c.department_id == department_id)
    ).scalar_one()
    return total


def from_sources(sources: Collection[ReadingSource]) -> ColumnElement[bool]:
    """That a read came from one of these sources."""
    return readings.c.source.in_([source.value for source in sources])


def _row(reading: Reading) -> dict[str, Any]:
    answer = reading.answer
    return {
        "reading_id": reading.reading_id,
        "department_id": reading.department_id,
        "reader_id": reading.reader_id,
        "case_id": reading.case_id,
        "source": reading.source.value,
        "sequence": reading.sequence,
        "read_at": reading.read_at,
        "correct": reading.correct,
        "truth": reading.skills.truth.value,
        "finding": reading.skills.finding,
        "modality": reading.skills.modality,
        "region": reading.skills.region.value,
        "answer": notation.answer_to_json(answer) if answer else None,
        "answer_text": reading.answer_text,
        "answered": reading.answered,
        "confidence": answer.confidence if answer else None,
        "seconds": reading.seconds,
        "set_id": reading.set_id,
        "weight": reading.weight,
    }


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        reading_id=row.reading_id,
        department_id=row.department_id,
        reader_id=row.reader_id,
        case_id=row.case_id,
        source=ReadingSource(row.source),
        sequence=row.sequence,
        correct=row.correct,
        skills=Skills(Truth(row.truth), row.finding, row.modality, Region(row.region)),
        answer=notation.answer_from_json(row.answer) if row.answer else None,
        read_at=row.read_at,
        seconds=row.seconds,
        answer_text=row.answer_text,
        answered=row.answered,
        set_id=row.set_id,
        weight=row.weight,
    )
