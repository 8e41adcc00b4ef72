"""Files of peer reviews: every score counted once, sampling kept, nothing of a name but in the identities."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, RadpeerScore, Sampling
from models.errors import BadInput
from models.reading import StateKind
from pipelines.columns import ColumnWish
from pipelines.import_reviews import ReviewsImport, import_reviews
from store import imports, readers, reviews, states
from tests.building import NOW, Clock, workspace_at
from tests.pipelines.conftest import Command
from tests.pipelines.killing import killed_and_completed

HEADER = "Review ID,Radiologist,Reviewer,Accession,Modality,Review Date,RADPEER Score,Sampling,Missed Finding,Error"


def reviews_file(path: Path, number: int, people: int = 8, seed: int = 3) -> Counter[str]:
    """``number`` reviews by rule; returns how many of each score there are, old 4s as 3s."""
    rng = random.Random(seed)
    scores: Counter[str] = Counter()
    lines = [HEADER]
    for n in range(number):
        score = rng.choice(["2", "2A", "3b", "4", "4B", "3"]) if rng.random() < 0.1 else "1"
        scores[score.lower().replace("4", "3")] += 1
        what = ("pneumothorax", "perceptual") if score != "1" else ("", "")
        who = f"Quokka {n % people}"
        lines.append(f"{n},{who},Numbat {n % 3},AX{n},CT,2026-03-{1 + n % 28:02d},{score},random,{','.join(what)}")
    path.write_text("\n".join(lines) + "\n")
    return scores


def run(workspace: Workspace, path: Path, source: str = "", sampling: Sampling = Sampling.UNKNOWN) -> int:
    return import_reviews(workspace, ReviewsImport(path, NOW, ColumnWish({}), source, sampling))


def stored(workspace: Workspace) -> list[Discrepancy]:
    with workspace.database.snapshot() as tx:
        people = readers.every(tx, DEPARTMENT)
        return [review for person in people for review in reviews.of_reader(tx, person.reader_id)]


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return workspace_at(home, Clock())


def written(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_every_score_goes_in_once_concurring_ones_too(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    scores = reviews_file(path, 400)
    for _ in range(2):
        assert run(workspace, path) == 0
        assert Counter(review.score.value for review in stored(workspace)) == scores
    with workspace.database.snapshot() as tx:
        _, runs = imports.latest(tx, DEPARTMENT, 5)
    assert sorted((run.added, run.known) for run in runs) == [(0, 400), (400, 0)]


def test_reviews_feed_the_private_state_alone(workspace: Workspace, tmp_path: Path) -> None:
    reviews_file(tmp_path / "reviews.csv", 200)
    run(workspace, tmp_path / "reviews.csv")
    with workspace.database.snapshot() as tx:
        person = readers.by_label(tx, DEPARTMENT, "Quokka 1")
        assert states.get(tx, person.reader_id, StateKind.PRIVATE)["abnormal/pneumothorax"].reads > 0
        assert states.get(tx, person.reader_id, StateKind.PRACTICE) == {}


@pytest.mark.parametrize(
    ("said", "stored_as"),
    [
        ("Random", Sampling.RANDOM),
        ("complaint", Sampling.TRIGGERED),
        ("Self-submitted", Sampling.SUBMITTED),
        ("addendum", Sampling.ADDENDUM),
        ("Pathology follow-up", Sampling.OUTCOME),
        ("", Sampling.UNKNOWN),
    ],
)
def test_how_a_case_was_chosen_is_kept(workspace: Workspace, tmp_path: Path, said: str, stored_as: Sampling) -> None:
    run(workspace, written(tmp_path, f"1,Quokka,,,CT,2026-03-01,3b,{said},pneumothorax,"))
    [review] = stored(workspace)
    assert review.sampling is stored_as
    with workspace.database.snapshot() as tx:
        [count] = reviews.group_counts(tx, DEPARTMENT)
    assert count.discrepancies == (stored_as is Sampling.RANDOM)


def test_rows_that_nothing_tells_apart_are_counted_each(workspace: Workspace, tmp_path: Path) -> None:
    """A denominator without ids: three alike rows are three reviews, and stay three."""
    path = written(tmp_path, *["Quokka,CT,2026-03-01,1"] * 3, header="reader,modality,date,score")
    for _ in range(2):
        assert run(workspace, path) == 0
        assert len(stored(workspace)) == 3
    path.write_text(path.read_text() + "Quokka,CT,2026-03-01,1\n")
    assert run(workspace, path) == 0
    assert len(stored(workspace)) == 4


def test_a_row_may_stand_for_many_reviews(workspace: Workspace, tmp_path: Path) -> None:
    rows = ("Quokka,CT,2026-03-01,1,40", "Quokka,CT,2026-03-01,2b,2", "Quokka,CT,2026-03-01,1,40")
    path = written(tmp_path, *rows, header="reader,modality,date,score,count")
    for _ in range(2):
        assert run(workspace, path) == 0
        assert Counter(r.score for r in stored(workspace)) == {
            RadpeerScore.CONCUR: 80,
            RadpeerScore.UNDERSTANDABLE_B: 2,
        }


def test_a_review_that_says_otherwise_changes_nothing_and_is_told(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "1,Quokka,,,CT,2026-03-01,1,random,,", "1,Quokka,,,CT,2026-03-01,3b,random,,")
    assert run(workspace, path) == 1
    assert [review.score for review in stored(workspace)] == [RadpeerScore.CONCUR]
    assert "same review as line 2 with another score" in capsys.readouterr().err
    assert run(workspace, written(tmp_path, "1,Quokka,,,CT,2026-03-01,2a,random,,")) == 1
    assert [review.score for review in stored(workspace)] == [RadpeerScore.CONCUR]
    assert "differs from what is stored" in capsys.readouterr().err


def test_one_id_for_two_readers_is_two_reviews(workspace: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, "1,Quokka,,,CT,2026-03-01,1,random,,", "1,Bilby,,,CT,2026-03-02,3b,random,,")
    assert run(workspace, path) == 0
    assert len(stored(workspace)) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,,,,CT,2026-03-01,1,random,,", "no reader"),
        ("1,Quokka,,,CT,2026-03-01,5,random,,", "RADPEER"),
        ("1,Quokka,,,CT,2026-03-01,,random,,", "RADPEER"),
        ("1,Quokka,,,CT,,1,random,,", "no date"),
        ("1,Quokka,,,CT,2999-03-01,1,random,,", "future"),
        ("1,Quokka,,,CT,2026-03-01,1,astrology,,", "sampling"),
        ("1,Quokka,,,CT,2026-03-01,3a,random,,gremlins", "error class"),
        ("1,=HYPERLINK(1),,,CT,2026-03-01,1,random,,", "formula"),
        ("1,Quokka,,,CT,2026-03-01,1,random,,,,,", "13 fields"),
    ],
)
def test_a_bad_row_costs_itself_alone(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    path = written(tmp_path, row, "2,Quokka,,,CT,2026-03-01,1,random,,")
    assert run(workspace, path) == 1
    refused = [line for line in capsys.readouterr().err.splitlines() if line.startswith("refused")]
    assert len(refused) == 1 and "reviews.csv:2" in refused[0] and said in refused[0]
    assert len(stored(workspace)) == 1


def test_days_and_months_are_told_by_the_whole_column(workspace: Workspace, tmp_path: Path) -> None:
    header = "reader,modality,date,score"
    assert run(workspace, written(tmp_path, "Quokka,CT,03/04/2026,1", "Quokka,CT,03/21/2026,2", header=header)) == 0
    assert [f"{review.reviewed_at:%m-%d}" for review in stored(workspace)] == ["03-04", "03-21"]
    with pytest.raises(BadInput, match="what is a day and what a month"):
        run(workspace, written(tmp_path, "Quokka,CT,03/04/2026,1", header=header))


def test_names_stand_in_the_identities_alone(workspace: Workspace, home: Path, tmp_path: Path) -> None:
    reviews_file(tmp_path / "reviews.csv", 50)
    run(workspace, tmp_path / "reviews.csv")
    with sqlite3.connect(home / "wetread.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        told = {table: str(connection.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}
    assert {table for table, rows in told.items() if "Quokka" in rows} == {"identities"}
    assert not any("Numbat" in rows or "AX1" in rows for rows in told.values())
    assert not list((home / "staging").iterdir())


@settings(max_examples=60)
@given(content=st.binary(max_size=400) | st.text(alphabet=',;"\n\t 1234abRr=', max_size=300).map(str.encode))
def test_no_file_does_more_than_be_refused(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    workspace = workspace_at(folder / "home", Clock())
    path = folder / "reviews.csv"
    path.write_bytes((HEADER + "\n").encode() + content)
    assert run(workspace, path) in (0, 1)
    path.write_bytes(content)
    try:
        run(workspace, path)
    except BadInput as error:
        assert "\n" not in str(error)


@pytest.mark.heavy
def test_killed_at_any_moment_it_completes(home: Path, tmp_path: Path, heavy_share: float) -> None:
    path = tmp_path / "reviews.csv"
    reviews_file(path, 20_000, people=60)

    def check() -> None:
        workspace = workspace_at(home, Clock())
        assert len(stored(workspace)) == 20_000
        with workspace.database.snapshot() as tx:
            for person in readers.every(tx, DEPARTMENT):
                assert states.get(tx, person.reader_id, StateKind.PRIVATE)["abnormal/pneumothorax"].reads > 0

    killed_and_completed(["import-reviews", path], home, max(2, round(20 * heavy_share)), check)


def test_the_command_tells_its_counts(wetread: Command, tmp_path: Path) -> None:
    reviews_file(tmp_path / "reviews.csv", 30)
    done = wetread("import-reviews", tmp_path / "reviews.csv")
    assert "30 reviews in the file" in done.stdout and "30 reviews added, 0 known already" in done.stdout
    with_options = written(tmp_path, "Quokka,2,2026-01-01", header="who,how,when")
    refused = wetread("import-reviews", with_options, code=2)
    assert "no column reader" in refused.stderr and "--column reader=NAME" in refused.stderr
    options = ("--column", "reader=who", "--column", "score=how", "--column", "reviewed_at=when")
    assert "1 reviews added" in wetread("import-reviews", with_options, *options).stdout
    assert "1 known already" in wetread("import-reviews", with_options).stdout
