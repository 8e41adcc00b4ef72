"""What one sentence observes: each finding it mentions, with all it says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.finding import Assertion, Change, Observation, Region, Side
from models.report import Span
from nlp.assertion import assertion_of
from nlp.attributes import Attributes, attributes_of
from nlp.lexicon import Hit, Scan
from nlp.mentions import Mention, mentions


def observe(text: str, sentence: Scan, region: Region | None) -> Iterator[Observation]:
    """The observations of the sentence ``text``, in reading order; their spans count from its start.

    ``region`` is what the whole report is about.
    """
    found = mentions(text, sentence, region)
    for mention, said in zip(found, attributes_of(text, found, tokens=sentence.tokens), strict=True):
        yield _observation(text, sentence, mention, said)


def _observation(text: str, sentence: Scan, mention: Mention, said: Attributes) -> Observation:
    assertion, cue = assertion_of(sentence, mention.head, mention.end, text)
    return Observation(
        finding=mention.finding,
        assertion=assertion,
        span=Span(mention.start, mention.end),
        side=said.side,
        site=said.site,
        severity=said.severity,
        size_mm=said.size_mm,
        attributes=cue_words(text, cue),
        count=said.count,
        change=change_of(said, assertion),
    )


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
