"""An import as the workspace remembers it: what is told outlives whatever ends the import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.intake import MOST_PROBLEMS, OTHER_PROBLEMS, TELL_EVERY, Intake, intake
from store import audit, imports
from store.imports import MOST_REFUSALS, QUIET_FOR, ImportRun, ImportStatus, Refusal
from tests.building import Clock, workspace_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    made = workspace_at(tmp_path / "home", clock)
    yield made
    made.database.close()


def error(number: int, problem: str = "no date") -> BadInput:
    return BadInput(f"/export/jane/reads.csv line {number}", problem, "write one")


def runs(workspace: Workspace) -> list[ImportRun]:
    with workspace.database.snapshot() as tx:
        return imports.latest(tx, DEPARTMENT, 50)[1]


def kept(workspace: Workspace, run: ImportRun) -> list[Refusal]:
    with workspace.database.snapshot() as tx:
        return imports.refusals(tx, run.import_id, 2 * MOST_REFUSALS)


def tidy(told: Intake, items: int, clock: Clock) -> None:
    """An import of so many rows, a third of them refused, each taking a second."""
    for n in told.along(range(items), "importing", items):
        clock.forward(seconds=1)
        if n % 3 == 0:
            told.refuse(error(n))
        else:
            told.added += 1


def test_an_import_that_ends_well_is_done_and_in_the_audit(workspace: Workspace, clock: Clock) -> None:
    with intake(workspace, "reads", "reads", Path("/export/jane/reads.csv"), "ours") as told:
        told.notice("made as a stub", 3)
        tidy(told, 9, clock)
    [run] = runs(workspace)
    assert (run.status, run.file, run.kind, run.source) == (ImportStatus.DONE, "reads.csv", "reads", "ours")
    assert (run.added, run.refused, run.done, run.total) == (6, 3, 9, 9)
    assert run.finished_at == clock() and run.notices == {"made as a stub": 3} and run.problems == {"no date": 3}
    with workspace.database.snapshot() as tx:
        [entry] = audit.latest(tx, DEPARTMENT, 1)
    assert (entry.action, entry.resource) == ("import reads", "6 reads")


def test_no_folder_is_kept(workspace: Workspace, clock: Clock) -> None:
    with intake(workspace, "reads", "reads", Path("/export/jane/reads.csv")) as told:
        tidy(told, 3, clock)
    [run] = runs(workspace)
    assert [refusal.place for refusal in kept(workspace, run)] == ["reads.csv line 0"]


@pytest.mark.parametrize("ending", [RuntimeError("a bug"), KeyboardInterrupt(), SystemExit(3)])
def test_refusals_outlive_what_ends_the_import(workspace: Workspace, clock: Clock, ending: BaseException) -> None:
    with pytest.raises(type(ending)), intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        tidy(told, 5, clock)
        told.refuse(error(99, "no case"))
        raise ending
    [run] = runs(workspace)
    assert (run.status, run.finished_at, run.refused) == (ImportStatus.STOPPED, None, 3)
    assert [refusal.problem for refusal in kept(workspace, run)] == ["no date", "no date", "no case"]


def test_refusals_outlive_the_rollback_of_the_rows(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        told.refuse(error(1))
        with workspace.database.transaction():
            raise RuntimeError("a bug while storing rows")
    [run] = runs(workspace)
    assert len(kept(workspace, run)) == run.refused == 1


def test_what_stops_a_whole_file_is_its_last_refusal(workspace: Workspace) -> None:
    with pytest.raises(BadInput), intake(workspace, "reads", "reads", Path("reads.csv")):
        raise BadInput("/export/jane/reads.csv", "is no CSV", "save it as CSV")
    [run] = runs(workspace)
    assert run.status is ImportStatus.STOPPED
    assert kept(workspace, run) == [Refusal("reads.csv", "is no CSV", "save it as CSV")]


def test_refusals_beyond_the_limit_are_counted(workspace: Workspace, clock: Clock) -> None:
    number, in_order = MOST_REFUSALS + 250, MOST_REFUSALS - MOST_PROBLEMS
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        for n in told.along(range(number), "importing", number):
            told.refuse(error(n, ("no date", "no case")[n % 2]))
            if n % 100 == 0:
                clock.forward(seconds=TELL_EVERY.total_seconds())
    [run] = runs(workspace)
    assert (run.refused, run.problems) == (number, {"no date": number // 2, "no case": number // 2})
    assert [refusal.place for refusal in kept(workspace, run)] == [f"reads.csv line {n}" for n in range(in_order)]


def test_a_problem_that_comes_late_is_kept_once_all_the_same(workspace: Workspace) -> None:
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        for n in range(MOST_REFUSALS + 5):
            told.refuse(error(n))
        for n in range(3):
            told.refuse(error(9_000 + n, "no case"))
    [run] = runs(workspace)
    assert [r.place for r in kept(workspace, run) if r.problem == "no case"] == ["reads.csv line 9000"]


def test_problems_that_quote_their_row_do_not_grow_without_end(workspace: Workspace) -> None:
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        for n in range(MOST_PROBLEMS + 30):
            told.refuse(error(n, f"'{n}' is no date"))
        told.refuse(error(0, "'0' is no date"))
    [run] = runs(workspace)
    assert len(run.problems) == MOST_PROBLEMS + 1
    assert (run.problems[OTHER_PROBLEMS], run.problems["'0' is no date"]) == (30, 2)


def test_twins_of_other_lines_are_one_problem(workspace: Workspace) -> None:
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        for n in range(5, 8):
            told.refuse(error(n, f"tells of the same read as line {n - 4}"))
    [run] = runs(workspace)
    assert run.problems == {"tells of the same read as another line": 3}
    assert kept(workspace, run)[0].place == "reads.csv line 5 (see line 1)"


def test_progress_is_kept_while_the_import_runs(workspace: Workspace, clock: Clock) -> None:
    seen = []
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        for _ in told.along(range(8), "importing", 8):
            clock.forward(seconds=1)
            [run] = runs(workspace)
            seen.append((run.status, run.done, run.total))
    assert {status for status, _, _ in seen} == {ImportStatus.RUNNING}
    # Told at most every two seconds, and never more than what was looked at.
    assert [done for _, done, _ in seen] == [0, 0, 2, 2, 4, 4, 6, 6]
    assert seen[-1][2] == 8


def test_a_killed_import_is_stopped_by_the_next_and_the_next_knows(workspace: Workspace, clock: Clock) -> None:
    killed = intake(workspace, "reads", "reads", Path("reads.csv"))
    killed.__enter__()
    clock.forward(seconds=QUIET_FOR.total_seconds() + 1)
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        assert told.interrupted
    clock.forward(seconds=1)
    with intake(workspace, "reads", "reads", Path("reads.csv")) as told:
        assert not told.interrupted
    assert [run.status for run in runs(workspace)] == [ImportStatus.DONE, ImportStatus.DONE, ImportStatus.STOPPED]
