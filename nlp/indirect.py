"""Signs that stand for a finding which the same sentence then names: what it says of the finding holds of the sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from models.finding import Assertion
from nlp.lexicon import FEW, Hit
from nlp.mentions import Mention
from nlp.rulebook import read_rules

_Asserted = tuple[Assertion, Hit | None]
_OVERRULE = (Assertion.UNCERTAIN, Assertion.PRIOR)


def overruled(text: str, found: Sequence[Mention], asserted: list[_Asserted]) -> list[_Asserted]:
    """``asserted``, the assertions of the mentions ``found`` of a sentence, with those of signs as their finding's.

    A sign that is plainly present takes the assertion of the next mention of its finding, if that is in doubt or past.
    """
    if len(found) > FEW or not any(said in _OVERRULE for said, _ in asserted):
        return asserted
    told = list(asserted)
    for place in range(len(found) - 2, -1, -1):
        mention = found[place]
        if told[place][0] is not Assertion.PRESENT or not _is_sign(text, mention):
            continue
        after = next((at for at in range(place + 1, len(found)) if found[at].finding == mention.finding), None)
        if after is not None and told[after][0] in _OVERRULE and not _is_sign(text, found[after]):
            told[place] = told[after]
    return told


def _is_sign(text: str, mention: Mention) -> bool:
    beginnings = _signs().get(mention.finding)
    if beginnings is None:
        return False
    words = text[mention.head : mention.head_end].lower()
    return words.startswith(beginnings) or any(word.startswith(beginnings) for word in words.split())


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    return {finding: tuple(words) for finding, words in read_rules("rules/indirect").items()}
