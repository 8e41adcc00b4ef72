"""The department's gaps, written by several imports at once, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from api.workspace import DEPARTMENT
from store import draft_order
from store.database import Database
from store.tables import finding_gaps

WRITERS, ROUNDS = 4, 8


def test_gaps_take_the_place_of_those_before(database: Database) -> None:
    for gaps in ({"fracture": 0.5, "nodule_mass": 0.25}, {"fracture": 1.0}, {}):
        with database.transaction() as tx:
            draft_order.set_gaps(tx, DEPARTMENT, gaps)
        with database.snapshot() as tx:
            rows = tx.execute(select(finding_gaps.c.finding, finding_gaps.c.gap)).all()
        assert {row.finding: row.gap for row in rows} == gaps


def test_writers_at_once_replace_one_another_and_none_fails(database: Database) -> None:
    start = Barrier(WRITERS)

    def write(writer: int) -> None:
        for number in range(ROUNDS):
            start.wait(60)
            with database.transaction() as tx:
                draft_order.set_gaps(tx, DEPARTMENT, {f"finding{number}_{each}": float(writer) for each in range(20)})

    with ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(write, writer) for writer in range(WRITERS)]:
            done.result()
    with database.snapshot() as tx:
        rows = tx.execute(select(finding_gaps.c.finding, finding_gaps.c.gap)).all()
    assert len(rows) == 20 and len({row.gap for row in rows}) == 1
