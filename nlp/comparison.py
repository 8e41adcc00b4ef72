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
    for hit in hits:
        owner = around.owner(hit.start, hit.end, parting)
        change = _meant(around, hit, owner, rules) if owner is not None else None
        if owner is None or change is None:
            continue
        mention = around.found[owner]
        rank = (hit.value == _AGAIN, max(mention.head - hit.end, hit.start - mention.head_end))
        if rank[1] <= _REACH and rank < best.get(owner, (True, _REACH + 1)):
            best[owner], told[owner] = rank, change
    return _listed(around, told, rules)


def _meant(around: Neighbours, hit: Hit, owner: int, rules: AttributeRules) -> Change | None:
    """What the words say of the mention; None where they are part of the finding or stand beyond another phrase."""
    mention = around.found[owner]
    if hit.start < mention.head_end and mention.head < hit.end:
        return None
    if hit.start >= mention.head_end and not rules.joins["change_parts"].isdisjoint(
        around.words.between(mention.head_end, hit.start)
    ):
        return None
    if hit.value == _AGAIN:
        return Change.UNCHANGED
    if hit.value not in _MORE:
        return Change(hit.value)
    compared = not rules.joins["compares"].isdisjoint(around.words.spelt)
    return _MORE[hit.value] if compared or mention.finding not in rules.by_density else None


def _listed(around: Neighbours, told: list[Change | None], rules: AttributeRules) -> list[Change | None]:
    """Findings in a list share what is said of its first or last: "stable granuloma and scar", "A and B are new"."""
    order = sorted(range(len(told)), key=lambda place: around.found[place].head)
    for one, other in (*zip(order, order[1:], strict=False), *zip(order[:0:-1], order[-2::-1], strict=False)):
        first, last = sorted((around.found[one], around.found[other]), key=lambda mention: mention.head)
        if told[other] is None and told[one] is not None and lent(around, first, last, rules):
            told[other] = told[one]
    return told
