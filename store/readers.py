"""Readers as pseudonyms, and the identities kept apart from them.

Nothing but this module joins the two. A label is how a source names a person: a login, or the reader column of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from models.errors import NotFound
from models.reading import Reader
from store.database import Transaction
from store.inserting import insert_new
from store.tables import identities, readers


def add(tx: Transaction, people: Iterable[Reader]) -> None:
    """Add the readers that are not there yet."""
    insert_new(
        tx,
        readers,
        [
            {"reader_id": r.reader_id, "department_id": r.department_id, "level": r.level, "site": r.site}
            for r in people
        ],
    )


def name(tx: Transaction, department_id: str, labels: dict[str, str]) -> None:
    """Remember which label (key) belongs to which reader_id (value)."""
    insert_new(
        tx,
        identities,
        [{"department_id": department_id, "label": label, "reader_id": reader} for label, reader in labels.items()],
    )


def by_label(tx: Transaction, department_id: str, label: str) -> Reader:
    """The reader a source calls ``label``, or one whose pseudonym it is."""
    found = tx.execute(
        select(identities.c.reader_id).where(identities.c.department_id == department_id, identities.c.label == label)
    ).scalar_one_or_none()
    reader = get(tx, found or label)
    if reader is None or reader.department_id != department_id:
        raise NotFound("no reader of that name in this department; names are those of the imported file, or a login")
    return reader


def by_labels(tx: Transaction, department_id: str) -> dict[str, str]:
    """reader_id by label, all of the department's."""
    rows = tx.execute(select(identities).where(identities.c.department_id == department_id))
    return {row.label: row.reader_id for row in rows}


def lock(tx: Transaction, reader_id: str) -> None:
    """Hold this reader until the transaction ends, so that two tabs cannot update the same states at once.

    PostgreSQL locks the row; SQLite's writing transactions exclude each other anyway.
    """
    tx.execute(select(readers.c.reader_id).where(readers.c.reader_id == reader_id).with_for_update()).one_or_none()


def lock_many(tx: Transaction, reader_ids: Sequence[str]) -> None:
    """The same for several readers, always in one order, so that two processes never wait for each other."""
    every = select(readers.c.reader_id).where(readers.c.reader_id.in_(list(reader_ids)))
    tx.execute(every.order_by(readers.c.reader_id).with_for_update()).all()


def get(tx: Transaction, reader_id: str) -> Reader | None:
    row = tx.execute(select(readers).where(readers.c.reader_id == reader_id)).one_or_none()
    return Reader(row.reader_id, row.department_id, row.level, row.site) if row else None


def every(tx: Transaction, department_id: str) -> list[Reader]:
    rows = tx.execute(select(readers).where(readers.c.department_id == department_id).order_by(readers.c.reader_id))
    return [Reader(row.reader_id, row.department_id, row.level, row.site) for row in rows]
