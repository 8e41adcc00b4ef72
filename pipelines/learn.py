"""What the reads of a department say of its cases and readers, learned anew after a batch of reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from api.learning import PRACTICE_SOURCES, Learning
from api.workspace import DEPARTMENT, Workspace
from models.reading import Reader, Reading, ReadingSource, StateKind
from pipelines.telling import along, working
from recommender.fit import fit
from recommender.population import Population
from recommender.tracer import GENERAL
from store import history, library, readers, states, tracer_models
from store.database import Transaction
from store.tracer_models import TracerModel

FEWEST_READERS = 5
"""Below this many readers the shipped priors are better than a fit."""

MOST_READS_FITTED = 300_000
"""A fit holds its reads in memory. Beyond this many, only the newest reads of each reader are taken."""

READERS_A_TRANSACTION = 50
READS_A_TRANSACTION = 20_000
"""How far readers are brought up to date before others may write again."""


def learn(workspace: Workspace, learning: Learning) -> None:
    """Fit the population to the reads of the department, then bring every reader's states up to date."""
    with workspace.database.snapshot() as tx:
        reads = reads_to_fit(tx, MOST_READS_FITTED)
    if len({read.reader_id for read in reads}) >= FEWEST_READERS:
        with working("learning how hard each case is"):
            population = fit(reads)
        del reads
        with workspace.database.transaction() as tx:
            promote(tx, workspace, population)
    bring_up_to_date(workspace, learning)
    note_gaps(workspace, learning)


def reads_to_fit(tx: Transaction, most: int) -> list[Reading]:
    """Reads that others may see the effect of (wall 3): all, or as many of each reader's newest as ``most`` allow.

    All readers stay, since a fit learns from the differences between them; old reads tell least of what is read now.
    """
    counts = history.reads_by_reader(tx, DEPARTMENT, PRACTICE_SOURCES)
    newest = _most_of_each(list(counts.values()), most)
    return list(history.evidence(tx, DEPARTMENT, PRACTICE_SOURCES, sorted(counts), newest))


def _most_of_each(counts: Sequence[int], most: int) -> int | None:
    """The largest number of reads, the same for each reader, of which there are ``most`` or fewer; None: all are."""
    left, readers = most, len(counts)
    if sum(counts) <= most:
        return None
    for reads in sorted(counts):
        if reads * readers > left:
            return max(1, left // readers)
        left -= reads
        readers -= 1
    return None


def promote(
    tx: Transaction,
    workspace: Workspace,
    population: Population,
    metrics: Mapping[str, float] | None = None,
    run: str = "",
) -> TracerModel:
    """Put a population into use; the library is said to have moved, since its difficulties did."""
    parameters = json.loads(population.to_json())
    model = tracer_models.promote(tx, DEPARTMENT, "bayesian", parameters, workspace.now(), metrics, run)
    library.set_difficulties(tx, DEPARTMENT, ((case, d.mean, d.sd) for case, d in population.cases.items()))
    return model


def bring_up_to_date(workspace: Workspace, learning: Learning) -> None:
    """Replay every reader's states. Killed and run again, it completes."""
    with workspace.database.snapshot() as tx:
        everyone = readers.every(tx, DEPARTMENT)
        counts = history.reads_by_reader(tx, DEPARTMENT, tuple(ReadingSource))
    for people in along(list(_portions(everyone, counts)), "bringing readers up to date"):
        with workspace.database.transaction() as tx:
            learning.replay_many(tx, people)


def note_gaps(workspace: Workspace, learning: Learning) -> None:
    """Order the drafts by what the department misses now."""
    with workspace.database.transaction() as tx:
        learning.note_gaps(tx, DEPARTMENT)


def unlearned(workspace: Workspace, learning: Learning) -> bool:
    """Whether an import was killed between storing reads and bringing every reader up to date with them."""
    with workspace.database.snapshot() as tx:
        _, model = learning.tracer(tx, DEPARTMENT)
        behind = history.behind(tx, DEPARTMENT, PRACTICE_SOURCES, StateKind.PRACTICE, GENERAL, model)
        return bool(behind) or states.of_other_models(tx, DEPARTMENT, model)


def _portions(everyone: Sequence[Reader], counts: dict[str, int]) -> Iterator[list[Reader]]:
    """Readers in the numbers one transaction takes."""
    people: list[Reader] = []
    reads = 0
    for reader in everyone:
        own = counts.get(reader.reader_id, 0)
        if people and (len(people) == READERS_A_TRANSACTION or reads + own > READS_A_TRANSACTION):
            yield people
            people, reads = [], 0
        people.append(reader)
        reads += own
    if people:
        yield people
