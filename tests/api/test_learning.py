"""States follow the history: read by read, and replayed, the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.exposure import circles_of
from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.finding import FindingCatalogue
from models.reading import Reader, Reading, ReadingSource, StateKind
from models.volume import ReportCount
from recommender.request import SetRequest
from store import departments, history, imports, library, readers, reviews, states, volumes
from store.imports import ImportRun, ImportStatus
from tests.building import NOW, Clock, library_of, read_of, review_of, workspace_at

ADA = Reader("ada", DEPARTMENT)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspace_at(tmp_path, Clock())
    with made.database.transaction() as tx:
        readers.add(tx, [ADA])
    return made


def reads_in(workspace: Workspace) -> list[Reading]:
    """Thirty reads over two months of ten cases, a third of them wrong."""
    cases = library_of(workspace, 10)
    return [
        replace(read_of("ada", cases[n % 10], n + 1, n % 3 != 0), read_at=NOW + timedelta(days=2 * n))
        for n in range(30)
    ]


def test_replaying_gives_the_state_that_grew_read_by_read(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    for reading in reads_in(workspace):
        with workspace.database.transaction() as tx:
            history.add(tx, reading)
            assert not learning.take_in(tx, ADA, reading).late
    with workspace.database.transaction() as tx:
        for kind in StateKind:
            grown = states.get(tx, "ada", kind)
            learning.replay(tx, ADA)
            replayed = states.get(tx, "ada", kind)
            assert grown.keys() == replayed.keys()
            for skill, state in grown.items():
                assert state.mean == pytest.approx(replayed[skill].mean, abs=1e-9)
                assert state.variance == pytest.approx(replayed[skill].variance, abs=1e-9)
                assert (state.reads, state.right) == (replayed[skill].reads, replayed[skill].right)


def test_reads_that_arrive_in_another_order_end_in_the_same_state(workspace: Workspace) -> None:
    learning, reads = Learning(workspace.findings), reads_in(workspace)
    with workspace.database.transaction() as tx:
        history.add_many(tx, reads)
        learning.replay(tx, ADA)
        in_order = states.get(tx, "ada", StateKind.PRACTICE)
    late, rest = reads[3], reads[:3] + reads[4:]
    bob = Reader("bob", DEPARTMENT)
    with workspace.database.transaction() as tx:
        readers.add(tx, [bob])
        for reading in [*rest, late]:
            his = replace(reading, reader_id="bob", reading_id=f"bob{reading.reading_id}")
            history.add(tx, his)
            taken = learning.take_in(tx, bob, his)
        assert taken.late
        learning.replay(tx, bob)
        after = states.get(tx, "bob", StateKind.PRACTICE)
    assert {skill: (s.mean, s.variance) for skill, s in after.items()} == {
        skill: (pytest.approx(s.mean, abs=1e-9), pytest.approx(s.variance, abs=1e-9)) for skill, s in in_order.items()
    }


def test_a_library_that_moved_is_read_anew(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    with workspace.database.snapshot() as tx:
        assert learning.library(tx, DEPARTMENT).by_id == {}
    library_of(workspace, 4)
    with workspace.database.snapshot() as tx:
        first = learning.library(tx, DEPARTMENT)
        assert len(first.by_id) == 4
        assert learning.library(tx, DEPARTMENT) is first


BOB = Reader("bob", DEPARTMENT)


def test_several_readers_are_replayed_as_each_alone(workspace: Workspace) -> None:
    learning, people = Learning(workspace.findings), [ADA, BOB]
    own = [replace(r, reader_id="bob", reading_id=f"bob {r.reading_id}") for r in reads_in(workspace)[:17]]
    with workspace.database.transaction() as tx:
        readers.add(tx, [BOB])
        history.add_many(tx, [*reads_in_library(workspace), *own])
        reviews.add_many(tx, [review_of("bob", "3b")])
        alone = []
        for person in people:
            learning.replay(tx, person)
            alone += [states.get(tx, person.reader_id, kind) for kind in StateKind]
        learning.replay_many(tx, people)
        together = [states.get(tx, person.reader_id, kind) for person in people for kind in StateKind]
    assert together == alone
    assert together[0] == together[1], "nothing private was taken in of this reader"
    assert together[2] != together[3], "a review belongs into the private state alone"


def reads_in_library(workspace: Workspace) -> list[Reading]:
    """Reads of Ada of the library that is there already."""
    with workspace.database.snapshot() as tx:
        known = library.snapshot(tx, DEPARTMENT).cases
    return [
        Reading(
            reading_id=f"ada {n}",
            department_id=DEPARTMENT,
            reader_id="ada",
            case_id=case.case_id,
            source=ReadingSource.PRACTICE,
            sequence=n,
            correct=n % 4 > 0,
            skills=case.skills,
            read_at=NOW + timedelta(hours=n),
        )
        for n, case in enumerate(known)
    ]


def stored_gaps(workspace: Workspace) -> dict[str, float]:
    with workspace.database.snapshot() as tx:
        rows = tx.exec_driver_sql("SELECT finding, gap FROM finding_gaps").all()
    return {row.finding: row.gap for row in rows}


def test_gaps_come_from_what_others_may_see(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    library_of(workspace, 12)
    reads = reads_in_library(workspace)
    with workspace.database.transaction() as tx:
        learning.note_gaps(tx, DEPARTMENT)
    before = stored_gaps(workspace)
    assert set(workspace.findings) <= set(before) and all(gap > 0 for gap in before.values())
    missed = [replace(r, correct=False) for r in reads if r.skills.finding == "pneumothorax"]
    with workspace.database.transaction() as tx:
        history.add_many(tx, missed)
        learning.replay(tx, ADA)
        learning.note_gaps(tx, DEPARTMENT)
    after = stored_gaps(workspace)
    assert after["pneumothorax"] > before["pneumothorax"]
    with workspace.database.transaction() as tx:
        reviews.add_many(tx, [review_of("ada", "3b")])
        learning.replay(tx, ADA)
        learning.note_gaps(tx, DEPARTMENT)
    assert stored_gaps(workspace) == after, "a review may not show in the order of the drafts (wall 3)"


def test_what_the_department_reports_weighs_its_gaps_once_an_import_ends(workspace: Workspace) -> None:
    learning = Learning(workspace.findings)
    with workspace.database.transaction() as tx:
        learning.note_gaps(tx, DEPARTMENT)
        counts = [ReportCount("ada", "2031-01", "CT", finding, n) for finding, n in (("", 500), ("pneumothorax", 60))]
        volumes.count_reports(tx, DEPARTMENT, counts)
        run = ImportRun("run", DEPARTMENT, "reports", "", "file", ImportStatus.DONE, NOW, NOW, finished_at=NOW)
        imports.begin(tx, run)
    before = stored_gaps(workspace)
    with workspace.database.transaction() as tx:
        learning.note_gaps(tx, DEPARTMENT)
    after = stored_gaps(workspace)
    assert after["pneumothorax"] == pytest.approx(60 * before["pneumothorax"])
    assert after["pleural_effusion"] == pytest.approx(before["pleural_effusion"])


def practised(workspace: Workspace, kind: StateKind) -> str:
    """All reasons of a set of ten for Ada."""
    learning = Learning(workspace.findings)
    with workspace.database.snapshot() as tx:
        chosen = learning.choose(tx, ADA, SetRequest(size=10), NOW + timedelta(days=90), 3, "set", kind)
    assert chosen.items
    return " ".join(item.reason for item in chosen.items)


def test_a_reason_tells_how_often_a_finding_is_met(workspace: Workspace) -> None:
    library_of(workspace, 40)
    assert "you meet this" not in practised(workspace, StateKind.PRACTICE)
    shown = ("nodule_mass", "pneumothorax", "pleural_effusion")
    with workspace.database.transaction() as tx:
        counts = [ReportCount("ada", "2031-01", "CT", finding, 30) for finding in shown]
        volumes.count_reports(tx, DEPARTMENT, [*counts, ReportCount("ada", "2031-01", "CT", "", 500)])
    assert "you meet this about 30 times a month" in practised(workspace, StateKind.PRACTICE)


@pytest.mark.parametrize("source", [ReadingSource.PRACTICE, ReadingSource.PRELIM_FINAL])
def test_a_look_alike_said_in_daily_work_shapes_private_sets_alone(workspace: Workspace, source: ReadingSource) -> None:
    """Wall 3: a set that others see tells nothing of reads that are no practice."""
    cases = library_of(workspace, 40)
    case = next(case for case in cases if case.key.findings == ("pneumothorax",))
    findings = FindingCatalogue(
        [
            replace(each, mimics=("pleural_effusion",)) if key == "pneumothorax" else each
            for key, each in workspace.findings.items()
        ]
    )
    workspace = replace(workspace, findings=findings)
    before = practised(workspace, StateKind.PRACTICE)
    read = read_of("ada", case, 1, False, answered="pleural_effusion", source=source)
    with workspace.database.transaction() as tx:
        history.add(tx, read)
        Learning(findings).replay(tx, ADA)
    told = "you said pleural effusion lately where pneumothorax was right"
    assert told in practised(workspace, StateKind.PRIVATE)
    after = practised(workspace, StateKind.PRACTICE)
    assert (told in after) is (source is ReadingSource.PRACTICE)
    if source is not ReadingSource.PRACTICE:
        assert after == before


def test_readers_who_share_cases_directly_or_through_others_have_one_circle() -> None:
    pairs = [("ada", "1"), ("ada", "2"), ("bob", "2"), ("bob", "3"), ("cy", "3"), ("eve", "8"), ("eve", "9")]
    circles = circles_of(pairs)
    assert circles == circles_of(pairs[::-1])
    assert circles["ada"] == circles["cy"] == {"1", "2", "3"} and circles["eve"] == {"8", "9"}
    assert circles_of([]) == {}


def test_of_two_files_of_reads_without_modality_each_reader_practises_their_own(workspace: Workspace) -> None:
    """Stubs of mammograms and of electrocardiograms say nothing of what they are but by who read them."""
    stubs = library_of(workspace, 90)
    hers = [case for n, case in enumerate(stubs) if (case.key.findings or (str(n % 4),))[0] in ("pneumothorax", "2")]
    files = ((ADA, hers), (BOB, [case for case in stubs if case not in hers]))
    with workspace.database.transaction() as tx:
        tx.exec_driver_sql("UPDATE cases SET modality = ''")
        readers.add(tx, [BOB])
        for person, own in files:
            for n, case in enumerate(own):
                read = read_of(person.reader_id, case, n, n % 3 > 0, source=ReadingSource.IMPORTED)
                history.add(tx, replace(read, skills=replace(read.skills, modality=""), read_at=None))
        departments.move_library(tx, DEPARTMENT)
        learning = Learning(workspace.findings)
        learning.replay_many(tx, [ADA, BOB])
        for person, own in files:
            ids = {case.case_id for case in own}
            for seed in range(5):
                chosen = learning.choose(tx, person, SetRequest(size=10), NOW, seed, "set")
                assert len(chosen.items) == 10 and sum(item.case_id in ids for item in chosen.items) >= 8


def test_who_comes_and_goes_is_counted_by_the_months_they_were_there(workspace: Workspace) -> None:
    """Twelve readers of one month each, two pneumothoraces a reader; reports without author or date stay out."""
    with workspace.database.transaction() as tx:
        readers.add(tx, [Reader(f"r{n}", DEPARTMENT) for n in range(12)])
        counts = [
            ReportCount(f"r{n}", f"2031-{n + 1:02}", "CT", finding, reports)
            for n in range(12)
            for finding, reports in (("", 100), ("pneumothorax", 2))
        ]
        loose = [ReportCount(who, when, "CT", "pneumothorax", 500) for who, when in (("", "2031-01"), ("r1", ""))]
        volumes.count_reports(tx, DEPARTMENT, [*counts, *loose])
        a_month = Learning(workspace.findings).known(tx, DEPARTMENT).volume.a_month
    assert a_month["pneumothorax"] == pytest.approx(2)
    assert a_month["aortic_flap"] < 0.05, "twelve hundred scans without one: it is not met once a month"
