"""What every tracer offers: it follows a reader's abilities from read to read.

A reader's state is a handful of rows, one a skill. Skill keys can be read aloud: "all", "tendency", "abnormal",
"normal", "abnormal/pneumothorax", "normal/rib_fracture" (normal cases that imitate a rib fracture).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from models.reading import Chance, LibraryCase, Reading, ReadingSource, Skills, SkillState
from models.teaching_case import CaseOrigin

if TYPE_CHECKING:
    from recommender.population import Population

GENERAL = "all"


State = Mapping[str, SkillState]


class Tracer(Protocol):
    """Follows abilities. Pure: time comes in as an argument, nothing is kept between calls."""

    @property
    def name(self) -> str:
        """The key in ``recommender.tracers.TRACERS``."""

    @property
    def version(self) -> str:
        """Moves whenever the same reads would give another state."""

    @property
    def population(self) -> Population:
        """The prior every reader starts from."""

    @property
    def parents(self) -> Mapping[str, str]:
        """A finding's parent, by key."""

    def predict(self, state: State, case: LibraryCase, now: datetime | None) -> Chance:
        """The chance that the reader is right on ``case``, with its 80 % interval."""

    def predict_many(self, state: State, cases: Sequence[LibraryCase], now: datetime | None) -> list[Chance]:
        """The same for many cases, in their order: a set is chosen from the whole library."""

    def update(
        self, state: State, case: LibraryCase, correct: bool, at: datetime | None, weight: float = 1.0
    ) -> dict[str, SkillState]:
        """The rows one read changes, by skill; its time does not grow with the history.

        ``weight`` (0 to 1) is how much of a whole read the evidence is worth; of weight 0 it changes no row.
        """

    def ability(self, state: State, skills: Skills) -> Chance:
        """The chance of being right on an average case of that truth and finding; wide where nothing is known."""

    def evidence(self, state: State, skills: Skills) -> tuple[int, int]:
        """Reads of that skill, and how many of them were right."""


def skill_key(skills: Skills) -> str:
    """The most particular key a case exercises: "abnormal/pneumothorax", or "normal" where no finding is imitated."""
    return skills.truth.value if skills.finding is None else f"{skills.truth.value}/{skills.finding}"


def skill_path(skills: Skills, parents: Mapping[str, str]) -> tuple[str, ...]:
    """Finding keys of a case from the most general ancestor down; ``parents`` maps a finding to its parent.

    A circle in ``parents`` ends the walk instead of hanging it.
    """
    findings: list[str] = []
    finding = skills.finding
    while finding is not None and finding not in findings:
        findings.insert(0, finding)
        finding = parents.get(finding)
    return tuple(f"{skills.truth.value}/{finding}" for finding in findings)


def count_evidence(state: State, skills: Skills) -> tuple[int, int]:
    """Reads and right answers of a skill's own row; none where the row does not exist yet."""
    row = state.get(skill_key(skills))
    return (row.reads, row.right) if row else (0, 0)


def replay_order(reading: Reading) -> tuple[datetime, str, int, str]:
    """Sort key of a replay; see ``order_key``."""
    return order_key(reading.read_at, reading.source, reading.sequence, reading.reading_id)


def order_key(
    read_at: datetime | None, source: ReadingSource, sequence: int, reading_id: str
) -> tuple[datetime, str, int, str]:
    """Where a read stands in its reader's history.

    Undated reads come first, by source and then sequence: they are imports of older work, and placed anywhere else they
    would move when a dated read arrives. Dated ones follow by time; source, sequence and id break ties.
    """
    return (read_at or datetime.min.replace(tzinfo=UTC), source.value, sequence, reading_id)


def stand_in(reading: Reading) -> LibraryCase:
    """A case for a read whose own has left the library: the skills are kept, the difficulty is wide open."""
    return LibraryCase(
        case_id=reading.case_id,
        patient=reading.case_id,
        skills=reading.skills,
        difficulty=0.0,
        difficulty_sd=1.5,
        origin=CaseOrigin.IMPORTED,
        has_images=False,
    )


def replay(tracer: Tracer, reads: Iterable[Reading], cases: Mapping[str, LibraryCase]) -> State:
    """One reader's state after all ``reads``, whatever order they are handed in (see ``replay_order``).

    Reads of weight 0 are left out.
    """
    state: dict[str, SkillState] = {}
    for reading in sorted((reading for reading in reads if reading.weight > 0), key=replay_order):
        case = cases.get(reading.case_id) or stand_in(reading)
        state |= tracer.update(state, case, reading.correct, reading.read_at, reading.weight)
    return state
