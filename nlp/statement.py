"""What a sentence says, wherever it stands: what depends on its report is told by who asks."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Assertion, Region
from nlp.lexicon import Scan
from nlp.mentions import rests_on_region
from nlp.normal_statements import NORMAL, Denial
from nlp.observing import Observed, observe


class Statement:
    """What the sentence ``text`` says; places in it count from its start.

    ``speaks`` tells whether it may mention findings, ``regional`` whether what they are rests on the report's region.
    ``carries_on``: it goes on about the side of the sentence before it. ``denied`` is what it denies by calling a part
    of the body normal.
    """

    __slots__ = ("_observed", "_scan", "_text", "carries_on", "denied", "regional", "speaks")

    def __init__(self, text: str, scan: Scan, carries_on: bool, denied: Sequence[Denial] = ()) -> None:
        self._text, self._scan, self.carries_on = text, scan, carries_on
        self.denied: list[Observed] = [
            (denial.finding, Assertion.ABSENT, denial.start, denial.end, denial.side, _MORE) for denial in denied
        ]
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
                self._text, self._scan = "", NOTHING
        return held

    def absences(self, region: Region | None) -> list[Observed]:
        """What is ``denied`` and not spoken of besides."""
        told = {finding for finding, *_ in self.observed(region)}
        return [absence for absence in self.denied if absence[0] not in told]


_MORE = (None, (), None, (NORMAL,), None, None)
NOTHING = Scan()
"""The scan of a sentence that names no finding."""
SILENT = Statement("", NOTHING, False)
"""The statement of every sentence that names and denies no finding."""
