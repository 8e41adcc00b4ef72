"""Places in a sentence that what a word denies or doubts does not reach across."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple


class Bounds(NamedTuple):
    """Places words do not reach across, in order: onward, firmly onward (each with the place from which it holds; even
    the words that govern a long list end there), and back."""

    onward: list[tuple[int, int]]
    firm: list[tuple[int, int]]
    back: list[int]

    def begin(self, place: int) -> int:
        """Where the clause of ``place`` begins for every word before it; -1 where the sentence begins."""
        low = bisect_right(self.onward, (place, 0)) - 1
        return self.onward[low][0] if low >= 0 and not self.onward[low][1] else -1

    def part_onward(self, first: int, last: int, firmly: bool) -> bool:
        """Whether words ending at ``first`` are parted from what begins at ``last``."""
        bounds = self.firm if firmly else self.onward
        low = bisect_left(bounds, (first, 0))
        return any(since <= first for _, since in bounds[low : bisect_right(bounds, (last, last))])

    def part_back(self, first: int, last: int) -> bool:
        """Whether words beginning at ``last`` are parted from what ends at ``first``."""
        low = bisect_left(self.back, first)
        return low < len(self.back) and self.back[low] < last
