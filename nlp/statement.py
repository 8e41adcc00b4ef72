"""What a sentence says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from models.finding import Assertion, Observation, Region
from nlp.assertion import assertion_of
from nlp.lexicon import Scan
from nlp.mentions import rests_on_region
from nlp.observing import observe

_said = attrgetter("finding", "assertion", "span.start", "span.end", "side")
_more = attrgetter(*[field.name for field in fields(Observation)][4:])  # all that stands after the side

Observed = tuple[tuple[Any, ...], ...]
"""Observations as plain values: a memory of thousands of them must not slow down the collection of garbage."""


class Statement:
    """What the sentence ``text`` says; places in it count from its start.

    ``speaks`` tells whether it may mention findings, ``regional`` whether what they are rests on the report's region.
    ``diagnoses`` are what it says of each, ``votes`` the regions it names. ``carries_on``: it goes on about the side of
    the sentence before it.
    """

    __slots__ = ("_observed", "_scan", "_text", "carries_on", "diagnoses", "regional", "speaks", "votes")

    def __init__(self, text: str, scan: Scan, votes: tuple[Region, ...], carries_on: bool) -> None:
        self._text, self._scan, self.votes, self.carries_on = text, scan, votes, carries_on
        self.speaks = bool(scan.findings or scan.heads)
        self.regional = rests_on_region(scan)
        self.diagnoses: tuple[tuple[str, Assertion, int, int], ...] = tuple(
            [(key, assertion_of(scan, start, end, text)[0], start, end) for start, end, key in scan.diagnoses]
        )
        self._observed: dict[Region | None, Observed] = {}

    def observed(self, region: Region | None) -> Observed:
        """Of each observation the finding, assertion, start, end, side, and what else an Observation holds.

        ``region`` is what the whole report is about.
        """
        key = region if self.regional else None
        held = self._observed.get(key)
        if held is None:
            held = tuple([(*_said(seen), _more(seen)) for seen in observe(self._text, self._scan, key)])
            self._observed[key] = held
            if not self.regional:  # then nothing is left to ask
                self._text, self._scan = "", _NOTHING
        return held


_NOTHING = Scan()
SILENT = Statement("", _NOTHING, (), False)
"""The statement of every sentence that names no finding and no diagnosis."""
