"""How many of a finding a sentence tells."""

from __future__ import annotations

import re

from nlp.attribute_rules import COUNT, AttributeRules
from nlp.lexicon import Hit, near
from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_DIGIT = re.compile(r"\d")
_REACH = 60
_MOST = 99


def counts(around: Neighbours, rules: AttributeRules) -> list[int | None]:
    """The number before each mention in its own phrase: "two small right nodules", "solitary mass".

    "A nodule", "multiple" and "a few" tell none; of "at least four" the four is told.
    """
    numbers = around.words.of(COUNT)
    if not numbers and not _DIGIT.search(around.text):
        return [None] * len(around.found)
    return [_count(around, numbers, mention, rules) for mention in around.found]


def _count(around: Neighbours, numbers: list[Hit], mention: Mention, rules: AttributeRules) -> int | None:
    low = max(0, mention.head - _REACH, _last_head(around, mention))
    words = around.words.between(low, mention.head)
    told = {hit.start: hit.value for hit in near(numbers, low, mention.head) if hit.start >= low}
    starts = around.words.starts_between(low, mention.head)
    head = around.text[mention.head : mention.head_end].lower()
    plural = head.endswith(rules.plurals) and not head.endswith(rules.singulars)
    for place in range(len(words) - 1, -1, -1):
        count = told.get(starts[place])
        if count is None and words[place].isdecimal():
            count = _number(words, place, rules)
        if count is not None:
            return count if plural == (count > 1) else None
        if words[place] in rules.joins["breaks"]:
            return None
    return None


def _number(words: list[str], place: int, rules: AttributeRules) -> int | None:
    """The number in figures at ``place``, where it counts; no part of a date, a measure or a name."""
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    if before in rules.joins["named_by_number"] or after in rules.joins["not_counted"]:
        return None
    number = int(words[place])
    return number if 0 < number <= _MOST else None


def _last_head(around: Neighbours, mention: Mention) -> int:
    before = around.others.last_before(mention.head)
    return around.found[before].head_end if before is not None else 0
