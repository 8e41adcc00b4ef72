"""The side of a mention."""

from __future__ import annotations

from models.finding import Side
from nlp.attribute_rules import SEVERITY, SIDE, AttributeRules
from nlp.lexicon import Hit, near
from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_REACH = 200
_PER_MENTION_BETWEEN = 40
_AFTER = 3  # a side before a finding is nearer than one as far after it
_NEXT_REACH = 30
_JOINED_REACH = 45
_PAIR_REACH = 30
_SINGLE = (Side.LEFT, Side.RIGHT)
_JOIN_LENGTH = 30
_PARTED = 25  # a side in another part of the sentence is farther


def side_of(around: Neighbours, mention: Mention, rules: AttributeRules) -> Side | None:
    """The side nearest to the mention, words before it first; a side beyond another mention is that one's.

    Bilateral where the sentence joins the nearest side with the other one ("in the right base and left apex").
    """
    sides = around.words.of(SIDE)
    if not sides or mention.finding in rules.unpaired:
        return None
    best: tuple[int, Hit] | None = None
    begin = around.begin(mention)
    for hit in near(sides, begin - _REACH, mention.end + _REACH):
        distance = _distance(around, hit, begin, mention.end, rules)
        if distance > (best[0] - 1 if best else _REACH):
            continue
        low, high = min(hit.end, mention.end), max(hit.start, begin)
        others = around.others.heads_between(low, high) - (low <= mention.head < high)
        distance += _PER_MENTION_BETWEEN * others
        if (best is None or distance < best[0]) and not _elsewhere(around, hit, begin, mention, others > 0, rules):
            best = (distance, hit)
    if best is None or best[0] > _REACH:
        return None
    side = _paired(around, sides, best[1], rules)
    if side is not Side.BILATERAL and (
        _joined(around, sides, best[1], mention, rules) or _left_out(around, sides, best[1], mention, rules)
    ):
        return Side.BILATERAL
    return side


def _elsewhere(around: Neighbours, hit: Hit, begin: int, mention: Mention, others: bool, rules: AttributeRules) -> bool:
    """Whether the side is another finding's: the next one's, or one's of a statement before or after this one.

    In "granuloma; no effusion on the left" the left is not the granuloma's, in "mass on the left, without effusion" not
    the effusion's.
    """
    if hit.start >= mention.end and _opens_another(around, hit, mention, rules):
        return True
    if not (others or (hit.end <= mention.head and around.others.heads_between(0, hit.start))):
        return False
    words = around.words.between(min(hit.end, mention.end), max(hit.start, begin))
    return not rules.joins["side_ends"].isdisjoint(words) and rules.joins["side_goes_on"].isdisjoint(words)


def _paired(around: Neighbours, sides: list[Hit], hit: Hit, rules: AttributeRules) -> Side:
    """What the side's words mean: of a pair both, unless a side stands just before it."""
    if isinstance(hit.value, Side):
        return hit.value
    for other in near(sides, hit.start - _PAIR_REACH, hit.start)[::-1]:
        if other.end <= hit.start <= other.end + _PAIR_REACH and isinstance(other.value, Side):
            words = around.words.between(other.end, hit.start)
            if rules.joins["sides_far"].isdisjoint(words) and rules.joins["sides_parted"].isdisjoint(words):
                return other.value
    return Side.BILATERAL


def _joined(around: Neighbours, sides: list[Hit], hit: Hit, mention: Mention, rules: AttributeRules) -> bool:
    """Whether the other side stands beside ``hit``, joined with it and with no finding between them or of its own."""
    if hit.value not in _SINGLE:
        return False
    for other in near(sides, hit.start - _JOINED_REACH, hit.end + _JOINED_REACH):
        if other.value == hit.value or not isinstance(other.value, Side):
            continue
        low, high = min(hit.end, other.end), max(hit.start, other.start)
        if high - low > _JOINED_REACH or around.others.heads_between(low, high):
            continue
        words = around.words.between(low, high)
        joined = not rules.joins["sides_joined"].isdisjoint(words) and rules.joins["sides_parted"].isdisjoint(words)
        if joined and not (other.start > mention.end and _opens_another(around, other, mention, rules)):
            return True
    return False


def _opens_another(around: Neighbours, hit: Hit, mention: Mention, rules: AttributeRules) -> bool:
    """Whether the side begins a new finding: in "effusion and small left pneumothorax", left is not the effusion's."""
    before = around.words.between(max(mention.end, hit.start - _JOIN_LENGTH), hit.start)
    opening = [place for place, word in enumerate(before) if word in rules.joins["opens"]]
    if not opening or not rules.joins["prepositions"].isdisjoint(before[opening[-1] :]):
        return False
    opened = around.others.next_start(hit.end)
    if opened is None or opened > hit.end + _NEXT_REACH:
        return False
    return rules.joins["begins_none"].isdisjoint(around.words.between(hit.end, opened))


def _left_out(around: Neighbours, sides: list[Hit], hit: Hit, mention: Mention, rules: AttributeRules) -> bool:
    """Whether the other side follows with its finding left out: "moderate right effusion, small left"."""
    if hit.value not in _SINGLE or hit.end > mention.head:
        return False
    for other in near(sides, mention.end, mention.end + _JOINED_REACH):
        if other.start >= mention.end and other.value in _SINGLE and other.value != hit.value:
            words = around.words.between(mention.end, other.start)
            degrees = {word for degree in around.words.of(SEVERITY) for word in around.words.between(*degree[:2])}
            said = bool(words) and words[0] in rules.joins["elides"] and degrees.issuperset(words[1:])
            after = around.words.between(other.end, other.end + _JOINED_REACH)
            return said and (not after or after[0] in rules.joins["side_end"])
    return False


def _distance(around: Neighbours, hit: Hit, begin: int, end: int, rules: AttributeRules) -> int:
    """Characters between the side and the mention from ``begin`` to ``end``, more in another part of the sentence."""
    if hit.start >= end:
        return hit.start - end + _AFTER
    if hit.end > begin:
        return 0
    parted = not rules.joins["sides_far"].isdisjoint(around.words.between(hit.end, begin))
    return begin - hit.end + (_PARTED if parted else 0)
