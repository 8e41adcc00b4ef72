"""Signing in: one error for every cause, a limit on tries, sessions that end."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.workspace import Workspace
from store import accounts, audit
from tests.api.conftest import Person
from tests.building import PASSWORD, Clock, account


def try_sign_in(client: TestClient, login: str, password: str) -> tuple[int, str]:
    answer = client.post("/api/session", json={"login": login, "password": password})
    return answer.status_code, answer.json().get("detail", "")


def test_a_wrong_password_and_an_unknown_login_look_alike(app: FastAPI, workspace: Workspace) -> None:
    account(workspace, "ada", "learner")
    account(workspace, "bob", "learner")
    with workspace.database.transaction() as tx:
        accounts.set_disabled(tx, "account-bob", True)
    client = TestClient(app)
    answers = {
        try_sign_in(client, "ada", "not the password"),
        try_sign_in(client, "nobody", PASSWORD),
        try_sign_in(client, "bob", PASSWORD),
    }
    assert len(answers) == 1 and next(iter(answers))[0] == 401


def test_tries_are_limited(app: FastAPI, workspace: Workspace) -> None:
    account(workspace, "ada", "learner")
    client = TestClient(app)
    statuses = [try_sign_in(client, "ada", "guess number one")[0] for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert try_sign_in(client, "ada", PASSWORD)[0] == 429


def test_the_cookie_is_out_of_reach_for_scripts(app: FastAPI, workspace: Workspace) -> None:
    account(workspace, "ada", "learner")
    answer = TestClient(app).post("/api/session", json={"login": "ada", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert PASSWORD not in answer.text


def test_a_session_ends_by_time_and_by_sign_out(person: Person, clock: Clock) -> None:
    ada = person("ada", "learner")
    assert ada.get("/api/session").json()["login"] == "ada"
    clock.forward(hours=13)
    assert ada.get("/api/session").status_code == 401
    again = person("ada", "learner")
    kept = dict(again.cookies)
    assert again.delete("/api/session").status_code == 204
    again.cookies.update(kept)
    assert again.get("/api/session").status_code == 401


def test_the_database_holds_neither_password_nor_cookie(person: Person, workspace: Workspace) -> None:
    ada = person("ada", "learner")
    token = ada.cookies["wetread_session"]
    path = workspace.settings.home / "wetread.db"
    workspace.database.close()
    stored = (
        path.read_bytes() + path.with_name("wetread.db-wal").read_bytes()
        if path.with_name("wetread.db-wal").exists()
        else path.read_bytes()
    )
    assert token.encode() not in stored and PASSWORD.encode() not in stored


def test_a_password_typed_as_login_is_not_kept(app: FastAPI, workspace: Workspace) -> None:
    try_sign_in(TestClient(app), PASSWORD, "whatever it was")
    with workspace.database.snapshot() as tx:
        assert PASSWORD not in str(audit.latest(tx, "main", 5))
