"""A learner's, an educator's, a quality lead's and an admin's path, with mouse and keyboard."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from models.teaching_case import TeachingCase
from tests.web.conftest import Service, Visit, Visitor

pytestmark = pytest.mark.web

READY = "[data-testid=viewer-canvas][data-ready=true]"


def canvas(visit: Visit) -> np.ndarray:
    """What the viewer shows, as grey values."""
    shot = visit.page.get_by_test_id("viewer-canvas").first.screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=float)


def open_first_case(visit: Visit) -> None:
    visit.open("/")
    visit.see("start-set")
    visit.click("start-set")
    visit.page.locator(READY).first.wait_for()


def drag(visit: Visit, dx: int, dy: int) -> None:
    box = visit.page.get_by_test_id("viewer-canvas").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + dx, y + dy, steps=8)
    visit.page.mouse.up()
    visit.page.wait_for_timeout(400)


def case_in_hand(visit: Visit, service: Service) -> TeachingCase:
    *_, set_id, position = visit.page.url.split("/")
    items = visit.page.evaluate(f"fetch('/api/practice-sets/{set_id}').then(r => r.json())")["items"]
    return service.cases[items[int(position) - 1]["case_id"]]


def test_the_viewer_shows_the_image_and_the_mouse_changes_it(visit: Visitor) -> None:
    ada = visit("ada")
    open_first_case(ada)
    first = canvas(ada)
    assert first.std() > 5, "the canvas is blank"
    window = ada.text("window-indicator")
    ada.click("tool-wl")
    drag(ada, 120, 60)
    assert ada.text("window-indicator") != window
    assert np.abs(canvas(ada) - first).mean() > 1, "window and level changed no pixel"
    windowed = canvas(ada)
    ada.click("tool-zoom")
    drag(ada, 0, -120)
    assert np.abs(canvas(ada) - windowed).mean() > 1, "zoom changed no pixel"
    zoomed = canvas(ada)
    ada.click("tool-pan")
    drag(ada, 90, 0)
    assert np.abs(canvas(ada) - zoomed).mean() > 1, "pan changed no pixel"


def test_a_learner_reads_a_set_to_its_end(visit: Visitor, service: Service) -> None:
    bob = visit("bob")
    open_first_case(bob)
    read = 0
    while True:
        case = case_in_hand(bob, service)
        assert bob.text("history").strip() != ""
        if case.key.findings:
            answer_abnormal(bob, service, case)
        else:
            bob.page.keyboard.press("n")
        bob.page.get_by_test_id("commit").click()
        bob.see("feedback")
        read += 1
        assert bob.text("verdict")
        assert case.key.report.split("\n")[0][10:30] in bob.text("report-text")
        if not bob.page.get_by_test_id("next-case").count() or read >= 8:
            break
        here = bob.page.url
        bob.click("next-case")
        expect(bob.page).not_to_have_url(here)
        if "/read/" not in bob.page.url:
            break
        bob.page.get_by_test_id("feedback").wait_for(state="detached")
        bob.page.locator(READY).first.wait_for()
    bob.open("/progress")
    bob.see("progress")
    assert "too few" in bob.text("progress").lower()
    assert not [p for p in bob.problems if "Failed to load resource" not in p]


def answer_abnormal(visit: Visit, service: Service, case: TeachingCase) -> None:
    """Mark the middle of the image with the mouse and name the finding by typing part of it."""
    visit.click("tool-mark")
    box = visit.page.get_by_test_id("viewer-canvas").first.bounding_box()
    assert box
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.get_by_test_id("marks").get_by_role("listitem").first.wait_for()
    name = service.workspace.findings.name(case.key.findings[0])
    visit.page.get_by_test_id("finding-search").fill(name[:9].lower())
    visit.page.get_by_role("option").filter(has_text=name).first.click()
    visit.page.get_by_test_id("findings").get_by_text(name).wait_for()


def test_an_educator_approves_one_draft_and_rejects_another(visit: Visitor, service: Service) -> None:
    edu = visit("edu")
    edu.open("/drafts")
    edu.see("draft-row")
    edu.page.get_by_test_id("draft-row").first.click()
    edu.see("viewer-canvas")
    edu.see("cleaning")
    assert "gnu-shaped" in edu.text("report-text").lower()
    edu.page.get_by_test_id("field-title").fill("A better title")
    with edu.page.expect_response(lambda answer: answer.request.method == "PUT"):
        edu.click("save")
    expect(edu.page.get_by_test_id("save")).to_be_disabled()
    edu.page.wait_for_timeout(500)
    edu.click("approve")
    expect(edu.page.get_by_test_id("case-status")).to_contain_text(re.compile("approved", re.I), timeout=20_000)
    edu.open("/drafts")
    edu.see("draft-row")
    edu.page.get_by_test_id("draft-row").first.click()
    edu.see("reject")
    edu.click("reject")
    edu.page.get_by_test_id("reject-reason").fill("The finding is not visible")
    edu.click("reject-confirm")
    expect(edu.page.get_by_test_id("case-status")).to_contain_text(re.compile("rejected", re.I), timeout=20_000)


def test_a_quality_lead_sees_counts_and_no_readers(visit: Visitor) -> None:
    lead = visit("lead")
    lead.open("/misses")
    lead.see("misses")
    shown = lead.text("misses")
    assert "not enough data" in shown.lower()
    assert "ada" not in shown.lower().split() and "bob" not in shown.lower().split()
    lead.open("/drafts")
    lead.page.wait_for_load_state("networkidle")
    assert lead.page.get_by_test_id("draft-row").count() == 0


def test_an_admin_sees_the_audit(visit: Visitor) -> None:
    root = visit("root")
    root.open("/admin#audit")
    root.see("audit")
    assert "sign in" in root.text("audit").lower()


def test_signing_out_shuts_the_door(visit: Visitor) -> None:
    ada = visit("ada")
    ada.click("sign-out")
    ada.see("sign-in")
    ada.open("/progress")
    ada.see("sign-in")
    assert ada.page.get_by_test_id("progress").count() == 0
    assert ada.page.evaluate("fetch('/api/progress').then(r => r.status)") == 401
