"""Imports told and kept, jobs counted and tried again, sizes and rows: on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from api.workspace import DEPARTMENT
from models.errors import BadInput
from models.reading import Department, Reader
from models.teaching_case import CaseStatus
from recommender.population import Population
from store import audit, cases, departments, history, imports, jobs, readers, reviews, storage, tracer_models
from store.audit import AuditEntry
from store.database import Database
from store.imports import LONGEST_PLACE, MOST_REFUSALS, QUIET_FOR, ImportRun, ImportStatus
from store.jobs import Job, JobStatus
from tests.building import NOW, Story, case_of, read_of, review_of

RUN = ImportRun("import1", DEPARTMENT, "reads", "ours", "reads.csv", ImportStatus.RUNNING, NOW, NOW)


def error(number: int, problem: str = "no date") -> BadInput:
    return BadInput(f"reads.csv line {number}", problem, f"mend {problem}")


def test_a_run_comes_back_as_it_was_put(database: Database) -> None:
    later = NOW + timedelta(minutes=3)
    done = replace(
        RUN,
        status=ImportStatus.DONE,
        heartbeat_at=later,
        finished_at=later,
        done=12,
        total=12,
        added=7,
        known=2,
        refused=3,
        notices={"made as a stub": 4},
        problems={"no date": 3},
    )
    with database.transaction() as tx:
        imports.begin(tx, RUN)
        assert imports.get(tx, DEPARTMENT, "import1") == RUN
        imports.put(tx, done)
    with database.snapshot() as tx:
        assert imports.get(tx, DEPARTMENT, "import1") == done
        assert imports.get(tx, "other", "import1") is None


def test_refusals_are_kept_in_order_up_to_the_limit(database: Database) -> None:
    problems = ("no date", "no case", "no reader")
    with database.transaction() as tx:
        imports.begin(tx, RUN)
        for first in range(1, MOST_REFUSALS + 200, 100):
            imports.refuse(tx, RUN, first, [error(n, problems[n % 3]) for n in range(first, first + 100)])
    with database.snapshot() as tx:
        assert imports.refusals_kept(tx, "import1") == MOST_REFUSALS
        assert [r.place for r in imports.refusals(tx, "import1", 2, 98)] == ["reads.csv line 99", "reads.csv line 100"]
        assert imports.refusals(tx, "import1", 10, MOST_REFUSALS) == []
        named = imports.refusals(tx, "import1", MOST_REFUSALS, problem="no case")
        assert len(named) == imports.refusals_kept(tx, "import1", "no case") == len(range(1, MOST_REFUSALS + 1, 3))
        assert {r.problem for r in named} == {"no case"}
        assert imports.remedies(tx, "import1") == {problem: f"mend {problem}" for problem in problems}
        assert imports.refusals_kept(tx, "another") == 0 and imports.remedies(tx, "another") == {}


def test_a_long_place_keeps_its_end_where_the_line_stands(database: Database) -> None:
    with database.transaction() as tx:
        imports.begin(tx, RUN)
        imports.refuse(tx, RUN, 1, [BadInput("x" * 400 + " line 7", "no date", "write one")])
        [kept] = imports.refusals(tx, "import1", 5)
    assert len(kept.place) == LONGEST_PLACE and kept.place.endswith("line 7")


def test_only_silent_runs_of_the_department_are_stopped(database: Database) -> None:
    with database.transaction() as tx:
        departments.ensure(tx, Department("other", "Elsewhere"))
        imports.begin(tx, replace(RUN, import_id="silent"))
        imports.begin(tx, replace(RUN, import_id="lively", heartbeat_at=NOW + QUIET_FOR))
        imports.begin(tx, replace(RUN, import_id="theirs", department_id="other"))
        imports.stop_stale(tx, DEPARTMENT, NOW + timedelta(seconds=1))
        found = {
            name: imports.get(tx, department, name)
            for name, department in (("silent", DEPARTMENT), ("lively", DEPARTMENT), ("theirs", "other"))
        }
    assert {name: run.status for name, run in found.items() if run} == {
        "silent": ImportStatus.STOPPED,
        "lively": ImportStatus.RUNNING,
        "theirs": ImportStatus.RUNNING,
    }


def test_a_run_stands_as_stopped_once_it_is_silent_too_long() -> None:
    assert imports.as_of(RUN, NOW + QUIET_FOR) == RUN
    gone = imports.as_of(RUN, NOW + QUIET_FOR + timedelta(seconds=1))
    assert gone == replace(RUN, status=ImportStatus.STOPPED)
    done = replace(RUN, status=ImportStatus.DONE)
    assert imports.as_of(done, NOW + timedelta(days=9)) == done


def test_pages_of_runs_are_the_departments_own_newest_first(database: Database) -> None:
    with database.transaction() as tx:
        departments.ensure(tx, Department("other", "Elsewhere"))
        imports.begin(tx, replace(RUN, import_id="theirs", department_id="other"))
        for n in range(5):
            imports.begin(tx, replace(RUN, import_id=f"i{n}", started_at=NOW + timedelta(hours=n)))
        total, page = imports.latest(tx, DEPARTMENT, 2, 1)
    assert (total, [run.import_id for run in page]) == (5, ["i3", "i2"])


def test_failed_jobs_wait_again_and_others_do_not(database: Database) -> None:
    with database.transaction() as tx:
        for name in ("waits", "fails", "done"):
            jobs.add(tx, Job(name, DEPARTMENT, "kind", {}, NOW))
        for name, said in (("fails", "NotFound"), ("done", "")):
            jobs.claim(tx, name, NOW, NOW)
            jobs.beat(tx, name, NOW, 3, 4)
            jobs.finish(tx, name, NOW, said)
        expected = {JobStatus.QUEUED: 1, JobStatus.RUNNING: 0, JobStatus.DONE: 1, JobStatus.FAILED: 1}
        assert jobs.counts(tx, DEPARTMENT) == expected
        assert [jobs.retry(tx, DEPARTMENT, name) for name in ("waits", "done", "unknown")] == [False] * 3
        assert not jobs.retry(tx, "other", "fails")
        assert jobs.retry(tx, DEPARTMENT, "fails")
        again = jobs.get(tx, DEPARTMENT, "fails")
        assert again == Job("fails", DEPARTMENT, "kind", {}, NOW)
        assert set(jobs.waiting(tx, NOW)) == {"waits", "fails"}


def test_pages_of_jobs_hold_each_once(database: Database) -> None:
    with database.transaction() as tx:
        for n in range(5):
            jobs.add(tx, Job(f"j{n}", DEPARTMENT, "kind", {}, NOW + timedelta(seconds=n)))
        pages = [jobs.latest(tx, DEPARTMENT, 2, offset) for offset in (0, 2, 4)]
    assert [job.job_id for page in pages for job in page] == ["j4", "j3", "j2", "j1", "j0"]


def test_rows_are_counted_for_the_department_alone(database: Database) -> None:
    stories = [Story(number=n, status=CaseStatus.DRAFT if n == 3 else CaseStatus.APPROVED) for n in (1, 2, 3)]
    made = [case_of(story, ()) for story in stories]
    with database.transaction() as tx:
        departments.ensure(tx, Department("other", "Elsewhere"))
        readers.add(tx, [Reader("ada", DEPARTMENT), Reader("eve", "other")])
        for case in made:
            cases.add(tx, case, NOW)
        history.add(tx, read_of("ada", made[0], 1, True))
        reviews.add_many(tx, [review_of("ada", "1")])
        audit.record(tx, AuditEntry("other", NOW, "a1", "view", "x"))
        here, there = storage.row_counts(tx, DEPARTMENT), storage.row_counts(tx, "other")
    assert (here.readers, here.reads, here.reviews, here.reports, here.volumes, here.audit) == (1, 1, 1, 0, 0, 0)
    assert here.cases == {**dict.fromkeys(CaseStatus, 0), CaseStatus.APPROVED: 2, CaseStatus.DRAFT: 1}
    assert (there.readers, there.reads, there.audit, sum(there.cases.values())) == (1, 0, 1, 0)


def test_the_database_knows_its_size(database: Database) -> None:
    with database.snapshot() as tx:
        empty = storage.database_bytes(tx)
    with database.transaction() as tx:
        imports.begin(tx, RUN)
        imports.refuse(tx, RUN, 1, [error(n, "x" * 2_000) for n in range(1_000)])
    with database.snapshot() as tx:
        assert storage.database_bytes(tx) > empty


def test_promotions_tell_the_reads_without_the_parameters(database: Database) -> None:
    with database.transaction() as tx:
        tracer_models.promote(tx, DEPARTMENT, "bayesian", {"cases": {}}, NOW - timedelta(days=1))
        for n, reads in enumerate((50, 60, 70)):
            parameters = json.loads(Population(reads=reads).to_json())
            tracer_models.promote(
                tx, DEPARTMENT, "bayesian", parameters, NOW + timedelta(days=n), {"auc": 0.7}, f"r{n}"
            )
        found = tracer_models.promotions(tx, DEPARTMENT, 9)
        assert [(one.reads, one.run, dict(one.metrics)) for one in found] == [
            (70, "r2", {"auc": 0.7}),
            (60, "r1", {"auc": 0.7}),
            (50, "r0", {"auc": 0.7}),
            (None, "", {}),
        ]
        assert found[0].version == tracer_models.version_in_use(tx, DEPARTMENT)
        assert len(tracer_models.promotions(tx, DEPARTMENT, 2)) == 2
        assert tracer_models.promotions(tx, "other", 2) == []


def test_the_trail_is_asked_since_a_moment(database: Database) -> None:
    with database.transaction() as tx:
        audit.record(tx, AuditEntry(DEPARTMENT, NOW, "a1", "view", "x"))
        assert audit.did(tx, "a1", "view", "x")
        assert audit.did(tx, "a1", "view", "x", NOW - timedelta(seconds=1))
        assert not audit.did(tx, "a1", "view", "x", NOW)
