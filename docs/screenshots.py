"""Takes the pictures of every page for the README and the documents, from a fresh demonstration.

    python docs/screenshots.py

Needs Chromium and the built page. Pictures go to docs/screenshots.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PASSWORD = "phantoms-only"
READY = "[data-testid=viewer-canvas][data-ready=true]"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a running demonstration in a temporary workspace."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "pipelines.cli", "demo", "--port", "0"]
        environment = {**os.environ, "WETREAD_HOME": os.environ.get("WETREAD_HOME", home)}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        address = next(line.split()[-1] for line in process.stdout if "http://" in line)
        try:
            yield address
        finally:
            process.terminate()
            process.wait()


def sign_in(browser: Browser, address: str, login: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.get_by_test_id("login").fill(login)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("sign-out").wait_for()
    return page


def picture(page: Page, name: str, whole: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)
    print(f"docs/screenshots/{name}.png")


def learner(browser: Browser, address: str) -> None:
    page = sign_in(browser, address, "resident")
    page.get_by_test_id("start-set").click()
    page.locator(READY).first.wait_for()
    page.goto(address)
    page.get_by_test_id("set-reason").wait_for()
    picture(page, "my-practice")
    page.get_by_test_id("wish-modality").select_option(label="DX")
    page.get_by_test_id("wish-region").select_option(label="Chest")
    page.get_by_test_id("make-set").click()
    page.wait_for_url("**/read/**")
    read_set(page)
    page.goto(f"{address}/progress")
    page.get_by_test_id("progress").wait_for()
    picture(page, "my-progress", whole=True)


def read_set(page: Page) -> None:
    """Read every case; the pictures are of the first read and of the first feedback that draws a lesion."""
    first, drawn = True, False
    while True:
        page.locator(READY).first.wait_for()
        mark_and_name(page)
        if first:
            picture(page, "read-a-case")
        page.get_by_test_id("commit").click()
        page.get_by_test_id("feedback").wait_for()
        if not drawn and page.get_by_test_id("shape-ring").count():
            picture(page, "feedback")
            drawn = True
        if not page.get_by_test_id("next-case").count():
            return
        page.get_by_test_id("next-case").click()
        page.get_by_test_id("feedback").wait_for(state="detached")
        if "/read/" not in page.url:
            return
        first = False


def mark_and_name(page: Page) -> None:
    page.get_by_test_id("tool-mark").click()
    box = page.get_by_test_id("viewer-canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.36, box["y"] + box["height"] * 0.45)
    page.get_by_test_id("finding-search").fill("lung nod")
    page.get_by_role("option").first.click()
    page.get_by_test_id("confidence").fill("70")


def others(browser: Browser, address: str) -> None:
    educator = sign_in(browser, address, "educator")
    educator.goto(f"{address}/drafts")
    educator.get_by_test_id("draft-row").first.wait_for()
    picture(educator, "drafts")
    educator.get_by_test_id("draft-row").first.click()
    educator.locator(READY).first.wait_for()
    picture(educator, "draft")
    educator.goto(f"{address}/new-case")
    educator.get_by_test_id("drop-zone").wait_for()
    picture(educator, "new-case", whole=True)
    lead = sign_in(browser, address, "lead")
    lead.goto(f"{address}/misses")
    lead.get_by_test_id("misses").wait_for()
    picture(lead, "misses", whole=True)
    admin = sign_in(browser, address, "admin")
    administration(admin, address)


def administration(page: Page, address: str) -> None:
    """The tabs that tell of data and model, and the refusals of the first import that has some."""
    for tab, shown in (("intake", "imports"), ("storage", "parts"), ("model", "model"), ("audit", "audit")):
        page.goto(f"{address}/admin#{tab}")
        page.get_by_test_id(shown).wait_for()
        picture(page, "admin" if tab == "intake" else f"admin-{tab}")
    page.goto(f"{address}/admin#intake")
    page.get_by_test_id("import-open").last.click()
    page.get_by_test_id("refusal").first.wait_for()
    picture(page, "admin-import")


def main() -> None:
    chromium = which("chromium") or which("chromium-browser")
    if chromium is None:
        sys.exit("chromium is not installed; on Debian: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.get_by_test_id("sign-in").wait_for()
        picture(page, "sign-in")
        learner(browser, address)
        others(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
