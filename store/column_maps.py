"""What was said of the columns of a file, remembered by the kind of file and its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from store.database import Transaction
from store.inserting import upsert
from store.tables import column_maps


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """``columns``: what is wanted to the column that holds it; ``time_zone``: that of times that name none, or ""."""

    columns: Mapping[str, str]
    time_zone: str


def get(tx: Transaction, department_id: str, kind: str, header: str) -> ColumnMap | None:
    row = tx.execute(
        select(column_maps).where(
            column_maps.c.department_id == department_id,
            column_maps.c.kind == kind,
            column_maps.c.header == header,
        )
    ).one_or_none()
    return ColumnMap(row.columns, row.time_zone) if row else None


def put(tx: Transaction, department_id: str, kind: str, header: str, said: ColumnMap) -> None:
    row = {
        "department_id": department_id,
        "kind": kind,
        "header": header,
        "columns": dict(said.columns),
        "time_zone": said.time_zone,
    }
    upsert(tx, column_maps, [row])
