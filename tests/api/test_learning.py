"""States follow the history: read by read, and replayed, the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.reading import Reader, Reading, StateKind
from store import history, readers, states
from tests.building import NOW, Clock, library_of, read_of, workspace_at

ADA = Reader("ada", DEPARTMENT)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspace_at(tmp_path, Clock())
    with made.database.transaction() as tx:
        readers.add(tx, [ADA])
    return made


def reads_in(workspace: Workspace) -> list[Reading]:
    """Thirty reads over two months of ten cases, a third of them wrong."""
    cases = library_of(workspace, 10)
    return [
        replace(read_of("ada", cases[n % 10], n + 1, n % 3 != 0), read_at=NOW + timedelta(days=2 * n))
        for n in range(30)
    ]


def test_replaying_gives_the_state_that_grew_read_by_read(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    for reading in reads_in(workspace):
        with workspace.database.transaction() as tx:
            history.add(tx, reading)
            assert not learning.take_in(tx, ADA, reading).late
    with workspace.database.transaction() as tx:
        for kind in StateKind:
            grown = states.get(tx, "ada", kind)
            learning.replay(tx, ADA)
            replayed = states.get(tx, "ada", kind)
            assert grown.keys() == replayed.keys()
            for skill, state in grown.items():
                assert state.mean == pytest.approx(replayed[skill].mean, abs=1e-9)
                assert state.variance == pytest.approx(replayed[skill].variance, abs=1e-9)
                assert (state.reads, state.right) == (replayed[skill].reads, replayed[skill].right)


def test_reads_that_arrive_in_another_order_end_in_the_same_state(workspace: Workspace) -> None:
    learning, reads = Learning(workspace.findings), reads_in(workspace)
    with workspace.database.transaction() as tx:
        history.add_many(tx, reads)
        learning.replay(tx, ADA)
        in_order = states.get(tx, "ada", StateKind.PRACTICE)
    late, rest = reads[3], reads[:3] + reads[4:]
    bob = Reader("bob", DEPARTMENT)
    with workspace.database.transaction() as tx:
        readers.add(tx, [bob])
        for reading in [*rest, late]:
            his = replace(reading, reader_id="bob", reading_id=f"bob{reading.reading_id}")
            history.add(tx, his)
            taken = learning.take_in(tx, bob, his)
        assert taken.late
        learning.replay(tx, bob)
        after = states.get(tx, "bob", StateKind.PRACTICE)
    assert {skill: (s.mean, s.variance) for skill, s in after.items()} == {
        skill: (pytest.approx(s.mean, abs=1e-9), pytest.approx(s.variance, abs=1e-9)) for skill, s in in_order.items()
    }


def test_a_library_that_moved_is_read_anew(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    with workspace.database.snapshot() as tx:
        assert learning.library(tx, DEPARTMENT).by_id == {}
    library_of(workspace, 4)
    with workspace.database.snapshot() as tx:
        first = learning.library(tx, DEPARTMENT)
        assert len(first.by_id) == 4
        assert learning.library(tx, DEPARTMENT) is first
