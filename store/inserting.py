"""Insert what is new and leave what is there, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Transaction

# Inserts are one statement, compiled once and run for each row: one of many rows costs more to compile than to run.


def insert_new(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows that break no unique key; returns how many were new. All rows have the same columns."""
    if not rows:
        return 0
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing()
    return tx.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def upsert(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace the other columns of those whose primary key is there. All have the same columns."""
    if not rows:
        return
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=replaced), list(rows))
