"""A truth, a sampling or a date that a file does not say is never guessed, and nothing stored is said otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

import pipelines.import_reads
from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.errors import BadInput
from models.finding import Truth
from pipelines.columns import ColumnWish
from pipelines.csv_records import csv_records
from pipelines.csv_values import Clock as FileClock
from pipelines.csv_values import person_name, seconds_of, whole
from pipelines.import_reads import ReadsImport, import_reads
from pipelines.import_reviews import ReviewsImport, import_reviews
from pipelines.import_volumes import month_of
from pipelines.report_files.formats import report_rows
from store import history, readers, reviews
from store.database import Transaction
from store.history import Held
from tests.building import NOW, Clock, workspace_at
from tests.pipelines.stored_reads import every_read

READS = "reader,case,correct,truth,diagnosis,answer,sequence"
REVIEWS = "id,reader,reviewer,modality,date,score,sampling,finding,error"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def reads(workspace: Workspace, header: str, *rows: str, source: str = "", wish: ColumnWish | None = None) -> int:
    path = workspace.settings.home / "reads.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    clock = FileClock(workspace.now())
    return import_reads(workspace, ReadsImport(path, clock, True, source, wish or ColumnWish({})))


def reviewed(
    workspace: Workspace, header: str, *rows: str, zone: str = "", sampling: Sampling = Sampling.UNKNOWN
) -> int:
    path = workspace.settings.home / "reviews.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return import_reviews(workspace, ReviewsImport(path, NOW, ColumnWish({}, zone), "", sampling))


def stored(workspace: Workspace) -> list[Discrepancy]:
    with workspace.database.snapshot() as tx:
        people = readers.every(tx, DEPARTMENT)
        return [review for person in people for review in reviews.of_reader(tx, person.reader_id)]


# Reviews


@pytest.mark.parametrize("header", [REVIEWS, REVIEWS.replace("id,", "accession,"), REVIEWS.replace("id,", "note,")])
def test_reviews_are_the_same_in_any_time_zone(workspace: Workspace, header: str) -> None:
    rows = [f"{n},Emu,Yak,CT,2026-03-0{n},1,random,," for n in range(1, 5)]
    for zone in ("", "Europe/Berlin", "Pacific/Auckland", "America/New_York"):
        assert reviewed(workspace, header, *rows, zone=zone) == 0
        assert len(stored(workspace)) == 4


@pytest.mark.parametrize(
    "row",
    ["7,Emu,Yak,MR,2026-03-02,1,random,,", "7,Emu,Yak,CT,2026-03-03,1,random,,", "7,Emu,Yak,CT,2026-03-02,2,random,,"],
)
def test_an_id_names_a_review_whatever_else_a_row_says(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], row: str
) -> None:
    reviewed(workspace, REVIEWS, "7,Emu,Yak,CT,2026-03-02,1,random,,")
    before = stored(workspace)
    assert reviewed(workspace, REVIEWS, row) == 1
    assert "differs from what is stored of this review, which stays; mend the row\n" in capsys.readouterr().err
    assert stored(workspace) == before
    assert reviewed(workspace, REVIEWS, row.replace("Emu", "Owl")) == 0
    assert len(stored(workspace)) == 2


SAMPLINGS = {
    **dict.fromkeys(("non-random", "Not random", "nonrandom", "Priority review", "Random complaint", "selfie")),
    **dict.fromkeys(("routine? no: incident", "referral; prior exam", "unselected", "without random choice")),
    "Complaint - compared with priors": Sampling.TRIGGERED,
    "comparison with prior": Sampling.RANDOM,
    "Good catch!": Sampling.SUBMITTED,
    "FOR_CAUSE": Sampling.TRIGGERED,
}


@pytest.mark.parametrize("said", SAMPLINGS)
def test_how_a_case_was_chosen_is_told_by_whole_words(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    wanted = SAMPLINGS[said]
    assert reviewed(workspace, REVIEWS, f"1,Emu,,CT,2026-03-02,2,{said},,") == (wanted is None)
    assert [review.sampling for review in stored(workspace)] == ([wanted] if wanted else [])
    assert wanted or "write one of random, triggered" in capsys.readouterr().err


ERRORS = {
    **dict.fromkeys(("no miss", "not perceptual - interpretive", "Under-reported", "Missed (poor positioning)")),
    "over-called": ErrorClass.OVERCALL,
    "satisfaction of search": ErrorClass.PERCEPTUAL,
    "technique_or_system": ErrorClass.TECHNIQUE_OR_SYSTEM,
}


@pytest.mark.parametrize("said", ERRORS)
def test_the_class_of_an_error_is_told_by_whole_words(workspace: Workspace, said: str) -> None:
    assert reviewed(workspace, REVIEWS, f"1,Emu,,CT,2026-03-02,2,random,,{said}") == (ERRORS[said] is None)
    assert [review.error_class for review in stored(workspace)] == ([ERRORS[said]] if ERRORS[said] else [])


def test_a_score_may_be_a_spreadsheets_number(workspace: Workspace) -> None:
    assert reviewed(workspace, "id,reader,date,score", "1,Emu,2026-03-02,1.0", "2,Emu,2026-03-02,3.0") == 0
    assert {r.score for r in stored(workspace)} == {RadpeerScore.CONCUR, RadpeerScore.SHOULD_BE_MADE}


COUNTED = "id,reader,date,score,count"


@pytest.mark.parametrize("id", ["9", ""])
def test_fewer_reviews_than_are_stored_are_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], id: str
) -> None:
    for number, stays in ((5, 5), (3, 5), (5, 5), (8, 8)):
        assert reviewed(workspace, COUNTED, f"{id},Emu,2026-03-02,1,{number}") == (number == 3)
        assert len(stored(workspace)) == stays
    assert "stands for fewer reviews than are stored" in capsys.readouterr().err


def test_nameless_reviews_are_counted_however_they_are_written(workspace: Workspace) -> None:
    header = "reader,date,score,count,modality,finding"
    for rows in (
        ["Emu,2026-03-02,2,5,CT,Pulmonary nodule"] * 2,
        ["Emu,2026-03-02,2,10,CT,Pulmonary nodule"],
        ["Emu,2026-03-02 00:00:00,2,10,ct,pulmonary  NODULE"],
        ["Emu,2026-03-02,2,1,CT,Pulmonary nodule"] * 10,
    ):
        assert reviewed(workspace, header, *rows) == 0
        assert len(stored(workspace)) == 10


@pytest.mark.parametrize("id", ["9", ""])
def test_a_sampling_that_nobody_had_stated_is_mended(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], id: str
) -> None:
    header, row = "id,reader,date,score,count", f"{id},Emu,2026-03-02,1,3"
    reviewed(workspace, header, row)
    capsys.readouterr()
    for sampling in (Sampling.RANDOM, Sampling.RANDOM, Sampling.UNKNOWN):
        assert reviewed(workspace, header, row, sampling=sampling) == 0
        assert [review.sampling for review in stored(workspace)] == [Sampling.RANDOM] * 3
        out = capsys.readouterr().out
        assert "0 reviews added, 3 known already" in out
    assert "sampling is known only now" not in out


def test_nameless_reviews_of_two_samplings_stay_apart(workspace: Workspace) -> None:
    header = "reader,date,score,sampling"
    rows = ["Emu,2026-03-02,1,", "Emu,2026-03-02,1,random", "Emu,2026-03-02,1,", "Emu,2026-03-02,1,triggered"]
    for _ in range(2):
        assert reviewed(workspace, header, *rows) == 0
        assert sorted(review.sampling for review in stored(workspace)) == ["random", "triggered", "unknown", "unknown"]


# Truths

TRUTHS = {
    **dict.fromkeys(("0.0", "0,0", "Normal ECG", "normal chest radiograph", "no findings", "None"), Truth.NORMAL),
    **dict.fromkeys(("1.0", "Benign nodule", "Normal pressure hydrocephalus", "Positive"), Truth.ABNORMAL),
    **dict.fromkeys(("", "NaN", "NA", "n/a", "null", "unknown", "?", "-", "2", "0.5", "False positive", "No fracture")),
}


@pytest.mark.parametrize("said", TRUTHS)
def test_a_truth_is_never_guessed(workspace: Workspace, said: str) -> None:
    wanted = TRUTHS[said]
    assert reads(workspace, "reader,case,correct,truth", f'Emu,c1,1,"{said}"') == (wanted is None)
    assert [read.skills.truth for read in every_read(workspace)] == ([wanted] if wanted else [])


def test_a_diagnosis_tells_what_a_truth_leaves_open(workspace: Workspace) -> None:
    rows = ["Emu,c1,1,,Pneumothorax,,1", "Emu,c2,1,?,Normal chest,,2", "Emu,c3,1,NA,n/a,,3", "Emu,c4,1,1,-,,4"]
    assert reads(workspace, READS, *rows) == 1
    told = {read.sequence: (read.skills.truth, read.skills.finding) for read in every_read(workspace)}
    assert told == {1: (Truth.ABNORMAL, "pneumothorax"), 2: (Truth.NORMAL, None), 4: (Truth.ABNORMAL, None)}


def test_a_row_that_is_cut_off_is_refused(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert reads(workspace, "reader,case,correct,truth,note,extra", "a,c1,1", "a,c2,0,1", "a,c3,1,0,x,y") == 1
    assert "reads.csv:2: has 3 fields where the header has 6" in capsys.readouterr().err
    assert len(every_read(workspace)) == 2


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ("Owl,c1,1,normal,,,2", "truth"),
        ("Owl,c1,1,abnormal,Pneumothorax,,2", "diagnosis"),
        ("Owl,c1,1,abnormal,,,2", ""),
        ("Owl,c1,1,abnormal,RIB FRACTURE,,2", ""),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_one_case_has_one_truth(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], row: str, other: str, together: bool
) -> None:
    """Whether its rows stand in one file or in two."""
    first = "Emu,c1,1,abnormal,Rib fracture,,1"
    if not together:
        reads(workspace, READS, first)
    assert reads(workspace, READS, *([first] if together else []), row) == bool(other)
    assert not other or f"says another {other} than the case of this name" in capsys.readouterr().err
    assert len(every_read(workspace)) == (1 if other else 2)
    assert reads(workspace, READS, row, source="elsewhere") == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Emu,c1,0,abnormal,Pneumothorax,Normal,1", "diagnosis"),
        ("Emu,c1,0,abnormal,Rib fracture,Pneumothorax,1", "answer"),
        ("Emu,c1,1,abnormal,Pneumothorax,Normal,1", "correct and diagnosis"),
    ],
)
def test_a_mended_read_is_told_and_not_taken_for_known(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    reads(workspace, READS, "Emu,c1,0,abnormal,Rib fracture,Normal,1")
    before = every_read(workspace)
    assert reads(workspace, READS, row) == 1
    problem = f"its {said} differs from what is stored of this read, which stays; mend the row\n"
    assert problem in capsys.readouterr().err and every_read(workspace) == before
    assert reads(workspace, READS, "Emu,c1,0,abnormal,rib  fracture,,1".replace("  ", " ")) == 0


# Columns, names and numbers


def test_a_slip_of_which_no_row_came_is_not_remembered(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    header, row = "reader,case,correct,truth,note", "Emu,c1,1,1,1"
    slip = ColumnWish({"correct": "note"})
    assert reads(workspace, header, row[:-1] + "hello", wish=slip) == 1
    assert reads(workspace, header, row) == 0
    assert "remembered" not in capsys.readouterr().out
    reads(workspace, header, row, wish=slip)
    reads(workspace, header, row, source="elsewhere")
    assert "remembered" not in capsys.readouterr().out
    reads(workspace, header, row)
    assert "columns remembered from the last such file: correct=note\n" in capsys.readouterr().out


def test_a_person_is_one_however_the_name_is_spelled(workspace: Workspace) -> None:
    one = "Jos\u00e9 Emu"
    names = [
        "Jos\u00e9 Emu",
        unicodedata.normalize("NFD", "Jos\u00e9 Emu"),
        "Jos\u00e9\u00a0Emu",
        "Jos\u00e9  Emu\u200b",
    ]
    assert {person_name(name) for name in names} == {one}
    for name in names:
        assert reads(workspace, READS, f"{name},c1,1,1,,,1") == 0
    assert len(every_read(workspace)) == 1


def test_a_name_with_two_blanks_that_is_stored_keeps_its_reader(workspace: Workspace) -> None:
    reads(workspace, READS, "Emu,c1,1,1,,,1")
    with workspace.database.transaction() as tx:
        reader_id = readers.by_label(tx, DEPARTMENT, "Emu").reader_id
        readers.name(tx, DEPARTMENT, {"A.  Emu": reader_id})
    reads(workspace, READS, "A. Emu,c2,1,1,,,2")
    assert {read.reader_id for read in every_read(workspace)} == {reader_id}


def test_a_slash_in_a_name_is_no_source(workspace: Workspace) -> None:
    reads(workspace, READS, "1,c1,1,1,,,1", source="elbow")
    reads(workspace, READS, "elbow/1,c1,1,1,,,1")
    reads(workspace, READS, "/1,c1,1,1,,,1", source="elbow")
    assert len({read.reader_id for read in every_read(workspace)}) == 3


def test_one_moment_names_one_read(workspace: Workspace) -> None:
    header = "reader,case,correct,truth,read_at"
    for text in ("2026-01-05 10:00", "2026-01-05T10:00:00Z", "2026-01-05 10:00:00+00:00", "2026-01-05 10:00:00.000"):
        assert reads(workspace, header, f"Emu,c1,1,1,{text}") == 0
    assert len(every_read(workspace)) == 1


@pytest.mark.parametrize("text", ["1_000", "1_0"])
def test_a_number_has_no_underscores(text: str) -> None:
    with pytest.raises(BadInput):
        whole("f.csv:2", "sequence", text)
    with pytest.raises(BadInput):
        seconds_of("f.csv:2", text)


def test_a_column_of_two_spellings_is_there_twice(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="reader is there 2 times"):
        reads(workspace, "Reader,READER,case,correct", "a,b,c1,1")


@pytest.mark.parametrize("month", ["2026-02-30", "2026-01 to 2026-03", "2026-01-01/2026-03-31", "2026-01-00"])
def test_a_range_or_a_day_that_is_none_is_no_month(month: str) -> None:
    with pytest.raises(BadInput, match="month"):
        month_of("f:2", month, NOW)
    assert month_of("f:2", "2026-02-28T09:30:00Z", NOW) == "2026-02"


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path, "is no file"),
        (tmp_path / "none.csv", "no such file"),
        (Path("/dev/null"), "no file"),
    ):
        with pytest.raises(BadInput, match=said):
            list(csv_records(path))


def test_a_file_that_breaks_at_its_first_byte_is_told() -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(csv_records(Path("/proc/self/mem")))


def test_what_another_import_was_faster_with_is_not_counted_as_added(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing seems to be stored when the second one looks, and all is when it writes."""
    row = "Emu,c1,1,1,,,1"
    reads(workspace, READS, row)
    looks: list[bool] = []

    def held(tx: Transaction, ids: Sequence[str]) -> dict[str, Held]:
        looks.extend([True] if ids else [])
        return {} if len(looks) == 1 else held_before(tx, ids)

    held_before = history.held
    monkeypatch.setattr(pipelines.import_reads.history, "held", held)
    reads(workspace, READS, row)
    assert "0 reads added, 1 known already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "dates", "days"),
    [
        ("", ["03/04/2026", "13/04/2026"], ["04-03", "04-13"]),
        ("MM/DD/YYYY", ["03/04/2026", "03/13/2026"], ["03-04", "03-13"]),
    ],
)
def test_reports_write_times_as_reads_do(tmp_path: Path, said: str, dates: list[str], days: list[str]) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("uid,text,date\n" + "".join(f"R{n},Normal chest.,{date}\n" for n, date in enumerate(dates)))
    refused: list[BadInput] = []
    rows = list(report_rows(path, refused.append, FileClock(NOW), time_format=said))
    assert not refused and [f"{row.read_at:%m-%d}" for row in rows] == days
    path.write_text("uid,text,date\nR1,Normal chest.,03/04/2026\n")
    if not said:
        with pytest.raises(BadInput, match="--time-format"):
            list(report_rows(path, refused.append, FileClock(NOW)))
