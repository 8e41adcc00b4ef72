"""Whether the service answers and its database does."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.door import Anyone, OpenWorkspace
from store import departments

router = APIRouter(prefix="/api/health", tags=["health"])


class Health(BaseModel):
    status: str


@router.get("", dependencies=[Depends(Anyone())])
def health(workspace: OpenWorkspace) -> Health:
    """``ok`` where the database answers."""
    with workspace.database.snapshot() as tx:
        departments.every(tx)
    return Health(status="ok")
