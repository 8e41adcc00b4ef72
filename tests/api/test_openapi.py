"""The page's types come from the service's own description."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi import FastAPI

WRITTEN = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def test_the_page_knows_the_service_as_it_is(app: FastAPI) -> None:
    """Red after a change of the API: run `make openapi`, then mend the page where its types say so."""
    assert json.loads(WRITTEN.read_text("utf-8")) == app.openapi()


def test_the_description_is_not_served(app: FastAPI) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(app)
    for path in ("/openapi.json", "/docs", "/redoc"):
        answer = client.get(path)
        assert "paths" not in answer.text, f"{path} tells strangers what there is"
