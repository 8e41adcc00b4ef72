"""Whether an answer is right, and in which way it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from models.finding import FindingCatalogue, Truth
from models.reading import Answer, Mark
from models.teaching_case import CaseKey, ImageRef, Lesion
from recommender.wording import in_sentence


class GradeKind(StrEnum):
    """MISSED: called normal; ELSEWHERE: the place marked is wrong; MISNAMED: the name is; OVERCALL: it is normal."""

    RIGHT = "right"
    MISSED = "missed"
    ELSEWHERE = "elsewhere"
    MISNAMED = "misnamed"
    OVERCALL = "overcall"


@dataclass(frozen=True, slots=True)
class Grade:
    """``sentence`` is for the screen after the answer: what was said and what is proved."""

    correct: bool
    kind: GradeKind
    sentence: str


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far off a lesion a mark may lie: its radius, ``pixels`` and ``share`` of the radius; through it, ``slices``.

    A series of fewer than ``stack`` slices is a set of views and no stack: there the slice must be the lesion's own.
    """

    pixels: float = 5.0
    share: float = 0.25
    slices: int = 2
    stack: int = 5


def grade(
    answer: Answer,
    key: CaseKey,
    findings: FindingCatalogue,
    images: Sequence[ImageRef] = (),
    tolerance: Tolerance | None = None,
) -> Grade:
    """Compare an answer with the key.

    A normal case is right when it was called normal. An abnormal one is right when a finding (itself, a kind of it, or
    what it is a kind of) or the diagnosis is named and, where lesions are known, a mark lies on one. ``images`` of the
    stem tell which slices are neighbours; without them only frames of one image are.
    """
    if key.truth is Truth.NORMAL:
        return _grade_normal(answer, key, findings)
    shown = _list(findings.name(f) for f in key.findings) or in_sentence(key.diagnosis_text) or "an abnormality"
    if answer.normal:
        return Grade(False, GradeKind.MISSED, f"You called it normal; it shows: {shown}.")
    if key.lesions and not any(
        _on(mark, lesion, images, tolerance or Tolerance()) for mark in answer.marks for lesion in key.lesions
    ):
        said = "Your mark lies elsewhere" if answer.marks else "You marked no place"
        return Grade(False, GradeKind.ELSEWHERE, f"{said}; the place drawn shows: {shown}.")
    if not _names(answer, key, findings):
        place = "You marked the right place but named" if key.lesions else "You named"
        return Grade(False, GradeKind.MISNAMED, f"{place} {_said(answer, findings)}; it shows: {shown}.")
    return Grade(True, GradeKind.RIGHT, _praise(answer, key, findings, shown))


def _grade_normal(answer: Answer, key: CaseKey, findings: FindingCatalogue) -> Grade:
    if answer.normal:
        return Grade(True, GradeKind.RIGHT, "You called it normal, and it is.")
    like = f", though it can pass for {in_sentence(findings.name(key.imitates))}" if key.imitates else ""
    return Grade(False, GradeKind.OVERCALL, f"You named {_said(answer, findings)}; the case is normal{like}.")


def _names(answer: Answer, key: CaseKey, findings: FindingCatalogue) -> bool:
    """Whether the answer names what the key does. A key that names nothing asks only to be called abnormal."""
    if not key.findings and key.diagnosis is None:
        return True
    if answer.diagnosis is not None and answer.diagnosis == key.diagnosis:
        return True
    return any(_same(said, true, findings) for said in answer.findings for true in key.findings)


def _same(one: str, other: str, findings: FindingCatalogue) -> bool:
    return findings.is_a(one, other) or findings.is_a(other, one)


def _praise(answer: Answer, key: CaseKey, findings: FindingCatalogue, shown: str) -> str:
    """Findings left unnamed are told even to a right answer: satisfaction of search is a miss in the making."""
    unnamed = [
        findings.name(true)
        for true in key.findings
        if answer.findings and not any(_same(said, true, findings) for said in answer.findings)
    ]
    return f"You are right: {shown}." if not unnamed else f"You are right; it also shows: {_list(unnamed)}."


def _said(answer: Answer, findings: FindingCatalogue) -> str:
    names = [findings.name(said) for said in answer.findings]
    if answer.diagnosis is not None:
        names.append(answer.diagnosis.replace("_", " "))
    return _list(names) or "nothing"


def _list(names: Iterable[str]) -> str:
    """Names inside a sentence: "a", "a and b", "a, b and c"."""
    *most, last = [in_sentence(name) for name in names] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _on(mark: Mark, lesion: Lesion, images: Sequence[ImageRef], tolerance: Tolerance) -> bool:
    reach = lesion.radius * (1 + tolerance.share) + tolerance.pixels
    if hypot(mark.x - lesion.x, mark.y - lesion.y) > reach:
        return False
    if mark.image_id == lesion.image_id and mark.frame == lesion.frame:
        return True
    place, lesion_place = _slice(mark.image_id, mark.frame, images), _slice(lesion.image_id, lesion.frame, images)
    if place is None or lesion_place is None:
        return mark.image_id == lesion.image_id and abs(mark.frame - lesion.frame) <= tolerance.slices
    same_series, slices = place[0] == lesion_place[0], place[2]
    return same_series and slices >= tolerance.stack and abs(place[1] - lesion_place[1]) <= tolerance.slices


def _slice(image_id: str, frame: int, images: Sequence[ImageRef]) -> tuple[str, int, int] | None:
    """Series, position among its slices, and their number; None for an image that is not among ``images``."""
    image = next((image for image in images if image.image_id == image_id), None)
    if image is None:
        return None
    series = sorted((other for other in images if other.series_id == image.series_id), key=lambda other: other.number)
    before = sum(other.frames for other in series[: series.index(image)])
    return image.series_id, before + frame, sum(other.frames for other in series)
