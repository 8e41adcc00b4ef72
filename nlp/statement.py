"""What a sentence says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from models.finding import Assertion, Observation, Region, Side
from models.report import Span
from nlp.assertion import assertion_of
from nlp.lexicon import Scan
from nlp.mentions import rests_on_region
from nlp.observing import asked, observe

_said = attrgetter("finding", "assertion", "span.start", "span.end", "side")
_more = attrgetter(*[field.name for field in fields(Observation)][4:])  # all that stands after the side

Observed = tuple[tuple[Any, ...], ...]
"""Observations as plain values: a memory of thousands of them must not slow down the collection of garbage."""


class Statement:
    """What the sentence ``text`` says; places in it count from its start.

    ``speaks`` tells whether it may mention findings, ``regional`` whether what they are rests on the report's region.
    ``diagnoses`` are what it says of each. ``carries_on``: it goes on about the side of the sentence before it.
    """

    __slots__ = ("_observed", "_scan", "_text", "carries_on", "diagnoses", "regional", "speaks")

    def __init__(self, text: str, scan: Scan, carries_on: bool) -> None:
        self._text, self._scan, self.carries_on = text, scan, carries_on
        self.speaks = bool(scan.findings or scan.heads)
        self.regional = rests_on_region(scan)
        self.diagnoses: tuple[tuple[str, Assertion, int, int], ...] = tuple(
            [(key, assertion_of(scan, start, end, text)[0], start, end) for start, end, key in scan.diagnoses]
        )
        self._observed: dict[Region | None, Observed] = {}

    def observed(self, region: Region | None) -> Observed:
        """Of each observation the finding, assertion, start, end, side and then what else an Observation holds.

        ``region`` is what the whole report is about.
        """
        key = region if self.regional else None
        held = self._observed.get(key)
        if held is None:
            held = tuple([(*_said(seen), *_more(seen)) for seen in observe(self._text, self._scan, key)])
            self._observed[key] = held
            if not self.regional:  # then nothing is left to ask
                self._text, self._scan = "", _NOTHING
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
SILENT = Statement("", _NOTHING, False)
"""The statement of every sentence that names no finding and no diagnosis."""
