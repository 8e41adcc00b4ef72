"""The size of a mention in millimetres."""

from __future__ import annotations

import re

from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_SIZE = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)?(?:\s*(?:mm|cm)?\s*(?:x|by|×)\s*\d+(?:\.\d+)?){0,2})"
    r"\s*-?\s*(?P<unit>mm|cm|millimeters?|centimeters?)\b",
    re.IGNORECASE,
)
_REACH = 60
_LONGEST = 60


def size_mm_of(around: Neighbours, mention: Mention) -> float | None:
    """The greatest dimension, in mm, that stands nearest to the mention."""
    nearest: tuple[int, float] | None = None
    first, last = max(0, mention.start - _REACH - _LONGEST), mention.end + _REACH + _LONGEST
    for match in _SIZE.finditer(around.text, first, min(len(around.text), last)):
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", match["numbers"])]
        scale = 10.0 if match["unit"].lower().startswith("c") else 1.0
        distance = max(0, mention.start - match.end(), match.start() - mention.end)
        if distance <= _REACH and (nearest is None or distance < nearest[0]):
            nearest = (distance, round(max(numbers) * scale, 3))
    return nearest[1] if nearest else None
