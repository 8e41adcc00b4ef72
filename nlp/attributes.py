"""Side, severity and size of a mention, from the words around it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from models.finding import Side
from nlp.lexicon import Hit, Scan, near
from nlp.mentions import Mention

_SIZE = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)?(?:\s*(?:mm|cm)?\s*(?:x|by|×)\s*\d+(?:\.\d+)?){0,2})"
    r"\s*-?\s*(?P<unit>mm|cm|millimeters?|centimeters?)\b",
    re.IGNORECASE,
)
_SEVERITY_REACH = 28
_SIZE_REACH = 60
_LONGEST_SIZE = 60
_SIDE_REACH = 200
_PER_MENTION_BETWEEN = 40
_NEXT_REACH = 30
_JOINS = (" and", " with", " or", " plus")


class Others:
    """Where the mentions of a sentence stand, for quick counting."""

    def __init__(self, found: Sequence[Mention]) -> None:
        self._starts = [mention.start for mention in found]  # mentions come in reading order
        self._heads = sorted([mention.head for mention in found])

    def heads_between(self, low: int, high: int) -> int:
        """How many have their head at ``low`` or later and before ``high``."""
        return max(0, bisect_left(self._heads, high) - bisect_left(self._heads, low))

    def begin_between(self, low: int, high: int) -> bool:
        """Whether any begins at ``low`` to ``high``, both included."""
        return bisect_right(self._starts, high) > bisect_left(self._starts, low)


def side_of(text: str, sentence: Scan, mention: Mention, others: Others) -> Side | None:
    """The side nearest to the mention, words before it first; a side beyond another mention is that one's."""
    best: tuple[int, Side] | None = None
    if not sentence.sides:
        return None
    for hit in near(sentence.sides, mention.start - _SIDE_REACH, mention.end + _SIDE_REACH):
        distance = _distance(hit, mention)
        if distance > _SIDE_REACH or (hit.start >= mention.end and _opens_another(text, hit, mention, others)):
            continue
        distance += _PER_MENTION_BETWEEN * _between(hit, mention, others)
        if best is None or distance < best[0]:
            best = (distance, Side(hit.value))
    return best[1] if best and best[0] <= _SIDE_REACH else None


def _opens_another(text: str, hit: Hit, mention: Mention, others: Others) -> bool:
    """Whether the side begins a new finding: in "effusion and left pneumothorax", left is not the effusion's."""
    joined = text[mention.end : hit.start].rstrip().endswith(_JOINS)
    return joined and others.begin_between(hit.end, hit.end + _NEXT_REACH)


def _distance(hit: Hit, mention: Mention) -> int:
    if hit.start >= mention.end:
        return hit.start - mention.end + 3
    return max(0, mention.start - hit.end)


def _between(hit: Hit, mention: Mention, others: Others) -> int:
    low, high = min(hit.end, mention.end), max(hit.start, mention.start)
    return others.heads_between(low, high) - (low <= mention.head < high)


def severity_of(sentence: Scan, mention: Mention) -> tuple[str, ...]:
    """Words of degree just before or inside the mention."""
    words = [
        hit.value
        for hit in near(sentence.severities, mention.start - _SEVERITY_REACH, mention.end)
        if mention.start - _SEVERITY_REACH <= hit.start and hit.end <= mention.end
    ]
    return tuple(dict.fromkeys(words))


def size_mm_of(text: str, start: int, end: int, mention: Mention) -> float | None:
    """The greatest dimension, in mm, that stands nearest to the mention in the sentence ``start`` to ``end``."""
    nearest: tuple[int, float] | None = None
    first, last = max(start, mention.start - _SIZE_REACH - _LONGEST_SIZE), mention.end + _SIZE_REACH + _LONGEST_SIZE
    for match in _SIZE.finditer(text, first, min(end, last)):
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", match["numbers"])]
        scale = 10.0 if match["unit"].lower().startswith("c") else 1.0
        distance = max(0, mention.start - match.end(), match.start() - mention.end)
        if distance <= _SIZE_REACH and (nearest is None or distance < nearest[0]):
            nearest = (distance, round(max(numbers) * scale, 3))
    return nearest[1] if nearest else None
