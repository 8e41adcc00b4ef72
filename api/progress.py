"""A reader's own progress, from the practice-only state (wall 3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.learning import PRACTICE_SOURCES
from api.practice_sets import OpenLearning
from api.rights import Permission
from api.views import ChanceView
from models.finding import FindingCatalogue, Truth
from models.reading import Chance, Skills, SkillState, StateKind
from recommender.tracer import Tracer
from store import read_counts, sets, states

router = APIRouter(prefix="/api/progress", tags=["progress"])

ENOUGH_READS = 20
"""No judgement below 20 attempts in a skill (Pusic 2011: the first twenty cases are noise)."""

CONFIDENCE_BINS = ((0, 49), (50, 69), (70, 89), (90, 100))


class AbilityView(BaseModel):
    """The chance of being right on an average case of one finding; ``enough`` is false below 20 reads."""

    skill: str
    name: str
    truth: str
    region: str
    reads: int
    right: int
    chance: ChanceView
    enough: bool


class OverallView(ChanceView):
    reads: int


class SetLine(BaseModel):
    set_id: str
    created_at: datetime
    size: int
    read: int
    right: int


class Progress(BaseModel):
    reads: int
    right: int
    model: str
    overall: dict[str, OverallView]
    abilities: list[AbilityView]
    confidence: list[dict[str, int]]
    sets: list[SetLine]


@router.get("")
def progress(workspace: OpenWorkspace, learning: OpenLearning, caller: Caller = allow(Permission.PRACTISE)) -> Progress:
    """Ability per finding with its interval, calibration of confidence, and the sets so far."""
    with workspace.database.transaction() as tx:
        state = states.get(tx, caller.reader_id, StateKind.PRACTICE)
        tracer, model = learning.tracer(tx, caller.department_id)
        tally = read_counts.tally(tx, caller.reader_id, PRACTICE_SOURCES)
        sure = read_counts.by_confidence(tx, caller.reader_id, PRACTICE_SOURCES)
        lines = sets.progress(tx, caller.reader_id)
        note(tx, workspace, caller, "view progress", "progress", subject=caller.reader_id)
    return Progress(
        reads=sum(part.reads for part in tally.values()),
        right=sum(part.right for part in tally.values()),
        model=model,
        overall=_overall(tracer, state, tally),
        abilities=_abilities(tracer, state, workspace.findings),
        confidence=_calibration(sure),
        sets=[
            SetLine(set_id=s.set_id, created_at=s.created_at, size=s.size, read=s.read, right=s.right) for s in lines
        ],
    )


def _overall(
    tracer: Tracer, state: Mapping[str, SkillState], tally: Mapping[Truth, read_counts.Tally]
) -> dict[str, OverallView]:
    named = {"sensitivity": Truth.ABNORMAL, "specificity": Truth.NORMAL}
    return {
        name: _overall_view(tracer.ability(state, Skills(truth)), tally[truth].reads) for name, truth in named.items()
    }


def _overall_view(chance: Chance, reads: int) -> OverallView:
    return OverallView(mean=chance.mean, low=chance.low, high=chance.high, reads=reads)


def _abilities(tracer: Tracer, state: Mapping[str, SkillState], findings: FindingCatalogue) -> list[AbilityView]:
    """One row a finding the reader met, weakest first; ancestors that were never met themselves are left out."""
    rows = []
    for skill, known in state.items():
        truth, _, finding = skill.partition("/")
        if not finding or not known.reads:
            continue
        chance = tracer.ability(state, Skills(Truth(truth), finding))
        rows.append(
            AbilityView(
                skill=skill,
                name=findings.name(finding),
                truth=truth,
                region=findings[finding].region.value if finding in findings else "other",
                reads=known.reads,
                right=known.right,
                chance=ChanceView.of(chance),
                enough=known.reads >= ENOUGH_READS,
            )
        )
    return sorted(rows, key=lambda row: (row.chance.mean, row.name, row.truth))


def _calibration(sure: Mapping[int, read_counts.Tally]) -> list[dict[str, int]]:
    bins = []
    for low, high in CONFIDENCE_BINS:
        inside = [part for confidence, part in sure.items() if low <= confidence <= high]
        reads, right = sum(part.reads for part in inside), sum(part.right for part in inside)
        bins.append({"from": low, "to": high, "reads": reads, "right": right})
    return bins
