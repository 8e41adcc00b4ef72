"""The degree of a mention: mild, moderate, severe, small, large or borderline."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.attribute_rules import SEVERITY, SIDE, AttributeRules
from nlp.joining import lent, side_words
from nlp.lexicon import Hit, near
from nlp.mentions import Mention
from nlp.neighbours import Neighbours

_REACH = 90
_LEADS_REACH = 60
_LEAD_LENGTH = 9
_LABEL = ":"
_RELATIVE = {"least": ("mild", "small"), "most": ("severe", "large")}

Degrees = tuple[str, ...]


def severities(around: Neighbours, rules: AttributeRules) -> list[Degrees]:
    """The degrees of each mention: words before, inside or after it, else those of the mention it is listed with."""
    hits = around.words.of(SEVERITY)
    if not hits:
        return [()] * len(around.found)
    order = sorted(range(len(around.found)), key=lambda place: around.found[place].head)
    told: dict[int, Degrees] = {}
    heads = [around.found[place] for place in order]
    for rank, place in enumerate(order):
        mention, before = heads[rank], heads[rank - 1] if rank else None
        own = _before(around, hits, mention, before, rules)
        own += [hit for hit in _after(around, hits, heads, rank, rules) if not own or _sided(around, hit)]
        if not own and before is not None and lent(around, before, mention, rules):
            told[place] = told[order[rank - 1]]
        else:
            told[place] = _upper(around, own, rules)
    return [_named(told[place], mention, rules) for place, mention in enumerate(around.found)]


def _named(degrees: Sequence[str], mention: Mention, rules: AttributeRules) -> Degrees:
    """What is least or most of anything as a degree of this finding."""
    amount = mention.finding in rules.amounts
    named = (_RELATIVE[one][amount] if one in _RELATIVE else one for one in degrees)
    return tuple(dict.fromkeys(one for one in named if one not in rules.no_degree.get(mention.finding, ())))


def _before(
    around: Neighbours, hits: list[Hit], mention: Mention, before: Mention | None, rules: AttributeRules
) -> list[Hit]:
    """The degrees that govern the head from before it: nothing that parts phrases stands between."""
    low = max(mention.head - _REACH, before.head_end if before and before.head_end <= mention.head else 0)
    own: list[Hit] = []
    until = mention.head
    for hit in near(hits, low, mention.head_end)[::-1]:
        if hit.start < low or hit.end > mention.head_end:
            continue
        if hit.end > mention.head:
            own.insert(0, hit)
        elif hit.end > around.begin(mention) or not _parted(around, hit, until, rules):
            own.insert(0, hit)
            until = hit.start
        else:
            break
    return own


def _parted(around: Neighbours, hit: Hit, until: int, rules: AttributeRules) -> bool:
    """Whether a word between the degree and what it would govern ends its reach.

    An "and" between sides or places ("small right and left effusions"), a comma between adjectives ("small, nodular")
    and a "but" after the degree ("small but growing") do not.
    """
    words = around.words.between(hit.end, until)
    if rules.joins["breaks"].isdisjoint(words):
        return False
    sides = side_words(around, hit.end, until)
    parting = [place for place, word in enumerate(words) if word in rules.joins["breaks"] and word not in sides]
    if parting == [0] and words[0] in rules.joins["between_adjectives"]:
        return _predicate(around, hit, rules)
    listed, lists = rules.joins["listed"] | sides, rules.joins["lists"]
    if sides and not _predicate(around, hit, rules):
        lists = lists | rules.joins["between_adjectives"]  # "mild bibasilar, right greater than left"
    return any(words[place] not in lists or place == 0 or words[place - 1] not in listed for place in parting)


def _predicate(around: Neighbours, hit: Hit, rules: AttributeRules) -> bool:
    """Whether the degree was said of what stands before it: "cardiomegaly is mild, small effusion"."""
    before = around.words.between(hit.start - _LEAD_LENGTH, hit.start)
    return bool(before) and before[-1] in rules.joins["leads"]


def _after(
    around: Neighbours, hits: list[Hit], heads: Sequence[Mention], rank: int, rules: AttributeRules
) -> list[Hit]:
    """The degrees said of the finding after it: "effusion, small", "cardiomegaly is mild"."""
    mention = heads[rank]
    high = heads[rank + 1].start if rank + 1 < len(heads) else len(around.text)
    own: list[Hit] = []
    since = mention.head_end if around.text[mention.head_end : mention.head_end + 1] == _LABEL else mention.end
    for hit in near(hits, since, mention.end + _LEADS_REACH):
        if hit.start < since or hit.end > high or hit.start - since > _LEADS_REACH:
            continue
        words = around.words.between(since, hit.start)
        leads, over = rules.joins["leads"], rules.joins["leads_over"]
        if leads.isdisjoint(words) or not (leads | over).issuperset(words):
            break
        if not _said(around, hit, high, rules) and not (_LABEL in words and high == len(around.text)):
            break
        own.append(hit)
        since = hit.end
    return own


def _sided(around: Neighbours, hit: Hit) -> bool:
    """Whether a side follows the degree: "moderate right effusion, small left" tells two."""
    return any(
        side.start - hit.end <= 1 for side in near(around.words.of(SIDE), hit.end, hit.end + 1) if side.start >= hit.end
    )


def _said(around: Neighbours, hit: Hit, high: int, rules: AttributeRules) -> bool:
    """Whether the degree is the end of what is said, not the beginning of the next finding."""
    after = around.words.between(hit.end, min(len(around.text), hit.end + _LEADS_REACH))
    sides = side_words(around, hit.end, hit.end + _LEADS_REACH) | rules.joins["side_end"] - rules.joins["leads_end"]
    while after and after[0] in sides:  # "small left sided"
        after = after[1:]
    if after and after[0] not in rules.joins["leads_end"]:
        return False
    return high == len(around.text) or not after or after[0] not in rules.joins["lists"]


def _upper(around: Neighbours, own: list[Hit], rules: AttributeRules) -> Degrees:
    """The degrees, of a range only its upper end."""
    kept: list[Hit] = []
    for hit in own:
        if kept and _range(around, kept[-1], hit, rules):
            kept.pop()
        kept.append(hit)
    return tuple(hit.value for hit in kept)


def _range(around: Neighbours, low: Hit, high: Hit, rules: AttributeRules) -> bool:
    words = around.words.between(low.end, high.start)
    return not words and high.start - low.end <= 3 or len(words) == 1 and words[0] in rules.joins["range"]
