"""A rewriter may word a teaching point anew; what the report does not say never comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.rewriter import Rewriter, open_rewriter
from api.settings import Settings
from api.workspace import Workspace
from models.errors import BadInput, Unavailable
from models.teaching_case import CaseStatus, TeachingCase
from store import audit
from tests.api.conftest import Person
from tests.api.test_drafts import edit_of, opened
from tests.building import Story, add_case


class Model(ThreadingHTTPServer):
    """A service that answers every question with ``words``, or with ``raw`` as it is; it keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.words, self.status, self.raw = "", 200, b""
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Answering(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), sent))
        answer = {"choices": [{"message": {"role": "assistant", "content": self.server.words}}]}
        body = self.server.raw or json.dumps(answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def draft(workspace: Workspace) -> TeachingCase:
    return add_case(workspace, Story(status=CaseStatus.DRAFT))


@pytest.fixture
def edu(app: FastAPI, person: Person, workspace: Workspace, model: Model) -> TestClient:
    app.state.workspace = replace(workspace, rewriter=Rewriter(model.address, "small", "key-1"))
    return person("edu", "educator")


def sentence_of(body: dict[str, Any]) -> dict[str, int]:
    point = body["points"][0]
    return {"start": point["start"], "end": point["end"]}


def test_a_wording_comes_with_the_place_of_each_claim(edu: TestClient, draft: TeachingCase, model: Model) -> None:
    body = opened(edu, draft)
    assert body["may_reword"] is True
    at = sentence_of(body)
    sentence = body["report"]["text"][at["start"] : at["end"]]
    model.words = f"Note: {sentence}"
    answer = edu.post(f"/api/drafts/{draft.case_id}/wording", json=at)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["wording"] == model.words and told["refused"] == ""
    assert all(at["start"] <= c["report_start"] < c["report_end"] <= at["end"] for c in told["claims"])
    (path, key, sent) = model.asked[0]
    assert (path, key, sent["model"]) == ("/v1/chat/completions", "Bearer key-1", "small")
    assert [message["content"] for message in sent["messages"] if message["role"] == "user"] == [sentence]


def test_what_the_report_does_not_say_is_refused_with_the_word(
    edu: TestClient, draft: TeachingCase, model: Model, workspace: Workspace
) -> None:
    body = opened(edu, draft)
    model.words = body["points"][0]["text"] + " Biopsy is mandatory."
    told = edu.post(f"/api/drafts/{draft.case_id}/wording", json=sentence_of(body)).json()
    assert told["wording"] == "" and "biopsy" in told["refused"]
    with workspace.database.transaction() as tx:
        assert any(entry.action == "ask for a wording" for entry in audit.latest(tx, draft.department_id, 10))


def test_a_kept_wording_is_judged_again(edu: TestClient, draft: TeachingCase, model: Model) -> None:
    body = opened(edu, draft)
    point = {"finding": body["points"][0]["finding"], **sentence_of(body)}
    good = {**point, "wording": f"Note: {body['points'][0]['text']}"}
    kept = edu.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, points=[good]))
    assert kept.status_code == 200, kept.text
    assert kept.json()["points"][0]["wording"] == good["wording"]
    body = kept.json()
    bad = {**point, "wording": "Malignant until proven otherwise."}
    refused = edu.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, points=[bad]))
    assert refused.status_code == 422 and "wording" in refused.text
    assert opened(edu, draft)["points"][0]["wording"] == good["wording"]


def test_an_image_of_a_point_is_one_of_the_case(edu: TestClient, draft: TeachingCase) -> None:
    body = opened(edu, draft)
    point = {"finding": body["points"][0]["finding"], **sentence_of(body)}
    own = {**point, "images": [body["images"][0]["image_id"]]}
    kept = edu.put(f"/api/drafts/{draft.case_id}", json=edit_of(body, points=[own]))
    assert kept.json()["points"][0]["images"] == own["images"]
    other = {**point, "images": ["another"]}
    assert edu.put(f"/api/drafts/{draft.case_id}", json=edit_of(kept.json(), points=[other])).status_code == 422


def test_without_a_rewriter_there_is_none(person: Person, draft: TeachingCase) -> None:
    edu = person("edu", "educator")
    body = opened(edu, draft)
    assert body["may_reword"] is False
    refused = edu.post(f"/api/drafts/{draft.case_id}/wording", json=sentence_of(body))
    assert refused.status_code == 404 and "WETREAD_REWRITER" in refused.text


@pytest.mark.parametrize(
    ("status", "raw"),
    [(500, b""), (302, b""), (200, b"not json"), (200, b'{"choices": []}'), (200, b'{"choices": [{"message": {}}]}'),
     (200, b'{"choices": [{"message": {"content": "' + b"x" * 70_000 + b'"}}]}')],
)  # fmt: skip
def test_a_rewriter_that_fails_is_told_in_one_line(
    edu: TestClient, draft: TeachingCase, model: Model, status: int, raw: bytes
) -> None:
    model.status, model.raw = status, raw
    body = opened(edu, draft)
    answer = edu.post(f"/api/drafts/{draft.case_id}/wording", json=sentence_of(body))
    assert answer.status_code == 503
    assert "key-1" not in answer.text and body["points"][0]["text"] not in answer.text


def test_a_rewriter_nobody_answers_for_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Rewriter("http://127.0.0.1:9/v1", "small")("Lung nodule.")


@pytest.mark.parametrize(
    ("address", "model_name"),
    [("ftp://host/v1", "m"), ("host/v1", "m"), ("http://user:pass@host", "m"), ("http://host", "")],
)
def test_a_setting_that_names_no_rewriter_is_refused(address: str, model_name: str) -> None:
    with pytest.raises(BadInput):
        open_rewriter(address, model_name, "")


def test_off_unless_named() -> None:
    settings = Settings.from_environment({})
    assert open_rewriter(settings.rewriter, settings.rewriter_model, settings.rewriter_key) is None
    told = {"WETREAD_REWRITER": "http://h/v1/", "WETREAD_REWRITER_MODEL": "m", "WETREAD_REWRITER_KEY": "k9"}
    named = Settings.from_environment(told)
    assert open_rewriter(named.rewriter, named.rewriter_model, named.rewriter_key) == Rewriter("http://h/v1", "m", "k9")
    assert "k9" not in repr(named)


def test_an_answer_that_dribbles_is_given_up(model: Model) -> None:
    ticks = iter(range(0, 10_000, 100))
    with pytest.raises(Unavailable, match="too slowly"):
        Rewriter(model.address, "small", clock=lambda: float(next(ticks)))("Lung nodule.")


def test_other_programs_proxies_are_not_used(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    model.words = "Lung nodule."
    assert Rewriter(model.address, "small")("Lung nodule.") == "Lung nodule."
