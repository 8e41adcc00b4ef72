"""What the words around a mention say of it: side, site, severity, size, count and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.finding import Change, Side
from nlp.attribute_rules import AttributeRules, shipped_attributes
from nlp.comparison import changes
from nlp.counting import counts
from nlp.measurement import sizes_mm
from nlp.mentions import Mention
from nlp.neighbours import Neighbours, Others
from nlp.places import sites
from nlp.severity import severities
from nlp.sides import side_of
from nlp.tokens import Tokens, tokens_of


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a sentence says of one mention, as in ``Observation``."""

    side: Side | None
    site: str | None
    severity: tuple[str, ...]
    size_mm: float | None
    count: int | None
    change: Change | None


def attributes_of(
    text: str, found: Sequence[Mention], rules: AttributeRules | None = None, tokens: Tokens | None = None
) -> list[Attributes]:
    """The attributes of each of ``found``, the mentions of the sentence ``text`` in reading order.

    ``tokens`` are the sentence's words where they are known already.
    """
    if not found:
        return []
    rules = rules or shipped_attributes()
    around = Neighbours(
        text, rules.phrases.read(tokens or tokens_of(text)), found, Others(found), rules.joins["places_parted"]
    )
    sides = [side_of(around, mention, rules) for mention in found]
    told = zip(
        sides,
        sites(around, rules),
        severities(around, rules),
        sizes_mm(around, rules),
        counts(around, rules),
        changes(around, rules),
        strict=True,
    )
    return [Attributes(*each) for each in told]
