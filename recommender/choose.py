"""The next practice set. Pure: the same arguments and the same generator give the same set.

A set mirrors life with a bend: two fifths to half normals; a third or so of the finding the reader misses most; a fifth
from outside the known gaps; most of it where the chance of being right is .6 to .85. Over-representing hard images
reduced learning (Chen 2017); targeted subsets improved detection (PERFORMS); prevalence moves both kinds of error along
one ROC curve (Evans 2013), so its value is drawn and never told.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from math import floor

import numpy as np

from models.errors import BadInput
from models.finding import FindingCatalogue
from models.reading import Exposure, LibrarySnapshot, Recommendation
from recommender.basket import plan
from recommender.candidates import Candidate, candidates
from recommender.gap import findings_in, focus_gap, gap_of
from recommender.order import in_order
from recommender.queues import fill_within_walls, sort_into_queues
from recommender.reasons import case_reason, set_reason
from recommender.request import Choice, ChoiceSettings, Purpose, SetRequest
from recommender.situation import Situation
from recommender.synthetic import synthetic_met
from recommender.tracer import State, Tracer


def choose(
    snapshot: LibrarySnapshot,
    state: State,
    tracer: Tracer,
    exposures: Mapping[str, Exposure],
    request: SetRequest,
    settings: ChoiceSettings,
    findings: FindingCatalogue,
    volumes: Mapping[str, float],
    now: datetime,
    rng: np.random.Generator,
) -> Choice:
    """The next set for one reader.

    ``exposures`` by case id: what the reader has met. ``volumes``: finding to reads a month of this reader (1 where it
    is missing). ``now`` is aware, UTC. A case met within ``settings.repeat_days`` never comes back before its time;
    where too few others are left the set is shorter and its reason says so. Raises BadInput for a size below 1.
    """
    size = _size(request, settings)
    situation = Situation(state, tracer, exposures, findings, volumes, settings, now)
    pool = candidates(snapshot.cases, request, situation, rng)
    focus = focus_gap([gap_of(key, situation) for key in findings_in(pool, settings.pool_cases)], settings)
    queues = sort_into_queues(pool, focus.finding if focus else None, situation, rng)
    basket = fill_within_walls(queues, plan(size, settings, rng), settings, synthetic_met(snapshot.cases, exposures))
    chosen = in_order(basket.chosen, queues.focus_finding, situation, rng)
    reason = set_reason([candidate for candidate, _ in chosen], size, basket.hard > basket.plan.hard, situation)
    return Choice(tuple(_recommendation(*item, queues.mastered, situation) for item in chosen), reason)


def _size(request: SetRequest, settings: ChoiceSettings) -> int:
    """Cases asked for, as far as the minutes allow; one at least."""
    if request.size < 1:
        raise BadInput("practice set", f"{request.size} cases were asked for", "ask for at least one")
    if request.minutes is None:
        return request.size
    return max(1, min(request.size, floor(request.minutes / settings.minutes_a_case)))


def _recommendation(candidate: Candidate, purpose: Purpose, mastered: Set[str], situation: Situation) -> Recommendation:
    if not candidate.normal and candidate.finding in mastered:
        purpose = Purpose.REVIEW
    reason = case_reason(candidate, purpose, situation)
    return Recommendation(candidate.case.case_id, candidate.chance, purpose, reason)
