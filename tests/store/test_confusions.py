"""Evidence streamed for learning, what was said instead, and states replaced by the many; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.workspace import DEPARTMENT
from models.reading import Confusion, Reader, Reading, ReadingSource, SkillState, StateHead, StateKind
from models.teaching_case import ImageRef
from store import cases, history, read_counts, readers, states
from store.database import Database
from store.states import Replayed
from tests.building import NOW, Story, case_of, read_of

SHOWN = case_of(Story(), (ImageRef("image1", "series1", 1),))
FINDING = SHOWN.key.findings[0]
PEOPLE = [Reader(f"r{n}", DEPARTMENT) for n in range(5)]
PRACTICE = (ReadingSource.PRACTICE, ReadingSource.IMPORTED)


@pytest.fixture
def prepared(database: Database) -> Database:
    with database.transaction() as tx:
        readers.add(tx, PEOPLE)
        cases.add(tx, SHOWN, NOW)
    return database


def said(reader: str, sequence: int, answered: str | None, **changes: object) -> Reading:
    return read_of(reader, SHOWN, sequence, False, answered=answered, **changes)


def test_wrong_answers_are_counted_by_what_was_said(prepared: Database) -> None:
    reads = [said(f"r{n % 3}", n, "granuloma") for n in range(7)]
    reads += [
        said("r0", 20, "normal"),
        said("r0", 21, ""),
        said("r0", 22, None),
        said("r0", 23, FINDING),
        replace(said("r0", 24, "granuloma"), correct=True),
        said("r1", 25, "granuloma", source=ReadingSource.PRELIM_FINAL),
        said("r4", 26, "hamartoma"),
    ]
    with prepared.transaction() as tx:
        history.add_many(tx, reads)
        assert read_counts.confusions(tx, DEPARTMENT, PRACTICE) == [
            Confusion(FINDING, "granuloma", 7, 3),
            Confusion(FINDING, "hamartoma", 1, 1),
        ]
        assert read_counts.confusions(tx, "elsewhere", PRACTICE) == []


def test_the_latest_mistake_comes_first_and_undated_ones_last(prepared: Database) -> None:
    reads = [
        said("r0", 1, "old", read_at=NOW - timedelta(days=9)),
        said("r0", 2, "new", read_at=NOW),
        said("r0", 9, "undated", read_at=None),
        said("r0", 3, "private", source=ReadingSource.PRELIM_FINAL),
        said("r1", 1, "anothers"),
    ]
    with prepared.transaction() as tx:
        history.add_many(tx, reads)
        told = [answered for _, answered in read_counts.mistaken(tx, "r0", PRACTICE, 5)]
        assert told == ["new", "old", "undated"]
        assert read_counts.mistaken(tx, "r0", PRACTICE, 1) == [(FINDING, "new")]


def test_evidence_is_the_history_without_its_answers(prepared: Database) -> None:
    reads = [replace(said(f"r{n % 4}", n, "granuloma", weight=float(n % 3)), seconds=4.0) for n in range(40)]
    reads.append(said("r1", 99, None, source=ReadingSource.PRELIM_FINAL))
    with prepared.transaction() as tx:
        history.add_many(tx, reads)
        found = list(history.evidence(tx, DEPARTMENT, PRACTICE, ["r0", "r1", "r2"]))
        counts = history.reads_by_reader(tx, DEPARTMENT, PRACTICE)
    wanted = [
        replace(read, answered=None, seconds=None)
        for read in reads
        if read.weight and read.source in PRACTICE and read.reader_id != "r3"
    ]
    assert sorted(found, key=lambda read: read.reading_id) == sorted(wanted, key=lambda read: read.reading_id)
    assert [read.reader_id for read in found] == sorted(read.reader_id for read in found)
    assert counts == {
        f"r{n}": sum(r.reader_id == f"r{n}" and r.weight > 0 and r.sequence < 99 for r in reads) for n in range(4)
    }


def test_states_are_replaced_whole_and_others_stay(prepared: Database) -> None:
    head = StateHead("read", NOW, ReadingSource.PRACTICE, 1, "model 1")

    def state(*skills: str) -> tuple[SkillState, ...]:
        return tuple(SkillState(skill, 0.25, 0.5, 3, 2, NOW) for skill in skills)

    with prepared.transaction() as tx:
        for person in PEOPLE[:3]:
            for kind in StateKind:
                states.replace(tx, person, kind, state("all", "old"), head)
        newer = replace(head, model="model 2")
        states.replace_many(
            tx,
            [
                Replayed(PEOPLE[0], StateKind.PRACTICE, state("all", "new"), newer),
                Replayed(PEOPLE[1], StateKind.PRACTICE, (), None),
            ],
        )
        assert set(states.get(tx, "r0", StateKind.PRACTICE)) == {"all", "new"}
        assert states.get(tx, "r1", StateKind.PRACTICE) == {} and states.head(tx, "r1", StateKind.PRACTICE) is None
        for reader, kind in (("r0", StateKind.PRIVATE), ("r1", StateKind.PRIVATE), ("r2", StateKind.PRACTICE)):
            assert set(states.get(tx, reader, kind)) == {"all", "old"} and states.head(tx, reader, kind) == head
        assert list(states.of_department(tx, DEPARTMENT, StateKind.PRACTICE)) == [
            states.get(tx, "r0", StateKind.PRACTICE),
            states.get(tx, "r2", StateKind.PRACTICE),
        ]
        assert states.skills(tx, DEPARTMENT, StateKind.PRACTICE) == ["all", "new", "old"]
        assert states.of_other_models(tx, DEPARTMENT, "model 2")
        assert not states.of_other_models(tx, "elsewhere", "model 2")
