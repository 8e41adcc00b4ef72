"""The order of a set: shuffled, so that place tells nothing, but for a short block where a finding is new."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.finding import Truth
from models.reading import Skills
from recommender.candidates import Candidate
from recommender.request import Purpose
from recommender.situation import Situation

Chosen = tuple[Candidate, Purpose]


def in_order(
    chosen: Sequence[Chosen], focus: str | None, situation: Situation, rng: np.random.Generator
) -> list[Chosen]:
    """``chosen`` shuffled; the first cases of a focus finding the reader hardly knows stand in a row."""
    shuffled = [chosen[int(n)] for n in rng.permutation(len(chosen))]
    if focus is not None and situation.evidence(Skills(Truth.ABNORMAL, focus))[0] < situation.settings.new_reads:
        shuffled = _blocked(shuffled, focus, situation.settings.block)
    return _mixed(shuffled)


def _blocked(chosen: Sequence[Chosen], focus: str, length: int) -> list[Chosen]:
    """The first ``length`` cases of ``focus`` moved up to its first one, easiest first."""
    own = [item for item in chosen if not item[0].normal and item[0].finding == focus][:length]
    if not own:
        return list(chosen)
    rest = [item for item in chosen if item not in own]
    before = len([item for item in chosen[: chosen.index(own[0])] if item in rest])
    own.sort(key=lambda item: -item[0].chance.mean)
    return [*rest[:before], *own, *rest[before:]]


def _mixed(chosen: list[Chosen]) -> list[Chosen]:
    """Where every abnormal case stands before every normal one, the first and the last change places."""
    normals = [item[0].normal for item in chosen]
    if len(set(normals)) == 2 and normals == sorted(normals):
        chosen[0], chosen[-1] = chosen[-1], chosen[0]
    return chosen
