"""Names that come to light after a case was drafted: blocks in the place of their letters, so that every span holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from models.teaching_case import TeachingCase, TeachingPoint
from nlp.known_names import masked


def without_names(case: TeachingCase, names: Sequence[str]) -> TeachingCase:
    """The case with none of these names and numbers in any of its texts; each text keeps its length."""
    mask = partial(masked, known=names)
    key = case.key
    report = mask(key.report)
    return replace(
        case,
        stem=replace(case.stem, history=mask(case.stem.history)),
        key=replace(
            key,
            title=mask(key.title),
            report=report,
            diagnosis_text=mask(key.diagnosis_text),
            differential=tuple(map(mask, key.differential)),
            discussion=mask(key.discussion),
            points=tuple(_point(point, key.report, report, mask) for point in key.points),
            observations=tuple(
                replace(seen, attributes=tuple((name, mask(words)) for name, words in seen.attributes))
                for seen in key.observations
            ),
        ),
    )


def _point(point: TeachingPoint, old: str, new: str, mask: Callable[[str], str]) -> TeachingPoint:
    """A point is the report's own words; one that an educator reworded is masked by itself."""
    return replace(point, text=point.span.of(new) if point.text == point.span.of(old) else mask(point.text))
