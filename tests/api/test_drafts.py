"""The educator's desk: see all, edit with care, approve what is clean, reject with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.workspace import Workspace
from models.teaching_case import CaseStatus, Cleaning, TeachingCase
from store import audit
from tests.api.conftest import Person
from tests.building import Story, add_case


@pytest.fixture
def draft(workspace: Workspace) -> TeachingCase:
    return add_case(workspace, Story(status=CaseStatus.DRAFT))


def edit_of(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The editable part of a draft as the page sends it back."""
    kept = ("version", "title", "history", "region", "truth", "diagnosis_text", "differential", "proof", "difficulty")
    return {
        **{name: body[name] for name in kept},
        "findings": [finding["key"] for finding in body["findings"]],
        "diagnosis": body["diagnosis"]["key"] if body["diagnosis"] else None,
        "points": [{"finding": p["finding"], "start": p["start"], "end": p["end"]} for p in body["points"]],
        "lesions": body["lesions"],
        **changes,
    }


def opened(client: TestClient, case: TeachingCase) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/drafts/{case.case_id}").json()
    return body


def test_an_educator_sees_report_spans_and_images(person: Person, draft: TeachingCase) -> None:
    edu = person("edu", "educator")
    listed = edu.get("/api/drafts?q=quagga").json()
    assert (listed["total"], listed["items"][0]["images"]) == (1, 3)
    body = opened(edu, draft)
    point = body["points"][0]
    assert body["report"]["text"][point["start"] : point["end"]] == point["text"]
    assert edu.get(f"/api/images/{body['images'][0]['image_id']}").status_code == 200


def test_an_edit_is_kept_and_scrubbed(person: Person, draft: TeachingCase) -> None:
    edu = person("edu", "educator")
    body = opened(edu, draft)
    changed = edu.put(
        f"/api/drafts/{draft.case_id}",
        json=edit_of(body, title="Upper zone nodule", history="Seen by Dr. Wintergreen, MRN: 4471923."),
    )
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert after["title"] == "Upper zone nodule" and after["version"] == body["version"] + 1
    assert "Wintergreen" not in after["history"] and "4471923" not in after["history"]


@pytest.mark.parametrize(
    "change",
    [
        {"findings": ["no_such_finding"]},
        {"points": [{"finding": "nodule_mass", "start": 5, "end": 99999}]},
        {"truth": "normal"},
        {"lesions": [{"finding": "nodule_mass", "image_id": "other", "frame": 1, "x": 1, "y": 1, "radius": 3}]},
    ],
)
def test_an_edit_that_contradicts_itself_is_refused(
    person: Person, draft: TeachingCase, change: dict[str, Any]
) -> None:
    edu = person("edu", "educator")
    body = opened(edu, draft)
    assert edu.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, **change)).status_code == 422
    assert opened(edu, draft) == body


def test_two_educators_do_not_overwrite_each_other(person: Person, draft: TeachingCase) -> None:
    one, two = person("edu", "educator"), person("eve", "educator")
    body = opened(one, draft)
    assert one.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, title="Mine")).status_code == 200
    assert two.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, title="Hers")).status_code == 409
    assert two.post(f"/api/drafts/{draft.case_id}/approval", json={"version": body["version"]}).status_code == 409


def test_approval_opens_a_case_to_readers(person: Person, draft: TeachingCase, workspace: Workspace) -> None:
    edu, ada = person("edu", "educator"), person("ada", "learner")
    assert ada.post("/api/practice-sets", json={}).status_code == 404
    approved = edu.post(f"/api/drafts/{draft.case_id}/approval", json={"version": 1})
    assert approved.json()["status"] == "approved"
    assert ada.post("/api/practice-sets", json={}).status_code == 201
    with workspace.database.snapshot() as tx:
        assert "approved draft" in [entry.action for entry in audit.latest(tx, "main", 10)]


def test_what_is_not_clean_stays_a_draft(person: Person, workspace: Workspace) -> None:
    dirty = add_case(workspace, Story(status=CaseStatus.DRAFT, cleaning=Cleaning("scrub-1", None)))
    refused = person("edu", "educator").post(f"/api/drafts/{dirty.case_id}/approval", json={"version": 1})
    assert refused.status_code == 409 and "de-identified" in refused.json()["detail"]


def test_a_rejection_needs_a_reason(person: Person, draft: TeachingCase) -> None:
    edu = person("edu", "educator")
    address = f"/api/drafts/{draft.case_id}/rejection"
    assert edu.post(address, json={"version": 1, "reason": ""}).status_code == 422
    assert edu.post(address, json={"version": 1, "reason": "Poor image quality"}).json()["status"] == "rejected"
