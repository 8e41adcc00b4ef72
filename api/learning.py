"""Where history, tracer and library meet: a read is taken in, a state replayed, a set chosen.

The tracer and the library index are values kept by version; every process rebuilds its own when the version moves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from api.exposure import Known, known_of, volumes_of_reader
from api.replaying import PRACTICE_SOURCES as PRACTICE_SOURCES
from api.replaying import Follow, head_of, replay_readers
from models.finding import FindingCatalogue, Truth
from models.reading import (
    LibraryCase,
    LibrarySnapshot,
    PracticeSet,
    Reader,
    Reading,
    ReadingSource,
    Skills,
    SkillState,
    StateChange,
    StateHead,
    StateKind,
)
from recommender.choose import choose
from recommender.gap import department_gaps
from recommender.mimics import interpretive
from recommender.population import Population, population_from_json
from recommender.request import ChoiceSettings, SetRequest
from recommender.tracer import Tracer, order_key, replay_order, stand_in
from recommender.tracers import TRACERS
from recommender.wording import in_sentence
from store import departments, draft_order, history, imports, library, read_counts, sets, states, tracer_models
from store.database import Transaction

DEFAULT_TRACER = "bayesian"
RECENT_CASES = 100
"""Answered cases over which the share of normals is held steady."""

RECENT_MISTAKES = 10
"""A reader's latest wrong answers that named something, among which look-alikes are sought."""


@dataclass(frozen=True, slots=True)
class Library:
    """A snapshot with its cases by id."""

    snapshot: LibrarySnapshot
    by_id: Mapping[str, LibraryCase]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a read changed in the practice-only state; ``late`` where a state must be replayed to hold it."""

    changes: tuple[StateChange, ...]
    late: bool


@dataclass
class Learning:
    """One a process. Its caches hold immutable values by version, so threads may share it."""

    findings: FindingCatalogue
    _libraries: dict[str, Library] = field(default_factory=dict)
    _tracers: dict[tuple[str, str], Tracer] = field(default_factory=dict)
    _known: dict[str, tuple[object, Known]] = field(default_factory=dict)

    @property
    def parents(self) -> dict[str, str]:
        return {key: finding.parent for key, finding in self.findings.items() if finding.parent}

    def library(self, tx: Transaction, department_id: str) -> Library:
        held = self._libraries.get(department_id)
        if held and held.snapshot.version == departments.library_version(tx, department_id):
            return held
        snapshot = library.snapshot(tx, department_id)
        fresh = Library(snapshot, {case.case_id: case for case in snapshot.cases})
        self._libraries[department_id] = fresh
        return fresh

    def tracer(self, tx: Transaction, department_id: str) -> tuple[Tracer, str]:
        """The tracer in use and the version that stands on everything it says."""
        version = tracer_models.version_in_use(tx, department_id) or "prior"
        held = self._tracers.get((department_id, version))
        if held is None:
            model = tracer_models.promoted(tx, department_id)
            name = model.name if model else DEFAULT_TRACER
            population = population_from_json(json.dumps(model.parameters), version) if model else Population()
            held = TRACERS[name](population, self.parents)
            self._tracers[(department_id, version)] = held
        return held, f"{held.name}-{held.version} {version}"

    def take_in(self, tx: Transaction, reader: Reader, reading: Reading) -> TakenIn:
        """Update the reader's states with a read just stored, in the transaction that stored it."""
        if reading.weight <= 0:
            return TakenIn((), False)
        tracer, model = self.tracer(tx, reader.department_id)
        case = self.library(tx, reader.department_id).by_id.get(reading.case_id) or stand_in(reading)
        changes: list[StateChange] = []
        late = False
        for kind in _kinds(reading.source):
            head = states.head(tx, reader.reader_id, kind)
            if head and not _follows(reading, head, model):
                late = True
                continue
            state = states.get(tx, reader.reader_id, kind)
            changed = tracer.update(state, case, reading.correct, reading.read_at, reading.weight)
            states.put(tx, reader, kind, changed.values(), head_of(reading, model))
            if kind is StateKind.PRACTICE:
                changes = _changes(tracer, state, {**state, **changed}, case.skills, self.findings)
        return TakenIn(tuple(changes), late)

    def replay(self, tx: Transaction, reader: Reader) -> None:
        """Both states of a reader from the whole history, in its order."""
        self.replay_many(tx, [reader])

    def replay_many(self, tx: Transaction, people: Sequence[Reader]) -> None:
        """The same for several readers of one department."""
        for department_id in {reader.department_id for reader in people}:
            follow = Follow(*self.tracer(tx, department_id), self.library(tx, department_id).by_id)
            replay_readers(tx, [reader for reader in people if reader.department_id == department_id], follow)

    def note_gaps(self, tx: Transaction, department_id: str) -> None:
        """Store the department's gap of each finding, and order the drafts by them.

        From practice states alone: an educator sees the order (wall 3).
        """
        tracer, _ = self.tracer(tx, department_id)
        a_month = self.known(tx, department_id).volume.a_month
        prefix = f"{Truth.ABNORMAL.value}/"
        read = states.skills(tx, department_id, StateKind.PRACTICE)
        keys = {*self.findings, *(skill.removeprefix(prefix) for skill in read if skill.startswith(prefix))}
        everyone = states.of_department(tx, department_id, StateKind.PRACTICE)
        draft_order.set_gaps(tx, department_id, department_gaps(everyone, tracer, keys, self.findings, a_month))
        draft_order.set_priorities(tx, department_id)

    def known(self, tx: Transaction, department_id: str) -> Known:
        """What the department as a whole meets and confuses; worked out again after an import or a training."""
        token = (tracer_models.version_in_use(tx, department_id), imports.moved(tx, department_id))
        held = self._known.get(department_id)
        if held is None or held[0] != token:
            held = (token, known_of(tx, department_id, self.findings, self.parents))
            self._known[department_id] = held
        return held[1]

    def choose(
        self,
        tx: Transaction,
        reader: Reader,
        request: SetRequest,
        now: datetime,
        seed: int,
        set_id: str,
        kind: StateKind = StateKind.PRIVATE,
    ) -> PracticeSet:
        """The next set of a reader, not stored yet. ``kind``: where others see the set, only the practice state may
        choose it, since the choice itself tells of the evidence behind it (wall 3)."""
        tracer, model = self.tracer(tx, reader.department_id)
        snapshot = self.library(tx, reader.department_id).snapshot
        known = self.known(tx, reader.department_id)
        sources = PRACTICE_SOURCES if kind is StateKind.PRACTICE else tuple(ReadingSource)
        mistaken = read_counts.mistaken(tx, reader.reader_id, sources, RECENT_MISTAKES)
        choice = choose(
            snapshot,
            states.get(tx, reader.reader_id, kind),
            tracer,
            history.exposures(tx, reader.reader_id, sources),
            request,
            ChoiceSettings(),
            self.findings,
            volumes_of_reader(tx, reader, known, self.parents),
            now,
            np.random.default_rng(seed),
            sets.recent_mix(tx, reader.reader_id, RECENT_CASES),
            interpretive(mistaken, known.mimics, self.findings),
            known.circles.get(reader.reader_id, ()),
        )
        return PracticeSet(
            set_id=set_id,
            department_id=reader.department_id,
            reader_id=reader.reader_id,
            created_at=now,
            reason=choice.reason,
            items=choice.items,
            model=model,
            library_version=snapshot.version,
            seed=seed,
        )


def _kinds(source: ReadingSource) -> Iterable[StateKind]:
    return (StateKind.PRACTICE, StateKind.PRIVATE) if source in PRACTICE_SOURCES else (StateKind.PRIVATE,)


def _follows(reading: Reading, head: StateHead, model: str) -> bool:
    """Whether a read sorts after all that a state has taken in, under the same model."""
    return head.model == model and replay_order(reading) > order_key(
        head.read_at, head.source, head.sequence, head.reading_id
    )


def _changes(
    tracer: Tracer,
    before: Mapping[str, SkillState],
    after: Mapping[str, SkillState],
    skills: Skills,
    findings: FindingCatalogue,
) -> list[StateChange]:
    """What a read changed, in the reader's words: the finding (or what it imitates), and the truth as a whole."""
    whole = Skills(skills.truth)
    named = "seeing what is there" if skills.truth is Truth.ABNORMAL else "leaving normal cases alone"
    pairs = [(whole, named)]
    if skills.finding:
        label = in_sentence(findings.name(skills.finding))
        pairs.insert(
            0,
            (
                skills,
                f"finding {label}" if skills.truth is Truth.ABNORMAL else f"normal cases that can pass for {label}",
            ),
        )
    return [StateChange(name, tracer.ability(before, asked), tracer.ability(after, asked)) for asked, name in pairs]
