"""Peer review as evidence on a reader's skills. It feeds the private state only (wall 3).

Weights: a RADPEER 2 is worth about .08 and a 3 about .55 of a significant miss (Abujudeh et al., JACR 2012).
"""

from __future__ import annotations

from models.discrepancy import Discrepancy, ErrorClass
from models.finding import Truth
from models.reading import Reading, ReadingSource, Skills

WEIGHTS = {"1": 1.0, "2": 0.08, "3": 0.55}


def reading_of(review: Discrepancy) -> Reading | None:
    """The read that a review speaks of; None where it says nothing about a skill.

    Technique, system and communication errors are nobody's eye; a review without a finding names no skill.
    """
    silent = (ErrorClass.TECHNIQUE_OR_SYSTEM, ErrorClass.COMMUNICATION)
    if review.finding is None or review.error_class in silent:
        return None
    truth = Truth.NORMAL if review.error_class is ErrorClass.OVERCALL else Truth.ABNORMAL
    return Reading(
        reading_id=review.discrepancy_id,
        department_id=review.department_id,
        reader_id=review.reader_id,
        case_id=review.case_id or review.discrepancy_id,
        source=ReadingSource.PEER_REVIEW,
        sequence=0,
        correct=not review.score.discrepant,
        skills=Skills(truth, review.finding, review.modality),
        read_at=review.reviewed_at,
        weight=WEIGHTS[review.score.value[0]],
    )
