"""The order of a set: shuffled, so that place tells nothing; a new finding's first cases follow one another."""

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
    """``chosen`` shuffled; the first cases of a focus finding the reader hardly knows come one after the other."""
    shuffled = [chosen[int(n)] for n in rng.permutation(len(chosen))]
    if focus is None or situation.evidence(Skills(Truth.ABNORMAL, focus))[0] >= situation.settings.new_reads:
        return shuffled
    return _blocked(shuffled, focus, situation.settings.block, rng)


def _blocked(chosen: Sequence[Chosen], focus: str, length: int, rng: np.random.Generator) -> list[Chosen]:
    """``length`` cases of ``focus`` one after the other, easiest first, with the normal ones that fall between.

    Abnormal cases change places with abnormal ones only: a block without normals would tell the truth of its cases, and
    a block moved as a whole would make some places abnormal more often than others.
    """
    abnormal = [item for item in chosen if not item[0].normal]
    own = [item for item in abnormal if item[0].finding == focus][:length]
    rest = [item for item in abnormal if item not in own]
    start = int(rng.integers(len(rest) + 1))
    own.sort(key=lambda item: -item[0].chance.mean)
    turns = iter([*rest[:start], *own, *rest[start:]])
    return [item if item[0].normal else next(turns) for item in chosen]
