"""The side and degree a coder of the Indiana University / Open-i chest radiographs would have given an observation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from models.finding import Observation, Side
from nlp.rulebook import read_rules

_LOOK = 30  # characters before a mention that are looked at
_LOOK_ON = 80  # and after it


@cache
def _convention() -> dict[str, Any]:
    return read_rules("profiles/iu_attributes")


def side_coded(observation: Observation, text: str) -> Side | None:
    """The coded side of an observation of the report ``text``."""
    convention = _convention()
    if observation.side is None:
        return None
    around = text[max(0, observation.span.start - _LOOK) : observation.span.end + _LOOK_ON].lower()
    if any(word in around for word in convention["no_side"]) and not any(
        word in around for word in convention["left_told"]
    ):
        return None if observation.side is Side.LEFT else Side.RIGHT
    return observation.side


def both_coded(observation: Observation, text: str) -> bool:
    """Whether an observation without a side was coded as bilateral, where its report names no side of that finding."""
    convention = _convention()
    if observation.side is not None:
        return False
    own, words = observation.span.of(text).lower(), _words(observation, text)
    return any(word in words for word in convention["both_sides"]) or any(
        word in own for word in convention["both_in_plural"]
    )


def degrees_coded(observation: Observation, text: str) -> tuple[str, ...]:
    """The coded degrees of an observation of the report ``text``."""
    convention = _convention()
    table = convention["degrees"].get(observation.finding, {})
    told = [table.get(degree, degree) for degree in observation.severity]
    words = _words(observation, text)
    told += [degree for word, degree in convention["words"].get(observation.finding, {}).items() if word in words]
    return tuple(dict.fromkeys(told))


def outweighed(finding: str, degrees: Iterable[str]) -> frozenset[str]:
    """Those of the degrees one report gives a finding that were not coded beside the others."""
    table = _convention()["outweighs"].get(finding, {})
    return frozenset(light for degree in degrees for light in table.get(degree, ()))


def _words(observation: Observation, text: str) -> str:
    """A mention and what stands just before it."""
    return text[max(0, observation.span.start - _LOOK) : observation.span.end].lower()
