"""A service over a small workspace, and people signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.app import create_app
from api.door import CSRF_HEADER
from api.workspace import Workspace
from tests.building import PASSWORD, Clock, account, workspace_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Iterator[FastAPI]:
    prepared = workspace_at(tmp_path / "home", clock)
    prepared.database.close()
    made = create_app(prepared.settings, clock)
    yield made
    made.state.workspace.database.close()


@pytest.fixture
def workspace(app: FastAPI) -> Workspace:
    opened: Workspace = app.state.workspace
    return opened


def api_routes(app: FastAPI) -> list[APIRoute]:
    """Every route of the service, those of its included routers too."""
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop(0)
        if isinstance(route, APIRoute):
            found.append(route)
        waiting += getattr(getattr(route, "original_router", None), "routes", [])
    assert len(found) > 20
    return found


Person = Callable[..., TestClient]


@pytest.fixture
def person(app: FastAPI, workspace: Workspace) -> Person:
    """``person("ada", "learner")`` makes the account where missing and gives a client signed in to it."""
    made: set[str] = set()

    def signed_in(login: str, *roles: str) -> TestClient:
        if login not in made:
            account(workspace, login, *roles)
            made.add(login)
        client = TestClient(app)
        answer = client.post("/api/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers[CSRF_HEADER] = answer.json()["csrf"]
        return client

    return signed_in
