"""Which findings a sentence speaks of: phrases of the catalogue, and head words made findings by a place."""

from __future__ import annotations

from operator import attrgetter
from typing import NamedTuple

from models.finding import Region
from nlp.lexicon import FEW, Hit, Scan, near
from nlp.rulebook import Head

_start = attrgetter("start")


class Mention(NamedTuple):
    """A finding at ``start`` to ``end``. ``head`` is where the word stands that an assertion must reach.

    The head's words end at ``head_end``; a place may stand before or after them.
    """

    finding: str
    start: int
    end: int
    head: int
    place: str | None
    head_end: int


def gap(a: Hit, b: Hit) -> int:
    """Characters between two hits; 0 where they touch or overlap."""
    return max(0, a.start - b.end, b.start - a.end)


def mentions(text: str, sentence: Scan, region: Region | None) -> list[Mention]:
    """The findings of one sentence in reading order; ``region`` is what the whole report of ``text`` is about."""
    found = [Mention(hit.value, hit.start, hit.end, hit.start, None, hit.end) for hit in sentence.findings]
    for hit in sentence.heads:
        mention = _resolve(text, hit, sentence.places, region)
        if mention is not None:
            found.append(mention)
    return found if len(found) < 2 else sorted(_outermost(found), key=_start)


def rests_on_region(sentence: Scan) -> bool:
    """Whether a head has no place near, so that the report's region may tell which finding it is."""
    return any(hit.value.regions and not _reached(hit, sentence.places) for hit in sentence.heads)


def _reached(hit: Hit, places: list[Hit]) -> list[Hit]:
    """The places that make the head a finding, or none."""
    head: Head = hit.value
    if len(places) > FEW:
        places = near(places, hit.start - head.reach, hit.end + head.reach)
    return [place for place in places if place.value in head.places and gap(hit, place) <= head.reach]


def _resolve(text: str, hit: Hit, places: list[Hit], region: Region | None) -> Mention | None:
    head: Head = hit.value
    reached = _reached(hit, places)
    if reached:
        # words that are two places at once ("biapical": lung and apex) count as the one with a finding
        place = min(reached, key=lambda place: (_distance(text, hit, place), not head.places[place.value], place.start))
        finding = head.places[place.value]
        start, end = min(hit.start, place.start), max(hit.end, place.end)
        return Mention(finding, start, end, hit.start, place.value, hit.end) if finding else None
    finding = head.regions.get(region, head.any) if region else _usual(head)
    return Mention(finding, hit.start, hit.end, hit.start, None, hit.end) if finding else None


def _usual(head: Head) -> str:
    """What the head means in a sentence alone, which names no place: on a chest film, the commonest study, else on the
    only kind of study that knows it."""
    return head.regions.get(Region.CHEST) or head.any or next(iter(head.regions.values()), "")


def _distance(text: str, hit: Hit, place: Hit) -> int:
    """The gap, longer where a comma parts the two: "heart enlarged, vessels normal" is about the heart."""
    between = text[min(hit.end, place.end) : max(hit.start, place.start)]
    return gap(hit, place) + (25 if "," in between or ";" in between else 0)


def _outermost(found: list[Mention]) -> list[Mention]:
    """Without the repeats that "enlarged" and "enlarged in size", or two heads with one place, would give."""
    unique: dict[tuple[str, int], Mention] = {}
    for mention in found:
        unique.setdefault((mention.finding, mention.head), mention)
    return list(unique.values())
