"""Whether a coder of the Indiana University / Open-i chest radiographs would have coded an observation."""

from __future__ import annotations

from functools import cache
from typing import Any

from models.finding import Assertion, FindingCatalogue, Observation
from nlp.rulebook import read_rules


@cache
def _convention() -> dict[str, Any]:
    return read_rules("profiles/iu")


def coded(observation: Observation, text: str, findings: FindingCatalogue) -> bool:
    """``text`` is the report the observation's span counts in."""
    convention = _convention()
    words = observation.span.of(text).lower()
    if any(part in words for part in convention["other_code"].get(observation.finding, ())):
        return any(part in words for part in convention["but"].get(observation.finding, ()))
    if observation.assertion is Assertion.PRESENT:
        return True
    if observation.assertion is Assertion.UNCERTAIN:
        return dict(observation.attributes).get("cue") in convention["coded_cues"]
    if observation.assertion is Assertion.PRIOR:
        return any(findings.is_a(observation.finding, past) for past in convention["coded_though_past"])
    return False
