"""The size of a mention in millimetres."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.attribute_rules import SIZE_AFTER, SIZE_BEFORE, SIZE_BOUNDS, AttributeRules
from nlp.lexicon import near
from nlp.neighbours import Neighbours

_NUMBER = r"(?:\d{1,4}(?:[.,]\d{1,2})?|\.\d{1,2})"
_UNIT = r"(?:mm|cm|millimet(?:er|re)s?|centimet(?:er|re)s?|inch(?:es)?)(?![\w²³^]|\s?/|\s[23]\b)"
_DIMENSION = rf"{_NUMBER}(?:\s?-?\s?{_UNIT})?"
_SIZE = re.compile(
    rf"(?<![\w.,/]){_DIMENSION}(?:\s{{0,2}}(?:x|×|\*|by|to|or|-|–)\s{{0,2}}{_DIMENSION}){{0,3}}", re.IGNORECASE
)
_PART = re.compile(rf"(?P<number>{_NUMBER})(?:\s?-?\s?(?P<unit>{_UNIT}))?", re.IGNORECASE)
_MM = {"m": 1.0, "c": 10.0, "i": 25.4}  # by the first letter of the unit
_DIGIT = re.compile(r"\d")
_REACH = 120
_TOUCHING = 3
_EARLIER, _PERHAPS_EARLIER, _OTHER, _FROM = "earlier", "perhaps_earlier", "other", "from"


class Measure(NamedTuple):
    """A size at ``start`` to ``end``: its greatest dimension, and whether it may be the size of an earlier day."""

    start: int
    end: int
    mm: float
    perhaps_earlier: bool


def sizes_mm(around: Neighbours, rules: AttributeRules) -> list[float | None]:
    """The size of each mention, in mm: the greatest dimension, of a range or bound its upper end.

    What is measured before another finding is that one's. Sizes of an earlier day, distances and slices are left out.
    """
    sizes: list[float | None] = [None] * len(around.found)
    if not around.words.of(SIZE_BOUNDS) and not _DIGIT.search(around.text):
        return sizes
    for measure in sorted(_measures(around), key=lambda measure: measure.perhaps_earlier):
        owner = around.owner(measure.start, measure.end, rules.joins["breaks"])
        if owner is None or not _reached(around, owner, measure):
            continue
        mm = sizes[owner]
        if mm is None or (not measure.perhaps_earlier and measure.mm > mm):
            for place in around.alike(owner):
                sizes[place] = measure.mm
    return sizes


def _reached(around: Neighbours, owner: int, measure: Measure) -> bool:
    mention = around.found[owner]
    return mention.start - measure.end <= _REACH and measure.start - mention.end <= _REACH


def _measures(around: Neighbours) -> list[Measure]:
    """The present sizes of the sentence in reading order."""
    found = [Measure(hit.start, hit.end, hit.value, False) for hit in around.words.of(SIZE_BOUNDS)]
    if _DIGIT.search(around.text):
        for match in _SIZE.finditer(around.text):
            numbers = _dimensions(match[0])
            if numbers:
                measure = _measure(around, match.start(), match.end(), numbers)
                found += [measure] if measure else []
    return found


def _measure(around: Neighbours, start: int, end: int, numbers: list[float]) -> Measure | None:
    """The measure of the numbers; None where the words beside it make it none, or one of an earlier day."""
    before = {
        hit.value
        for hit in near(around.words.of(SIZE_BEFORE), start - _TOUCHING, start)
        if hit.end <= start and start - hit.end <= _TOUCHING and not around.words.between(hit.end, start)
    }
    after = {
        hit.value
        for hit in near(around.words.of(SIZE_AFTER), end, end + _TOUCHING)
        if hit.start >= end and hit.start - end <= _TOUCHING and not around.words.between(end, hit.start)
    }
    if _OTHER in before | after or _EARLIER in before or (_EARLIER in after and not _numbered(around, end)):
        return None
    if _FROM in before:  # "from 12 to 8 mm": the last is today's; one alone is the earlier
        return Measure(start, end, numbers[-1], len(numbers) == 1)
    return Measure(start, end, max(numbers), _PERHAPS_EARLIER in before)


def _numbered(around: Neighbours, end: int) -> bool:
    """Whether the word after the measure speaks of the next one: "12 mm previously 8 mm"."""
    words = around.words.between(end, end + 30)
    return len(words) > 1 and words[1][:1].isdigit()


def _dimensions(words: str) -> list[float]:
    """The numbers of a measure in mm; none where it has no unit. A number without one has that of the next, or last."""
    parts = [(match["number"].replace(",", "."), match["unit"]) for match in _PART.finditer(words)]
    units = [unit for _, unit in parts if unit]
    if not units:
        return []
    unit, numbers = units[-1], list[float]()
    for number, own in parts[::-1]:
        unit = own or unit
        numbers.append(round(float(number) * _MM[unit[0].lower()], 3))
    return numbers[::-1]
