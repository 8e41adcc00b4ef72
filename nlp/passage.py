"""What a section says: its sentences one after the other, wherever it stands in a report."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Assertion, Observation, Region, Side
from models.report import Span
from nlp.asking import asks, is_question, may_ask
from nlp.observing import asked, carried
from nlp.statement import Statement

MOST = 5_000
"""Observations, or diagnoses, of a section after which no further sentence is read; no report has a tenth of it."""

Said = tuple[int, str, Statement]
"""Where a sentence begins, its words, and what it says."""


class Passage:
    """The sentences of a section; places count from where the section begins.

    ``regional``: what it observes rests on the report's region.
    """

    __slots__ = ("_speaking", "regional", "said")

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = said
        self._speaking = [
            (start, statement, may_ask(words) and asks(words, said[place - 1][1] if place else ""))
            for place, (start, words, statement) in enumerate(said)
            if statement.speaks or statement.denied
        ]
        self.regional = any(statement.regional for _, statement, _ in self._speaking)

    def observations(self, at: int, region: Region | None, *, is_asked: bool) -> list[Observation]:
        """What it observes where it begins at ``at`` in a report about ``region``.

        ``is_asked``: it reports nothing, but asks or tells of the past.
        """
        found: list[Observation] = []
        before: Side | None = None
        for begin, statement, questions in self._speaking:
            begin += at
            observed = statement.observed(region) if statement.speaks else ()
            if statement.carries_on and observed:
                sides = carried([each[4] for each in observed], before)
                observed = [(*each[:4], side, each[5]) for each, side in zip(observed, sides, strict=True)]
            for finding, assertion, start, end, side, more in observed:
                said = asked(assertion) if is_asked or (questions and _doubted(assertion, more[3])) else assertion
                found.append(Observation(finding, said, Span(begin + start, begin + end), side, *more))
                before = side
            if statement.denied and not is_asked:
                denied = statement.absences(region) if observed else statement.denied
                for finding, assertion, start, end, side, more in denied:
                    found.append(Observation(finding, assertion, Span(begin + start, begin + end), side, *more))
            if len(found) > MOST:
                break
        return found


def _doubted(assertion: Assertion, attributes: tuple[tuple[str, str], ...]) -> bool:
    """Whether an assertion is a doubt that rests on a question."""
    return assertion is Assertion.UNCERTAIN and any(is_question(words) for _, words in attributes)
