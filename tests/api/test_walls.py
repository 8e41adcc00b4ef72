"""The walls, tried from outside: blind until commit, and two states per reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy
from models.reading import Reader, ReadingSource, StateKind
from models.teaching_case import CaseOrigin, TeachingCase
from recommender.request import SetRequest
from store import history, reviews, states
from tests.api.conftest import Person, api_routes
from tests.building import NOW, Story, add_case, library_of, read_of, review_of, words_of

BEFORE_COMMIT = (
    "/api/practice-sets",
    "/api/practice-sets/today",
    "/api/practice-sets/{set_id}",
    "/api/practice-options",
    "/api/cases/{case_id}/stem",
    "/api/images/{image_id}",
    "/api/readings",
)
KEY_FIELDS = {"truth", "findings", "diagnosis", "origin", "proof", "report", "points", "lesions", "difficulty", "title"}


def secrets_of(case: TeachingCase) -> Iterable[str]:
    """What must not be read anywhere before commit: runs of words of the report, names of findings, truth, origin."""
    key = case.key
    for text in (key.report, key.title, key.diagnosis_text, key.discussion, *key.differential):
        yield from words_of(text)
    yield from key.findings
    yield from (finding.replace("_", " ") for finding in key.findings)
    yield case.source_id
    yield case.patient
    yield f'"{key.truth.value}"'
    yield f'"{key.origin.value}"'


def everything_before_commit(client: TestClient, case_id: str, set_id: str) -> str:
    """All a reader can ask for while the case is unanswered, headers included."""
    stem = client.get(f"/api/cases/{case_id}/stem")
    answers = [stem]
    for image in stem.json()["images"]:
        address = f"/api/images/{image['image_id']}"
        answers += [client.get(address), client.get(f"{address}/frames/1"), client.get(f"{address}/frames/1/rendered")]
    for path in ("/api/practice-sets/today", f"/api/practice-sets/{set_id}", "/api/practice-options"):
        answers.append(client.get(path))
    answers += [client.get("/api/progress"), client.get("/api/session"), client.get("/read/x/1")]
    return "\n".join(f"{answer.headers}\n{answer.content.decode('latin-1')}" for answer in answers).lower()


@pytest.mark.parametrize("origin", [CaseOrigin.CLINICAL, CaseOrigin.IMPORTED, CaseOrigin.SYNTHETIC])
def test_nothing_of_the_key_is_told_before_commit(person: Person, workspace: Workspace, origin: CaseOrigin) -> None:
    case = add_case(workspace, Story(origin=origin))
    library_of(workspace, 8)
    ada = person("ada", "learner")
    while True:
        chosen = ada.post("/api/practice-sets", json={"size": 5}).json()
        if case.case_id in {item["case_id"] for item in chosen["items"]}:
            break
    told = everything_before_commit(ada, case.case_id, chosen["set_id"])
    leaked = [secret for secret in secrets_of(case) if secret.lower() in told]
    assert leaked == []


def test_shapes_before_commit_hold_no_field_of_the_key(app: FastAPI) -> None:
    """A key's field cannot be added to such a route by accident: the shapes themselves are searched."""
    shaped = [r for r in api_routes(app) if r.path in BEFORE_COMMIT and isinstance(r.response_model, type)]
    assert {route.path for route in shaped} == set(BEFORE_COMMIT)
    for route in shaped:
        fields = set(_fields(route.response_model))
        assert not fields & KEY_FIELDS, f"{route.path} would send {fields & KEY_FIELDS}"


def _fields(model: Any) -> Iterable[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            yield name
            inner = [field.annotation, *getattr(field.annotation, "__args__", ())]
            for part in inner:
                yield from _fields(part)


def test_a_sets_reason_names_no_finding(person: Person, workspace: Workspace) -> None:
    library_of(workspace, 30)
    ada = person("ada", "learner")
    names = {name.lower() for f in workspace.findings.values() for name in (f.name, *f.phrases) if len(name) > 3}
    for _ in range(3):
        chosen = ada.post("/api/practice-sets", json={"size": 6}).json()
        said = re.findall(r"[a-z][a-z ]+", chosen["reason"].lower())
        assert not any(name in phrase for phrase in said for name in names)
        for item in chosen["items"]:
            wish = {"set_id": chosen["set_id"], "case_id": item["case_id"], "answer": {"normal": True}}
            ada.post("/api/readings", json=wish)


def seen_by_others(app: FastAPI, people: dict[str, TestClient]) -> dict[str, str]:
    """Every page of everyone but the reader, with what moves by itself (times) left out."""
    paths = ("/api/progress", "/api/practice-options", "/api/drafts", "/api/drafts?status=approved", "/api/misses")
    told = {}
    for name, client in people.items():
        for path in paths:
            answer = client.get(path)
            body = answer.json() if answer.status_code == 200 else answer.status_code
            if path == "/api/misses" and isinstance(body, dict):
                # These counts are the review records themselves, which the quality lead holds by right.
                body = {key: body[key] for key in body if key not in ("generated_at", "reviews", "unsampled")}
            told[f"{name} {path}"] = str(body)
    return told


def test_a_changed_review_changes_nothing_outside_its_readers_pages(
    app: FastAPI, person: Person, workspace: Workspace
) -> None:
    library_of(workspace, 24)
    ada = person("ada", "learner")
    others = {
        "bob": person("bob", "learner"),
        "edu": person("edu", "educator"),
        "lead": person("lead", "quality_lead"),
        "root": person("root", "admin"),
    }
    chosen = ada.post("/api/practice-sets", json={"size": 5}).json()
    for item in chosen["items"]:
        ada.post(
            "/api/readings", json={"set_id": chosen["set_id"], "case_id": item["case_id"], "answer": {"normal": True}}
        )
    learning, reader = Learning(workspace.findings), Reader("reader-ada", DEPARTMENT)

    def with_review(review: Discrepancy) -> tuple[dict[str, str], str, str]:
        with workspace.database.transaction() as tx:
            reviews.correct(tx, review)
            learning.replay(tx, reader)
        return seen_by_others(app, others), ada.get("/api/progress").text, private_state(workspace)

    agreed = with_review(review_of("reader-ada", "1"))
    missed = with_review(replace(review_of("reader-ada", "3b"), reviewer="another"))
    assert agreed[0] == missed[0]
    assert agreed[1] == missed[1], "the practice-only state may hold no peer review"
    assert agreed[2] != missed[2], "the private state must have taken the review in"


@pytest.mark.parametrize("source", [ReadingSource.PEER_REVIEW, ReadingSource.PRELIM_FINAL, ReadingSource.CLINICAL])
def test_a_private_read_changes_nothing_outside_its_readers_pages(
    app: FastAPI, person: Person, workspace: Workspace, source: ReadingSource
) -> None:
    """Reads that are evidence of daily work, not practice, count in no table and no model that others meet."""
    cases = library_of(workspace, 24)
    ada = person("ada", "learner")
    others = {"bob": person("bob", "learner"), "lead": person("lead", "quality_lead"), "edu": person("edu", "educator")}
    before = seen_by_others(app, others), ada.get("/api/progress").text, printed(workspace)
    missed = next(case for case in cases if case.key.findings)
    reading = read_of("reader-ada", missed, 1, False, source=source)
    with workspace.database.transaction() as tx:
        history.add(tx, reading)
        Learning(workspace.findings).take_in(tx, Reader("reader-ada", DEPARTMENT), reading)
    assert (seen_by_others(app, others), ada.get("/api/progress").text, printed(workspace)) == before
    assert "abnormal" in private_state(workspace)


def printed(workspace: Workspace) -> str:
    """What the command line would print of a set for the reader."""
    with workspace.database.snapshot() as tx:
        chosen = Learning(workspace.findings).choose(
            tx, Reader("reader-ada", DEPARTMENT), SetRequest(size=8), NOW, 5, "preview", StateKind.PRACTICE
        )
    return str(chosen)


def private_state(workspace: Workspace) -> str:
    with workspace.database.snapshot() as tx:
        return str(sorted(states.get(tx, "reader-ada", StateKind.PRIVATE).items()))


def test_no_page_names_a_reviewer(person: Person, workspace: Workspace) -> None:
    ada = person("ada", "learner")
    with workspace.database.transaction() as tx:
        reviews.add_many(tx, [review_of("reader-ada", "3b")])
    lead = person("lead", "quality_lead")
    assert "colleague" not in lead.get("/api/misses").text + ada.get("/api/progress").text
    assert "reader-ada" not in lead.get("/api/misses").text
