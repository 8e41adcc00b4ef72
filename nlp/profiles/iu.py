"""Which headings a coder of the Indiana University / Open-i chest radiographs would have given an observation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from models.finding import Assertion, FindingCatalogue, Observation
from models.report import SectionedText
from nlp.rulebook import read_rules

_SENTENCE_ENDS = (". ", "\n", "; ")
_LONGEST_LOOK = 120
_LONGEST_FILM = 4000


@cache
def _convention() -> dict[str, Any]:
    return read_rules("profiles/iu")


def headings(observation: Observation, report: SectionedText, findings: FindingCatalogue) -> tuple[str, ...]:
    """The findings and other headings that were coded for an observation of ``report``; none where none was.

    A finding's own name stands for its ancestors too.
    """
    convention = _convention()
    if observation.finding in convention["not_of_the_chest"] or not _stated(observation, report, findings):
        return ()
    words = observation.span.of(report.text).lower()
    own = observation.finding
    instead = _named(convention["other_heading"], own, words)
    if instead and not any(word in words for word in convention["unless"].get(own, ())):
        return instead
    return (own, *_named(convention["also"], own, words))


def _named(table: dict[str, dict[str, str]], finding: str, words: str) -> tuple[str, ...]:
    """The headings that ``table`` gives the words of a mention."""
    found = (heading for word, heading in table.get(finding, {}).items() if word in words)
    return tuple(dict.fromkeys(found))


def _stated(observation: Observation, report: SectionedText, findings: FindingCatalogue) -> bool:
    """Whether the report says enough of the finding for a coder."""
    convention = _convention()
    start = observation.span.start
    place = next((section for section in report.sections if section.span.start <= start < section.span.end), None)
    if place is None or place.name.value not in convention["coded_sections"]:
        return False
    if _of_another_film(report.text[max(place.span.start, start - _LONGEST_FILM) : start]):
        return False
    if observation.assertion is Assertion.UNCERTAIN:
        cue = dict(observation.attributes).get("cue")
        return cue in convention["coded_cues"] and not (
            cue in convention["joining_cues"] and _weakened(report.text, place.span.start, observation.span.end)
        )
    if observation.assertion is Assertion.PRIOR:
        return any(findings.is_a(observation.finding, past) for past in convention["coded_though_past"])
    return observation.assertion is Assertion.PRESENT


def _weakened(text: str, first: int, at: int) -> bool:
    """Whether a weak hedge stands before ``at`` in its sentence, not before ``first``."""
    before = text[max(first, at - _LONGEST_LOOK) : at]
    begin = max(before.rfind(end) for end in _SENTENCE_ENDS)
    sentence = before[begin + 1 :].lower()
    return any(hedge in sentence for hedge in _convention()["weak_hedges"])


@cache
def _film_headings() -> re.Pattern[str]:
    """The name of a film alone in its sentence; group 1 holds those that are not of the chest."""
    others, chest = ("|".join(map(re.escape, _convention()[key])) for key in ("other_films", "chest_films"))
    return re.compile(
        rf"(?:^|[.:\n])\W{{0,6}}(?:left |right |bilateral )?(?:({others})|{chest})(?: x-?\w{{1,4}})?[.:]", re.IGNORECASE
    )


def _of_another_film(before: str) -> bool:
    """Whether what follows ``before`` in its section stands under the name of a film of another part of the body."""
    films = [match[1] for match in _film_headings().finditer(before)]
    return bool(films and films[-1])
