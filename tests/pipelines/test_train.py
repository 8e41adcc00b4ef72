"""``wetread train``: judged on readers it has not seen, logged, promoted, and completed after a kill."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.errors import Unavailable
from models.finding import Truth
from models.reading import Reader, Reading, ReadingSource, SkillState, StateKind
from models.teaching_case import TeachingCase
from pipelines import learn as learning_anew
from pipelines import train as training
from pipelines.learn import learn, reads_to_fit, unlearned
from pipelines.tracking import LabBook, TrainingRun
from pipelines.train import TrainWish, train
from recommender.fit import fit
from recommender.population import Population
from store import cases, history, library, readers, states, tracer_models
from tests.building import Clock, library_of, read_of, workspace_at
from tests.pipelines.conftest import Command, environment

QUIET = TrainWish(log=False)


def reads_of(cases: list[TeachingCase], people: int, start: int = 0, seed: int = 5, each: int = 2) -> list[Reading]:
    """Readers named Quokka who read every case ``each`` times; half of the cases are hard, some readers are good."""
    rng = np.random.default_rng(seed)
    found = []
    for n in range(start, start + people):
        skill = rng.normal(0, 0.8)
        for place in range(each * len(cases)):
            number = place % len(cases)
            logit = skill + (2.0 if number % 4 < 2 else -1.0)
            correct = bool(rng.random() < 1 / (1 + np.exp(-logit)))
            found.append(read_of(f"quokka{n}", cases[number], place, correct, source=ReadingSource.IMPORTED))
    return found


def store(workspace: Workspace, reads: list[Reading]) -> None:
    with workspace.database.transaction() as tx:
        readers.add(tx, [Reader(reader, DEPARTMENT) for reader in sorted({read.reader_id for read in reads})])
        history.add_many(tx, reads)


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    """Twelve readers of sixteen cases."""
    made = workspace_at(home, Clock())
    store(made, reads_of(library_of(made, 16), 12))
    yield made
    made.database.close()


def run(workspace: Workspace, wish: TrainWish = QUIET) -> int:
    return train(workspace, Learning(workspace.findings), wish)


def in_use(workspace: Workspace) -> tracer_models.TracerModel:
    with workspace.database.snapshot() as tx:
        model = tracer_models.promoted(tx, DEPARTMENT)
    assert model
    return model


def all_states(workspace: Workspace) -> dict[tuple[str, StateKind], dict[str, SkillState]]:
    with workspace.database.snapshot() as tx:
        everyone = [reader.reader_id for reader in readers.every(tx, DEPARTMENT)]
        return {(reader, kind): states.get(tx, reader, kind) for reader in everyone for kind in StateKind}


def is_complete(workspace: Workspace) -> bool:
    return not unlearned(workspace, Learning(workspace.findings))


def put_in_use(workspace: Workspace, population: Population) -> None:
    with workspace.database.transaction() as tx:
        learning_anew.promote(tx, workspace, population)


def test_it_promotes_what_it_fitted_with_its_figures_and_brings_readers_up_to_date(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace) == 0
    model, told = in_use(workspace), capsys.readouterr().out
    assert "12 readers, 384 reads" in told and f"{model.version} is in use" in told
    assert model.metrics["auc"] > 0.6 and model.metrics["log_loss"] < model.metrics["shipped_log_loss"]
    assert f"{model.metrics['auc']:.4f}" in told and model.run == ""
    assert is_complete(workspace) and all(all_states(workspace).values())
    with workspace.database.snapshot() as tx:
        stored = tx.exec_driver_sql("SELECT count(*) FROM finding_gaps WHERE gap > 0").scalar_one()
    assert stored >= len(workspace.findings)


def test_training_again_on_the_same_reads_is_the_same_model(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run(workspace)
    before, held = in_use(workspace), all_states(workspace)
    assert run(workspace) == 0
    assert in_use(workspace) == before and all_states(workspace) == held
    assert "is in use already" in capsys.readouterr().out


def test_an_import_and_a_training_of_the_same_reads_agree_and_the_figures_are_added(workspace: Workspace) -> None:
    learn(workspace, Learning(workspace.findings))
    before = in_use(workspace)
    assert not before.metrics
    assert run(workspace) == 0
    assert in_use(workspace).version == before.version and in_use(workspace).metrics["auc"] > 0.5


def test_too_few_readers_are_one_clear_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = workspace_at(home, Clock())
    store(workspace, reads_of(library_of(workspace, 4), 4))
    private = [
        replace(read, source=ReadingSource.PRELIM_FINAL)
        for read in reads_of(library_of(workspace, 4, 200), 9, start=20)
    ]
    store(workspace, private)
    assert run(workspace) == 1
    told = capsys.readouterr()
    assert told.err == "4 readers are too few to train on; from 5 on a fit beats what is shipped\n" and not told.out
    with workspace.database.snapshot() as tx:
        assert tracer_models.promoted(tx, DEPARTMENT) is None


def test_reads_that_others_may_not_see_move_no_model(workspace: Workspace) -> None:
    run(workspace)
    before = in_use(workspace)
    wrong = [
        replace(read, reading_id=f"private {n}", source=ReadingSource.PRELIM_FINAL, correct=False)
        for n, read in enumerate(reads_of(library_of(workspace, 8, 300), 12))
    ]
    store(workspace, wrong)
    assert run(workspace) == 0
    assert in_use(workspace).version == before.version


def knowing(workspace: Workspace) -> Population:
    """A model that foretells these very reads well and says that it has seen none of them."""
    with workspace.database.snapshot() as tx:
        fitted = fit(history.of_department(tx, DEPARTMENT))
    return replace(fitted, reads=0, forgetting=0.001)


def test_a_worse_model_stays_out_unless_forced(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    put_in_use(workspace, knowing(workspace))
    better = in_use(workspace)
    assert run(workspace) == 1
    assert f"foretells worse than {better.version}, which stays in use" in capsys.readouterr().out
    assert in_use(workspace).version == better.version and is_complete(workspace)
    assert run(workspace, TrainWish(force=True, log=False)) == 0
    assert in_use(workspace).version != better.version and is_complete(workspace)


def test_a_model_that_has_seen_the_reads_is_not_the_better_for_it(workspace: Workspace) -> None:
    """One reader more: the model in use knows nearly all reads by heart and must give way all the same."""
    learn(workspace, Learning(workspace.findings))
    before = in_use(workspace)
    store(workspace, reads_of(cases_of(workspace), 1, start=12, seed=6))
    assert run(workspace) == 0
    assert in_use(workspace).version != before.version


def cases_of(workspace: Workspace) -> list[TeachingCase]:
    with workspace.database.snapshot() as tx:
        return [cases.get(tx, DEPARTMENT, case.case_id) for case in library.snapshot(tx, DEPARTMENT).cases]


class Killed(BaseException):
    """Ends a command as a kill would: nothing after it runs."""


@pytest.mark.parametrize("portion", [0, 1, 2])
def test_killed_while_readers_are_brought_up_to_date_the_next_command_completes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(learning_anew, "READERS_A_TRANSACTION", 4)
    learning, replays = Learning(workspace.findings), 0
    whole = Learning.replay_many

    def killed(self: Learning, *arguments: object) -> None:
        nonlocal replays
        if replays == portion:
            raise Killed
        replays += 1
        whole(self, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Learning, "replay_many", killed)
        with pytest.raises(Killed):
            train(workspace, learning, QUIET)
    assert not is_complete(workspace)
    assert run(workspace) == 0
    done = all_states(workspace)
    assert is_complete(workspace)
    learning_anew.bring_up_to_date(workspace, Learning(workspace.findings))
    assert all_states(workspace) == done


@pytest.mark.heavy
def test_killed_at_any_moment_either_model_is_in_use_and_the_next_command_completes(
    home: Path, wetread: Command, heavy_share: float
) -> None:
    rng = np.random.default_rng(7)
    opened = workspace_at(home, Clock())
    library = library_of(opened, 40)
    for kill in range(max(2, round(20 * heavy_share))):
        store(opened, reads_of(library, 6, start=6 * kill, seed=kill))
        before = in_use(opened).version if kill else None
        process = subprocess.Popen([sys.executable, "-m", "pipelines.cli", "train"], env=environment(home))
        try:
            process.wait(timeout=rng.uniform(1.0, 9.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        wetread("train", code=None)
        assert is_complete(opened) and len(all_states(opened)) == 12 * (kill + 1)
        assert in_use(opened).version != before or before


def test_of_too_many_reads_the_newest_of_every_reader_are_taken(workspace: Workspace) -> None:
    """However many reads the readers have: none of them is left out, and small ones keep all of theirs."""
    store(workspace, reads_of(cases_of(workspace)[:3], 1, start=50, each=1))
    with workspace.database.snapshot() as tx:
        taken = reads_to_fit(tx, 100)
        assert taken == reads_to_fit(tx, 100)
        assert len(reads_to_fit(tx, 10_000)) == 387
    of_each = Counter(read.reader_id for read in taken)
    assert len(of_each) == 13 and of_each.pop("quokka50") == 3 and set(of_each.values()) == {8}
    assert min(read.sequence for read in taken if read.reader_id == "quokka0") == 24


def test_a_dated_read_is_newer_than_any_undated_one(workspace: Workspace) -> None:
    early = [
        replace(read, reading_id=f"dated {n}", source=ReadingSource.PRACTICE, sequence=n)
        for n, read in enumerate(reads_of(cases_of(workspace)[:2], 1, each=1))
    ]
    undated = [
        replace(read, reading_id=f"undated {n}", sequence=900 + n, read_at=None)
        for n, read in enumerate(reads_of(cases_of(workspace)[2:4], 1, each=1))
    ]
    store(workspace, [*early, *undated])
    with workspace.database.snapshot() as tx:
        taken = reads_to_fit(tx, 13)
        told = history.evidence(tx, DEPARTMENT, (ReadingSource.PRACTICE, ReadingSource.IMPORTED), ["quokka0"], 34)
        assert not {read.reading_id for read in told} & {"undated 0", "undated 1"}
    assert len(taken) == 12 == len({read.reader_id for read in taken})


def test_a_model_an_import_put_into_use_is_judged_against_what_is_shipped(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compared with itself it would be called good whatever it is."""
    learn(workspace, Learning(workspace.findings))
    rivals = []
    judge = training.judge

    def judged(*arguments: Any) -> training.Judgement:
        rivals.append(arguments[2])
        told = judge(*arguments)
        return replace(told, lost=replace(told.lost, mean=0.4, error=0.01))

    monkeypatch.setattr(training, "judge", judged)
    capsys.readouterr()
    assert run(workspace) == 1 and rivals == [None]
    assert "is in use already but foretells worse than what is shipped" in capsys.readouterr().out
    assert in_use(workspace).metrics["in_use_log_loss"] == in_use(workspace).metrics["shipped_log_loss"]
    assert run(workspace) == 0 and rivals[1] is not None


def test_the_lab_book_holds_figures_and_the_model_but_nobodys_name(
    workspace: Workspace, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, TrainWish()) == 0
    model = in_use(workspace)
    from mlflow import MlflowClient

    book = MlflowClient(f"sqlite:///{home / 'mlflow.db'}", f"sqlite:///{home / 'mlflow.db'}")
    noted = book.get_run(model.run)
    assert noted.data.metrics["auc"] == pytest.approx(model.metrics["auc"])
    assert noted.data.params["readers"] == "12" and noted.data.params["version"] == model.version
    assert book.get_model_version_by_alias("tracer", "champion").run_id == model.run
    population = json.loads(next((home / "mlflow").rglob("population.json")).read_text())
    assert population == model.parameters
    with sqlite3.connect(home / "mlflow.db") as rows:
        assert "quokka" not in "\n".join(rows.iterdump()).lower()
    assert not [path for path in (home / "mlflow").rglob("*") if path.is_file() and b"quokka" in path.read_bytes()]
    assert run(workspace, TrainWish()) == 0
    assert in_use(workspace).run == model.run
    assert len(book.search_runs([noted.info.experiment_id])) == 1
    assert not capsys.readouterr().err


def test_a_lab_book_that_cannot_be_used_is_one_clear_line_and_nothing_is_trained(
    wetread: Command, workspace: Workspace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "blocked").write_text("no folder")
    monkeypatch.setenv("WETREAD_MLFLOW", f"sqlite:///{home / 'blocked' / 'mlflow.db'}")
    told = wetread("train", code=2)
    assert told.stderr.count("\n") == 1 and "the lab book (WETREAD_MLFLOW) cannot be used" in told.stderr
    assert "--no-log" in told.stderr
    with workspace.database.snapshot() as tx:
        assert tracer_models.promoted(tx, DEPARTMENT) is None
    wetread("train", "--no-log")
    assert in_use(workspace).metrics


def test_a_file_that_is_no_lab_book_is_told(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("this is no database " * 500)
    with pytest.raises(Unavailable, match="cannot be used"):
        LabBook(tmp_path)


def test_a_workspace_that_moved_goes_on_with_its_lab_book(tmp_path: Path) -> None:
    """An experiment keeps the place of its artifacts for ever; a restored workspace lies elsewhere."""
    once, now = tmp_path / "once", tmp_path / "now"
    once.mkdir()
    note = TrainingRun("tracer-1", {"readers": 5}, {"auc": 0.7}, "{}")
    LabBook(once).champion(LabBook(once).record(note))
    once.rename(now)
    book = LabBook(now)
    run_id = book.record(note)
    book.champion(run_id)
    book.champion(run_id)
    assert not once.exists()
    assert len(list((now / "mlflow").rglob("population.json"))) == 2


def test_a_lab_book_that_breaks_during_a_training_leaves_the_old_model(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, *_: object) -> None: ...

        def record(self, _: TrainingRun) -> str:
            raise Unavailable("the lab book cannot be used")

    monkeypatch.setattr(training, "LabBook", Broken)
    with pytest.raises(Unavailable):
        run(workspace, TrainWish())
    with workspace.database.snapshot() as tx:
        assert tracer_models.promoted(tx, DEPARTMENT) is None


def test_the_reads_of_the_fixture_hold_both_truths(workspace: Workspace) -> None:
    with workspace.database.snapshot() as tx:
        assert {read.skills.truth for read in history.of_department(tx, DEPARTMENT)} == set(Truth)
