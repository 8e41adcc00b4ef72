"""A CSV of peer reviews, whatever its columns are called: what each row says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from models.discrepancy import ErrorClass, RadpeerScore, Sampling, radpeer_score
from models.errors import BadInput
from nlp.describe import modality_code
from pipelines.columns import Column
from pipelines.csv_values import Clock, check_name, in_utc, person_name, whole
from pipelines.written_times import TimeFormat

Kind = TypeVar("Kind", Sampling, ErrorClass)

COLUMNS = (
    Column(
        "reader", ("reader", "reader_id", "radiologist", "interpreting_radiologist", "original_reader"), needed=True
    ),
    Column("score", ("score", "radpeer_score", "radpeer", "rating", "peer_review_score"), needed=True),
    Column(
        "reviewed_at",
        ("reviewed_at", "review_date", "date_reviewed", "date_of_review", "date", "exam_date", "study_date"),
        needed=True,
    ),
    Column("significant", ("significant", "clinical_significance", "clinically_significant", "significance")),
    Column("review", ("review", "review_id", "id")),
    Column("case", ("case", "case_id", "accession", "accession_number")),
    Column("reviewer", ("reviewer", "reviewer_id", "reviewing_radiologist")),
    Column("modality", ("modality", "exam_modality", "exam_type", "exam")),
    Column("sampling", ("sampling", "selection", "review_type", "source_of_review", "how_selected")),
    Column("finding", ("finding", "missed_finding", "findings")),
    Column("error_class", ("error_class", "error_type", "error")),
    Column("reviews", ("reviews", "count", "number")),
)
"""What is wanted of a row, and the names of columns that hold it."""

SAMPLING_WORDS: Mapping[Sampling, tuple[str, ...]] = {
    Sampling.TRIGGERED: ("triggered", "complaint", "complaints", "referral", "incident", "focused", "for cause"),
    Sampling.SUBMITTED: ("submitted", "self", "volunteered", "voluntary", "peer learning", "good catch"),
    Sampling.ADDENDUM: ("addendum", "addended"),
    Sampling.OUTCOME: ("outcome", "pathology", "surgery", "follow", "followup"),
    Sampling.RANDOM: ("random", "randomly", "randomised", "randomized", "routine", "radpeer", "comparison", "prior"),
    Sampling.UNKNOWN: ("unknown",),
}
"""Whole words of a text that tell how a case was chosen; a text that tells two ways, or denies one, tells none."""

ERROR_WORDS: Mapping[ErrorClass, tuple[str, ...]] = {
    ErrorClass.PERCEPTUAL: (
        "perceptual",
        "perception",
        "missed",
        "miss",
        "under read",
        "underread",
        "underreading",
        "search",
    ),
    ErrorClass.INTERPRETIVE: (
        *("interpretive", "interpretation", "misinterpretation", "misinterpreted", "cognitive", "reasoning"),
        *("misclassified", "misclassification"),
    ),
    ErrorClass.OVERCALL: (
        *("overcall", "overcalled", "over call", "over called", "over read", "overread", "overreading"),
        "false positive",
    ),
    ErrorClass.COMMUNICATION: (
        *("communication", "report", "reporting", "wording", "typo", "typographic", "typographical", "dictation"),
    ),
    ErrorClass.TECHNIQUE_OR_SYSTEM: ("technique", "technical", "system", "protocol", "positioning"),
}

MOST_REVIEWS_A_ROW = 10_000
_DENIALS = frozenset(("no", "not", "non", "never", "without", "except", "neither", "nor", "isn", "wasn"))
_WHOLE_SCORE = re.compile(r"([1-4])[.,]0+")
_NOTHING = ("", "none", "n/a", "na", "-", "no error", "no finding", "normal")
_YES = ("yes", "y", "true", "1", "b", "likely", "significant", "clinically significant")
_NO = ("no", "n", "false", "0", "a", "unlikely", "not significant", "insignificant", "minor")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of the file, which begins in its line ``line`` and stands for ``reviews`` alike reviews.

    ``finding`` is as written; names are as the file has them, so they go no further than an import. ``reviewed_on`` is
    the date of the review as the file has it, whatever zone that is taken to be in; ``counted``: whether it says for
    how many it stands.
    """

    where: str
    line: int
    reader: str
    score: RadpeerScore
    sampling: Sampling
    modality: str
    reviewed_at: datetime
    reviewed_on: str
    review: str
    case: str
    reviewer: str
    finding: str
    error_class: ErrorClass | None
    reviews: int
    counted: bool


@dataclass(frozen=True, slots=True)
class RowReading:
    """What every row of a file is read with; ``sampling`` is that of rows that state none."""

    columns: Mapping[str, str]
    clock: Clock
    times: TimeFormat
    sampling: Sampling


def review_row(where: str, line: int, values: Mapping[str, str], reading: RowReading) -> ReviewRow:
    """The row that ``values`` (what is wanted: what the file has) tell.

    Raises BadInput for a value that cannot be what its column holds.
    """
    columns = reading.columns
    values = {**values, "reader": person_name(values["reader"]), "reviewer": person_name(values["reviewer"])}
    check_name(where, "reader", values["reader"], columns["reader"])
    for name in ("review", "case", "reviewer"):
        if values[name]:
            check_name(where, name, values[name], columns[name])
    if not values["reviewed_at"]:
        raise BadInput(where, "has no date of review", f"fill the column {columns['reviewed_at']}")
    reviews = whole(where, columns["reviews"], values["reviews"])
    if reviews is not None and not 1 <= reviews <= MOST_REVIEWS_A_ROW:
        raise BadInput(where, f"stands for none or more than {MOST_REVIEWS_A_ROW:,} reviews", "write one row a review")
    stated = reading.times.stated(where, values["reviewed_at"])
    return ReviewRow(
        where=where,
        line=line,
        reader=values["reader"],
        score=_score(where, values),
        sampling=_sampling(where, values["sampling"]) or reading.sampling,
        modality=modality_of(values["modality"]),
        reviewed_at=in_utc(where, stated, reading.clock),
        reviewed_on=stated.date().isoformat(),
        review=values["review"],
        case=values["case"],
        reviewer=values["reviewer"],
        finding="" if values["finding"].lower() in _NOTHING else values["finding"][:200],
        error_class=_error_class(where, values["error_class"]),
        reviews=reviews or 1,
        counted=reviews is not None,
    )


def _score(where: str, values: Mapping[str, str]) -> RadpeerScore:
    whole_score = _WHOLE_SCORE.fullmatch(values["score"])  # as a spreadsheet writes a 2
    try:
        return radpeer_score(
            whole_score[1] if whole_score else values["score"], _significant(where, values["significant"])
        )
    except ValueError as error:
        raise BadInput(where, "the score is none of RADPEER's", "write 1, 2a, 2b, 3a or 3b (an older 4 too)") from error


def _significant(where: str, text: str) -> bool | None:
    plain = text.lower()
    if plain in ("", *_NOTHING):
        return None
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise BadInput(where, "the significance is neither yes nor no", "write yes (b) or no (a), or leave it empty")


def _sampling(where: str, text: str) -> Sampling | None:
    if not text:
        return None
    if sampling := _only(text, SAMPLING_WORDS):
        return sampling
    known = ", ".join(sampling.value for sampling in Sampling)
    raise BadInput(where, "the sampling is none that is known", f"write one of {known}, or leave it empty")


def _error_class(where: str, text: str) -> ErrorClass | None:
    if text.lower() in _NOTHING:
        return None
    if kind := _only(text, ERROR_WORDS):
        return kind
    known = ", ".join(kind.value for kind in ErrorClass)
    raise BadInput(where, "the error class is none that is known", f"write one of {known}, or leave it empty")


def _only(text: str, kinds: Mapping[Kind, tuple[str, ...]]) -> Kind | None:
    """The one kind whose words a text has; None where it has those of none or of several, or denies anything."""
    words = re.findall(r"[^\W_]+", text.lower())
    if not _DENIALS.isdisjoint(words):
        return None
    plain = f" {' '.join(words)} "
    found = [kind for kind, of_kind in kinds.items() if any(f" {word} " in plain for word in of_kind)]
    return found[0] if len(found) == 1 else None


def modality_of(text: str) -> str:
    """A code of DICOM's where the text is one or names one, else the text itself."""
    if len(text) == 2 and text.isalpha():
        return text.upper()
    code = modality_code(text) if text else ""
    return text[:16] if code == "OT" else code
