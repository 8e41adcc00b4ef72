"""A sentence and what it says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from models.finding import Observation, Region, Side
from models.report import Span
from nlp.lexicon import Scan
from nlp.observing import observe

_said = attrgetter("finding", "assertion", "span.start", "span.end", "side")
_more = attrgetter(*[field.name for field in fields(Observation)][4:])  # all that stands after the side


class Statement:
    """The sentence ``text``; places in it count from its start.

    ``speaks`` says whether it may mention findings, ``regional`` whether what they are rests on the report's region,
    ``carries_on`` whether it goes on about the side of the sentence before it. ``votes`` are the regions it names.
    """

    __slots__ = ("_observed", "carries_on", "regional", "scan", "speaks", "text", "votes")

    def __init__(self, text: str, scan: Scan, votes: tuple[Region, ...], carries_on: bool) -> None:
        self.text, self.scan, self.votes, self.carries_on = text, scan, votes, carries_on
        self.speaks = bool(scan.findings or scan.heads)
        self.regional = any(hit.value.regions for hit in scan.heads)
        self._observed: dict[tuple[Region | None, bool], list[tuple[Any, Any]]] = {}

    def observations(self, at: int, region: Region | None, asked: bool, before: Side | None) -> list[Observation]:
        """What it observes where it begins at ``at``; ``before`` is the side of the finding before, in its section.

        ``region`` and ``asked`` as ``observe`` takes them.
        """
        key = (region if self.regional else None, asked)
        observed = self._observed.get(key)
        if observed is None:
            observed = [(_said(seen), _more(seen)) for seen in observe(self.text, self.scan, *key)]
            self._observed[key] = observed
        carried = before if self.carries_on else None
        return [
            Observation(finding, assertion, Span(at + start, at + end), side or carried, *more)
            for (finding, assertion, start, end, side), more in observed
        ]
