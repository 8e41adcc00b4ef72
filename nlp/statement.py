"""What a sentence says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from models.finding import Observation, Region, Side
from models.report import Span
from nlp.assertion import assertion_of
from nlp.lexicon import Scan
from nlp.observing import asked, observe

_said = attrgetter("finding", "assertion", "span.start", "span.end", "side")
_more = attrgetter(*[field.name for field in fields(Observation)][4:])  # all that stands after the side

Observed = tuple[tuple[Any, ...], ...]
"""Observations as plain values: a memory of thousands of them must not slow down the collection of garbage."""


class Statement:
    """What the sentence ``text`` says; places in it count from its start.

    ``speaks`` tells whether it mentions findings, ``regional`` whether what they are rests on the report's region.
    ``votes`` are the regions it names, ``diagnoses`` what it says of each. ``carries_on``: it goes on about the side of
    the sentence before it.
    """

    __slots__ = ("_observed", "_scan", "_text", "carries_on", "diagnoses", "regional", "speaks", "votes")

    def __init__(self, text: str, scan: Scan, votes: tuple[Region, ...], carries_on: bool) -> None:
        self.votes, self.carries_on = votes, carries_on
        self.speaks = bool(scan.findings or scan.heads)
        self.regional = any(hit.value.regions for hit in scan.heads)
        self.diagnoses = tuple(
            (key, assertion_of(scan, start, end, text)[0], start, end) for start, end, key in scan.diagnoses
        )
        self._text, self._scan = text, scan
        self._observed: dict[Region | None, Observed] = {}
        if not self.regional:  # then nothing else is left to ask
            self._observed[None] = self._read(None)
            self._text, self._scan = "", _NOTHING

    def _read(self, region: Region | None) -> Observed:
        if not self.speaks:
            return ()
        return tuple((*_said(seen), *_more(seen)) for seen in observe(self._text, self._scan, region))

    def observed(self, region: Region | None) -> Observed:
        """Of each observation the finding, assertion, start, end, side and then what else an Observation holds."""
        key = region if self.regional else None
        held = self._observed.get(key)
        if held is None:
            held = self._observed[key] = self._read(key)
        return held

    def observations(
        self, at: int, region: Region | None, *, is_asked: bool = False, before: Side | None = None
    ) -> list[Observation]:
        """What it observes where it begins at ``at`` in a report about ``region``.

        ``is_asked``: its section reports nothing. ``before`` is the side of the finding before, in its section.
        """
        carried = before if self.carries_on else None
        return [
            Observation(
                finding, asked(assertion) if is_asked else assertion, Span(at + start, at + end), side or carried, *more
            )
            for finding, assertion, start, end, side, *more in self.observed(region)
        ]


_NOTHING = Scan()


@lru_cache(maxsize=1024)
def silent(votes: tuple[Region, ...]) -> Statement:
    """The one statement of all sentences that name no finding and no diagnosis, only places of these regions."""
    return Statement("", _NOTHING, votes, False)
