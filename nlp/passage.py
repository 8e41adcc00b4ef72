"""What a section says: its sentences one after the other, wherever it stands in a report."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Observation, Region, Side
from nlp.observing import Observed, asked, carried, observation
from nlp.statement import Statement

_MOST = 8_000
"""Observations of a section after which no further sentence is read; no report has a tenth of it."""

Said = tuple[int, str, Statement]
"""Where a sentence begins, its words, and what it says."""


class Passage:
    """The sentences of a section; places count from where the section begins.

    ``regional``: what it observes rests on the report's region.
    """

    __slots__ = ("_observed", "regional", "said")

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = said
        self.regional = any(statement.regional for _, _, statement in said)
        self._observed: dict[tuple[Region | None, bool], list[Observed]] = {}

    def observations(self, at: int, region: Region | None, *, is_asked: bool) -> list[Observation]:
        """What it observes where it begins at ``at`` in a report about ``region``.

        ``is_asked``: it reports nothing, but asks or tells of the past.
        """
        key = (region if self.regional else None, is_asked)
        observed = self._observed.get(key)
        if observed is None:
            observed = self._observed[key] = self._read(*key)
        return [observation(each, at) for each in observed]

    def _read(self, region: Region | None, is_asked: bool) -> list[Observed]:
        observed: list[Observed] = []
        before: Side | None = None
        for at, _, statement in self.said:
            if not statement.speaks or len(observed) >= _MOST:
                continue
            read = statement.observed(region)
            sides: Sequence[Side | None] = [side for _, _, _, _, side, _ in read]
            if statement.carries_on:
                sides = carried(sides, before)
            for (finding, assertion, start, end, _, more), side in zip(read, sides, strict=True):
                said = asked(assertion) if is_asked else assertion
                observed.append((finding, said, at + start, at + end, side, more))
            before = sides[-1] if sides else before
        return observed
