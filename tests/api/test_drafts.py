"""The educator's desk: see all, edit with care, approve what is clean, reject with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.jobs import FETCH_IMAGES
from api.workspace import Workspace
from models.errors import NotFound
from models.teaching_case import CaseStatus, Cleaning, TeachingCase
from store import audit, cases, draft_order, jobs, library, pool
from tests.api.conftest import Person
from tests.building import Story, add_case, case_of


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


def ids(client: TestClient, query: str = "") -> list[str]:
    return [item["case_id"] for item in client.get(f"/api/drafts?{query}").json()["items"]]


def test_drafts_come_by_what_they_teach_times_what_is_missed(person: Person, workspace: Workspace) -> None:
    edu = person("edu", "educator")
    findings = ("nodule_mass", "pneumothorax", "pleural_effusion")
    stories = [
        Story(number=n, finding=name, diagnosis=None, status=CaseStatus.DRAFT) for n, name in enumerate(findings)
    ]
    made = [replace(case_of(story, ()), worth=2.0) for story in stories]
    with workspace.database.transaction() as tx:
        for case in made:
            cases.add(tx, case, workspace.now())
        draft_order.set_gaps(tx, "main", {"nodule_mass": 0.1, "pneumothorax": 0.9, "pleural_effusion": 0.4})
        draft_order.set_priorities(tx, "main")
    assert ids(edu) == [made[1].case_id, made[2].case_id, made[0].case_id]
    assert [line["priority"] for line in edu.get("/api/drafts").json()["items"]] == pytest.approx([1.8, 0.8, 0.2])


def test_drafts_without_images_wait_in_a_list_of_their_own(person: Person, workspace: Workspace) -> None:
    edu = person("edu", "educator")
    ready = add_case(workspace, Story(number=1, status=CaseStatus.DRAFT))
    waiting = add_case(workspace, Story(number=2, status=CaseStatus.DRAFT), slices=0)
    assert (ids(edu, "images=true"), ids(edu, "images=false")) == ([ready.case_id], [waiting.case_id])
    page = edu.get("/api/drafts?images=true").json()
    assert (page["total"], page["ready"], page["waiting"], page["counts"]["draft"]) == (1, 1, 1, 2)
    assert set(ids(edu)) == {ready.case_id, waiting.case_id}


def pool_of(workspace: Workspace, number: int, start: int = 1, **changes: Any) -> list[TeachingCase]:
    stories = [
        Story(number=n, finding=None, diagnosis=None, status=CaseStatus.POOL, **changes)
        for n in range(start, start + number)
    ]
    return [add_case(workspace, story, slices=0) for story in stories]


def test_normals_are_drawn_from_the_pool_on_demand(person: Person, workspace: Workspace) -> None:
    edu = person("edu", "educator")
    pool_of(workspace, 6)
    films = pool_of(workspace, 3, start=50, modality="DX")
    held = edu.get("/api/drafts/normals").json()
    assert held["cases"] == 9 and held["parts"][0] == {"modality": "CT", "region": "chest", "cases": 6}
    drawn = edu.post("/api/drafts/normals", json={"number": 2, "modality": "DX"})
    assert (drawn.status_code, drawn.json()) == (201, {"drawn": 2, "fetching": 0})
    assert len(ids(edu)) == 2 and set(ids(edu)) < {film.case_id for film in films}
    assert edu.post("/api/drafts/normals", json={"number": 200}).json()["drawn"] == 7
    assert edu.get("/api/drafts/normals").json() == {"cases": 0, "parts": []}
    assert edu.get("/api/drafts").json()["counts"]["pool"] == 0


def test_the_same_seed_draws_the_same_normals(workspace: Workspace) -> None:
    pool_of(workspace, 30)

    def drawn(seed: int) -> list[str]:
        with pytest.raises(RuntimeError), workspace.database.transaction() as tx:
            found.append(pool.draw(tx, "main", 8, seed))
            raise RuntimeError  # so that the pool stays whole
        return found[-1]

    found: list[list[str]] = []
    assert drawn(3) == drawn(3) != drawn(4)
    assert len(set(found[0])) == 8


def test_the_images_of_normals_are_fetched_where_there_is_a_pacs(
    person: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edu = person("edu", "educator")
    with_study, without = pool_of(workspace, 2)
    monkeypatch.setattr(pool, "to_be_fetched", lambda _tx, _drawn: [with_study.case_id])
    object.__setattr__(workspace.settings, "pacs", "https://pacs.example/dicom-web")
    assert edu.post("/api/drafts/normals", json={"number": 2}).json() == {"drawn": 2, "fetching": 1}
    with workspace.database.snapshot() as tx:
        [job] = jobs.latest(tx, "main", 5)
    assert (job.kind, job.payload, without.status) == (FETCH_IMAGES, {"case_id": with_study.case_id}, CaseStatus.POOL)


def test_no_reader_meets_a_case_of_the_pool(person: Person, workspace: Workspace) -> None:
    """Not even one with images, which is in a set by mistake."""
    [case] = [add_case(workspace, Story(finding=None, diagnosis=None, status=CaseStatus.POOL))]
    ada = person("ada", "learner")
    with workspace.database.transaction() as tx:
        assert library.snapshot(tx, "main").cases == ()
        assert not library.may_see_image(tx, "main", case.stem.images[0].image_id, "reader-ada")
        with pytest.raises(NotFound):
            library.stem(tx, "reader-ada", case.case_id)
    assert ada.post("/api/practice-sets", json={}).status_code == 404
    assert ada.get(f"/api/cases/{case.case_id}/stem").status_code == 404
    assert ada.get(f"/api/images/{case.stem.images[0].image_id}").status_code == 404
    assert ids(person("edu", "educator")) == []
