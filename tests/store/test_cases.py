"""Cases: kept whole, opened only to those who answered, approved only when clean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.workspace import DEPARTMENT
from models.errors import Conflict, NotClean, NotCommitted, NotFound
from models.reading import Chance, PracticeSet, Reader, ReadingSource, Recommendation
from models.teaching_case import CaseOrigin, CaseStatus, Cleaning, ImageRef, TeachingCase
from store import cases, history, library, readers, sets
from store.database import Database, Transaction
from tests.building import NOW, Story, case_of, read_of

IMAGES = (ImageRef("image1", "series1", 1), ImageRef("image2", "series1", 2))


def stored(database: Database, story: Story) -> TeachingCase:
    case = case_of(story, IMAGES)
    with database.transaction() as tx:
        assert cases.add(tx, case, NOW)
        readers.add(tx, [Reader("ada", DEPARTMENT), Reader("bob", DEPARTMENT)])
    return case


def set_with(tx: Transaction, reader: str, case_id: str) -> None:
    item = Recommendation(case_id, Chance(0.6, 0.4, 0.8), "gap", "because")
    sets.add(tx, PracticeSet(f"set-{reader}", DEPARTMENT, reader, NOW, "whole", (item,), "model", 1, 7))


def test_a_case_comes_back_as_it_went_in(database: Database) -> None:
    case = stored(database, Story())
    with database.snapshot() as tx:
        assert cases.get(tx, DEPARTMENT, case.case_id) == case


def test_a_case_goes_in_once(database: Database) -> None:
    case = stored(database, Story())
    with database.transaction() as tx:
        assert not cases.add(tx, case, NOW)
        assert cases.counts(tx, DEPARTMENT)[CaseStatus.APPROVED] == 1


def test_a_case_of_another_department_is_not_found(database: Database) -> None:
    case = stored(database, Story())
    with database.snapshot() as tx, pytest.raises(NotFound):
        cases.get(tx, "elsewhere", case.case_id)


def test_the_key_is_refused_without_a_committed_read(database: Database) -> None:
    case = stored(database, Story())
    unstored = read_of("ada", case, 1, True)
    with database.snapshot() as tx, pytest.raises(NotCommitted):
        library.key(tx, case.case_id, unstored)


def test_the_key_is_refused_for_the_read_of_another_case(database: Database) -> None:
    case, other = stored(database, Story()), stored(database, Story(number=2))
    reading = read_of("ada", other, 1, True)
    with database.transaction() as tx:
        history.add(tx, reading)
        with pytest.raises(NotCommitted):
            library.key(tx, case.case_id, reading)
        with pytest.raises(NotCommitted):
            library.key(tx, case.case_id, replace(reading, case_id=case.case_id))


def test_the_key_is_refused_for_somebody_elses_read(database: Database) -> None:
    case = stored(database, Story())
    reading = read_of("ada", case, 1, True)
    with database.transaction() as tx:
        history.add(tx, reading)
        with pytest.raises(NotCommitted):
            library.key(tx, case.case_id, replace(reading, reader_id="bob"))


@pytest.mark.parametrize("source", [ReadingSource.IMPORTED, ReadingSource.PEER_REVIEW, ReadingSource.CLINICAL])
def test_a_read_that_was_no_answer_here_opens_no_key(database: Database, source: ReadingSource) -> None:
    case = stored(database, Story())
    reading = read_of("ada", case, 1, True, source=source)
    with database.transaction() as tx:
        history.add(tx, reading)
        with pytest.raises(NotCommitted):
            library.key(tx, case.case_id, reading)


def test_a_committed_read_opens_its_own_key(database: Database) -> None:
    case = stored(database, Story())
    reading = read_of("ada", case, 1, True)
    with database.transaction() as tx:
        history.add(tx, reading)
        assert library.key(tx, case.case_id, reading) == case.key


def test_a_stem_is_seen_only_in_ones_own_set(database: Database) -> None:
    case = stored(database, Story())
    with database.transaction() as tx:
        set_with(tx, "ada", case.case_id)
        assert library.stem(tx, "ada", case.case_id) == case.stem
        assert library.may_see_image(tx, DEPARTMENT, "image1", "ada")
        assert not library.may_see_image(tx, DEPARTMENT, "image1", "bob")
        assert library.may_see_image(tx, DEPARTMENT, "image1", None)
        with pytest.raises(NotFound):
            library.stem(tx, "bob", case.case_id)


def test_a_draft_is_served_to_no_reader(database: Database) -> None:
    case = stored(database, Story(status=CaseStatus.DRAFT))
    with database.transaction() as tx:
        set_with(tx, "ada", case.case_id)
        with pytest.raises(NotFound):
            library.stem(tx, "ada", case.case_id)
        assert not library.may_see_image(tx, DEPARTMENT, "image1", "ada")
        assert library.snapshot(tx, DEPARTMENT).cases == ()


@pytest.mark.parametrize("cleaning", [Cleaning(None, "p"), Cleaning("s", None), Cleaning(None, None)])
def test_only_what_is_clean_is_approved(database: Database, cleaning: Cleaning) -> None:
    case = stored(database, Story(status=CaseStatus.DRAFT, cleaning=cleaning))
    with database.transaction() as tx, pytest.raises(NotClean):
        cases.decide(tx, DEPARTMENT, case.case_id, 1, cases.Decision(CaseStatus.APPROVED, "edu", NOW))
    with database.snapshot() as tx:
        assert cases.get(tx, DEPARTMENT, case.case_id).status is CaseStatus.DRAFT


def test_approval_moves_the_library_and_happens_once(database: Database) -> None:
    case = stored(database, Story(status=CaseStatus.DRAFT))
    with database.transaction() as tx:
        before = library.snapshot(tx, DEPARTMENT)
        cases.decide(tx, DEPARTMENT, case.case_id, 1, cases.Decision(CaseStatus.APPROVED, "edu", NOW))
        after = library.snapshot(tx, DEPARTMENT)
        assert [c.case_id for c in after.cases] == [case.case_id]
        assert after.version > before.version
        with pytest.raises(Conflict):
            cases.decide(tx, DEPARTMENT, case.case_id, 1, cases.Decision(CaseStatus.REJECTED, "edu", NOW, "no"))


def test_an_edit_of_an_older_version_is_refused(database: Database) -> None:
    case = stored(database, Story(status=CaseStatus.DRAFT))
    edited = replace(case, key=replace(case.key, title="Another title"))
    with database.transaction() as tx:
        cases.edit(tx, edited, 1)
        assert cases.get(tx, DEPARTMENT, case.case_id).key.title == "Another title"
        with pytest.raises(Conflict):
            cases.edit(tx, case, 1)


def test_phantoms_are_for_demo_workspaces(database: Database) -> None:
    phantom = case_of(Story(origin=CaseOrigin.PHANTOM), IMAGES)
    with database.transaction() as tx, pytest.raises(Conflict):
        cases.add(tx, phantom, NOW)


def test_search_finds_title_and_report_and_counts_images(database: Database) -> None:
    case = stored(database, Story(status=CaseStatus.DRAFT))
    with database.snapshot() as tx:
        total, lines = cases.search(tx, DEPARTMENT, CaseStatus.DRAFT, "QUAGGA")
        assert (total, [line.case_id for line in lines], lines[0].images) == (1, [case.case_id], 2)
        assert cases.search(tx, DEPARTMENT, CaseStatus.DRAFT, "absent words")[0] == 0
