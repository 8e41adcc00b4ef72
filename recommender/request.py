"""What is asked of a practice set, the rules it keeps, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.finding import Region
from models.reading import Recommendation


class Purpose(StrEnum):
    """Why a case is in a set. Shown to its reader only after the case is answered (wall 1)."""

    GAP = "gap"
    NORMAL = "normal"
    EXPLORATION = "exploration"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class SetRequest:
    """What a reader asks for; None asks for nothing in particular.

    ``family`` is a family of the findings catalogue; ``minutes`` shortens the set to the time there is. A set of fewer
    than ``ChoiceSettings.least_size`` cases is never asked for: its level would tell their truth.
    """

    size: int = 10
    modality: str | None = None
    region: Region | None = None
    family: str | None = None
    minutes: float | None = None
    images_only: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceSettings:
    """The rules of a set; shares are of its size.

    ``normals``: the share of normal cases over a reader's sets, which no single set need keep; ``lean``: the bounds of
    the share expected of one set when it makes up for the last ones. ``least_size``: what smaller requests are raised
    to; ``least_of_a_truth``: the patients of either truth without which a narrowed request gives no set;
    ``numbers_from``: the cases from which a set's level is told in numbers. ``band``: the chances of being right that
    teach most; below ``hard`` a case counts as hard, and ``hard_share`` bounds those. ``focus``: the least share of the
    focus finding, as far as abnormal cases go. ``pool_cases``: cases a finding needs before it can be the focus.
    ``near_tie``: differences in the chance of a miss below which exposure and harm decide, ``near_tie_met`` for a
    finding whose exposure has been counted; ``never_met``: the reads a month below which it is no part of a reader's
    work. ``outside``: the share of a set that may be explored
    outside the reader's own part of the library (see ``recommender.domain``). ``mastery``: the lower 80 %
    bound from which a finding is only checked now and then. ``new_reads``: below this many reads a finding is new and
    begins with a short ``block`` of cases, one after the other. ``of_the_last``: the share of the last cases left that
    one set may take, so that another follows. ``confused_cases``: how many cases show what the reader took one for the
    other.
    """

    normals: tuple[float, float] = (0.4, 0.5)
    lean: tuple[float, float] = (0.3, 0.6)
    least_size: int = 4
    least_of_a_truth: int = 2
    numbers_from: int = 8
    band: tuple[float, float] = (0.6, 0.85)
    hard: float = 0.4
    hard_share: float = 0.2
    exploration: float = 0.2
    focus: float = 0.3
    pool_cases: int = 3
    near_tie: float = 0.02
    near_tie_met: float = 0.1
    never_met: float = 0.2
    outside: float = 0.1
    repeat_days: int = 60
    synthetic_share: float = 1 / 3
    synthetic_normals: tuple[float, float] = (0.4, 0.5)
    minutes_a_case: float = 1.5
    judge_reads: int = 20
    mastery: float = 0.85
    new_reads: int = 5
    block: int = 3
    of_the_last: float = 0.6
    confused_cases: int = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen set in its order. ``reason`` speaks of the whole set and gives no case's truth or finding away."""

    items: tuple[Recommendation, ...]
    reason: str
