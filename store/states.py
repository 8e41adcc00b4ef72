"""What is believed of each reader, in two states (wall 3): practice-only, and private with peer-review evidence.

Rows change in the transaction that stores the read, and ``state_heads`` names the read they have taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select

from models.reading import Chance, Reader, ReadingSource, SkillState, StateChange, StateHead, StateKind
from store.database import Transaction
from store.inserting import insert_new, upsert
from store.tables import reader_states, state_changes, state_heads


def get(tx: Transaction, reader_id: str, kind: StateKind) -> dict[str, SkillState]:
    """The state by skill; empty for a reader without reads."""
    rows = tx.execute(
        select(reader_states).where(reader_states.c.reader_id == reader_id, reader_states.c.kind == kind.value)
    )
    return {
        row.skill: SkillState(row.skill, row.mean, row.variance, row.reads, row.right, row.last_seen) for row in rows
    }


def head(tx: Transaction, reader_id: str, kind: StateKind) -> StateHead | None:
    row = tx.execute(
        select(state_heads).where(state_heads.c.reader_id == reader_id, state_heads.c.kind == kind.value)
    ).one_or_none()
    if row is None:
        return None
    return StateHead(row.reading_id, row.read_at, ReadingSource(row.source), row.sequence, row.model)


def put(tx: Transaction, reader: Reader, kind: StateKind, changed: Iterable[SkillState], at: StateHead) -> None:
    """Store the rows one read changed, and which read that was."""
    rows = _rows(reader, kind, changed, at)
    if rows:
        upsert(tx, reader_states, rows)
    upsert(tx, state_heads, [_head_row(reader, kind, at)])


@dataclass(frozen=True, slots=True)
class Replayed:
    """A whole state of a reader; ``at`` is None where there is nothing it could have taken in."""

    reader: Reader
    kind: StateKind
    state: Sequence[SkillState]
    at: StateHead | None


def replace(
    tx: Transaction, reader: Reader, kind: StateKind, state: Iterable[SkillState], at: StateHead | None
) -> None:
    """Put a replayed state in the place of the old one; ``at`` is None where the reader has no read."""
    replace_many(tx, [Replayed(reader, kind, tuple(state), at)])


def replace_many(tx: Transaction, replayed: Sequence[Replayed]) -> None:
    """Put replayed states in the place of the old ones; those of other kinds of these readers stay."""
    for kind in StateKind:
        of_kind = [each for each in replayed if each.kind is kind]
        ids = [each.reader.reader_id for each in of_kind]
        for table in (reader_states, state_heads):
            tx.execute(delete(table).where(table.c.reader_id.in_(ids), table.c.kind == kind.value))
    held = [(each, each.at) for each in replayed if each.at]
    rows = [row for each, at in held for row in _rows(each.reader, each.kind, each.state, at)]
    if rows:
        tx.execute(insert(reader_states), rows)
    if held:
        tx.execute(insert(state_heads), [_head_row(each.reader, each.kind, at) for each, at in held])


def of_department(tx: Transaction, department_id: str, kind: StateKind) -> Iterator[dict[str, SkillState]]:
    """The states of that kind of all the department's readers, streamed, one reader after the other."""
    every = (
        select(
            reader_states.c.reader_id,
            reader_states.c.skill,
            reader_states.c.mean,
            reader_states.c.variance,
            reader_states.c.reads,
            reader_states.c.right,
            reader_states.c.last_seen,
        )
        .where(reader_states.c.department_id == department_id, reader_states.c.kind == kind.value)
        .order_by(reader_states.c.reader_id)
    )
    rows = tx.execute(every, execution_options={"yield_per": 5000})
    for _, own in groupby(rows, key=lambda row: row.reader_id):
        yield {state.skill: state for _, *told in own for state in (SkillState(*told),)}


def skills(tx: Transaction, department_id: str, kind: StateKind) -> list[str]:
    """Every skill in any reader's state of that kind."""
    rows = tx.execute(
        select(reader_states.c.skill)
        .where(reader_states.c.department_id == department_id, reader_states.c.kind == kind.value)
        .distinct()
        .order_by(reader_states.c.skill)
    )
    return list(rows.scalars())


def of_other_models(tx: Transaction, department_id: str, model: str) -> bool:
    """Whether any state of the department was made by another model than this one."""
    other = select(state_heads.c.reader_id).where(
        state_heads.c.department_id == department_id, state_heads.c.model != model
    )
    return tx.execute(other.limit(1)).first() is not None


def note_changes(tx: Transaction, department_id: str, reading_id: str, changes: Iterable[StateChange]) -> None:
    """Keep what a read changed, for its feedback page."""
    insert_new(
        tx,
        state_changes,
        [
            {
                "reading_id": reading_id,
                "department_id": department_id,
                "skill": change.label,
                "before": _chance_to_json(change.before),
                "after": _chance_to_json(change.after),
            }
            for change in changes
        ],
    )


def changes_of(tx: Transaction, reading_id: str) -> list[StateChange]:
    rows = tx.execute(
        select(state_changes).where(state_changes.c.reading_id == reading_id).order_by(state_changes.c.skill)
    )
    return [StateChange(row.skill, Chance(*row.before), Chance(*row.after)) for row in rows]


def _chance_to_json(chance: Chance) -> list[float]:
    return [chance.mean, chance.low, chance.high]


def _rows(reader: Reader, kind: StateKind, states: Iterable[SkillState], at: StateHead) -> list[dict[str, Any]]:
    return [
        {
            "department_id": reader.department_id,
            "reader_id": reader.reader_id,
            "kind": kind.value,
            "skill": state.skill,
            "mean": state.mean,
            "variance": state.variance,
            "reads": state.reads,
            "right": state.right,
            "last_seen": state.last_seen,
            "model": at.model,
        }
        for state in states
    ]


def _head_row(reader: Reader, kind: StateKind, at: StateHead) -> dict[str, Any]:
    return {
        "department_id": reader.department_id,
        "reader_id": reader.reader_id,
        "kind": kind.value,
        "reading_id": at.reading_id,
        "read_at": at.read_at,
        "source": at.source.value,
        "sequence": at.sequence,
        "model": at.model,
    }
