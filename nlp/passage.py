"""What a section says: its sentences one after the other, wherever it stands in a report."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Observation, Region, Side
from models.report import Span
from nlp.observing import asked, carried
from nlp.statement import Statement

_MOST = 5_000
"""Observations of a section after which no further sentence is read; no report has a tenth of it."""

Said = tuple[int, str, Statement]
"""Where a sentence begins, its words, and what it says."""


class Passage:
    """The sentences of a section; places count from where the section begins.

    ``regional``: what it observes rests on the report's region.
    """

    __slots__ = ("_speaking", "regional", "said")

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = said
        self._speaking = [(start, statement) for start, _, statement in said if statement.speaks or statement.denied]
        self.regional = any(statement.regional for _, statement in self._speaking)

    def observations(self, at: int, region: Region | None, *, is_asked: bool) -> list[Observation]:
        """What it observes where it begins at ``at`` in a report about ``region``.

        ``is_asked``: it reports nothing, but asks or tells of the past.
        """
        found: list[Observation] = []
        before: Side | None = None
        for begin, statement in self._speaking:
            begin += at
            observed = statement.observed(region) if statement.speaks else ()
            if statement.carries_on and observed:
                sides = carried([each[4] for each in observed], before)
                observed = [(*each[:4], side, each[5]) for each, side in zip(observed, sides, strict=True)]
            for finding, assertion, start, end, side, more in observed:
                said = asked(assertion) if is_asked else assertion
                found.append(Observation(finding, said, Span(begin + start, begin + end), side, *more))
                before = side
            if statement.denied and not is_asked:
                denied = statement.absences(region) if observed else statement.denied
                for finding, assertion, start, end, side, more in denied:
                    found.append(Observation(finding, assertion, Span(begin + start, begin + end), side, *more))
            if len(found) > _MOST:
                break
        return found
