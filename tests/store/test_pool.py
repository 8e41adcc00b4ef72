"""Normals drawn from the pool, and uploads that wait or go, on both databases."""

from __future__ import annotations

from datetime import timedelta

from api.workspace import DEPARTMENT
from models.finding import Region
from models.reading import Reader
from models.teaching_case import CaseStatus, ImageRef
from store import accounts, cases, jobs, pool, readers, uploads
from store.accounts import Account
from store.database import Database, Transaction
from store.jobs import Job
from store.tables import study_identities
from store.uploads import MAKE_CASE, Upload
from tests.building import NOW, Story, case_of


def filled(tx: Transaction, number: int, **changes: object) -> list[str]:
    """Cases of the pool; every other one has an image."""
    made = []
    for n in range(number):
        story = Story(number=n, finding=None, diagnosis=None, status=CaseStatus.POOL, **changes)  # type: ignore[arg-type]
        images = (ImageRef(f"image{n}", f"series{n}", 1),) if n % 2 else ()
        case = case_of(story, images)
        assert cases.add(tx, case, NOW)
        made.append(case.case_id)
    return made


def test_what_is_drawn_leaves_the_pool_once(database: Database) -> None:
    with database.transaction() as tx:
        held = filled(tx, 9)
        first, second = pool.draw(tx, DEPARTMENT, 4, seed=1), pool.draw(tx, DEPARTMENT, 50, seed=2)
        assert (len(first), len(second)) == (4, 5) and set(first) | set(second) == set(held)
        assert pool.draw(tx, DEPARTMENT, 5, seed=3) == []
        assert cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT] == 9
        assert cases.drafts_with_images(tx, DEPARTMENT) == (4, 5)


def test_a_draw_asks_for_one_region_alone(database: Database) -> None:
    with database.transaction() as tx:
        filled(tx, 6, region=Region.NEURO)
        assert pool.choices(tx, DEPARTMENT) == [("CT", Region.NEURO, 6)]
        assert pool.draw(tx, DEPARTMENT, 3, seed=1, region=Region.CHEST) == []
        assert len(pool.draw(tx, DEPARTMENT, 3, seed=1, modality="CT", region=Region.NEURO)) == 3


def test_images_are_asked_for_where_a_study_is_known_and_none_is_there(database: Database) -> None:
    with database.transaction() as tx:
        held = filled(tx, 4)
        row = {"department_id": DEPARTMENT, "accession": "A1", "study_uid": ""}
        tx.execute(study_identities.insert(), [{**row, "case_id": case_id} for case_id in held[:2]])
        assert pool.to_be_fetched(tx, held) == [held[0]]


def started(tx: Transaction, upload_id: str, hours_ago: float) -> Upload:
    upload = Upload(upload_id, DEPARTMENT, "account1", NOW - timedelta(hours=hours_ago))
    uploads.add(tx, upload)
    return upload


def test_an_upload_waits_for_its_case_and_goes_when_it_is_old(database: Database) -> None:
    with database.transaction() as tx:
        readers.add(tx, [Reader("reader1", DEPARTMENT)])
        accounts.add(tx, Account("account1", DEPARTMENT, "edu", "Edu", "-", "reader1", ("educator",), False))
        old, at_work, made, new = (
            started(tx, name, hours) for name, hours in (("old", 30), ("at_work", 30), ("made", 5), ("new", 1))
        )
        for upload in (at_work, made):
            jobs.add(tx, Job(f"job-{upload.upload_id}", DEPARTMENT, MAKE_CASE, {"upload_id": upload.upload_id}, NOW))
        jobs.finish(tx, "job-made", NOW)
        latest = uploads.latest_job(tx, made)
        assert latest and latest.job_id == "job-made" and uploads.latest_job(tx, new) is None
        assert uploads.waiting(tx) == {"old", "at_work", "new"}
        uploads.remove_older(tx, NOW - timedelta(hours=24))
        assert uploads.waiting(tx) == {"at_work", "new"}
        assert uploads.get(tx, old.upload_id, "account1") is None
        assert uploads.get(tx, "new", "account1") == new and uploads.get(tx, "new", "account2") is None
