"""What one sentence observes: each finding it mentions, with all it says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.finding import Assertion, Change, Region, Side
from nlp.assertion import assertion_of
from nlp.attributes import Attributes, attributes_of
from nlp.indirect import overruled
from nlp.lexicon import Hit, Scan
from nlp.mentions import Mention, mentions

Observed = tuple[str, Assertion, int, int, Side | None, tuple[Any, ...]]
"""Finding, assertion, start, end and side, and in order what else an Observation holds.

Plain values cost a third of an Observation, and thousands of them are remembered.
"""


def observe(text: str, sentence: Scan, region: Region | None) -> list[Observed]:
    """The observations of the sentence ``text``, in reading order; places count from its start.

    ``region`` is what the whole report is about.
    """
    observed: list[Observed] = []
    found = mentions(text, sentence, region)
    asserted = assertions_of(text, sentence, found)
    attributes = attributes_of(text, found, tokens=sentence.tokens)
    for mention, (assertion, cue), said in zip(found, asserted, attributes, strict=True):
        more = (said.site, said.severity, said.size_mm, cue_words(text, cue), said.count, change_of(said, assertion))
        observed.append((mention.finding, assertion, mention.start, mention.end, said.side, more))
    return observed


def assertions_of(text: str, sentence: Scan, found: Sequence[Mention]) -> list[tuple[Assertion, Hit | None]]:
    """The assertion of each mention of the sentence ``text``, and the cue that makes it."""
    asserted = [assertion_of(sentence, mention.head, mention.end, text) for mention in found]
    return overruled(text, found, asserted) if len(found) > 1 and sentence.cues else asserted


def change_of(said: Attributes, assertion: Assertion) -> Change | None:
    """The change of a finding so asserted: what is not there has at most gone."""
    return said.change if assertion is not Assertion.ABSENT or said.change is Change.RESOLVED else None


def asked(assertion: Assertion) -> Assertion:
    """An assertion made where nothing is reported, but a question asked or the past told: nothing is present there."""
    return Assertion.HYPOTHETICAL if assertion in (Assertion.PRESENT, Assertion.UNCERTAIN) else assertion


def carried(sides: Sequence[Side | None], before: Side | None) -> Sequence[Side | None]:
    """The sides of a sentence that goes on about what stood on the side ``before``."""
    return [side or before for side in sides]


def cue_words(text: str, cue: Hit | None) -> tuple[tuple[str, str], ...]:
    """The words the assertion rests on, for profiles and for people who ask why."""
    return (("cue", text[cue.start : cue.end].lower()),) if cue else ()
