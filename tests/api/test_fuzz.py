"""Whatever is sent, the API answers with its own problem document and never with a bug."""

from __future__ import annotations

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from api.workspace import Workspace
from tests.api.conftest import Person
from tests.building import library_of

EXAMPLES = 200


@pytest.mark.heavy
def test_no_request_meets_a_bug(app: FastAPI, person: Person, workspace: Workspace, heavy_share: float) -> None:
    """Requests drawn from the API's own description, by somebody with every role."""
    library_of(workspace, 6)
    client = person("all", "learner", "educator", "quality_lead", "admin")
    kept = dict(client.cookies), client.headers["x-wetread-csrf"]
    schema = schemathesis.openapi.from_dict(app.openapi())
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == "/api/session":
            continue

        @settings(
            max_examples=max(5, round(EXAMPLES * heavy_share)), deadline=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            sent = case.as_transport_kwargs(base_url="http://testserver")
            headers = {k: v for k, v in (sent.get("headers") or {}).items() if k.lower() != "cookie"}
            answer = client.request(
                sent["method"],
                sent["url"],
                params=sent.get("params"),
                json=sent.get("json"),
                content=sent.get("data") if isinstance(sent.get("data"), bytes | str) else None,
                headers={**headers, "x-wetread-csrf": kept[1]},
            )
            assert answer.status_code < 500, f"{sent['method']} {sent['url']}: {answer.text[:200]}"
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json"

        ask()
    assert asked > 100
