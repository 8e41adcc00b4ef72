"""The model in use: which tracer chooses cases, what it was fitted to, and the catalogues and rules beside it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow
from api.learning import Learning
from api.rights import Permission
from api.viewing import viewing
from archive.deidentify import PROFILE_VERSION
from nlp.scrub import SCRUB_VERSION
from store import departments, tracer_models
from store.tracer_models import Promotion

router = APIRouter(prefix="/api/model", tags=["admin"])

EARLIER = 20


class Fitted(BaseModel):
    """A fit of the tracer. ``run`` is the training's run in the lab book, "" where an import fitted it."""

    version: str
    name: str
    promoted_at: datetime
    reads: int | None
    metrics: dict[str, float]
    run: str

    @classmethod
    def of(cls, promotion: Promotion) -> Fitted:
        return cls(
            version=promotion.version,
            name=promotion.name,
            promoted_at=promotion.promoted_at,
            reads=promotion.reads,
            metrics=dict(promotion.metrics),
            run=promotion.run,
        )


class ModelView(BaseModel):
    """``fitted`` None: the priors that Wetread brings are in use, since too few readers have read here."""

    tracer: str
    tracer_version: str
    fitted: Fitted | None
    earlier: list[Fitted]
    findings: int
    diagnoses: int
    library_version: int
    scrub_version: str
    profile_version: str


@router.get("")
def model_in_use(
    request: Request, workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)
) -> ModelView:
    """The model in use and the ones before it."""
    learning = cast(Learning, request.app.state.learning)
    with viewing(workspace, caller, "view model", "model") as tx:
        tracer, _ = learning.tracer(tx, caller.department_id)
        fits = [Fitted.of(p) for p in tracer_models.promotions(tx, caller.department_id, EARLIER + 1)]
        library_version = departments.library_version(tx, caller.department_id)
    return ModelView(
        tracer=tracer.name,
        tracer_version=tracer.version,
        fitted=fits[0] if fits else None,
        earlier=fits[1:],
        findings=len(workspace.findings),
        diagnoses=len(workspace.diagnoses),
        library_version=library_version,
        scrub_version=SCRUB_VERSION,
        profile_version=PROFILE_VERSION,
    )
