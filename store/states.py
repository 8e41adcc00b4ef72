"""What is believed of each reader, in two states (wall 3): practice-only, and private with peer-review evidence.

Rows change in the transaction that stores the read, and ``state_heads`` names the read they have taken in.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

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
    rows = [
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
        for state in changed
    ]
    if rows:
        upsert(tx, reader_states, rows)
    _put_head(tx, reader, kind, at)


def replace(
    tx: Transaction, reader: Reader, kind: StateKind, state: Iterable[SkillState], at: StateHead | None
) -> None:
    """Put a replayed state in the place of the old one; ``at`` is None where the reader has no read."""
    tx.execute(
        delete(reader_states).where(reader_states.c.reader_id == reader.reader_id, reader_states.c.kind == kind.value)
    )
    if at is None:
        of_state = (state_heads.c.reader_id == reader.reader_id) & (state_heads.c.kind == kind.value)
        tx.execute(delete(state_heads).where(of_state))
        return
    put(tx, reader, kind, state, at)


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


def _put_head(tx: Transaction, reader: Reader, kind: StateKind, at: StateHead) -> None:
    upsert(
        tx,
        state_heads,
        [
            {
                "department_id": reader.department_id,
                "reader_id": reader.reader_id,
                "kind": kind.value,
                "reading_id": at.reading_id,
                "read_at": at.read_at,
                "source": at.source.value,
                "sequence": at.sequence,
                "model": at.model,
            }
        ],
    )
