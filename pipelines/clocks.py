"""Clocks that go back: where a file numbers a reader's reads, the numbers say their order, not the times.

A workstation's clock is set back, or winter begins: later reads then bear earlier times.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def steadied(times: Sequence[int]) -> tuple[int, dict[int, int]]:
    """How many times lie before one they follow, and, by its place, the time each of them is to have.

    ``times`` are in the order that the file's numbers give. As few as possible are taken for wrong, and get the time
    of the nearest right one before them, or after them at the start. Where more than half would be, the numbers are no
    order of time: nothing is to change then.
    """
    kept = _longest_rise(times)
    wrong = len(times) - len(kept)
    if not wrong or wrong * 2 > len(times):
        return wrong, {}
    changed: dict[int, int] = {}
    right = times[kept[0]]
    following = 0
    for place in range(len(times)):
        if following < len(kept) and place == kept[following]:
            right, following = times[place], following + 1
        else:
            changed[place] = right
    return wrong, changed


def _longest_rise(times: Sequence[int]) -> list[int]:
    """The places of a longest part of ``times`` that never falls."""
    ends: list[int] = []  # the smallest time that a rise of that length ends in, and where
    at: list[int] = []
    before = [-1] * len(times)
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before[place] = at[length - 1] if length else -1
        ends[length : length + 1], at[length : length + 1] = [time], [place]
    rise: list[int] = []
    place = at[-1] if at else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise[::-1]
