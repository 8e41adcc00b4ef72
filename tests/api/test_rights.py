"""Every route with every role, and with nobody."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.door import CSRF_HEADER, Allow, Anyone
from api.rights import RIGHTS, Permission, Role, permissions
from store import audit
from tests.api.conftest import Person, api_routes

FILLED = {
    "case_id": "nocase",
    "set_id": "noset",
    "reading_id": "noreading",
    "image_id": "noimage",
    "frame": "1",
    "upload_id": "noupload",
    "number": "1",
    "import_id": "noimport",
    "job_id": "nojob",
    "path": "read",
}


def routes(app: FastAPI) -> list[tuple[str, str, Allow | None]]:
    """(method, path, what it asks) of every route. A route that asks nothing and says so has None."""
    found = []
    for route in api_routes(app):
        asked = [d.call for d in route.dependant.dependencies]
        allows = [call for call in asked if isinstance(call, Allow)]
        open_to_all = any(isinstance(call, Anyone) for call in asked)
        assert len(allows) + open_to_all == 1, f"{route.path} says nothing, or two things, of who may call it"
        found += [(method, route.path, allows[0] if allows else None) for method in sorted(route.methods)]
    return found


def call(client: TestClient, method: str, path: str) -> int:
    return client.request(method, path.format(**FILLED), json={}).status_code


def test_only_signing_in_health_and_the_page_are_open(app: FastAPI) -> None:
    assert {(method, path) for method, path, asked in routes(app) if asked is None} == {
        ("POST", "/api/session"),
        ("GET", "/api/health"),
        ("GET", "/{path:path}"),
    }


def test_nobody_gets_in(app: FastAPI) -> None:
    client = TestClient(app)
    for method, path, asked in routes(app):
        if asked is not None:
            assert call(client, method, path) == 401, f"{method} {path} answers to nobody"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_exactly_what_the_table_says(app: FastAPI, person: Person, role: Role) -> None:
    client = person(f"one-{role.value}", role.value)
    for method, path, asked in routes(app):
        if asked is None or path == "/api/session":
            continue
        allowed = bool(set(asked.any_of) & RIGHTS[role])
        status = call(client, method, path)
        assert (status != 403) == allowed, f"{role.value} {method} {path}: {status}"


def test_changes_need_the_sessions_own_token(app: FastAPI, person: Person) -> None:
    client = person("edu", "educator")
    client.headers.pop(CSRF_HEADER)
    for method, path, asked in routes(app):
        if asked is not None and method not in ("GET", "HEAD") and asked.any_of != (Permission.ADMINISTER,):
            assert call(client, method, path) == 403, f"{method} {path} changes something without the token"


def test_a_refusal_is_in_the_audit(app: FastAPI, person: Person) -> None:
    person("ada", "learner").get("/api/drafts")
    with app.state.workspace.database.snapshot() as tx:
        latest = audit.latest(tx, "main", 1)[0]
    assert (latest.outcome, latest.resource) == ("refused", "/api/drafts")


def test_roles_add_up() -> None:
    both = permissions((Role.LEARNER.value, Role.QUALITY_LEAD.value))
    assert both == RIGHTS[Role.LEARNER] | RIGHTS[Role.QUALITY_LEAD]
