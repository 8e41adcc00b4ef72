"""Readers' states from their whole histories: what an import, a training or a late read asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.discrepancy import Discrepancy
from models.reading import LibraryCase, Reader, Reading, ReadingSource, StateHead, StateKind
from recommender.evidence import readings_of
from recommender.tracer import Tracer, replay, replay_order
from store import history, readers, reviews, states
from store.database import Transaction
from store.states import Replayed

PRACTICE_SOURCES = (ReadingSource.PRACTICE, ReadingSource.ASSESSMENT, ReadingSource.IMPORTED)
"""Sources that may enter the state others can see; the rest is evidence for the private state alone (wall 3)."""


def replay_readers(tx: Transaction, people: Sequence[Reader], follow: Follow) -> None:
    """Put both states of these readers of one department in the place of the old ones."""
    if not people:
        return
    ids = [reader.reader_id for reader in people]
    readers.lock_many(tx, ids)
    reads, reviewed = defaultdict[str, list[Reading]](list), defaultdict[str, list[Discrepancy]](list)
    for reading in history.evidence(tx, people[0].department_id, tuple(ReadingSource), ids):
        reads[reading.reader_id].append(reading)
    for review in reviews.of_readers(tx, ids):
        reviewed[review.reader_id].append(review)
    both = (follow.both(reader, reads[reader.reader_id], readings_of(reviewed[reader.reader_id])) for reader in people)
    states.replace_many(tx, [state for of_reader in both for state in of_reader])


@dataclass(frozen=True, slots=True)
class Follow:
    """Follows whole histories with one tracer; ``model`` stands on what comes out."""

    tracer: Tracer
    model: str
    cases: Mapping[str, LibraryCase]

    def both(self, reader: Reader, reads: Sequence[Reading], reviewed: Sequence[Reading]) -> tuple[Replayed, Replayed]:
        """A reader's two states. They are one where nothing but what others may see was taken in."""
        shared = [reading for reading in reads if reading.source in PRACTICE_SOURCES]
        practice = self._one(reader, StateKind.PRACTICE, shared)
        if len(shared) == len(reads) and not reviewed:
            return practice, replace(practice, kind=StateKind.PRIVATE)
        return practice, self._one(reader, StateKind.PRIVATE, [*reads, *reviewed])

    def _one(self, reader: Reader, kind: StateKind, reads: Sequence[Reading]) -> Replayed:
        last = max(reads, key=replay_order, default=None)
        state = replay(self.tracer, reads, self.cases)
        return Replayed(reader, kind, tuple(state.values()), head_of(last, self.model) if last else None)


def head_of(reading: Reading, model: str) -> StateHead:
    return StateHead(reading.reading_id, reading.read_at, reading.source, reading.sequence, model)
