"""What a sentence says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from models.finding import Region
from nlp.lexicon import Scan
from nlp.mentions import rests_on_region
from nlp.observing import Observed, observe


class Statement:
    """What the sentence ``text`` says; places in it count from its start.

    ``speaks`` tells whether it may mention findings, ``regional`` whether what they are rests on the report's region.
    ``carries_on``: it goes on about the side of the sentence before it.
    """

    __slots__ = ("_observed", "_scan", "_text", "carries_on", "regional", "speaks")

    def __init__(self, text: str, scan: Scan, carries_on: bool) -> None:
        self._text, self._scan, self.carries_on = text, scan, carries_on
        self.speaks = bool(scan.findings or scan.heads)
        self.regional = bool(scan.heads) and rests_on_region(scan)
        self._observed: dict[Region | None, list[Observed]] = {}

    def observed(self, region: Region | None) -> list[Observed]:
        """What it observes in a report about ``region``."""
        key = region if self.regional else None
        held = self._observed.get(key)
        if held is None:
            held = self._observed[key] = observe(self._text, self._scan, key)
            if not self.regional:  # then nothing is left to ask
                self._text, self._scan = "", _NOTHING
        return held


_NOTHING = Scan()
SILENT = Statement("", _NOTHING, False)
"""The statement of every sentence that names no finding."""
