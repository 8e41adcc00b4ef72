"""The next practice set. Pure: the same arguments and the same generator give the same set.

A set mirrors life with a bend: two fifths to half normals in the long run; a third or so of the finding the reader
misses most; a fifth from outside the known gaps; most of it where the chance of being right is .6 to .85.
Over-representing hard images reduced learning (Chen 2017); targeted subsets improved detection (PERFORMS); prevalence
moves both kinds of error along one ROC curve (Evans 2013), so its value is drawn and never told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime
from math import ceil, floor, inf

import numpy as np

from models.errors import BadInput
from models.finding import FindingCatalogue
from models.reading import Exposure, LibrarySnapshot, Recommendation
from recommender.basket import plan
from recommender.candidates import Candidate, candidates, fewer_of_a_truth
from recommender.domain import Domain, domain_of
from recommender.gap import findings_in, focus_gap, gap_of
from recommender.mimics import Pair
from recommender.narrowing import holds_both, is_narrowed
from recommender.order import in_order
from recommender.queues import fill_within_walls, sort_into_queues
from recommender.reasons import NOT_ENOUGH, case_reason, set_reason
from recommender.request import Choice, ChoiceSettings, Purpose, SetRequest
from recommender.situation import Situation
from recommender.synthetic import synthetic_met
from recommender.tracer import State, Tracer
from recommender.volumes import Monthly


def choose(
    snapshot: LibrarySnapshot,
    state: State,
    tracer: Tracer,
    exposures: Mapping[str, Exposure],
    request: SetRequest,
    settings: ChoiceSettings,
    findings: FindingCatalogue,
    volumes: Mapping[str, Monthly],
    now: datetime,
    rng: np.random.Generator,
    recent: tuple[int, int] = (0, 0),
    confused: Sequence[Pair] = (),
    circle: Collection[str] = (),
) -> Choice:
    """The next set for one reader.

    ``exposures`` by case id: what the reader has met. ``volumes``: finding to reads a month of this reader (1 where it
    is missing). ``now`` is aware, UTC. ``recent``: normals, and cases, of this reader's latest sets; the share of
    normals is held over them. ``confused``: look-alikes the reader took one for the other, the latest first.
    ``circle``: ids of cases read by those who share cases with this reader. Gaps come from the reader's own part of the
    library, unless the request asks for a kind of case.
    A case met within ``settings.repeat_days`` never comes back before its time; where
    too few others are left the set is shorter and its reason says so. A request for a kind of case with too few of
    either truth at hand gives no set. Raises BadInput for a size below 1.
    """
    wanted = _size(request, settings)
    situation = Situation(state, tracer, exposures, findings, volumes, settings, now, confused)
    pool = candidates(snapshot.cases, request, situation, rng)
    mixing = is_narrowed(request) and holds_both(snapshot.cases, request, settings)
    size = min(wanted, _mixed_size(pool, settings)) if mixing else wanted
    if size < settings.least_size:
        return Choice((), NOT_ENOUGH)
    size = _spared(size, len(pool), settings)
    domain = Domain() if is_narrowed(request) else domain_of(snapshot.cases, situation, circle)
    own = findings_in([each for each in pool if domain.holds(each.case)], settings.pool_cases)
    gaps = [gap_of(key, situation) for key in own or findings_in(pool, settings.pool_cases)]
    focus = focus_gap(gaps, settings)
    queues = sort_into_queues(pool, focus.finding if focus else None, domain, situation, rng)
    planned = plan(size, settings, rng, recent)
    basket = fill_within_walls(queues, planned, settings, synthetic_met(snapshot.cases, exposures))
    if mixing and not 0 < basket.normals < len(basket.chosen):
        return Choice((), NOT_ENOUGH)
    chosen = in_order(basket.chosen, queues.focus_finding, situation, rng)
    reason = set_reason([candidate for candidate, _ in chosen], wanted, basket.hard > basket.plan.hard, situation)
    return Choice(tuple(_recommendation(*item, queues.mastered, situation) for item in chosen), reason)


def _size(request: SetRequest, settings: ChoiceSettings) -> int:
    """Cases asked for, as far as the minutes allow; never so few that their level tells their truth."""
    if request.size < 1:
        raise BadInput("practice set", f"{request.size} cases were asked for", "ask for at least one")
    minutes = inf if request.minutes is None else request.minutes
    return floor(max(settings.least_size, min(request.size, minutes / settings.minutes_a_case)))


def _spared(size: int, left: int, settings: ChoiceSettings) -> int:
    """The size that leaves something for the next set, where a set of ``size`` would all but empty what is left."""
    if left <= settings.least_size or left >= size + settings.least_size:
        return size
    return min(size, ceil(settings.of_the_last * left))


def _mixed_size(pool: Sequence[Candidate], settings: ChoiceSettings) -> int:
    """The largest set in which neither truth is rarer than a set's own expectation may make it."""
    fewer = fewer_of_a_truth(pool)
    return floor(fewer / settings.lean[0]) if fewer >= settings.least_of_a_truth else 0


def _recommendation(candidate: Candidate, purpose: Purpose, mastered: Set[str], situation: Situation) -> Recommendation:
    if not candidate.normal and candidate.finding in mastered:
        purpose = Purpose.REVIEW
    reason = case_reason(candidate, purpose, situation)
    return Recommendation(candidate.case.case_id, candidate.chance, purpose, reason)
