"""What an admin does: sees what came in, why rows were refused, and whether the service does its work."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from api.jobs import REPLAY_READER
from api.workspace import DEPARTMENT, utc_now
from models.errors import BadInput
from store import imports, jobs
from store.imports import ImportRun, ImportStatus
from store.jobs import Job
from tests.web.conftest import Service, Visit, Visitor

pytestmark = pytest.mark.web

LONG = f"export-{'of-the-department-' * 8}.csv"
ROWS = 3_000
LOOKS_AGAIN_MS = 3_000


@pytest.fixture(scope="module")
def running(service: Service) -> Iterator[ImportRun]:
    """An import that seems to run: 1,200 of 3,000 rows, 60 refused for two reasons."""
    now = utc_now()
    run = ImportRun(
        import_id="running",
        department_id=DEPARTMENT,
        kind="reads",
        source="elsewhere",
        file=LONG,
        status=ImportStatus.RUNNING,
        started_at=now - timedelta(seconds=30),
        heartbeat_at=now,
        done=1_200,
        total=ROWS,
        added=1_140,
        refused=60,
        problems={"the wombat is no date": 40, "no such quokka": 20},
    )
    refused = [BadInput(f"{LONG}:{n}", "the wombat is no date", "write 2026-03-01") for n in range(2, 42)]
    refused += [BadInput(f"{LONG}:{n}", "no such quokka", "=import it first") for n in range(42, 62)]
    with service.workspace.database.transaction() as tx:
        imports.begin(tx, run)
        imports.refuse(tx, run, 1, refused)
    yield run


def put(service: Service, run: ImportRun, **changes: object) -> None:
    with service.workspace.database.transaction() as tx:
        imports.put(tx, replace(run, heartbeat_at=utc_now(), **changes))  # type: ignore[arg-type]


def opened(visit: Visitor, tab: str) -> Visit:
    root = visit("root")
    root.open(f"/admin#{tab}")
    root.see("admin")
    return root


def test_progress_moves_while_an_import_runs_and_ends_with_it(
    visit: Visitor, service: Service, running: ImportRun
) -> None:
    root = visit("root")
    root.page.clock.install()
    root.open("/admin#intake")
    bar = root.page.get_by_test_id("progress-bar")
    expect(bar).to_have_attribute("aria-valuenow", "1200")
    put(service, running, done=2_400)
    root.page.clock.fast_forward(LOOKS_AGAIN_MS)
    expect(bar).to_have_attribute("aria-valuenow", "2400")
    expect(root.page.get_by_test_id("import-row").first).to_contain_text("2,400 of 3,000")
    put(service, running, done=ROWS, status=ImportStatus.DONE, finished_at=utc_now())
    root.page.clock.fast_forward(LOOKS_AGAIN_MS)
    expect(bar).to_have_count(0)
    asked: list[str] = []
    root.page.on("request", lambda request: asked.append(request.url))
    root.page.clock.run_for(5 * LOOKS_AGAIN_MS)
    root.page.wait_for_load_state("networkidle")
    assert not asked, "nothing runs, so nothing needs to be asked"
    put(service, running)
    root.page.reload()
    expect(bar).to_have_count(1)
    put(service, running, status=ImportStatus.STOPPED)
    root.page.clock.fast_forward(LOOKS_AGAIN_MS)
    expect(root.page.get_by_test_id("import-stopped")).to_contain_text("1,200 of 3,000")


def test_a_row_opens_its_refusals_by_problem(visit: Visitor, running: ImportRun) -> None:
    root = opened(visit, "intake")
    link = root.page.get_by_test_id("import-open").first
    expect(link).to_have_attribute("title", LONG)
    box = link.bounding_box()
    assert box and box["width"] < 700, "a long name is cut, not the table widened"
    link.focus()
    root.page.keyboard.press("Enter")
    root.see("causes")
    first, second = root.page.get_by_test_id("cause").all()
    expect(first).to_contain_text("40")
    expect(second).to_contain_text("no such quokka")
    expect(root.page.get_by_test_id("pager")).to_contain_text("1 to 25 of 60")
    expect(root.page.get_by_test_id("refusal")).to_have_count(25)
    second.get_by_role("button").click()
    expect(root.page.get_by_test_id("refusal")).to_have_count(20)
    expect(root.page.get_by_test_id("refusal").first).to_contain_text("Line 42")
    root.page.go_back()
    root.see("imports")


def test_refusals_are_downloaded_without_formulas(visit: Visitor, running: ImportRun) -> None:
    root = opened(visit, f"intake/{running.import_id}")
    root.see("refusals-download")
    with root.page.expect_download() as waiting:
        root.click("refusals-download")
    assert waiting.value.suggested_filename.startswith("refused-reads-")
    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 61 and rows[-1][2] == "'=import it first"


def test_a_failed_job_is_tried_again(visit: Visitor, service: Service) -> None:
    with service.workspace.database.transaction() as tx:
        jobs.add(tx, Job("lost", DEPARTMENT, REPLAY_READER, {"reader_id": "nobody"}, utc_now()))
        jobs.claim(tx, "lost", utc_now(), utc_now())
        jobs.finish(tx, "lost", utc_now() - timedelta(hours=3), error="the aardvark is missing")
    root = opened(visit, "jobs")
    row = root.page.get_by_test_id("job-row").first
    expect(row).to_contain_text("the aardvark is missing")
    root.click("job-retry")
    # The worker finds that the job cannot be done, and says so in its own words.
    expect(row).to_contain_text("the reader of this job does not exist", timeout=20_000)
    expect(row).not_to_contain_text("aardvark")


def test_a_link_opens_its_tab_and_keys_reach_the_others(visit: Visitor) -> None:
    root = opened(visit, "storage")
    root.see("parts")
    expect(root.page.get_by_test_id("disk").first).to_contain_text("free of")
    root.page.get_by_test_id("tab-storage").focus()
    root.page.keyboard.press("ArrowRight")
    root.see("model")
    assert root.page.url.endswith("/admin#model")
    root.page.go_back()
    root.see("parts")
    assert not [problem for problem in root.problems if "401" not in problem]


def test_without_imports_the_page_names_the_commands(visit: Visitor, service: Service) -> None:
    root = visit("root")
    empty = '{"total": 0, "items": []}'
    root.page.route("**/api/imports?*", lambda route: route.fulfill(body=empty, content_type="application/json"))
    root.open("/admin")
    root.see("import-commands")
    for command in ("import-cases", "mine", "import-reads", "import-reviews", "import-volumes"):
        assert f"wetread {command}" in root.text("import-commands")
    assert root.page.get_by_test_id("imports").count() == 0


def test_a_disk_that_is_nearly_full_warns(visit: Visitor) -> None:
    root = visit("root")
    root.open("/admin#storage")
    root.see("parts")
    assert root.page.get_by_test_id("disk-warning").count() == 0
    full = root.page.evaluate("fetch('/api/storage').then(r => r.json())")
    full["disks"] = [{"holds": ["workspace", "archive"], "free_bytes": 9_000_000, "total_bytes": 100_000_000}]
    root.page.route("**/api/storage", lambda route: route.fulfill(json=full))
    root.page.reload()
    root.see("disk-warning")
