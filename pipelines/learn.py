"""What the reads of a department say of its cases and readers, learned anew after a batch of reads."""

from __future__ import annotations

import json

from api.learning import PRACTICE_SOURCES, Learning
from api.workspace import DEPARTMENT, Workspace
from models.reading import StateKind
from pipelines.telling import along, working
from recommender.fit import fit
from recommender.population import Population
from recommender.tracer import GENERAL
from store import history, library, readers, tracer_models
from store.database import Transaction

FEWEST_READERS = 5
"""Below this many readers the shipped priors are better than a fit."""


def learn(workspace: Workspace, learning: Learning) -> None:
    """Fit the population to all reads of the department, then bring every reader's states up to date."""
    with workspace.database.transaction() as tx:
        reads = [r for r in history.of_department(tx, DEPARTMENT) if r.source in PRACTICE_SOURCES]
        if len({read.reader_id for read in reads}) >= FEWEST_READERS:
            with working("learning how hard each case is"):
                population = fit(reads)
            _promote(tx, workspace, population)
    with workspace.database.snapshot() as tx:
        everyone = readers.every(tx, DEPARTMENT)
    for reader in along(everyone, "bringing readers up to date"):
        with workspace.database.transaction() as tx:
            learning.replay(tx, reader)


def unlearned(workspace: Workspace, learning: Learning) -> bool:
    """Whether an import was killed between storing reads and bringing every reader up to date with them."""
    with workspace.database.snapshot() as tx:
        _, model = learning.tracer(tx, DEPARTMENT)
        return bool(history.behind(tx, DEPARTMENT, PRACTICE_SOURCES, StateKind.PRACTICE, GENERAL, model))


def _promote(tx: Transaction, workspace: Workspace, population: Population) -> None:
    tracer_models.promote(tx, DEPARTMENT, "bayesian", json.loads(population.to_json()), workspace.now())
    library.set_difficulties(tx, DEPARTMENT, ((case, d.mean, d.sd) for case, d in population.cases.items()))
