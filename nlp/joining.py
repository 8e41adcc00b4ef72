"""Whether findings that follow each other share what is said of the first."""

from __future__ import annotations

from nlp.attribute_rules import SIDE, AttributeRules
from nlp.lexicon import near
from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_LENDS_REACH = 60


def lent(around: Neighbours, before: Mention, mention: Mention, rules: AttributeRules) -> bool:
    """Whether what is said of the finding ``before`` is said of ``mention`` too: "minimal scar or atelectasis"."""
    low, high = before.head_end, mention.head
    if not 0 <= high - low <= _LENDS_REACH:
        return False
    words = around.words.between(low, high)
    if rules.joins["lends"].isdisjoint(words):
        return False
    over = rules.joins["lends"] | rules.joins["lends_over"] | side_words(around, low, high)
    return over.issuperset(words)


def side_words(around: Neighbours, low: int, high: int) -> set[str]:
    """The words of the sides between two places."""
    sides = near(around.words.of(SIDE), low, high)
    return {word for side in sides for word in around.words.between(side.start, side.end)}
