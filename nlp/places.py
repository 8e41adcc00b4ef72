"""The place of the body where a sentence puts a mention."""

from __future__ import annotations

from nlp.attribute_rules import SITE, AttributeRules
from nlp.joining import lent
from nlp.lexicon import Hit
from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_REACH = 150


def sites(around: Neighbours, rules: AttributeRules) -> list[str | None]:
    """The site of each mention, a word of sites.toml: the nearest exact place said of it, else the nearest broad one.

    A place is told without its side. Findings in a list share the place of the first or last; what a sentence names
    before all its findings is the place of each ("in the left base there are ...").
    """
    found = around.found
    best: list[tuple[tuple[bool, int], str] | None] = [None] * len(found)
    hits = around.words.of(SITE)
    for hit in hits:
        owner = around.owner(hit.start, hit.end, rules.joins["breaks"])
        for place in around.alike(owner) if owner is not None else ():
            _keep(around, best, place, hit, rules)
    if hits and len(found) > 1:
        _share(around, best, rules)
        _open(around, best, hits, rules)
    return [
        told[1] if told else rules.organ_sites.get(mention.place or "")
        for mention, told in zip(found, best, strict=True)
    ]


def _keep(
    around: Neighbours, best: list[tuple[tuple[bool, int], str] | None], place: int, hit: Hit, rules: AttributeRules
) -> None:
    """Remember the hit for the mention at ``place`` where it says more than what is remembered."""
    mention = around.found[place]
    distance = max(0, mention.start - hit.end, hit.start - mention.end)
    if distance > _REACH or not rules.joins["site_parts"].isdisjoint(_between(around, mention, hit)):
        return
    rank = (hit.value in rules.broad_sites, distance)
    held = best[place]
    if held is None or rank < held[0]:
        best[place] = (rank, hit.value)


def _between(around: Neighbours, mention: Mention, hit: Hit) -> list[str]:
    return around.words.between(min(hit.end, mention.end), max(hit.start, around.begin(mention)))


def _share(around: Neighbours, best: list[tuple[tuple[bool, int], str] | None], rules: AttributeRules) -> None:
    """Findings in a list without an exact place of their own take that of the one beside them."""
    order = sorted(range(len(best)), key=lambda place: around.found[place].head)
    for one, other in (*zip(order, order[1:], strict=False), *zip(order[:0:-1], order[-2::-1], strict=False)):
        held, shared = best[other], best[one]
        if shared is None or shared[0][0] or (held is not None and not held[0][0]):
            continue
        first, last = sorted((around.found[one], around.found[other]), key=lambda mention: mention.head)
        if lent(around, first, last, rules):
            best[other] = shared


def _open(
    around: Neighbours, best: list[tuple[tuple[bool, int], str] | None], hits: list[Hit], rules: AttributeRules
) -> None:
    """An exact place that stands apart before all findings is the place of those that have none of their own."""
    first = min(around.begin(mention) for mention in around.found)
    opening = [hit for hit in hits if hit.end <= first and hit.value not in rules.broad_sites]
    if not opening or rules.joins["breaks"].isdisjoint(around.words.between(opening[-1].end, first)):
        return
    for place, held in enumerate(best):
        if around.found[place].start - opening[-1].end > _REACH:
            break
        words = around.words.between(opening[-1].end, around.found[place].head)
        if (held is None or held[0][0]) and rules.joins["side_ends"].isdisjoint(words):
            _keep(around, best, place, opening[-1], rules)
