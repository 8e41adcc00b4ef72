"""The whole loop on real teaching cases, in the browser: five approved, read end to end, and then another set."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.building import PASSWORD, Clock, account, workspace_at
from tests.pipelines.conftest import environment
from tests.web.conftest import browser  # noqa: F401  (a fixture)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
READY = "[data-testid=viewer-canvas][data-ready=true]"

pytestmark = [
    pytest.mark.real,
    pytest.mark.web,
    pytest.mark.skipif(not SHARED.exists(), reason="the shared data does not lie beside this checkout"),
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A service over the imported teaching cases, all of them drafts."""
    home = tmp_path / "home"
    run = [sys.executable, "-m", "pipelines.cli"]
    subprocess.run([*run, "import-cases", str(SHARED / "data" / "medpix")], env=environment(home), check=True)
    workspace = workspace_at(home, Clock())
    account(workspace, "edu", "educator")
    account(workspace, "ada", "learner")
    workspace.database.close()
    served = subprocess.Popen([*run, "serve", "--port", "0"], env=environment(home), stdout=subprocess.PIPE, text=True)
    assert served.stdout
    yield served.stdout.readline().strip().rsplit(" ", 1)[-1]
    served.terminate()
    served.wait(timeout=20)


def signed_in(browser: Browser, address: str, login: str) -> Page:  # noqa: F811
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.get_by_test_id("login").fill(login)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("sign-out").wait_for()
    return page


def approve(page: Page, address: str, number: int) -> list[str]:
    """Approve that many drafts with images, as an educator does, and return their ids."""
    items = page.evaluate("fetch('/api/drafts?limit=200').then(r => r.json())")["items"]
    wanted = [item["case_id"] for item in items if item["clean"] and item["truth"] == "abnormal"][:number]
    for case_id in wanted:
        page.goto(f"{address}/drafts/{case_id}")
        page.locator(READY).first.wait_for()
        page.get_by_test_id("approve").click()
        expect(page.get_by_test_id("case-status")).to_contain_text(re.compile("approved", re.I))
    return wanted


def read_set(page: Page, address: str) -> list[str]:
    """Read a whole set with mouse and keyboard; returns its cases."""
    page.goto(address)
    page.get_by_test_id("start-set").click()
    page.wait_for_url(re.compile("/read/"))
    set_id = page.url.split("/")[-2]
    items = page.evaluate(f"fetch('/api/practice-sets/{set_id}').then(r => r.json())")["items"]
    for _ in items:
        page.locator(READY).first.wait_for()
        page.get_by_test_id("tool-mark").click()
        box = page.get_by_test_id("viewer-canvas").first.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.get_by_test_id("finding-search").fill("mass")
        page.get_by_role("option").first.click()
        page.get_by_test_id("commit").click()
        page.get_by_test_id("feedback").wait_for()
        assert page.get_by_test_id("verdict").inner_text() and page.get_by_test_id("report-text").inner_text()
        if page.get_by_test_id("next-case").count():
            page.get_by_test_id("next-case").click()
            page.get_by_test_id("feedback").wait_for(state="detached")
    return [item["case_id"] for item in items]


def test_five_approved_cases_are_read_and_the_next_set_is_another(browser: Browser, address: str) -> None:  # noqa: F811
    approved = approve(signed_in(browser, address, "edu"), address, 5)
    assert len(approved) == 5
    ada = signed_in(browser, address, "ada")
    first = read_set(ada, address)
    assert first and set(first) <= set(approved)
    ada.goto(address)
    ada.get_by_test_id("make-set").click()
    ada.wait_for_load_state("networkidle")
    second = read_set(ada, address)
    assert second and set(second) <= set(approved) - set(first)
