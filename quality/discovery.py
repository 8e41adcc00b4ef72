"""Many looks at once: what still counts as found."""

from __future__ import annotations

from collections.abc import Sequence


def q_values(p_values: Sequence[float]) -> list[float]:
    """Benjamini–Hochberg adjusted p-values, in the order given: flagging q <= .05 keeps false discoveries below 5 %.

    Source: Benjamini & Hochberg (1995), JRSS B 57:289. Raises ValueError for a p-value outside 0 to 1.
    """
    if any(not 0 <= p <= 1 for p in p_values):
        raise ValueError("a p-value lies outside 0 to 1")
    adjusted = [1.0] * len(p_values)
    least = 1.0
    for rank, n in sorted(enumerate(sorted(range(len(p_values)), key=p_values.__getitem__), start=1), reverse=True):
        least = min(least, p_values[n] * (len(p_values) / rank))
        adjusted[n] = least
    return adjusted
