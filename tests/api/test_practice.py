"""The loop: a set, an answer, its feedback, and a next set that has learned."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.jobs import run, sweep
from api.learning import Learning
from api.workspace import Workspace
from models.finding import Region
from models.reading import StateKind
from models.teaching_case import TeachingCase
from store import states
from tests.api.conftest import Person
from tests.building import Clock, Story, add_case, library_of


@pytest.fixture
def cases(workspace: Workspace) -> dict[str, TeachingCase]:
    return {case.case_id: case for case in library_of(workspace, 24)}


def new_set(client: TestClient, **wish: Any) -> dict[str, Any]:
    answer = client.post("/api/practice-sets", json=wish)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def right_answer(case: TeachingCase) -> dict[str, Any]:
    if not case.key.findings:
        return {"normal": True, "confidence": 80}
    mark = case.key.lesions[0]
    return {
        "normal": False,
        "findings": list(case.key.findings),
        "marks": [{"image_id": mark.image_id, "frame": mark.frame, "x": mark.x + 1, "y": mark.y - 1}],
        "confidence": 70,
    }


def commit(client: TestClient, set_id: str, case_id: str, answer: dict[str, Any]) -> Any:
    return client.post("/api/readings", json={"set_id": set_id, "case_id": case_id, "answer": answer, "seconds": 12.5})


def test_a_set_is_read_to_its_end_and_the_next_is_another(
    person: Person, cases: dict[str, TeachingCase], clock: Clock
) -> None:
    ada = person("ada", "learner")
    first = new_set(ada, size=6)
    for item in first["items"]:
        stem = ada.get(f"/api/cases/{item['case_id']}/stem").json()
        assert stem["images"]
        done = commit(ada, first["set_id"], item["case_id"], right_answer(cases[item["case_id"]]))
        assert done.status_code == 201
        told = ada.get(f"/api/readings/{done.json()['reading_id']}/feedback").json()
        assert told["correct"] and told["reason"] and told["change"]
    assert ada.get("/api/practice-sets/today").json()["set_id"] == first["set_id"]
    clock.forward(days=1)
    ada = person("ada", "learner")
    assert ada.get("/api/practice-sets/today").status_code == 404
    second = new_set(ada, size=6)
    assert not {i["case_id"] for i in first["items"]} & {i["case_id"] for i in second["items"]}
    progress = ada.get("/api/progress").json()
    assert (progress["reads"], progress["right"]) == (6, 6)
    assert not any(ability["enough"] for ability in progress["abilities"])


def test_a_read_moves_what_is_believed(person: Person, cases: dict[str, TeachingCase]) -> None:
    ada = person("ada", "learner")
    chosen = new_set(ada, size=6)
    abnormal = next(i["case_id"] for i in chosen["items"] if cases[i["case_id"]].key.findings)
    reading = commit(ada, chosen["set_id"], abnormal, {"normal": True}).json()["reading_id"]
    told = ada.get(f"/api/readings/{reading}/feedback").json()
    assert not told["correct"]
    assert all(change["after"]["mean"] < change["before"]["mean"] for change in told["change"])


def test_an_answer_is_sent_once_whatever_the_line_does(person: Person, cases: dict[str, TeachingCase]) -> None:
    ada = person("ada", "learner")
    chosen = new_set(ada, size=5)
    case_id = chosen["items"][0]["case_id"]
    first = commit(ada, chosen["set_id"], case_id, {"normal": True, "confidence": 60})
    again = commit(ada, chosen["set_id"], case_id, {"normal": True, "confidence": 60})
    other = commit(ada, chosen["set_id"], case_id, {"normal": False, "findings": ["pneumothorax"]})
    assert first.json() == again.json()
    assert other.status_code == 409
    assert ada.get("/api/progress").json()["reads"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"normal": True, "findings": ["pneumothorax"]},
        {"normal": False},
        {"normal": False, "findings": ["pneumothorax"], "marks": [{"image_id": "other", "frame": 1, "x": 1, "y": 1}]},
        {"normal": True, "confidence": 101},
    ],
)
def test_an_impossible_answer_is_refused(
    person: Person, cases: dict[str, TeachingCase], answer: dict[str, Any]
) -> None:
    ada = person("ada", "learner")
    chosen = new_set(ada, size=5)
    refused = commit(ada, chosen["set_id"], chosen["items"][0]["case_id"], answer)
    assert refused.status_code == 422 and ";" in refused.json()["detail"]
    assert ada.get("/api/progress").json()["reads"] == 0


def test_a_case_outside_the_set_is_not_answered(person: Person, cases: dict[str, TeachingCase]) -> None:
    ada, bob = person("ada", "learner"), person("bob", "learner")
    chosen = new_set(ada, size=5)
    inside = {item["case_id"] for item in chosen["items"]}
    outside = next(case_id for case_id in cases if case_id not in inside)
    assert commit(ada, chosen["set_id"], outside, {"normal": True}).status_code == 404
    assert commit(bob, chosen["set_id"], chosen["items"][0]["case_id"], {"normal": True}).status_code == 404
    assert ada.get(f"/api/cases/{outside}/stem").status_code == 404


def test_feedback_is_for_the_reader_who_answered(person: Person, cases: dict[str, TeachingCase]) -> None:
    ada, bob = person("ada", "learner"), person("bob", "learner")
    chosen = new_set(ada, size=5)
    reading = commit(ada, chosen["set_id"], chosen["items"][0]["case_id"], {"normal": True}).json()["reading_id"]
    assert bob.get(f"/api/readings/{reading}/feedback").status_code == 404
    assert bob.post(f"/api/readings/{reading}/disputes", json={"text": "not so"}).status_code == 404
    assert ada.post(f"/api/readings/{reading}/disputes", json={"text": "not so"}).status_code == 201


def test_images_are_served_by_frame_and_as_pictures(person: Person, cases: dict[str, TeachingCase]) -> None:
    ada, bob = person("ada", "learner"), person("bob", "learner")
    chosen = new_set(ada, size=5)
    image = ada.get(f"/api/cases/{chosen['items'][0]['case_id']}/stem").json()["images"][0]["image_id"]
    geometry = ada.get(f"/api/images/{image}").json()
    frame = ada.get(f"/api/images/{image}/frames/1")
    assert len(frame.content) == geometry["rows"] * geometry["columns"] * 2
    assert ada.get(f"/api/images/{image}/frames/1/rendered").content.startswith(b"\x89PNG")
    assert ada.get(f"/api/images/{image}/frames/2").status_code == 404
    assert bob.get(f"/api/images/{image}/frames/1").status_code == 404


def test_a_set_that_was_replaced_takes_no_answer(person: Person, cases: dict[str, TeachingCase], clock: Clock) -> None:
    ada = person("ada", "learner")
    old = new_set(ada, size=5)
    clock.forward(seconds=1)
    new = new_set(ada, size=5)
    refused = commit(ada, old["set_id"], old["items"][0]["case_id"], {"normal": True})
    assert refused.status_code == 409 and "replaced" in refused.json()["detail"]
    assert commit(ada, new["set_id"], new["items"][0]["case_id"], {"normal": True}).status_code == 201


def test_who_saw_a_case_as_an_educator_learns_nothing_by_answering_it(
    person: Person, workspace: Workspace, cases: dict[str, TeachingCase]
) -> None:
    edu = person("edu", "educator")
    chosen = new_set(edu, size=5)
    seen, blind = (item["case_id"] for item in chosen["items"][:2])
    edu.get(f"/api/drafts/{seen}")
    with workspace.database.snapshot() as tx:
        untouched = states.get(tx, "reader-edu", StateKind.PRACTICE)
    assert commit(edu, chosen["set_id"], seen, right_answer(cases[seen])).status_code == 201
    with workspace.database.snapshot() as tx:
        assert states.get(tx, "reader-edu", StateKind.PRACTICE) == untouched
    assert commit(edu, chosen["set_id"], blind, right_answer(cases[blind])).status_code == 201
    with workspace.database.snapshot() as tx:
        assert states.get(tx, "reader-edu", StateKind.PRACTICE) != untouched


def test_a_wish_narrows_the_set(person: Person, workspace: Workspace, cases: dict[str, TeachingCase]) -> None:
    brains = {
        add_case(workspace, Story(number=900 + n, finding=finding, region=Region.NEURO, modality="MR")).case_id
        for n, finding in enumerate(("subdural_hematoma", "brain_infarct", None, None))
    }
    ada = person("ada", "learner")
    chosen = new_set(ada, size=4, modality="MR")
    assert {item["case_id"] for item in chosen["items"]} <= brains
    alone = ada.post("/api/practice-sets", json={"modality": "US"})
    assert alone.status_code == 404 and "not enough cases" in alone.json()["detail"]


def test_a_late_read_leaves_a_job_that_puts_it_in_its_place(
    person: Person, workspace: Workspace, cases: dict[str, TeachingCase], clock: Clock
) -> None:
    ada = person("ada", "learner")
    chosen = new_set(ada, size=5)
    ids = [item["case_id"] for item in chosen["items"]]
    for n, case_id in enumerate(ids):
        clock.forward(minutes=-30 if n == 4 else 2)
        commit(ada, chosen["set_id"], case_id, {"normal": True})
    [job] = sweep(workspace)
    assert run(workspace, Learning(workspace.findings), job)
    assert sweep(workspace) == []
    with workspace.database.snapshot() as tx:
        assert sum(s.reads for s in states.get(tx, "reader-ada", StateKind.PRACTICE).values() if s.skill == "all") == 5
