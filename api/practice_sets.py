"""Practice sets: chosen for a reader, shown as stems, one reason for the whole set."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.door import Caller, OpenWorkspace, allow, note
from api.learning import Learning
from api.plain_text import PlainText
from api.rights import Permission
from api.views import StemView
from models.errors import NotFound, TooManyTries
from models.finding import Region
from models.reading import PracticeSet, Reader
from recommender.request import SetRequest
from store import library, sets
from store.database import Transaction

router = APIRouter(prefix="/api", tags=["practice"])

MINUTES_A_CASE = 1.5
DEFAULT_SIZE = 8
SETS_A_DAY = 40
"""Nobody practises that much; whoever asks for more is trying what different wishes give."""


def learning_of(request: Request) -> Learning:
    learning: Learning = request.app.state.learning
    return learning


OpenLearning = Annotated[Learning, Depends(learning_of)]


class SetWish(BaseModel):
    """What a reader asks for; everything may be left open."""

    size: int | None = Field(default=None, ge=1, le=20)
    modality: PlainText | None = Field(default=None, max_length=16)
    region: Region | None = None
    family: PlainText | None = Field(default=None, max_length=80)
    minutes: int | None = Field(default=None, ge=1, le=60)


class SetItem(BaseModel):
    position: int
    case_id: str
    reading_id: str | None


class SetView(BaseModel):
    """A set as its reader sees it before answering: no case's own finding, chance or reason."""

    set_id: str
    created_at: datetime
    reason: str
    minutes: int
    model: str
    items: list[SetItem]


class Family(BaseModel):
    region: str
    family: str


class PracticeOptions(BaseModel):
    modalities: list[str]
    regions: list[str]
    families: list[Family]
    minutes: list[int]


@router.get("/practice-options")
def options(
    workspace: OpenWorkspace, learning: OpenLearning, caller: Caller = allow(Permission.PRACTISE)
) -> PracticeOptions:
    """What a set can be narrowed to, from what the library holds."""
    with workspace.database.snapshot() as tx:
        cases = [c for c in learning.library(tx, caller.department_id).snapshot.cases if c.has_images]
    # Families come from the catalogue's whole regions, not from the library's cases: a family that only one case has
    # would tell that case's answer.
    regions = sorted({case.skills.region.value for case in cases})
    families = {(f.region.value, f.family) for f in workspace.findings.values() if f.region.value in regions}
    return PracticeOptions(
        modalities=sorted({case.skills.modality for case in cases if case.skills.modality}),
        regions=regions,
        families=[Family(region=region, family=family) for region, family in sorted(families)],
        minutes=[5, 10, 15],
    )


@router.post("/practice-sets", status_code=201)
def create(
    wish: SetWish, workspace: OpenWorkspace, learning: OpenLearning, caller: Caller = allow(Permission.PRACTISE)
) -> SetView:
    """Choose and store the reader's next set."""
    size = wish.size or (round(wish.minutes / MINUTES_A_CASE) if wish.minutes else DEFAULT_SIZE)
    request = SetRequest(
        size=max(1, size),
        modality=wish.modality,
        region=wish.region,
        family=wish.family,
        minutes=wish.minutes,
        images_only=True,
    )
    reader = Reader(caller.reader_id, caller.department_id)
    with workspace.database.snapshot() as tx:
        if sets.made_since(tx, caller.reader_id, workspace.now() - timedelta(days=1)) >= SETS_A_DAY:
            raise TooManyTries(f"{SETS_A_DAY} sets were made for you within a day; go on with the newest")
        chosen = learning.choose(tx, reader, request, workspace.now(), secrets.randbelow(2**31), workspace.new_id())
    if not chosen.items:
        raise NotFound("not enough cases of that kind that you have not read lately; ask for another")
    with workspace.database.transaction() as tx:
        sets.add(tx, chosen)
        note(tx, workspace, caller, "choose set", chosen.set_id, subject=caller.reader_id)
        return _view(tx, chosen)


@router.get("/practice-sets/today")
def today(workspace: OpenWorkspace, caller: Caller = allow(Permission.PRACTISE)) -> SetView:
    """The newest set while it has a case to read; else the one that was read today."""
    midnight = workspace.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with workspace.database.snapshot() as tx:
        found = sets.open_set(tx, caller.reader_id) or sets.since(tx, caller.reader_id, midnight)
        if found is None:
            raise NotFound("no set was chosen today; ask for one")
        return _view(tx, found)


@router.get("/practice-sets/{set_id}")
def get(set_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.PRACTISE)) -> SetView:
    """One of the reader's own sets."""
    with workspace.database.snapshot() as tx:
        return _view(tx, sets.get(tx, caller.reader_id, set_id))


@router.get("/cases/{case_id}/stem")
def stem(case_id: str, workspace: OpenWorkspace, caller: Caller = allow(Permission.PRACTISE)) -> StemView:
    """What may be seen of a case before answering."""
    with workspace.database.transaction() as tx:
        found = library.stem(tx, caller.reader_id, case_id)
        note(tx, workspace, caller, "view stem", case_id, subject=caller.reader_id)
    return StemView.of(found)


def _view(tx: Transaction, chosen: PracticeSet) -> SetView:
    readings = sets.readings_of(tx, chosen.set_id)
    return SetView(
        set_id=chosen.set_id,
        created_at=chosen.created_at,
        reason=chosen.reason,
        minutes=max(1, round(len(chosen.items) * MINUTES_A_CASE)),
        model=chosen.model,
        items=[
            SetItem(position=position, case_id=item.case_id, reading_id=readings.get(position))
            for position, item in enumerate(chosen.items, 1)
        ],
    )
