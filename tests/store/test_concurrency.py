"""Two tabs of one reader at once: no answer lost, none doubled, every read in the state."""

from __future__ import annotations

from threading import Barrier, Thread

from api.learning import Learning
from api.workspace import DEPARTMENT
from models.finding import shipped_findings
from models.reading import Reader, ReadingSource, StateKind
from models.teaching_case import ImageRef
from store import cases, history, readers, states
from store.database import Database
from tests.building import NOW, Story, case_of, read_of

ADA = Reader("ada", DEPARTMENT)
TABS, READS_A_TAB = 4, 6


def test_states_hold_every_read_of_concurrent_tabs(database: Database) -> None:
    case = case_of(Story(), (ImageRef("image1", "series1", 1),))
    with database.transaction() as tx:
        readers.add(tx, [ADA])
        cases.add(tx, case, NOW)
    learning, start = Learning(shipped_findings()), Barrier(TABS)

    def tab() -> None:
        start.wait()
        for _ in range(READS_A_TAB):
            with database.transaction() as tx:
                readers.lock(tx, "ada")
                sequence = history.next_sequence(tx, "ada", ReadingSource.PRACTICE)
                reading = read_of("ada", case, sequence, True)
                history.add(tx, reading)
                assert not learning.take_in(tx, ADA, reading).late

    tabs = [Thread(target=tab) for _ in range(TABS)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    with database.snapshot() as tx:
        reads = history.of_reader(tx, "ada")
        state = states.get(tx, "ada", StateKind.PRACTICE)
    assert [read.sequence for read in reads] == list(range(1, TABS * READS_A_TAB + 1))
    assert state["all"].reads == TABS * READS_A_TAB
