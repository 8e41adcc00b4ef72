"""The pool in queues, and a set filled from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from models.finding import Truth
from models.reading import Skills
from recommender.basket import Basket, Plan
from recommender.candidates import Candidate
from recommender.domain import Domain
from recommender.request import ChoiceSettings, Purpose
from recommender.situation import Situation
from recommender.synthetic import SyntheticMet, caps, keeps_wall


@dataclass(frozen=True, slots=True)
class Queues:
    """Candidates by what they are for, each in its turn; ``pool`` holds all. ``mastered`` are findings read well.

    ``normals`` and ``others`` are of the reader's own part of the library, ``foreign`` ones of the rest.
    """

    focus_finding: str | None
    pool: Sequence[Candidate]
    focus: Sequence[Candidate]
    normals: Sequence[Candidate]
    others: Sequence[Candidate]
    foreign_normals: Sequence[Candidate]
    foreign_others: Sequence[Candidate]
    confused: Sequence[Candidate]
    mastered: frozenset[str]


def sort_into_queues(
    pool: Sequence[Candidate], focus: str | None, domain: Domain, situation: Situation, rng: np.random.Generator
) -> Queues:
    """``pool`` sorted into queues; the other findings take turns in an order drawn by how little is known of them."""
    abnormal = [candidate for candidate in pool if not candidate.normal]
    known = {key: situation.ability(Skills(Truth.ABNORMAL, key)) for key in sorted({c.finding or "" for c in abnormal})}
    # Efraimidis & Spirakis (2006): sorting by u^(1/w) draws without replacement, with chances in proportion to w.
    draw = {key: -(rng.random() ** (1 / max(ability.high - ability.low, 1e-3))) for key, ability in known.items()}
    others = sorted(
        (candidate for candidate in abnormal if focus is None or candidate.finding != focus),
        key=lambda candidate: (candidate.met, draw[candidate.finding or ""]),
    )
    own = {candidate.case.case_id for candidate in pool if domain.holds(candidate.case)}
    return Queues(
        focus_finding=focus,
        pool=pool,
        focus=[candidate for candidate in abnormal if focus is not None and candidate.finding == focus],
        normals=[candidate for candidate in pool if candidate.normal and candidate.case.case_id in own],
        others=[candidate for candidate in others if candidate.case.case_id in own],
        foreign_normals=[candidate for candidate in pool if candidate.normal and candidate.case.case_id not in own],
        foreign_others=[candidate for candidate in others if candidate.case.case_id not in own],
        confused=_confused(abnormal, focus, situation),
        mastered=frozenset(key for key, ability in known.items() if ability.low >= situation.settings.mastery),
    )


def _confused(abnormal: Sequence[Candidate], focus: str | None, situation: Situation) -> list[Candidate]:
    """Cases of what the reader took one for the other lately: of what was said, then of what was right.

    Only where both are at hand does either come; the focus finding's own cases are in the set anyway.
    """
    turn: dict[str, int] = {}
    shown = {candidate.finding for candidate in abnormal}
    for right, said in situation.confused:
        if right in shown and said in shown:
            for finding in (said, right):
                turn.setdefault(finding, len(turn))
    turn.pop(focus or "", None)
    return sorted((c for c in abnormal if c.finding in turn), key=lambda c: turn[c.finding or ""])


def fill_within_walls(queues: Queues, plan: Plan, settings: ChoiceSettings, met: SyntheticMet) -> Basket:
    """The set with the most synthetic cases that still keeps wall 5."""
    some = any(candidate.synthetic for candidate in queues.pool)
    for normals, abnormals in caps(plan.size, met, settings) if some else [(0, 0)]:
        basket = _fill(queues, Basket(plan, settings, normals, abnormals))
        if keeps_wall(basket, met, settings):
            break
    return basket


def _fill(queues: Queues, basket: Basket) -> Basket:
    """Focus, normals and exploration as planned; then what is missing, each step giving up one more wish.

    The focus may exceed the cap on hard cases up to its least share: who misses all of a finding needs it most. So may
    normals up to their number: if those who overcall were given fewer, their share would tell. What is not the reader's
    own comes after all that is, but for the little that is explored.
    """
    plan, settings = basket.plan, basket.settings
    few = max(1, plan.least_focus - 1)
    pairs = settings.confused_cases if queues.confused else 0
    basket.take(queues.focus, max(plan.least_focus, plan.focus - pairs), Purpose.GAP)
    basket.take(queues.focus, plan.least_focus - len(basket.chosen), Purpose.GAP, hard_too=True)
    for normals in (queues.normals, queues.foreign_normals):
        for hard_too in (False, True):
            basket.take(normals, plan.normals - basket.normals, Purpose.NORMAL, hard_too=hard_too)
    # Something from outside the known gaps is kept, however many look-alikes were confused.
    basket.take(queues.confused, min(pairs, plan.size - len(basket.chosen) - 1), Purpose.GAP, per_finding=1)
    left = plan.size - len(basket.chosen)
    outside = min(floor(settings.outside * plan.size + 1e-9), left // 2)
    basket.take(queues.foreign_others, outside, Purpose.EXPLORATION, per_finding=1)
    for per_finding in (1, few):
        basket.take(queues.others, plan.size, Purpose.EXPLORATION, per_finding=per_finding)
    _fill_up(basket, queues.focus, queues.others, queues.normals)
    _fill_up(basket, (), queues.foreign_others, queues.foreign_normals)
    return basket


def _fill_up(
    basket: Basket, focus: Sequence[Candidate], others: Sequence[Candidate], normals: Sequence[Candidate]
) -> None:
    for hard_too in (False, True):
        basket.take(focus, basket.plan.size, Purpose.GAP, hard_too=hard_too)
        basket.take(others, basket.plan.size, Purpose.EXPLORATION, hard_too=hard_too)
        basket.take(normals, basket.plan.size, Purpose.NORMAL, hard_too=hard_too)
