"""Which read a row tells of: a mended, moved or inserted row adds itself and nothing else, and a kill loses nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipelines.import_reads
import pipelines.learn
import pipelines.staged_reads
from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.finding import Truth
from models.reading import Reading, StateKind
from pipelines.csv_values import Clock as FileClock
from pipelines.import_reads import ReadsImport, import_reads
from pipelines.imported_reads import FindingWords, matched
from store import history, readers, states
from store.history import Held
from tests.building import Clock, workspace_at

PLAIN = "reader,case,correct,diagnosis"
SERIES = "reader,case,correct,diagnosis,series,order"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def imported(workspace: Workspace, header: str, rows: list[str], **options: object) -> int:
    """Write the file and import it, with stubs for whatever case is new; the exit code."""
    path = workspace.settings.home / "reads.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    wanted = ReadsImport(path, FileClock(workspace.now()), **{"create_cases": True, **options})  # type: ignore[arg-type]
    return import_reads(workspace, wanted)


def reads_of(workspace: Workspace, label: str) -> list[Reading]:
    with workspace.database.snapshot() as tx:
        return history.of_reader(tx, readers.by_label(tx, DEPARTMENT, label).reader_id)


def total(workspace: Workspace) -> int:
    with workspace.database.snapshot() as tx:
        return history.count(tx, DEPARTMENT)


def test_a_mended_csv_line_adds_itself_alone(workspace: Workspace) -> None:
    rows = ["a,c1,1,nodule", 'a,c2,0,"nod"x', "a,c3,1,nodule", "b,c1,1,nodule", "b,c3,0,nodule"]
    assert imported(workspace, PLAIN, rows) == 1
    rows[1] = "a,c2,0,nodule"
    assert imported(workspace, PLAIN, rows) == 0
    assert total(workspace) == 5


def test_a_row_put_in_above_adds_itself_alone(workspace: Workspace) -> None:
    rows = ["a,c1,1,nodule", "a,c2,0,nodule", "b,c1,1,nodule"]
    imported(workspace, PLAIN, rows)
    assert imported(workspace, PLAIN, ["a,c2,1,nodule", *rows]) == 0
    assert total(workspace) == 4
    assert sorted(r.correct for r in reads_of(workspace, "a")) == [False, True, True]


def test_a_mended_last_row_of_a_series_moves_no_later_series(workspace: Workspace, tmp_path: Path) -> None:
    """And whether it was mended before or after, the reads stand in the same order."""
    rows = ["a,c1,1,n,s1,1", "a,c2,1,n,s1,2", "a,c3,2,n,s1,3", "a,c1,0,n,s2,1", "a,c2,0,n,s2,2"]
    assert imported(workspace, SERIES, rows) == 1
    mended = [row.replace(",2,n,", ",1,n,") for row in rows]
    assert imported(workspace, SERIES, mended) == 0
    assert total(workspace) == 5
    fresh = workspace_at(tmp_path / "fresh", Clock())
    imported(fresh, SERIES, mended)
    assert [r.sequence for r in reads_of(workspace, "a")] == [r.sequence for r in reads_of(fresh, "a")]
    assert [r.sequence for r in reads_of(fresh, "a")] == sorted(r.sequence for r in reads_of(fresh, "a"))


def test_a_series_whose_first_rows_were_refused_keeps_its_place(workspace: Workspace) -> None:
    rows = ["a,c1,2,n,s1,1", "a,c2,0,n,s2,1"]
    imported(workspace, SERIES, rows)
    imported(workspace, SERIES, [rows[0].replace(",2,n", ",1,n"), rows[1]])
    first, second = reads_of(workspace, "a")
    assert first.correct and not second.correct


def test_modalities_and_times_tell_unnumbered_reads_apart(workspace: Workspace) -> None:
    header = "reader,case,modal,correct,read_at"
    rows = ["a,c1,CT,1,2026-01-05 10:00", "a,c1,MR,0,2026-01-05 10:00", "a,c1,CT,0,2026-01-06 10:00"]
    assert imported(workspace, header, rows) == 0
    newest_first = ["a,c1,CT,1,2026-02-01 09:00", *reversed(rows)]
    assert imported(workspace, header, newest_first) == 0
    assert total(workspace) == 4


def test_two_files_whose_series_start_alike_both_go_in(workspace: Workspace) -> None:
    imported(workspace, SERIES, ["a,c1,1,n,learning,1"])
    assert imported(workspace, SERIES, ["a,c1,0,n,posttest,1"]) == 0
    assert total(workspace) == 2
    both = ["a,c1,1,n,learning,1", "a,c1,0,n,posttest,1"]
    assert imported(workspace, SERIES, both) == 0
    assert total(workspace) == 2


@settings(max_examples=12)
@given(data=st.data())
def test_importing_any_part_first_ends_in_the_same_reads(data: st.DataObject, tmp_path_factory: object) -> None:
    """Some rows are broken at first, in whatever way; mended, the file holds just what it says."""
    folder = tmp_path_factory.mktemp("reads")  # type: ignore[attr-defined]
    workspace = workspace_at(folder / "home", Clock())
    row = st.tuples(st.sampled_from("ab"), st.sampled_from(["c1", "c2"]), st.sampled_from("01"))
    rows = [",".join([*each, "nodule"]) for each in data.draw(st.lists(row, min_size=1, max_size=8))]
    broken = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    ways = [
        lambda r: r.replace("nodule", '"nod"x'),
        lambda r: r.replace(",", ",,", 1),
        lambda r: '"' + r,
        lambda r: r[: r.index(",")],
    ]
    chance = random.Random(data.draw(st.integers(0, 99)))
    first = [chance.choice(ways)(row) if n in broken else row for n, row in enumerate(rows)]
    imported(workspace, PLAIN, first)
    imported(workspace, PLAIN, rows)
    assert imported(workspace, PLAIN, rows) == 0
    assert total(workspace) == len(rows)


def test_matching_takes_the_same_then_the_changed_then_the_free() -> None:
    right, wrong = Held(True, Truth.NORMAL), Held(False, Truth.NORMAL)
    assert matched([wrong, right], [right, None]) == [1, 0]
    assert matched([wrong, wrong], [right, wrong]) == [1, 0]
    assert matched([right, wrong], [None, None]) == [0, 1]


@pytest.mark.parametrize(("changed", "said"), [("a,c1,1,n,Normal,1", "correct"), ("a,c1,0,n,Abnormal,1", "truth")])
def test_a_row_that_contradicts_a_stored_read_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], changed: str, said: str
) -> None:
    header = "reader,case,correct,diagnosis,truth,sequence"
    imported(workspace, header, ["a,c1,0,n,Normal,1"])
    before = reads_of(workspace, "a")
    assert imported(workspace, header, [changed]) == 1
    refused = [line for line in capsys.readouterr().err.splitlines() if line.startswith("refused")]
    assert len(refused) == 1 and f"its {said} differs" in refused[0] and "reads.csv:2" in refused[0]
    assert reads_of(workspace, "a") == before


def test_two_rows_of_one_read_are_told(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(workspace, "reader,case,correct,sequence", ["a,c1,0,1", "a,c1,1,1"]) == 1
    assert "the same read as line 2" in capsys.readouterr().err
    assert [r.correct for r in reads_of(workspace, "a")] == [False]


def test_more_alike_rows_than_can_be_matched_are_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.staged_reads, "MOST_ALIKE", 3)
    rows = ["a,c1,1,n", "b,c1,1,n", "a,c1,0,n", "a,c1,1,n", "a,c1,1,n", "a,c1,0,n", "a,c2,0,n"]
    assert imported(workspace, PLAIN, rows) == 1
    refused = [line for line in capsys.readouterr().err.splitlines() if line.startswith("refused")]
    assert [":6: more than" in refused[0], ":7: more than" in refused[1], len(refused)] == [True, True, 2]
    assert total(workspace) == 5


def test_rows_of_many_pieces_are_what_rows_of_one_are(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting, matching and storing go by pieces; where one ends changes nothing."""
    rows = [f"r{n % 5},c{n % 7},{n % 3 % 2},n,s{n % 2},{'' if n % 4 else n}" for n in range(100)]
    imported(workspace, SERIES, rows)
    small = workspace_at(tmp_path / "small", Clock())
    monkeypatch.setattr(pipelines.staged_reads, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(pipelines.import_reads, "ROWS_A_TRANSACTION", 3)
    imported(small, SERIES, rows)
    for place in (workspace, small):
        imported(place, SERIES, rows)
        assert total(place) == 100
    for reader in range(5):
        one, other = (reads_of(place, f"r{reader}") for place in (workspace, small))
        assert [(r.sequence, r.correct) for r in one] == [(r.sequence, r.correct) for r in other]


def test_a_file_that_grows_by_the_month_needs_no_option(workspace: Workspace) -> None:
    """Its new cases meet stubs of its own and nothing else, as those of a killed import do."""
    imported(workspace, PLAIN, ["a,c1,1,n"], create_cases=None)
    assert imported(workspace, PLAIN, ["a,c1,1,n", "a,c2,1,n"], create_cases=None) == 0
    assert total(workspace) == 2
    assert imported(workspace, PLAIN, ["a,c3,1,n"], create_cases=False) == 1


def test_a_kill_before_learning_is_made_good(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The readers are known from an earlier file, so that every one of them has a state already."""

    def killed(*_: object) -> None:
        raise SystemExit("killed")

    imported(workspace, PLAIN, batch(10))
    monkeypatch.setattr(pipelines.import_reads, "learn", killed)
    with pytest.raises(SystemExit):
        imported(workspace, PLAIN, batch(20))
    monkeypatch.undo()
    imported(workspace, PLAIN, batch(20))
    assert_complete(workspace, 20)


def test_a_kill_in_the_middle_of_learning_is_made_good(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(workspace, PLAIN, batch(10))
    monkeypatch.setattr(pipelines.learn, "READERS_A_TRANSACTION", 1)
    real, calls = Learning.replay_many, []

    def dying(self: Learning, *given: object) -> None:
        calls.append(given)
        if len(calls) == 4:
            raise SystemExit("killed")
        real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Learning, "replay_many", dying)
    with pytest.raises(SystemExit):
        imported(workspace, PLAIN, batch(20))
    monkeypatch.undo()
    imported(workspace, PLAIN, batch(20))
    assert_complete(workspace, 20)


def test_nothing_is_learned_anew_where_nothing_is_new(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(workspace, PLAIN, batch(10))
    calls: list[object] = []
    monkeypatch.setattr(pipelines.import_reads, "learn", lambda *given: calls.append(given))
    imported(workspace, PLAIN, batch(10))
    assert not calls


def batch(cases: int) -> list[str]:
    """Seven readers who read that many cases: enough for a population to be fitted."""
    return [f"r{reader},c{n},{(n * reader) % 3 % 2},nodule" for reader in range(7) for n in range(cases)]


def assert_complete(workspace: Workspace, reads: int) -> None:
    """Every state counts every read under the model in use, and is what a replay of the history gives."""
    learning = Learning(workspace.findings)
    with workspace.database.transaction() as tx:
        _, model = learning.tracer(tx, DEPARTMENT)
        for reader in readers.every(tx, DEPARTMENT):
            held = states.get(tx, reader.reader_id, StateKind.PRACTICE)
            head = states.head(tx, reader.reader_id, StateKind.PRACTICE)
            assert held["all"].reads == reads and head and head.model == model
            learning.replay(tx, reader)
            assert states.get(tx, reader.reader_id, StateKind.PRACTICE) == held


def test_words_for_a_finding_are_keys_names_and_phrases(workspace: Workspace) -> None:
    words = FindingWords(workspace.findings)
    for key, finding in list(workspace.findings.items())[:20]:
        assert words.key(key.upper()) == key
        assert words.key(f" {finding.name} ") == key
    assert words.key("Quagga  bone (left)") == "quagga_bone_left"
