"""How well a population foretells readers it has not seen: the figures by which a training is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models.reading import LibraryCase, Reading, Skills, SkillState
from models.teaching_case import CaseOrigin
from recommender.bayesian import BayesianTracer
from recommender.fit import fit
from recommender.population import Population
from recommender.tracer import replay_order

Floats = NDArray[np.float64]

FOLDS = 5

TOLERATED = 0.002
"""Nats a read: two models this close foretell alike, however surely one of them is the better."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """Chances of being right before each read: ``auc`` (0.5: chance) and ``log_loss`` (nats a read)."""

    auc: float
    log_loss: float


def in_order(reads: Sequence[Reading]) -> list[Reading]:
    """The reads by reader and in the order a replay would take them: the order of all figures here."""
    return sorted(reads, key=lambda reading: (reading.reader_id, replay_order(reading)))


def held_out(reads: Sequence[Reading], parents: Mapping[str, str], folds: int = FOLDS) -> Iterator[Floats]:
    """Chances for the reads of each fold's readers by a fit to all others; NaN for the other reads, (N,) a fold.

    ``reads`` are in order and of two readers or more. The readers are dealt out by a hash of their ids.
    """
    dealt = sorted({read.reader_id for read in reads}, key=lambda reader: (crc32(reader.encode()), reader))
    fold_of = {reader: n % folds for n, reader in enumerate(dealt)}
    for fold in range(min(folds, len(dealt))):
        population = fit(read for read in reads if fold_of[read.reader_id] != fold)
        chances = np.full(len(reads), np.nan)
        own = [n for n, read in enumerate(reads) if fold_of[read.reader_id] == fold]
        chances[own] = foretell([reads[n] for n in own], population, parents)
        yield chances


def foretell(reads: Sequence[Reading], population: Population, parents: Mapping[str, str]) -> Floats:
    """The chance of being right on each read, from the same reader's earlier ones alone, (N,); ``reads`` in order."""
    tracer = BayesianTracer(population, parents)
    cases: dict[tuple[str, Skills], LibraryCase] = {}
    chances: list[float] = []
    for _, own in groupby(reads, key=lambda read: read.reader_id):
        state: dict[str, SkillState] = {}
        for read in own:
            case = cases.get((read.case_id, read.skills))
            if case is None:
                case = cases[read.case_id, read.skills] = _case(read, population)
            chances.append(tracer.predict(state, case, read.read_at).mean)
            state |= tracer.update(state, case, read.correct, read.read_at, read.weight)
    return np.array(chances)


def _case(read: Reading, population: Population) -> LibraryCase:
    known = population.difficulty(read.case_id, read.skills)
    return LibraryCase(read.case_id, read.case_id, read.skills, known.mean, known.sd, CaseOrigin.IMPORTED, False)


def right(reads: Sequence[Reading]) -> NDArray[np.bool_]:
    return np.array([read.correct for read in reads], dtype=bool)


def losses(chances: Floats, right: NDArray[np.bool_]) -> Floats:
    """Nats lost on each read, (N,)."""
    of_the_answer = np.where(right, chances, 1 - chances)
    loss: Floats = -np.log(np.clip(of_the_answer, 1e-9, 1.0))
    return loss


def figures(chances: Floats, right: NDArray[np.bool_]) -> Foretold:
    """Figures over all reads. Where all are right, or none is, the AUC is that of chance."""
    values, counts = np.unique(chances, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[np.searchsorted(values, chances)]
    positives, negatives = int(right.sum()), int((~right).sum())
    auc = 0.5
    if positives and negatives:
        auc = float((ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))
    return Foretold(auc, float(losses(chances, right).mean()))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more one model loses than another, in nats a read: the mean over readers, and its standard error."""

    mean: float
    error: float

    @property
    def worse(self) -> bool:
        """Whether the first is worse by more than is tolerated, beyond chance among readers (97.5 %, one-sided)."""
        return self.mean - 1.96 * self.error > TOLERATED


def difference(reads: Sequence[Reading], one: Floats, other: Floats) -> Difference:
    """Of losses on the same reads, (N,); paired by reader, since a reader's reads hang together."""
    codes = np.unique([read.reader_id for read in reads], return_inverse=True)[1]
    by_reader = np.bincount(codes, one - other) / np.bincount(codes)
    spread = float(by_reader.std(ddof=1)) if len(by_reader) > 1 else 0.0
    return Difference(float(by_reader.mean()), spread / sqrt(len(by_reader)))
