"""What a sentence says of a mention: present, absent, uncertain, prior or hypothetical."""

from __future__ import annotations

from models.finding import Assertion
from nlp.lexicon import FEW, Hit, Scan, near, starting
from nlp.rulebook import Cue

# Where several cues reach a mention, the earlier in this list wins: "rule out pneumonia" asserts nothing, and what
# "is no longer seen" is absent however it was seen before.
_STRONGEST = (Assertion.HYPOTHETICAL, Assertion.ABSENT, Assertion.UNCERTAIN, Assertion.PRIOR)


def assertion_of(sentence: Scan, start: int, end: int) -> tuple[Assertion, Hit | None]:
    """The assertion of the words at ``start`` to ``end``, and the cue that makes it (None: plainly present)."""
    around = sentence.cues
    if len(around) > FEW:
        around = near(around, start - sentence.reach, end + sentence.reach)
    reaching = [cue for cue in around if _reaches(cue, start, end, sentence.ends)]
    for assertion in _STRONGEST:
        cues = [hit for hit in reaching if hit.value.assertion is assertion]
        if cues:
            return assertion, min(cues, key=lambda hit: abs(hit.start - start))
    return Assertion.PRESENT, None


def _reaches(hit: Hit, start: int, end: int, ends: list[Hit]) -> bool:
    cue: Cue = hit.value
    first, last = (hit.end, start) if cue.forward else (end, hit.start)
    if not 0 <= last - first <= cue.reach:
        return False
    around = ends if len(ends) <= FEW else starting(ends, first, last)
    return not any(stop.value is cue.assertion and first <= stop.start and stop.end <= last for stop in around)
