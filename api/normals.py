"""Normal cases on demand: some of the pool become drafts, and their images are asked for where they are kept."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.door import Caller, OpenWorkspace, allow, note
from api.jobs import FETCH_IMAGES, Queue
from api.plain_text import PlainText
from api.rights import Permission
from api.workspace import Workspace
from models.finding import Region
from store import draft_order, jobs, pool
from store.jobs import Job

router = APIRouter(prefix="/api/drafts/normals", tags=["drafts"])

SEED_BITS = 63


class PoolPart(BaseModel):
    modality: str
    region: str
    cases: int


class Pool(BaseModel):
    """How many normal cases there are to draw from, and of what."""

    cases: int
    parts: list[PoolPart]


class NormalsWish(BaseModel):
    number: int = Field(ge=1, le=200)
    modality: PlainText | None = Field(default=None, max_length=16)
    region: Region | None = None


class NormalsDrawn(BaseModel):
    """``fetching`` counts those whose images a job now fetches."""

    drawn: int
    fetching: int


@router.get("")
def held(workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)) -> Pool:
    """What the pool holds."""
    with workspace.database.transaction() as tx:
        found = pool.choices(tx, caller.department_id)
        note(tx, workspace, caller, "view pool", "pool")
    parts = [PoolPart(modality=modality, region=region.value, cases=number) for modality, region, number in found]
    return Pool(cases=sum(part.cases for part in parts), parts=parts)


@router.post("", status_code=201)
def draw(
    wish: NormalsWish, request: Request, workspace: OpenWorkspace, caller: Caller = allow(Permission.EDIT_DRAFTS)
) -> NormalsDrawn:
    """Make drafts of some normal cases, drawn at random."""
    with workspace.database.transaction() as tx:
        seed = secrets.randbits(SEED_BITS)
        drawn = pool.draw(tx, caller.department_id, wish.number, seed, wish.modality, wish.region)
        draft_order.set_priorities(tx, caller.department_id)
        asked = pool.to_be_fetched(tx, drawn) if workspace.settings.pacs else []
        fetching = [_fetch(workspace, caller, case_id) for case_id in asked]
        for job in fetching:
            jobs.add(tx, job)
        note(tx, workspace, caller, "draw normals", "pool")
    queue: Queue = request.app.state.queue
    for job in fetching:
        queue.enqueue(job.job_id)
    return NormalsDrawn(drawn=len(drawn), fetching=len(fetching))


def _fetch(workspace: Workspace, caller: Caller, case_id: str) -> Job:
    payload = {"case_id": case_id}
    return Job(workspace.new_id(), caller.department_id, FETCH_IMAGES, payload, workspace.now())
