"""A teaching case in two halves: the stem a reader may see before answering, and the key.

The split is wall 1. A route that serves readers before they commit can only hold a CaseStem; what gives the answer away
lives in CaseKey alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from models.finding import Observation, Region, Truth
from models.report import Section, Span


class CaseStatus(StrEnum):
    """A stub is a case known from reads alone: no report, no images, practised on the command line only.

    The pool holds normal reports, from which drafts are sampled on demand.
    """

    STUB = "stub"
    POOL = "pool"
    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class CaseOrigin(StrEnum):
    """Where a case comes from. A phantom exists in demo workspaces only and stands in for clinical there."""

    CLINICAL = "clinical"
    IMPORTED = "imported"
    SYNTHETIC = "synthetic"
    PHANTOM = "phantom"


class Proof(StrEnum):
    """How the truth of a case is known. A case proved by its report alone never enters an assessment."""

    REPORT_ONLY = "report_only"
    FOLLOW_UP = "follow_up"
    CONSENSUS = "consensus"
    PATHOLOGY = "pathology"
    CONSTRUCTION = "construction"


@dataclass(frozen=True, slots=True)
class ImageRef:
    """One stored image. The ids are opaque: they tell nothing of patient, file or content."""

    image_id: str
    series_id: str
    number: int
    frames: int = 1


@dataclass(frozen=True, slots=True)
class CaseStem:
    """All that a reader may see of a case before committing an answer."""

    case_id: str
    history: str
    images: tuple[ImageRef, ...]


@dataclass(frozen=True, slots=True)
class Lesion:
    """Where a finding lies: a circle around (x, y), in pixels from the image's upper left corner, on one frame."""

    finding: str
    image_id: str
    frame: int
    x: float
    y: float
    radius: float


class Reason(NamedTuple):
    """Why a teaching point ranks where it does: a factor of the scale, and the points it adds or takes.

    ``amount`` is the number behind it where that is not simply one, such as the share of reviews that missed it.
    """

    factor: str
    points: float
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class TeachingPoint:
    """A reusable statement tied to a finding. ``text`` is always the report's own words at ``span``.

    ``images`` are the opaque ids of those it belongs to. ``wording`` says the same in other words where an educator
    kept one, each claim of which stands in ``text``. ``reasons`` say why it was picked; a person needs to give none.
    """

    finding: str
    text: str
    span: Span
    images: tuple[str, ...] = ()
    wording: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKey:
    """All that a reader may not see before committing: the answer and what gives it away.

    ``difficulty`` is in logits (0: an average reader is right half the time; greater is harder).
    ``findings`` are the keys a right answer names; ``imitates`` is what a normal case is easily taken for.
    """

    case_id: str
    title: str
    report: str
    sections: tuple[Section, ...]
    truth: Truth
    findings: tuple[str, ...]
    observations: tuple[Observation, ...]
    diagnosis: str | None
    diagnosis_text: str
    differential: tuple[str, ...]
    discussion: str
    origin: CaseOrigin
    proof: Proof
    difficulty: float
    points: tuple[TeachingPoint, ...]
    lesions: tuple[Lesion, ...] = ()
    imitates: str | None = None


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Which versions of scrub and Basic Profile ran on a case; None where one did not (wall 2)."""

    scrub: str | None
    profile: str | None

    @property
    def clean(self) -> bool:
        return bool(self.scrub and self.profile)


@dataclass(frozen=True, slots=True)
class TeachingCase:
    """A whole case as educators and the command line see it.

    ``source`` and ``source_id`` name where it came from; ``patient`` is a keyed hash, the same for a twin and its base.
    ``worth`` is how much the report teaches, as ``nlp.points`` ranks it; it orders the drafts.
    """

    department_id: str
    source: str
    source_id: str
    status: CaseStatus
    stem: CaseStem
    key: CaseKey
    region: Region
    modality: str
    patient: str
    cleaning: Cleaning
    flags: tuple[str, ...] = ()
    twin_of: str | None = None
    worth: float = 0.0

    @property
    def case_id(self) -> str:
        return self.stem.case_id
