"""How a mention compares with an earlier examination."""

from __future__ import annotations

from models.finding import Change
from nlp.attribute_rules import CHANGE, AttributeRules
from nlp.joining import lent
from nlp.lexicon import Hit
from nlp.neighbours import Neighbours

_REACH = 90
_MORE = {"more": Change.INCREASED, "less": Change.DECREASED}
_AGAIN = "again"


def changes(around: Neighbours, rules: AttributeRules) -> list[Change | None]:
    """What the sentence says of each mention's change; a finding listed with one that changed has changed alike."""
    told: list[Change | None] = [None] * len(around.found)
    hits = around.words.of(CHANGE)
    if not hits:
        return told
    best: dict[int, tuple[bool, int]] = {}  # by mention: only "again"?, distance
    parting = rules.joins["breaks"] - rules.joins["change_over"]
    compared = not rules.joins["compares"].isdisjoint(around.words.spelt)
    for hit in hits:
        owner = around.owner(hit.start, hit.end, parting)
        for place in around.alike(owner) if owner is not None else ():
            mention = around.found[place]
            rank = (hit.value == _AGAIN, max(mention.head - hit.end, hit.start - mention.head_end))
            if rank[1] > _REACH or rank >= best.get(place, (True, _REACH + 1)) or _apart(around, hit, place, rules):
                continue
            change = _meant(hit, compared or mention.finding not in rules.by_density)
            if change is not None:
                best[place], told[place] = rank, change
    return _listed(around, told, rules)


def _apart(around: Neighbours, hit: Hit, place: int, rules: AttributeRules) -> bool:
    """Whether the words are part of the finding, or stand after it in another phrase."""
    mention = around.found[place]
    if hit.start < mention.head_end:
        return mention.head < hit.end
    return not rules.joins["change_parts"].isdisjoint(around.words.between(mention.head_end, hit.start))


def _meant(hit: Hit, compared: bool) -> Change | None:
    """What the words mean; a bare "increased" is a change only where something is ``compared``."""
    if hit.value == _AGAIN:
        return Change.UNCHANGED
    if hit.value in _MORE:
        return _MORE[hit.value] if compared else None
    return Change(hit.value)


def _listed(around: Neighbours, told: list[Change | None], rules: AttributeRules) -> list[Change | None]:
    """Findings in a list share what is said of its first or last: "stable granuloma and scar", "A and B are new"."""
    order = sorted(range(len(told)), key=lambda place: around.found[place].head)
    for one, other in (*zip(order, order[1:], strict=False), *zip(order[:0:-1], order[-2::-1], strict=False)):
        first, last = sorted((around.found[one], around.found[other]), key=lambda mention: mention.head)
        if told[other] is None and told[one] is not None and lent(around, first, last, rules):
            told[other] = told[one]
    return told
