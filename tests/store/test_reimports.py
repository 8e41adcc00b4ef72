"""What imports ask of an earlier import's cases and reads, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.workspace import DEPARTMENT
from models.errors import Conflict
from models.finding import Truth
from models.reading import Reader, ReadingSource, SkillState, StateHead, StateKind
from models.teaching_case import CaseStatus, ImageRef
from store import accounts, audit, cases, departments, history, library, readers, reimports, states
from store.accounts import Account, Session
from store.audit import AuditEntry
from store.database import Database
from store.history import Held
from tests.building import NOW, Story, case_of, read_of

IMAGES = (ImageRef("image1", "series1", 1), ImageRef("image2", "series1", 2))
STUB = replace(case_of(Story(status=CaseStatus.STUB), ()), source="reads")
DRAFT = replace(case_of(Story(status=CaseStatus.DRAFT), IMAGES), source="import")


def test_known_cases_are_found_under_any_source_with_what_they_say(database: Database) -> None:
    other = replace(case_of(Story(number=2), ()), source="other", source_id=DRAFT.source_id)
    with database.transaction() as tx:
        cases.add(tx, DRAFT, NOW)
        cases.add(tx, other, NOW)
        found = {case.source: case for case in reimports.known(tx, DEPARTMENT, [DRAFT.source_id, "none"])}
    assert set(found) == {"import", "other"}
    assert (found["import"].images, found["other"].images) == (2, 0)
    assert (found["import"].report, found["import"].history) == (DRAFT.key.report, DRAFT.stem.history)


def test_a_filled_stub_keeps_its_reads_and_its_learned_difficulty(database: Database) -> None:
    with database.transaction() as tx:
        readers.add(tx, [Reader("ada", DEPARTMENT)])
        cases.add_stubs(tx, [STUB], NOW)
        history.add(tx, read_of("ada", STUB, 1, True))
        library.set_difficulties(tx, DEPARTMENT, [(STUB.case_id, 1.5, 0.25)])
        before = departments.library_version(tx, DEPARTMENT)
        reimports.fill_stub(tx, DRAFT, NOW)
        stored = cases.get(tx, DEPARTMENT, STUB.case_id)
        assert departments.library_version(tx, DEPARTMENT) > before
        assert len(history.of_reader(tx, "ada")) == 1
    assert stored == replace(DRAFT, key=replace(DRAFT.key, difficulty=1.5))
    with pytest.raises(Conflict), database.transaction() as tx:
        reimports.fill_stub(tx, DRAFT, NOW)


def test_images_join_a_draft_only_as_it_was_seen(database: Database) -> None:
    bare = replace(case_of(Story(status=CaseStatus.DRAFT), IMAGES[:1]), flags=("image_missing",))
    whole = replace(bare, stem=replace(bare.stem, images=IMAGES), flags=(), modality="MR")
    with database.transaction() as tx:
        cases.add(tx, bare, NOW)
        reimports.attach_images(tx, whole, 1)
        assert cases.get(tx, DEPARTMENT, bare.case_id) == whole
        assert cases.version(tx, bare.case_id) == 2
    with pytest.raises(Conflict), database.transaction() as tx:
        reimports.attach_images(tx, whole, 1)
    with pytest.raises(Conflict), database.transaction() as tx:
        cases.decide(tx, DEPARTMENT, bare.case_id, 2, cases.Decision(CaseStatus.APPROVED, "edu", NOW))
        reimports.attach_images(tx, whole, 3)


def test_images_in_use_are_those_a_case_shows(database: Database) -> None:
    with database.transaction() as tx:
        cases.add(tx, DRAFT, NOW)
        assert reimports.images_in_use(tx, ["image2", "image3"]) == {"image2"}
        assert reimports.all_images(tx) == [(DRAFT.case_id, "image1"), (DRAFT.case_id, "image2")]


def test_an_edit_is_known_by_the_trail(database: Database) -> None:
    with database.transaction() as tx:
        assert not reimports.edited(tx, DEPARTMENT, "case1")
        audit.record(tx, AuditEntry(DEPARTMENT, NOW, "edu", "view draft", "case1"))
        audit.record(tx, AuditEntry(DEPARTMENT, NOW, "edu", reimports.EDIT, "case2"))
        assert not reimports.edited(tx, DEPARTMENT, "case1")
        assert reimports.edited(tx, DEPARTMENT, "case2")


def test_held_reads_tell_what_they_say(database: Database) -> None:
    with database.transaction() as tx:
        readers.add(tx, [Reader("ada", DEPARTMENT)])
        cases.add(tx, DRAFT, NOW)
        reads = [read_of("ada", DRAFT, n, n % 2 == 0) for n in range(1, 700)]
        history.add_many(tx, reads)
        held = history.held(tx, [*(read.reading_id for read in reads), "none"])
    assert held == {
        read.reading_id: Held(read.correct, Truth.ABNORMAL, read.skills.finding, read.answer_text) for read in reads
    }


def behind(database: Database, model: str = "m") -> list[str]:
    with database.transaction() as tx:
        return history.behind(tx, DEPARTMENT, [ReadingSource.PRACTICE], StateKind.PRACTICE, "all", model)


def test_readers_are_behind_until_their_state_counts_every_read_under_the_model(database: Database) -> None:
    ada, head = Reader("ada", DEPARTMENT), StateHead("r", NOW, ReadingSource.PRACTICE, 2, "m")
    with database.transaction() as tx:
        readers.add(tx, [ada, Reader("bob", DEPARTMENT)])
        cases.add(tx, DRAFT, NOW)
        history.add_many(tx, [read_of("ada", DRAFT, n, True) for n in (1, 2)])
        history.add(tx, read_of("ada", DRAFT, 3, True, source=ReadingSource.CLINICAL))
        history.add(tx, read_of("ada", DRAFT, 4, True, weight=0.0))
    assert behind(database) == ["ada"]
    with database.transaction() as tx:
        states.replace(tx, ada, StateKind.PRIVATE, [SkillState("all", 0.0, 1.0, 2, 2)], head)
        states.replace(tx, ada, StateKind.PRACTICE, [SkillState("all", 0.0, 1.0, 1, 1)], head)
    assert behind(database) == ["ada"]
    with database.transaction() as tx:
        states.replace(tx, ada, StateKind.PRACTICE, [SkillState("all", 0.0, 1.0, 2, 2)], head)
    assert behind(database) == []
    assert behind(database, "newer") == ["ada"]


def test_everybody_can_be_signed_out_at_once(database: Database) -> None:
    with database.transaction() as tx:
        for name in ("ada", "bob"):
            readers.add(tx, [Reader(name, DEPARTMENT)])
            accounts.add(tx, Account(name, DEPARTMENT, name, name, "hash", name, ("learner",), False))
            accounts.begin_session(tx, Session(name, name, DEPARTMENT, "csrf", NOW, NOW.replace(year=NOW.year + 1)))
        accounts.end_all_sessions(tx)
        assert accounts.session(tx, "ada", NOW) is None and accounts.session(tx, "bob", NOW) is None
