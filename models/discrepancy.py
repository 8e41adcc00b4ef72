"""Peer review and other evidence that a read and the truth differ. "Discrepancy" is neutral: it blames nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ErrorClass(StrEnum):
    """Coarse classes only: experts agree on fine types at kappa 0.34. Technique and system never feed a skill."""

    PERCEPTUAL = "perceptual"
    INTERPRETIVE = "interpretive"
    OVERCALL = "overcall"
    COMMUNICATION = "communication"
    TECHNIQUE_OR_SYSTEM = "technique_or_system"


class Sampling(StrEnum):
    """How a case came to be reviewed. Only randomly sampled reviews may be pooled in a rate."""

    RANDOM = "random"
    TRIGGERED = "triggered"
    SUBMITTED = "submitted"
    ADDENDUM = "addendum"
    OUTCOME = "outcome"


class RadpeerScore(StrEnum):
    """RADPEER 2016; a: unlikely, b: likely to be clinically significant. An older 4 is read as 3."""

    CONCUR = "1"
    UNDERSTANDABLE = "2"
    UNDERSTANDABLE_A = "2a"
    UNDERSTANDABLE_B = "2b"
    SHOULD_BE_MADE = "3"
    SHOULD_BE_MADE_A = "3a"
    SHOULD_BE_MADE_B = "3b"

    @property
    def discrepant(self) -> bool:
        return self is not RadpeerScore.CONCUR


def radpeer_score(text: str) -> RadpeerScore:
    """A score as departments write it ("3B", "4a", " 2 "). Raises ValueError where it is none."""
    cleaned = text.strip().lower().replace("4", "3")
    return RadpeerScore(cleaned[:1] if cleaned.startswith("1") else cleaned)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One review of one read, concurring ones included, since they are the denominator.

    ``reviewer`` is a pseudonym that the reader never sees.
    """

    discrepancy_id: str
    department_id: str
    reader_id: str
    source_key: str
    score: RadpeerScore
    sampling: Sampling
    modality: str
    reviewed_at: datetime
    finding: str | None = None
    error_class: ErrorClass | None = None
    reviewer: str | None = None
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """Reviews and discrepancies of one cell (a finding, a modality); ``reviews`` holds randomly sampled ones only."""

    label: str
    discrepancies: int
    reviews: int
    unsampled: int = 0
