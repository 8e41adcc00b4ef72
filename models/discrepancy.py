"""Peer review and other evidence that a read and the truth differ. "Discrepancy" is neutral: it blames nobody."""

from __future__ import annotations

import re
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
    """How a case came to be reviewed. Only randomly sampled reviews may be pooled in a rate.

    Reviews whose sampling nobody states are ``unknown``: they are counted, never rated.
    """

    RANDOM = "random"
    TRIGGERED = "triggered"
    SUBMITTED = "submitted"
    ADDENDUM = "addendum"
    OUTCOME = "outcome"
    UNKNOWN = "unknown"


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


_SCORE = re.compile(r"(?:radpeer|score|category)?[\s:#]*([1-4])(?!\.?\d)[\s.)-]*([ab])?(?![\da-z])", re.IGNORECASE)
_CONCUR = ("concur", "concurs", "agree", "agreement", "no discrepancy")


def radpeer_score(text: str, significant: bool | None = None) -> RadpeerScore:
    """A score as departments write it ("3B", "RADPEER 4a", " 2 ", "3 - should be made most of the time", "concur").

    ``significant``: whether a column of its own calls the discrepancy likely to be clinically significant. Raises
    ValueError where the text is no score.
    """
    cleaned = text.strip().lower()
    if cleaned in _CONCUR:
        return RadpeerScore.CONCUR
    found = _SCORE.match(cleaned)
    if found is None:
        raise ValueError("not a RADPEER score")
    number, letter = found[1].replace("4", "3"), (found[2] or "").lower()
    if number == "1":
        return RadpeerScore.CONCUR
    if not letter and significant is not None:
        letter = "b" if significant else "a"
    return RadpeerScore(number + letter)


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
