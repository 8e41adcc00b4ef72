"""Peer review as evidence on a reader's skills. It feeds the private state only (wall 3).

Weights: a RADPEER 2 is worth about .08 and a 3 about .55 of a significant miss (Abujudeh et al., JACR 2012). The source
tells nothing of a and b apart, so 2a and 2b weigh the same. Submitted and triggered discrepancies count like random
ones: each is a read that was wrong, and the state holds what a reader can do, not a rate of a department.

A concurring review that names no finding is a read that was right on an unknown truth. Left out, two misses in a
thousand reviews would weigh like two in two. So, of those sampled at random, the share that can be expected to be of
abnormal cases counts: every twentieth of a modality is one abnormal case read rightly. One normal case counts beside
it, or the reader would seem to call everything abnormal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from models.discrepancy import Discrepancy, ErrorClass, Sampling
from models.finding import Truth
from models.reading import Reading, ReadingSource, Skills

WEIGHTS = {"1": 1.0, "2": 0.08, "3": 0.55}

CONCURRING_A_READ = 20
"""Concurring reviews that name nothing, for one of an abnormal case among them: about 5 % show something to miss."""

MOST_UNNAMED = 40
"""Reads of that kind of one reader, of both truths: beyond, they would outweigh all that names a finding."""


def readings_of(reviews: Iterable[Discrepancy]) -> list[Reading]:
    """The reads that one reader's reviews speak of, in the order of the reviews' dates."""
    found: list[Reading] = []
    concurring = Counter[str]()
    unnamed = 0
    for review in sorted(reviews, key=lambda each: (each.reviewed_at, each.discrepancy_id)):
        if (named := reading_of(review)) is not None:
            found.append(named)
        elif _concurs_by_chance(review):
            concurring[review.modality] += 1
            place = concurring[review.modality] % CONCURRING_A_READ
            truth = {0: Truth.ABNORMAL, CONCURRING_A_READ // 2: Truth.NORMAL}.get(place)
            if truth is not None and unnamed < MOST_UNNAMED:
                unnamed += 1
                found.append(_read(review, Skills(truth, None, review.modality)))
    return found


def _concurs_by_chance(review: Discrepancy) -> bool:
    return review.finding is None and not review.score.discrepant and review.sampling is Sampling.RANDOM


def reading_of(review: Discrepancy) -> Reading | None:
    """The read that a review speaks of; None where it says nothing about a skill.

    Technique, system and communication errors are nobody's eye; a review without a finding names no skill, but see
    ``readings_of``.
    """
    silent = (ErrorClass.TECHNIQUE_OR_SYSTEM, ErrorClass.COMMUNICATION)
    if review.finding is None or review.error_class in silent:
        return None
    truth = Truth.NORMAL if review.error_class is ErrorClass.OVERCALL else Truth.ABNORMAL
    return _read(review, Skills(truth, review.finding, review.modality))


def _read(review: Discrepancy, skills: Skills) -> Reading:
    return Reading(
        reading_id=review.discrepancy_id,
        department_id=review.department_id,
        reader_id=review.reader_id,
        case_id=review.case_id or review.discrepancy_id,
        source=ReadingSource.PEER_REVIEW,
        sequence=0,
        correct=not review.score.discrepant,
        skills=skills,
        read_at=review.reviewed_at,
        weight=WEIGHTS[review.score.value[0]],
    )
