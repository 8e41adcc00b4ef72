"""Side, severity and size of a mention, from the words around it."""

from __future__ import annotations

import re

from models.finding import Side
from nlp.lexicon import Hit, Scan
from nlp.mentions import Mention

_SIZE = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)?(?:\s*(?:mm|cm)?\s*(?:x|by|×)\s*\d+(?:\.\d+)?){0,2})"
    r"\s*-?\s*(?P<unit>mm|cm|millimeters?|centimeters?)\b",
    re.IGNORECASE,
)
_SEVERITY_REACH = 28
_SIZE_REACH = 60
_SIDE_REACH = 200
_PER_MENTION_BETWEEN = 40
_NEXT_REACH = 30
_JOINS = (" and", " with", " or", " plus")


def side_of(text: str, sentence: Scan, mention: Mention, others: list[Mention]) -> Side | None:
    """The side nearest to the mention, words before it first; a side beyond another mention is that one's."""
    best: tuple[int, Side] | None = None
    for hit in sentence.sides:
        if hit.start >= mention.end and _opens_another(text, hit, mention, others):
            continue
        distance = _distance(hit, mention) + _PER_MENTION_BETWEEN * _between(hit, mention, others)
        if best is None or distance < best[0]:
            best = (distance, Side(hit.value))
    return best[1] if best and best[0] <= _SIDE_REACH else None


def _opens_another(text: str, hit: Hit, mention: Mention, others: list[Mention]) -> bool:
    """Whether the side begins a new finding: in "effusion and left pneumothorax", left is not the effusion's."""
    joined = text[mention.end : hit.start].rstrip().endswith(_JOINS)
    return joined and any(0 <= other.start - hit.end <= _NEXT_REACH for other in others)


def _distance(hit: Hit, mention: Mention) -> int:
    if hit.start >= mention.end:
        return hit.start - mention.end + 3
    return max(0, mention.start - hit.end)


def _between(hit: Hit, mention: Mention, others: list[Mention]) -> int:
    low, high = min(hit.end, mention.end), max(hit.start, mention.start)
    return sum(other is not mention and low <= other.head < high for other in others)


def severity_of(sentence: Scan, mention: Mention) -> tuple[str, ...]:
    """Words of degree just before or inside the mention."""
    near = [
        hit.value
        for hit in sentence.severities
        if mention.start - _SEVERITY_REACH <= hit.start and hit.end <= mention.end
    ]
    return tuple(dict.fromkeys(near))


def size_mm_of(text: str, start: int, end: int, mention: Mention) -> float | None:
    """The greatest dimension, in mm, that stands nearest to the mention in the sentence ``start`` to ``end``."""
    nearest: tuple[int, float] | None = None
    for match in _SIZE.finditer(text, start, end):
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", match["numbers"])]
        scale = 10.0 if match["unit"].lower().startswith("c") else 1.0
        distance = max(0, mention.start - match.end(), match.start() - mention.end)
        if distance <= _SIZE_REACH and (nearest is None or distance < nearest[0]):
            nearest = (distance, round(max(numbers) * scale, 3))
    return nearest[1] if nearest else None
