"""Numbers and their units in a verdict's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted, and whether it was ``sampled``: only then does its rate describe the department."""

    one: str
    many: str
    sampled: bool

    def count(self, number: int) -> str:
        return f"{number} {self.one if number == 1 else self.many}"


SAMPLED_REVIEWS = Unit("randomly sampled review", "randomly sampled reviews", sampled=True)
PRACTICE_READS = Unit("practice read", "practice reads", sampled=False)


def percent(share: float) -> str:
    """A rate, to a tenth of a percent: "31.7 %"."""
    return f"{100 * share:.1f} %"


def likelihood(share: float) -> str:
    """A chance, in whole percent; one that is not certain is not called so: "over 99 %"."""
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def q_text(q: float) -> str:
    return "q < 0.001" if q < 0.001 else f"q = {q:.2g}"
