"""The service. This is the one place where its parts are chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from threading import Thread

from fastapi import FastAPI

from api import (
    admin,
    catalogue,
    drafts,
    health,
    images,
    imports,
    job_list,
    misses,
    model,
    new_cases,
    normals,
    practice_sets,
    progress,
    readings,
    sessions,
    storage,
    uploads,
    wording,
)
from api.body_limit import BodyLimit
from api.door import note_refusal
from api.jobs import embedded_consumer, open_queue
from api.learning import Learning
from api.page import protect, serve_page
from api.problems import tell_problems
from api.settings import Settings
from api.wording import Judge
from api.workspace import Workspace, utc_now

RESOURCES = (
    sessions,
    practice_sets,
    readings,
    images,
    catalogue,
    progress,
    normals,
    drafts,
    wording,
    uploads,
    new_cases,
    misses,
    admin,
    imports,
    job_list,
    storage,
    model,
    health,
)


def create_app(settings: Settings, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The whole service over one workspace: API, page and, where asked for, a worker."""
    workspace = Workspace.open(settings, now)
    learning = Learning(workspace.findings)
    queue = open_queue(workspace, learning)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        consumer = embedded_consumer(queue) if settings.embedded_worker else None
        if consumer:
            Thread(target=consumer.run, name="wetread-worker", daemon=True).start()
        yield
        if consumer:
            consumer.stop()
        workspace.database.close()

    app = FastAPI(title="Wetread", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.workspace = workspace
    app.state.learning = learning
    app.state.judge = Judge(workspace)
    app.state.queue = queue
    app.state.throttle = sessions.Throttle()
    app.state.meter = storage.Meter()
    tell_problems(app, note_refusal)
    protect(app)
    app.add_middleware(BodyLimit)
    for resource in RESOURCES:
        app.include_router(resource.router)
    serve_page(app, settings.page)
    return app
