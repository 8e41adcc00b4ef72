"""Insert what is new and leave what is there, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Transaction

# SQLite takes 32,766 parameters a statement; the widest table has fewer than forty columns.
ROWS_A_STATEMENT = 500


def insert_new(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows that break no unique key; returns how many were new."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    new = 0
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        statement = insert(table).values(list(rows[start : start + ROWS_A_STATEMENT])).on_conflict_do_nothing()
        new += tx.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
    return new


def upsert(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace the other columns of those whose primary key is there."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        part = list(rows[start : start + ROWS_A_STATEMENT])
        statement = insert(table).values(part)
        replaced = {name: statement.excluded[name] for name in part[0] if name not in keys}
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced))
