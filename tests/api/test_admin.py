"""What an admin sees: imports and their refusals, jobs, storage, the model in use."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.folders import Kept, Size, size_of
from api.jobs import REPLAY_READER
from api.sheet import plain, sheet
from api.viewing import ONE_VIEW
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.reading import Department
from recommender.population import Population
from store import audit, departments, imports, jobs, tracer_models
from store.imports import MOST_REFUSALS, QUIET_FOR, ImportRun, ImportStatus
from store.jobs import Job, JobStatus
from tests.api.conftest import Person
from tests.building import NOW, Clock, Story, add_case

RUN = ImportRun("import1", DEPARTMENT, "reads", "", "reads.csv", ImportStatus.RUNNING, NOW, NOW)
BAD_DATE = BadInput("reads.csv line 3", "no date", "write 2026-03-01")
BAD_CASE = BadInput("reads.csv line 4", "no such case", "import it first")


@pytest.fixture
def root(person: Person) -> TestClient:
    return person("root", "admin")


def begin(workspace: Workspace, run: ImportRun, *refused: BadInput) -> None:
    with workspace.database.transaction() as tx:
        imports.begin(tx, run)
        imports.refuse(tx, run, 1, refused)


def trail(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.database.snapshot() as tx:
        return [(entry.action, entry.resource) for entry in audit.latest(tx, DEPARTMENT, 100)]


def other_department(workspace: Workspace) -> None:
    with workspace.database.transaction() as tx:
        departments.ensure(tx, Department("other", "Elsewhere"))


def test_an_import_is_told_with_its_counts_and_its_pace(root: TestClient, workspace: Workspace, clock: Clock) -> None:
    run = replace(
        RUN, status=ImportStatus.DONE, finished_at=NOW + timedelta(seconds=20), added=300, known=90, refused=10
    )
    problems = {"no date": 7, "no such case": 3}
    begin(workspace, replace(run, done=400, total=400, problems=problems, notices={"a stub was made": 12}))
    clock.forward(hours=2)
    [line] = root.get("/api/imports").json()["items"]
    assert (line["added"], line["known"], line["refused"], line["seconds"]) == (300, 90, 10, 20)
    assert line["rows_per_second"] == 20
    assert [(p["text"], p["count"]) for p in line["problems"]] == [("no date", 7), ("no such case", 3)]
    assert line["notices"] == [{"text": "a stub was made", "count": 12}]


def test_a_running_import_has_run_until_now_and_a_silent_one_stopped_when_last_heard_of(
    root: TestClient, workspace: Workspace, clock: Clock
) -> None:
    begin(workspace, replace(RUN, heartbeat_at=NOW + timedelta(seconds=30), done=60, total=100))
    clock.forward(seconds=40)
    [line] = root.get("/api/imports").json()["items"]
    assert (line["status"], line["seconds"], line["done"], line["total"]) == ("running", 40, 60, 100)
    clock.forward(seconds=QUIET_FOR.total_seconds())
    [line] = root.get("/api/imports").json()["items"]
    assert (line["status"], line["seconds"]) == ("stopped", 30)
    assert root.get("/api/imports/import1").json()["run"]["status"] == "stopped"


def test_pages_of_imports_hold_each_once_newest_first(root: TestClient, workspace: Workspace) -> None:
    for n in range(7):
        begin(workspace, replace(RUN, import_id=f"import{n}", started_at=NOW + timedelta(minutes=n)))
    pages = [root.get(f"/api/imports?limit=3&offset={offset}").json() for offset in (0, 3, 6, 9)]
    assert [line["import_id"] for page in pages for line in page["items"]] == [f"import{n}" for n in reversed(range(7))]
    assert {page["total"] for page in pages} == {7}


@pytest.mark.parametrize("path", ["/api/imports", "/api/imports/import1/refusals", "/api/jobs"])
@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "offset=99999999999999999999", "limit=x"])
def test_pages_have_limits(root: TestClient, path: str, query: str) -> None:
    assert root.get(f"{path}?{query}").status_code == 422


def test_no_folder_of_a_file_is_told(root: TestClient, workspace: Workspace) -> None:
    begin(workspace, replace(RUN, file="/home/jane.doe/export/reads.csv"))
    assert root.get("/api/imports").json()["items"][0]["file"] == "reads.csv"
    assert "jane" not in root.get("/api/imports").text + root.get("/api/imports/import1").text


def test_refusals_by_problem_with_what_to_do(root: TestClient, workspace: Workspace) -> None:
    begin(workspace, replace(RUN, refused=4, problems={"no date": 3, "no such case": 1}), BAD_DATE, BAD_CASE, BAD_DATE)
    view = root.get("/api/imports/import1").json()
    assert [(c["text"], c["count"], c["remedy"]) for c in view["causes"]] == [
        ("no date", 3, "write 2026-03-01"),
        ("no such case", 1, "import it first"),
    ]
    assert view["kept"] == 3
    page = root.get("/api/imports/import1/refusals").json()
    assert [item["place"] for item in page["items"]] == [BAD_DATE.where, BAD_CASE.where, BAD_DATE.where]
    one = root.get("/api/imports/import1/refusals", params={"problem": "no such case"}).json()
    assert (one["total"], one["items"][0]["remedy"]) == (1, "import it first")
    rest = root.get("/api/imports/import1/refusals?limit=2&offset=2").json()
    assert (rest["total"], len(rest["items"])) == (3, 1)


@pytest.mark.parametrize("path", ["", "/refusals", "/refusals.csv"])
def test_another_departments_import_does_not_exist(root: TestClient, workspace: Workspace, path: str) -> None:
    other_department(workspace)
    begin(workspace, replace(RUN, department_id="other"), BAD_DATE)
    assert root.get(f"/api/imports/import1{path}").status_code == 404
    assert root.get("/api/imports").json() == {"total": 0, "items": []}


def test_the_sheet_of_refusals_holds_text_and_no_formula(root: TestClient, workspace: Workspace) -> None:
    cells = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    begin(workspace, replace(RUN, refused=7), *(BadInput(cell, 'a "quoted", long', cell) for cell in cells), BAD_DATE)
    answer = root.get("/api/imports/import1/refusals.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="refused-reads-2026-05-04-import.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["place", "problem", "remedy"]
    assert [row[0] for row in rows[1:]] == [*(f"'{cell}" for cell in cells), BAD_DATE.where]
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]
    assert ("export", "imports/import1/refusals") in trail(workspace)


def test_the_sheet_says_how_many_refusals_were_only_counted(root: TestClient, workspace: Workspace) -> None:
    begin(workspace, replace(RUN, refused=MOST_REFUSALS + 234), *[BAD_DATE] * (MOST_REFUSALS + 5))
    rows = list(csv.reader(io.StringIO(root.get("/api/imports/import1/refusals.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + MOST_REFUSALS + 1 and "234 more rows" in rows[-1][1]


def test_a_sheet_reads_back_as_it_was() -> None:
    cells = ("a,b", 'say "x"', "two\nlines", "ü", "'=1", "", " =1")
    [_, back] = csv.reader(io.StringIO(sheet(("h",) * 7, [cells]).decode("utf-8-sig"), newline=""))
    assert tuple(back) == cells
    assert plain("=1") == "'=1"


@pytest.mark.parametrize("cell", ["\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\ufeff=1", "\u200b@x", "\xa0-1"])
def test_no_disguise_makes_a_formula(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


def test_a_cell_begins_nowhere_but_at_its_quotes() -> None:
    """A spreadsheet that takes semicolons would find a formula in the middle of an unquoted cell."""
    assert sheet(("a", "b"), [("x;=1+1;y", "")]).decode("utf-8-sig") == '"a","b"\r\n"x;=1+1;y",""\r\n'


def test_looking_again_within_minutes_is_one_view(root: TestClient, workspace: Workspace, clock: Clock) -> None:
    for path, seen in (
        ("/api/imports", ("view imports", "imports")),
        ("/api/jobs", ("view jobs", "jobs")),
        ("/api/storage", ("view storage", "storage")),
        ("/api/model", ("view model", "model")),
    ):
        for _ in range(3):
            assert root.get(path).status_code == 200
        assert trail(workspace).count(seen) == 1
        clock.forward(seconds=ONE_VIEW.total_seconds() + 1)
        root.get(path)
        assert trail(workspace).count(seen) == 2


def failed_job(workspace: Workspace, job_id: str = "job1", department: str = DEPARTMENT) -> None:
    with workspace.database.transaction() as tx:
        jobs.add(tx, Job(job_id, department, REPLAY_READER, {"reader_id": "secret-reader"}, workspace.now()))
        jobs.claim(tx, job_id, workspace.now(), workspace.now())
        jobs.finish(tx, job_id, workspace.now(), error="NotFound")


def test_jobs_are_counted_by_status_and_name_no_reader(root: TestClient, workspace: Workspace, clock: Clock) -> None:
    failed_job(workspace)
    clock.forward(minutes=1)
    with workspace.database.transaction() as tx:
        jobs.add(tx, Job("job2", DEPARTMENT, REPLAY_READER, {}, clock()))
        jobs.claim(tx, "job2", clock(), clock())
        jobs.beat(tx, "job2", clock(), 3, 9)
    page = root.get("/api/jobs").json()
    assert page["counts"] == {"queued": 0, "running": 1, "done": 0, "failed": 1}
    assert [(j["job_id"], j["done"], j["total"], j["error"]) for j in page["items"]] == [
        ("job2", 3, 9, ""),
        ("job1", 0, None, "NotFound"),
    ]
    assert "secret-reader" not in str(page)


def test_a_failed_job_is_queued_again_once(root: TestClient, app: FastAPI, workspace: Workspace) -> None:
    failed_job(workspace)
    again = root.post("/api/jobs/job1/retry")
    assert (again.status_code, again.json()["status"], again.json()["error"]) == (200, "queued", "")
    assert app.state.queue.huey.pending_count() == 1
    assert root.post("/api/jobs/job1/retry").status_code == 409
    assert root.post("/api/jobs/nojob/retry").status_code == 404
    assert ("retry job", "job1") in trail(workspace)
    assert app.state.queue.huey.pending_count() == 1


def test_another_departments_job_is_not_touched(root: TestClient, workspace: Workspace) -> None:
    other_department(workspace)
    failed_job(workspace, "job1", "other")
    assert root.get("/api/jobs").json()["total"] == 0
    assert root.post("/api/jobs/job1/retry").status_code == 404
    with workspace.database.snapshot() as tx:
        job = jobs.get(tx, "other", "job1")
    assert job and job.status is JobStatus.FAILED


def test_storage_is_measured_anew_after_a_minute(root: TestClient, workspace: Workspace, clock: Clock) -> None:
    home = workspace.settings.home
    add_case(workspace, Story(number=1), slices=3)
    for name, length in (("uploads", 1000), ("staging", 200), ("mlflow", 30), ("elsewhere", 4)):
        (home / name / "deep").mkdir(parents=True)
        (home / name / "deep" / "file").write_bytes(bytes(length))
    first = root.get("/api/storage").json()
    sizes = {part["part"]: part for part in first["parts"]}
    assert {name: sizes[name]["bytes"] for name in ("uploads", "staging", "lab_book")} == {
        "uploads": 1000,
        "staging": 200,
        "lab_book": 30,
    }
    assert sizes["archive"]["bytes"] > 3 * 64 * 64 * 2 and sizes["archive"]["files"] >= 3
    assert sizes["database"]["bytes"] > 10_000 and sizes["other"]["bytes"] < 200_000
    assert all(part["whole"] for part in first["parts"])
    assert first["rows"]["images"] == 3
    assert {c["status"]: c["cases"] for c in first["rows"]["cases"]}["approved"] == 1
    [disk] = first["disks"]
    assert disk["holds"] == ["workspace", "archive"] and 0 < disk["free_bytes"] < disk["total_bytes"]
    (home / "uploads" / "more").write_bytes(bytes(500))
    clock.forward(seconds=59)
    assert root.get("/api/storage").json() == first
    clock.forward(seconds=2)
    later = {part["part"]: part["bytes"] for part in root.get("/api/storage").json()["parts"]}
    assert later["uploads"] == 1500


def test_without_a_fit_the_model_is_wetreads_own(root: TestClient) -> None:
    model = root.get("/api/model").json()
    assert model["fitted"] is None and model["earlier"] == []
    assert model["tracer"] == "bayesian" and model["findings"] > 50 and model["diagnoses"] > 10


def test_the_newest_fit_is_in_use_and_its_parameters_stay_here(
    root: TestClient, workspace: Workspace, clock: Clock
) -> None:
    for reads in (120, 480):
        clock.forward(minutes=5)
        with workspace.database.transaction() as tx:
            parameters = json.loads(Population(reads=reads).to_json())
            tracer_models.promote(tx, DEPARTMENT, "bayesian", parameters, clock(), {"auc": 0.71}, f"run{reads}")
    answer = root.get("/api/model")
    model = answer.json()
    assert (model["fitted"]["reads"], model["fitted"]["run"], model["fitted"]["metrics"]) == (
        480,
        "run480",
        {"auc": 0.71},
    )
    assert [fit["reads"] for fit in model["earlier"]] == [120]
    assert "variances" not in answer.text


def test_a_look_at_folders_ends_when_its_time_is_up(tmp_path: Path) -> None:
    for n in range(40):
        (tmp_path / f"d{n % 4}").mkdir(exist_ok=True)
        (tmp_path / f"d{n % 4}" / f"f{n}").write_bytes(bytes(10))
    assert size_of(tmp_path, lambda: True) == Size(400, 40, True)
    left = iter([True] * 25 + [False] * 99)
    seen = size_of(tmp_path, lambda: next(left))
    assert not seen.whole and 0 < seen.files < 40 and seen.bytes == 10 * seen.files


def test_a_look_at_folders_follows_no_link_and_leaves_out_what_is_counted_elsewhere(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for folder in (home, home / "archive", elsewhere):
        folder.mkdir()
        (folder / "file").write_bytes(bytes(100))
    (home / "link").symlink_to(elsewhere)
    linked = (home / "link").lstat().st_size
    assert size_of(home, lambda: True, frozenset({home / "archive"})) == Size(100 + linked, 2, True)
    assert size_of(tmp_path / "nowhere", lambda: True) == Size()


def test_what_was_found_out_is_kept_for_a_minute_by_key() -> None:
    kept, asked = Kept[int](), iter(range(9))
    looks = [(0, "a"), (59, "a"), (59, "b"), (60, "a"), (-5, "a")]
    found = [kept.get(key, NOW + timedelta(seconds=at), lambda: next(asked)) for at, key in looks]
    assert found == [0, 0, 1, 2, 3], "found out again when a minute old, and when the clock went back"
