"""Readers, what they read, and what they are given to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.finding import Region, Truth
from models.teaching_case import CaseOrigin, CaseStem

DEPARTMENT = "main"
"""The department of a workspace that names no other."""


class ReadingSource(StrEnum):
    PRACTICE = "practice"
    ASSESSMENT = "assessment"
    CLINICAL = "clinical"
    PRELIM_FINAL = "prelim_final"
    PEER_REVIEW = "peer_review"
    IMPORTED = "imported"


class StateKind(StrEnum):
    """A reader's two states (wall 3). Only the practice state may ever be shown to others."""

    PRACTICE = "practice"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Department:
    """``demo`` departments alone may hold phantoms (wall 5)."""

    department_id: str
    name: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as a pseudonym; the name is kept elsewhere, by the store's identities."""

    reader_id: str
    department_id: str
    level: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place a reader marked, in pixels from the image's upper left corner."""

    image_id: str
    frame: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader commits: either "normal", or findings and marks and perhaps a diagnosis.

    ``confidence`` is the reader's own chance of being right, in percent, 0 to 100.
    """

    normal: bool
    findings: tuple[str, ...] = ()
    diagnosis: str | None = None
    marks: tuple[Mark, ...] = ()
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Skills:
    """What a case asks of a reader: the key of the reader's ability it exercises.

    For an abnormal case ``finding`` is what is shown; for a normal one, what it imitates (None: nothing in particular).
    """

    truth: Truth
    finding: str | None = None
    modality: str = ""
    region: Region = Region.OTHER


@dataclass(frozen=True, slots=True)
class Reading:
    """One committed read. ``sequence`` orders a reader's reads of one source; ``read_at`` (aware, UTC) where known.

    ``answered`` is the key of what was said where another finding was right.
    """

    reading_id: str
    department_id: str
    reader_id: str
    case_id: str
    source: ReadingSource
    sequence: int
    correct: bool
    skills: Skills
    answer: Answer | None = None
    read_at: datetime | None = None
    seconds: float | None = None
    answer_text: str = ""
    answered: str | None = None
    set_id: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LibraryCase:
    """A case as the recommender sees it: one row of the immutable library snapshot."""

    case_id: str
    patient: str
    skills: Skills
    difficulty: float
    difficulty_sd: float
    origin: CaseOrigin
    has_images: bool


@dataclass(frozen=True, slots=True)
class LibrarySnapshot:
    """The library index by version; rebuilt when the version moves."""

    version: int
    cases: tuple[LibraryCase, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability with the bounds of its 80 % interval, all 0 to 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SkillState:
    """What is believed of one skill of a reader: one row of the table reader_states.

    ``mean`` and ``variance`` are in the tracer's own scale (logits for the Bayesian one). ``skill`` is a readable key
    such as "all", "abnormal" or "abnormal/pneumothorax".
    """

    skill: str
    mean: float
    variance: float
    reads: int = 0
    right: int = 0
    last_seen: datetime | None = None

    def counted(self, correct: bool, at: datetime | None) -> SkillState:
        """The same belief with one more read counted."""
        seen = max((moment for moment in (self.last_seen, at) if moment is not None), default=None)
        return replace(self, reads=self.reads + 1, right=self.right + int(correct), last_seen=seen)


@dataclass(frozen=True, slots=True)
class StateHead:
    """The last read a state has taken in, and the model that did; a read that sorts before it asks for a replay."""

    reading_id: str
    read_at: datetime | None
    source: ReadingSource
    sequence: int
    model: str


@dataclass(frozen=True, slots=True)
class StateChange:
    """What one read changed, as its reader sees it: the chance of being right before and after."""

    label: str
    before: Chance
    after: Chance


@dataclass(frozen=True, slots=True)
class Exposure:
    """When a reader last met a case; ``last_at`` is None where the date is unknown."""

    case_id: str
    patient: str
    times: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One case of a set, why it was chosen, and how likely its reader is to be right."""

    case_id: str
    chance: Chance
    purpose: str
    reason: str


@dataclass(frozen=True, slots=True)
class PracticeSet:
    """Cases for one reader in order. ``reason`` speaks of the whole set and names no case's finding."""

    set_id: str
    department_id: str
    reader_id: str
    created_at: datetime
    reason: str
    items: tuple[Recommendation, ...]
    model: str
    library_version: int
    seed: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Wrong reads of cases that show ``finding`` in which ``answered``, another key, was said; by how many readers."""

    finding: str
    answered: str
    reads: int
    readers: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The part of a practice set its reader may see before answering: a stem and whether it was read."""

    position: int
    stem: CaseStem
    reading_id: str | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A reader's objection to a case's key, for an educator to settle."""

    dispute_id: str
    reading_id: str
    case_id: str
    text: str
    raised_at: datetime
    settled: bool = False
