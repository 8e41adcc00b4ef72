"""Which review a row of a file tells of, and what two tellings of one review may differ in.

A review is named by its source and its own id with its reader or, without an id, by reader, case, reviewer, date and
modality. Rows that name neither id nor case are counted: as many alike ones as the file has.

Dates are those the file writes: in whatever zone they are taken to be, the review stays the same.
"""

from __future__ import annotations

from dataclasses import replace

from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, Sampling
from pipelines.reviews_file import ReviewRow

NAMELESS = "~"
"""What the key of a nameless review begins with."""


def review_key(workspace: Workspace, source: str, row: ReviewRow) -> str:
    """What names the row's reviews, as an opaque word."""
    if row.review:
        return workspace.opaque("review", DEPARTMENT, source, "id", row.review, row.reader)
    who = (row.reader, row.case, row.reviewer, row.reviewed_on, row.modality.casefold())
    if row.case:
        return workspace.opaque("review", DEPARTMENT, source, "case", *who)
    finding = " ".join(row.finding.casefold().split())
    says = (row.score.value, row.sampling.value, finding, row.error_class or "")
    return NAMELESS + workspace.opaque("review", DEPARTMENT, source, "alike", *who, *says)


def other_keys(workspace: Workspace, source: str, row: ReviewRow) -> list[str]:
    """Keys that a nameless row's reviews may have had: where nobody said how they were chosen, or does so now."""
    if row.review or row.case:
        return []
    known = [each for each in Sampling if each is not Sampling.UNKNOWN]
    others = known if row.sampling is Sampling.UNKNOWN else [Sampling.UNKNOWN]
    return [review_key(workspace, source, replace(row, sampling=each)) for each in others]


def review_id(workspace: Workspace, source_key: str, row: ReviewRow) -> str:
    """The id of a review; that of another date differs."""
    return workspace.opaque("review of", source_key, row.reviewed_on)


def says_otherwise(before: Discrepancy, review: Discrepancy) -> bool:
    """Whether a row contradicts what is stored. What one of them leaves open contradicts nothing."""
    return (
        before.discrepancy_id != review.discrepancy_id
        or (before.score, before.finding, before.error_class) != (review.score, review.finding, review.error_class)
        or _differ(before.modality, review.modality)
        or _differ(before.reviewer, review.reviewer)
        or (before.sampling is not review.sampling and Sampling.UNKNOWN not in (before.sampling, review.sampling))
    )


def completed(before: Discrepancy, review: Discrepancy) -> Discrepancy | None:
    """The stored review with the sampling that a row states of it; None where it has one, or none is stated."""
    if before.sampling is not Sampling.UNKNOWN or review.sampling is Sampling.UNKNOWN:
        return None
    return replace(before, sampling=review.sampling)


def _differ(before: str | None, now: str | None) -> bool:
    return bool(before and now) and before != now
