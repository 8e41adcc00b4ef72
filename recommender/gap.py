"""A reader's gaps: chance of a miss × how often the finding is met × harm if missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.finding import Truth
from models.reading import Skills
from recommender.candidates import Candidate
from recommender.request import ChoiceSettings
from recommender.situation import Situation

DEFAULT_VOLUME = 1.0
DEFAULT_HARM = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """``miss`` is the expected chance of a miss (0 to 1), ``volume`` in reads a month, ``harm`` 1 to 5."""

    finding: str
    miss: float
    volume: float
    harm: int

    @property
    def size(self) -> float:
        return self.miss * self.volume * self.harm


def gap_of(finding: str, situation: Situation) -> Gap:
    miss = 1.0 - situation.ability(Skills(Truth.ABNORMAL, finding)).mean
    harm = situation.findings[finding].harm if finding in situation.findings else DEFAULT_HARM
    return Gap(finding, miss, situation.volumes.get(finding, DEFAULT_VOLUME), harm)


def findings_in(pool: Iterable[Candidate], least: int) -> list[str]:
    """Findings shown by at least ``least`` patients of the pool, sorted by key."""
    shown = Counter(finding for finding, _ in {(c.finding, c.patient) for c in pool if not c.normal and c.finding})
    return sorted(finding for finding, patients in shown.items() if finding and patients >= least)


def focus_gap(gaps: Sequence[Gap], settings: ChoiceSettings) -> Gap | None:
    """The finding the reader misses most; exposure and harm decide only between those missed nearly as often.

    A rare deadly finding read well teaches less than a plain one read badly, so harm may not outweigh the miss.
    """
    if not gaps:
        return None
    worst = max(gap.miss for gap in gaps)
    near = [gap for gap in gaps if gap.miss >= worst - settings.near_tie]
    return max(near, key=lambda gap: (gap.size, gap.finding))
