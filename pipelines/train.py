"""``wetread train``: what the department's reads say of its cases and readers, judged before it is put into use.

The trained model must foretell readers it has not seen no worse than the model in use. Killed at any moment, either
model is in use, whole, and the next import or training brings those readers up to date who are still to come.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from api.learning import PRACTICE_SOURCES, Learning
from api.workspace import DEPARTMENT, Workspace
from models.reading import Reading
from pipelines.learn import (
    FEWEST_READERS,
    MOST_READS_FITTED,
    bring_up_to_date,
    note_gaps,
    promote,
    reads_to_fit,
    unlearned,
)
from pipelines.telling import along, err, out, working
from pipelines.tracking import LabBook, TrainingRun
from recommender.fit import fit
from recommender.held_out import (
    FOLDS,
    Difference,
    Foretold,
    difference,
    figures,
    foretell,
    held_out,
    in_order,
    losses,
    right,
)
from recommender.population import Population, population_from_json
from store import audit, history, tracer_models
from store.audit import AuditEntry
from store.tracer_models import TracerModel


@dataclass(frozen=True, slots=True)
class TrainWish:
    """``force`` puts a worse model into use too; ``log`` false leaves the lab book alone."""

    force: bool = False
    log: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """``trained`` foretells readers held out of its fit; ``in_use`` and ``shipped`` the same reads.

    ``lost``: what is lost by taking the trained model for the one in use. The model in use has learned from some of
    these reads, which flatters it: as large a share of the trained model's own advantage on reads it saw is taken off.
    """

    trained: Foretold
    in_use: Foretold
    shipped: Foretold
    lost: Difference


def train(workspace: Workspace, learning: Learning, wish: TrainWish) -> int:
    """Fit, judge, log, promote, and bring every reader up to date.

    1 where no new model was put into use, or the one an import put there turns out worse than what is shipped.
    """
    with workspace.database.snapshot() as tx:
        reads = in_order(reads_to_fit(tx, MOST_READS_FITTED))
        every = sum(history.reads_by_reader(tx, DEPARTMENT, PRACTICE_SOURCES).values())
        in_use = tracer_models.promoted(tx, DEPARTMENT)
    people = len({read.reader_id for read in reads})
    if people < FEWEST_READERS:
        err.print(f"{people} readers are too few to train on; from {FEWEST_READERS} on a fit beats what is shipped")
        return 1
    book = LabBook(workspace.settings.home, workspace.settings.mlflow) if wish.log else None
    with working("fitting"):
        population = fit(reads)
    version = tracer_models.version_of("bayesian", json.loads(population.to_json()))
    same = in_use is not None and in_use.version == version
    # An import puts its model into use unjudged. Compared with itself it would only be called good.
    rival = None if same and in_use and not in_use.metrics else in_use
    judged = judge(reads, population, rival, learning.parents)
    run = _recorded(book, in_use if same else None, _training(version, reads, population, judged))
    _show(judged, reads, every, rival)
    kept = judged.lost.worse and not same and not wish.force
    if not kept:
        _take_into_use(workspace, population, judged, run, in_use if same else None)
        if book and run:
            book.champion(run)
    if (not kept and not same) or unlearned(workspace, learning):
        bring_up_to_date(workspace, learning)
    note_gaps(workspace, learning)
    if same and rival is None and judged.lost.worse:
        out.print(f"{version} is in use already but foretells worse than what is shipped; train again with more reads")
        return 1
    return _tell(version, in_use, kept, same)


def judge(
    reads: Sequence[Reading], population: Population, in_use: TracerModel | None, parents: dict[str, str]
) -> Judgement:
    """``reads`` are in order, ``population`` is the fit to all of them. Without ``in_use``: judged by the shipped."""
    shipped = Population()
    used = population_from_json(json.dumps(in_use.parameters), in_use.version) if in_use else shipped
    folds = list(along(held_out(reads, parents), "judging by readers held out", FOLDS))
    trained = np.nanmax(np.array(folds), axis=0)
    answers = right(reads)
    with working("judging the model in use"):
        before, start = foretell(reads, used, parents), foretell(reads, shipped, parents)
    seen = min(1.0, used.reads / len(reads))
    lost = losses(trained, answers)
    if seen:
        with working("judging what a model gains on reads it saw"):
            lost = lost - seen * (lost - losses(foretell(reads, population, parents), answers))
    return Judgement(
        figures(trained, answers),
        figures(before, answers),
        figures(start, answers),
        difference(reads, lost, losses(before, answers)),
    )


def _training(version: str, reads: Sequence[Reading], population: Population, judged: Judgement) -> TrainingRun:
    parameters: dict[str, str | float] = {
        "version": version,
        "readers": len({read.reader_id for read in reads}),
        "reads": len(reads),
        "cases": len(population.cases),
        "skills": len(population.averages),
        "folds": FOLDS,
        "forgetting": population.forgetting,
        **{f"variance_{name}": value for name, value in population.variances.items()},
        **{f"practice_{name}": trend.slope for name, trend in population.trends.items()},
    }
    return TrainingRun(version, parameters, metrics_of(judged), population.to_json())


def metrics_of(judged: Judgement) -> dict[str, float]:
    """The figures by name, as they stand on the model's row and in the lab book."""
    each: dict[str, Foretold] = {"": judged.trained, "in_use_": judged.in_use, "shipped_": judged.shipped}
    found = {f"{name}auc": foretold.auc for name, foretold in each.items()}
    return found | {f"{name}log_loss": foretold.log_loss for name, foretold in each.items()}


def _recorded(book: LabBook | None, same: TracerModel | None, training: TrainingRun) -> str:
    """The run of this training; where the model in use is the same and has one already, that one."""
    if same and (same.run or not book):
        return same.run
    return book.record(training) if book else ""


def _take_into_use(
    workspace: Workspace, population: Population, judged: Judgement, run: str, same: TracerModel | None
) -> None:
    """Promote, unless ``same`` is in use; what an import promoted lacks its figures, which are added."""
    with workspace.database.transaction() as tx:
        if same is None:
            version = promote(tx, workspace, population, metrics_of(judged), run).version
        else:
            version = same.version
            if not same.metrics or run != same.run:
                tracer_models.note_training(tx, DEPARTMENT, version, same.metrics or metrics_of(judged), run)
        audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", "train", version))


def _show(judged: Judgement, reads: Sequence[Reading], every: int, in_use: TracerModel | None) -> None:
    people = len({read.reader_id for read in reads})
    drawn = "" if len(reads) == every else f" of {every:,}, the newest of each reader"
    table = Table(title=f"{people:,} readers, {len(reads):,} reads{drawn}", title_justify="left", title_style="")
    for name in ("model", "AUC", "log-loss"):
        table.add_column(name, justify="left" if name == "model" else "right")
    rows = [("trained, on readers held out", judged.trained), ("shipped", judged.shipped)]
    if in_use:
        rows.insert(1, ("in use, on reads it may have seen", judged.in_use))
    for name, foretold in rows:
        table.add_row(name, f"{foretold.auc:.4f}", f"{foretold.log_loss:.4f}")
    out.print(table)


def _tell(version: str, in_use: TracerModel | None, kept: bool, same: bool) -> int:
    if kept:
        held = in_use.version if in_use else "the shipped one"
        out.print(f"{version} foretells worse than {held}, which stays in use; --force takes it all the same")
        return 1
    out.print(f"{version} is in use already" if same else f"{version} is in use")
    return 0
