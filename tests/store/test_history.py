"""Reads, states, sets, reviews, jobs and accounts, on both databases."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from api.workspace import DEPARTMENT
from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.errors import Conflict, NotFound
from models.reading import (
    Chance,
    PracticeSet,
    Reader,
    ReadingSource,
    Recommendation,
    SkillState,
    StateHead,
    StateKind,
)
from models.teaching_case import ImageRef
from store import (
    accounts,
    audit,
    cases,
    departments,
    history,
    jobs,
    read_counts,
    readers,
    reviews,
    sets,
    states,
    tracer_models,
)
from store.accounts import Account, Session
from store.audit import AuditEntry
from store.database import Database
from store.jobs import Job
from tests.building import NOW, Story, case_of, read_of

IMAGES = (ImageRef("image1", "series1", 1),)
ADA = Reader("ada", DEPARTMENT)


@pytest.fixture
def case_id(database: Database) -> str:
    case = case_of(Story(), IMAGES)
    with database.transaction() as tx:
        readers.add(tx, [ADA, Reader("bob", DEPARTMENT)])
        cases.add(tx, case, NOW)
    return case.case_id


CASE = case_of(Story(), IMAGES)


def test_reads_come_back_and_repeat_no_row(database: Database, case_id: str) -> None:
    reads = [read_of("ada", CASE, n, n % 2 == 0, source=ReadingSource.IMPORTED) for n in range(1, 1201)]
    with database.transaction() as tx:
        assert history.add_many(tx, reads) == 1200
        assert history.add_many(tx, reads) == 0
        assert history.of_reader(tx, "ada") == reads
        assert history.count(tx, DEPARTMENT) == 1200
        assert list(history.of_department(tx, DEPARTMENT)) == reads


def test_exposures_and_misses_are_counted(database: Database, case_id: str) -> None:
    with database.transaction() as tx:
        history.add_many(
            tx, [read_of("ada", CASE, 1, True), read_of("ada", CASE, 2, False), read_of("bob", CASE, 1, False)]
        )
        met = history.exposures(tx, "ada", [ReadingSource.PRACTICE])[case_id]
        assert (met.times, met.last_at) == (2, NOW + timedelta(minutes=2))
        [missed] = read_counts.miss_counts(tx, DEPARTMENT, [ReadingSource.PRACTICE])
        assert (missed.finding, missed.misses, missed.reads) == ("nodule_mass", 2, 3)
        assert history.next_sequence(tx, "ada", ReadingSource.PRACTICE) == 3


def test_the_two_states_of_a_reader_are_kept_apart(database: Database, case_id: str) -> None:
    practice = [SkillState("all", 0.25, 0.5, 3, 2, NOW)]
    private = [SkillState("all", -1.0, 0.4, 5, 2, NOW)]
    head = StateHead("r1", NOW, ReadingSource.PRACTICE, 3, "m")
    with database.transaction() as tx:
        states.replace(tx, ADA, StateKind.PRACTICE, practice, head)
        states.replace(tx, ADA, StateKind.PRIVATE, private, head)
        assert states.get(tx, "ada", StateKind.PRACTICE) == {"all": practice[0]}
        assert states.get(tx, "ada", StateKind.PRIVATE) == {"all": private[0]}
        assert states.head(tx, "ada", StateKind.PRIVATE) == head


def test_an_answer_is_taken_once(database: Database, case_id: str) -> None:
    item = Recommendation(case_id, Chance(0.6, 0.4, 0.8), "gap", "because")
    chosen = PracticeSet("set1", DEPARTMENT, "ada", NOW, "whole", (item,), "model", 1, 7)
    reading = read_of("ada", CASE, 1, True)
    with database.transaction() as tx:
        sets.add(tx, chosen)
        assert sets.open_set(tx, "ada") == chosen
        history.add(tx, reading)
        sets.mark_read(tx, "set1", case_id, reading.reading_id)
        assert sets.open_set(tx, "ada") is None
        assert sets.progress(tx, "ada")[0].right == 1
        with pytest.raises(Conflict):
            sets.mark_read(tx, "set1", case_id, reading.reading_id)
        with pytest.raises(NotFound):
            sets.get(tx, "bob", "set1")


def review(number: int, score: str, sampling: Sampling, finding: str | None = "nodule_mass") -> Discrepancy:
    return Discrepancy(
        discrepancy_id=f"d{number}",
        department_id=DEPARTMENT,
        reader_id="ada",
        source_key=f"k{number}",
        score=RadpeerScore(score),
        sampling=sampling,
        modality="CT",
        reviewed_at=NOW,
        finding=finding,
        error_class=ErrorClass.PERCEPTUAL if score != "1" else None,
        reviewer="r9",
    )


def test_only_random_reviews_have_a_denominator(database: Database, case_id: str) -> None:
    told = [
        review(1, "1", Sampling.RANDOM),
        review(2, "3b", Sampling.RANDOM),
        review(3, "3b", Sampling.SUBMITTED),
        review(4, "2a", Sampling.TRIGGERED),
    ]
    with database.transaction() as tx:
        assert reviews.add_many(tx, told) == 4
        assert reviews.add_many(tx, told) == 0
        [counted] = reviews.group_counts(tx, DEPARTMENT)
        assert (counted.discrepancies, counted.concurring, counted.unsampled) == (1, 1, 2)
        assert reviews.of_reader(tx, "ada") == told


def test_a_job_is_claimed_by_one_worker_and_again_when_its_worker_died(database: Database) -> None:
    stale = NOW - timedelta(minutes=10)
    with database.transaction() as tx:
        jobs.add(tx, Job("j1", DEPARTMENT, "replay_reader", {"reader_id": "ada"}, NOW))
        assert jobs.waiting(tx, stale) == ["j1"]
        assert jobs.claim(tx, "j1", NOW, stale) is not None
        assert jobs.claim(tx, "j1", NOW, stale) is None
        assert jobs.waiting(tx, stale) == []
        later = NOW + timedelta(minutes=11)
        assert jobs.waiting(tx, later - timedelta(minutes=10)) == ["j1"]
        assert jobs.claim(tx, "j1", later, later - timedelta(minutes=10)) is not None
        jobs.finish(tx, "j1", later)
        assert jobs.waiting(tx, later + timedelta(days=1)) == []


def test_a_session_ends_with_time_sign_out_and_disabling(database: Database, case_id: str) -> None:
    person = Account("a1", DEPARTMENT, "ada@x", "Ada", "hash", "ada", ("learner",), False)
    session = Session("t1", "a1", DEPARTMENT, "csrf", NOW, NOW + timedelta(hours=1))
    with database.transaction() as tx:
        accounts.add(tx, person)
        with pytest.raises(Conflict):
            accounts.add(tx, person)
        accounts.begin_session(tx, session)
        assert accounts.session(tx, "t1", NOW) == (session, person)
        assert accounts.session(tx, "t1", NOW + timedelta(hours=1)) is None
        accounts.set_disabled(tx, "a1", True)
        assert accounts.session(tx, "t1", NOW) is None


def test_a_failed_request_leaves_nothing(database: Database) -> None:
    entry = AuditEntry(DEPARTMENT, NOW, "a1", "view", "x")
    with pytest.raises(RuntimeError), database.transaction() as tx:
        audit.record(tx, entry)
        raise RuntimeError
    with database.transaction() as tx:
        assert audit.latest(tx, DEPARTMENT, 10) == []
        audit.record(tx, entry)
    with database.snapshot() as tx:
        assert audit.latest(tx, DEPARTMENT, 10) == [entry]


def test_an_altered_model_is_not_used(database: Database) -> None:
    with database.transaction() as tx:
        assert tracer_models.promoted(tx, DEPARTMENT) is None
        model = tracer_models.promote(tx, DEPARTMENT, "bayesian", {"forgetting": 0.1}, NOW)
        assert tracer_models.promoted(tx, DEPARTMENT) == model
        tx.exec_driver_sql("UPDATE tracer_models SET parameters = '{\"forgetting\": 0.2}'")
        with pytest.raises(Conflict):
            tracer_models.promoted(tx, DEPARTMENT)


def test_writers_that_read_first_lose_no_update(database: Database) -> None:
    """Each writer reads the version, then writes; without a lock at the start some would overwrite each other."""

    def move() -> None:
        for _ in range(20):
            with database.transaction() as tx:
                departments.library_version(tx, DEPARTMENT)
                departments.move_library(tx, DEPARTMENT)

    writers = [Thread(target=move) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.snapshot() as tx:
        assert departments.library_version(tx, DEPARTMENT) == 81
