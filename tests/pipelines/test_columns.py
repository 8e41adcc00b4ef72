"""Whatever a file's columns are called, they are found, named by an option, and remembered; times are never guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines.staged_reads
from api.workspace import Workspace
from models.errors import BadInput
from models.finding import Truth
from pipelines.clocks import steadied
from pipelines.columns import Column, ColumnWish, header_of, mapped, parse_columns, remember
from pipelines.csv_records import Record
from pipelines.csv_values import Clock as FileClock
from pipelines.csv_values import check_name, is_formula
from pipelines.import_reads import ReadsImport, import_reads
from pipelines.written_times import TimeEvidence, TimeFormat, parse_time_format
from store import imports
from tests.building import Clock, workspace_at
from tests.pipelines.stored_reads import every_read

COLUMNS = (Column("reader", ("reader", "radiologist"), needed=True), Column("level", ("level",)))
PATH = Path("f.csv")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def imported(workspace: Workspace, text: str | bytes, **options: str) -> int:
    """The exit code of an import of this text; ``column``: a pair of ``--column``, the rest are options by name."""
    path = workspace.settings.home / "reads.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    wish = ColumnWish(parse_columns(options.get("column", "").split()), options.get("time_zone", ""))
    time_format = options.get("time_format", "")
    return import_reads(workspace, ReadsImport(path, FileClock(workspace.now()), True, "", wish, time_format))


def notices(workspace: Workspace) -> dict[str, int]:
    with workspace.database.snapshot() as tx:
        _, runs = imports.latest(tx, "main", 1)
    return dict(runs[0].notices)


def times(workspace: Workspace) -> list[str]:
    return [f"{read.read_at:%Y-%m-%d %H:%M:%S}" if read.read_at else "" for read in every_read(workspace)]


def header(*fields: str) -> Record:
    return Record(1, fields)


def test_names_are_found_whatever_their_case_and_marks() -> None:
    found = header_of(PATH, header("LEVEL", " Radio-Logist "), COLUMNS, {})
    assert found.values(Record(2, ("R1", " Ann "))) == {"reader": "Ann", "level": "R1"}
    assert found.values(Record(3, ("R1",))) == {"reader": "", "level": "R1"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"raeder": "A"}, "nothing called raeder"),
        ({"reader": "Q"}, "no column of the name given for reader"),
        ({"reader": "B"}, "is there 2 times"),
        ({"reader": ""}, "no column reader"),
    ],
)
def test_an_option_that_does_not_fit_is_told_and_not_remembered(
    workspace: Workspace, given: dict[str, str], said: str
) -> None:
    first = header("A", "B", "B", "level")
    with pytest.raises(BadInput, match=said):
        mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish(given))
    with pytest.raises(BadInput, match="time zone"):
        mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish({"reader": "A"}, "Moon/Rim"))
    found, wish = mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish({"reader": "a"}))
    assert found.columns == {"reader": "A", "level": "level"} and wish == ColumnWish({"reader": "a"})


def test_what_is_said_is_remembered_for_files_of_the_same_header_and_kind(workspace: Workspace) -> None:
    first = header("A", "level")
    said = mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish({"reader": "A"}, "Europe/Berlin"))
    remember(workspace, "reads", *said)
    _, wish = mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish({}))
    assert wish == ColumnWish({"reader": "A"}, "Europe/Berlin")
    _, wish = mapped(workspace, "reads", PATH, first, COLUMNS, ColumnWish({"level": ""}, "UTC"))
    assert wish == ColumnWish({"reader": "A", "level": ""}, "UTC")
    for kind, record in (("reviews", first), ("reads", header("A", "levels"))):
        with pytest.raises(BadInput, match="no column reader"):
            mapped(workspace, kind, PATH, record, COLUMNS, ColumnWish({}))


def test_a_pair_without_its_sign_is_told() -> None:
    with pytest.raises(BadInput, match="reader=Radiologist"):
        parse_columns(["reader"])


def test_a_departments_own_columns_and_zone_are_said_once(workspace: Workspace) -> None:
    text = "Wer;Fall;Urteil;Wann\nJörg;F1;richtig;2026-01-05 10:00\n"
    pairs = "reader=Wer case=Fall correct=Urteil read_at=Wann"
    assert imported(workspace, text.replace("richtig", "true"), column=pairs, time_zone="Europe/Berlin") == 0
    assert imported(workspace, text.replace("richtig", "true").replace("F1", "F2")) == 0
    assert times(workspace) == ["2026-01-05 09:00:00"] * 2


PLAIN = "reader,case,correct,seconds,truth\nJörg,c1,1,1.5,normal\nJörg,c2,0,2.5,normal\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.encode("cp1252"),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace(",", ";").replace(".", ",").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        ("\n,,,,\n" + PLAIN + ",,,,\n").encode(),
        PLAIN.replace("\n", ",,,\n").encode(),
    ],
)
def test_one_file_in_any_dress(workspace: Workspace, content: bytes) -> None:
    assert imported(workspace, content) == 0
    assert [(read.correct, read.seconds) for read in every_read(workspace)] == [(True, 1.5), (False, 2.5)]
    odd = notices(workspace).get("line is not UTF-8 and was read as Windows-1252", 0)
    assert odd == (2 if content == PLAIN.encode("cp1252") else 0)


def test_a_thousand_columns_and_quoted_lines(workspace: Workspace) -> None:
    more = [f"extra{n}" for n in range(1000)]
    head = ",".join([*more[:500], "Reader ID", *more[500:], "case", "correct", "answer"])
    row = ",".join(['"a\nb"'] * 20 + ["x"] * 480 + ["ann"] + ["x"] * 500 + ["c1", "yes", '"said;\r\n""so"""'])
    assert imported(workspace, f"{head}\n{row}\n") == 0
    [read] = every_read(workspace)
    assert read.correct and read.answer_text == 'said;\r\n"so"'


@pytest.mark.parametrize(("word", "right"), [("TRUE", 1), ("no", 0), ("Right", 1), ("wrong", 0), ("Correct", 1)])
def test_right_and_wrong_may_be_words(workspace: Workspace, word: str, right: int) -> None:
    imported(workspace, f"reader,case,correct\na,c1,{word}\n")
    assert [read.correct for read in every_read(workspace)] == [bool(right)]


JUDGED = {
    ("Abnormal", "Emu toe", "emu TOE"): (True, None),
    ("Abnormal", "Emu toe", "Yak toe"): (False, "yak_toe"),
    ("Abnormal", "Emu toe", "Normal"): (False, None),
    ("Abnormal", "Emu toe", "abnormal"): (True, None),
    ("Normal", "", "Yak toe"): (False, "yak_toe"),
    ("Normal", "", "negative"): (True, None),
    ("Normal", "", "positive"): (False, None),
    ("1", "", "Yak toe"): (True, None),
}


@pytest.mark.parametrize("stated", JUDGED)
def test_an_answer_shows_what_was_right_and_what_was_confused(
    workspace: Workspace, stated: tuple[str, str, str]
) -> None:
    assert imported(workspace, f"reader,case,truth,diagnosis,answer\na,c1,{','.join(stated)}\n") == 0
    [read] = every_read(workspace)
    assert (read.correct, read.answered) == JUDGED[stated]


@pytest.mark.parametrize(("row", "said"), [("1,", "has no answer"), ("1,70", "is a number"), (",1", "neither truth")])
def test_an_answer_that_shows_nothing_is_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    assert imported(workspace, f"reader,case,truth,answer\na,c1,{row}\n") == 1
    assert said in capsys.readouterr().err and not every_read(workspace)


def test_a_file_that_neither_says_nor_shows_what_was_right_is_told(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="no column correct"):
        imported(workspace, "reader,case,answer\na,c1,normal\n")


def test_an_answer_beside_correct_is_kept_as_a_confusion(workspace: Workspace) -> None:
    rows = ["Emu toe,Yak toe,0", "Normal,Yak toe,0", "Emu toe,Normal,0", "Emu toe,Abnormal,0", "Emu toe,95,0"]
    rows += ["Emu toe,Emu toe,1", f"Emu toe,{'long ' * 30},0"]
    text = "\n".join(f"a,c{n},{row}" for n, row in enumerate(rows))
    imported(workspace, f"reader,case,truth_diagnosis,answer_diagnosis,correct\n{text}\n")
    assert [r.answered for r in every_read(workspace)] == ["yak_toe", "yak_toe", *[None] * 5]
    assert [r.skills.truth for r in every_read(workspace)][:2] == [Truth.ABNORMAL, Truth.NORMAL]


WRITTEN = {
    "03/21/2026 14:05": "2026-03-21 14:05:00",
    "21/03/2026 14:05": "2026-03-21 14:05:00",
    "21.03.2026 14:05": "2026-03-21 14:05:00",
    "21.3.2026, 2:05:09 pm": "2026-03-21 14:05:09",
    "12/31/2025 12:00 AM": "2025-12-31 00:00:00",
    "2026/03/21 14:05": "2026-03-21 14:05:00",
    "1774101900": "2026-03-21 14:05:00",
    "1774101900000": "2026-03-21 14:05:00",
    "20260321140500": "2026-03-21 14:05:00",
    "20260321": "2026-03-21 00:00:00",
    "2026-03-21T14:05:00+02:00": "2026-03-21 12:05:00",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_time_that_can_be_read_in_one_way_is_read(workspace: Workspace, text: str) -> None:
    assert imported(workspace, f'reader,case,correct,date\na,c1,1,"{text}"\n') == 0
    assert times(workspace) == [WRITTEN[text]]
    assert imported(workspace, f'reader,case,correct,date\na,c1,1,"{text}"\n') == 0
    assert len(every_read(workspace)) == 1


def test_one_row_tells_for_its_whole_column(workspace: Workspace) -> None:
    assert imported(workspace, "reader,case,correct,date\na,c1,1,03/04/2026\na,c2,1,13/04/2026\n") == 0
    assert times(workspace) == ["2026-04-03 00:00:00", "2026-04-13 00:00:00"]


def test_times_that_wait_for_their_column_are_settled_piece_by_piece(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.staged_reads, "ROWS_AT_ONCE", 2)
    dates = [f"{n}/04/2026" for n in (1, 2, 3, 32, 5, 13, 7)]
    text = "".join(f"a,c{n},1,{date}\n" for n, date in enumerate(dates))
    assert imported(workspace, f"reader,case,correct,date\n{text}") == 1
    assert times(workspace) == [f"2026-04-{day:02d} 00:00:00" for day in (1, 2, 3, 5, 13, 7)]


@pytest.mark.parametrize(
    ("dates", "said"),
    [(["03/04/2026"], "leave open"), (["13/04/2026", "04/13/2026"], "in some rows"), (["3.4.2026"], "leave open")],
)
def test_day_and_month_are_never_guessed(workspace: Workspace, dates: list[str], said: str) -> None:
    text = "reader,case,correct,date\n" + "".join(f"a,c{n},1,{date}\n" for n, date in enumerate(dates))
    with pytest.raises(BadInput, match=f"{said}.*--time-format"):
        imported(workspace, text)
    assert not every_read(workspace)


@pytest.mark.parametrize(
    ("said", "date", "meant"),
    [
        ("DD/MM/YYYY", "03/04/2026", "2026-04-03 00:00:00"),
        ("mm/dd/yyyy hh:mm", "03/04/26 10:00", "2026-03-04 10:00:00"),
        ("YMD", "26-03-04", "2026-03-04 00:00:00"),
        ("unix", "1774101900.0", "2026-03-21 14:05:00"),
        ("unix-ms", "1774101900000", "2026-03-21 14:05:00"),
        ("%d %b %Y %H.%M", "21 Mar 2026 14.05", "2026-03-21 14:05:00"),
    ],
)
def test_an_option_says_how_times_are_written(workspace: Workspace, said: str, date: str, meant: str) -> None:
    assert imported(workspace, f"reader,case,correct,date\na,c1,1,{date}\n", time_format=said) == 0
    assert times(workspace) == [meant]


@pytest.mark.parametrize("text", ["DD/DD/YYYY", "yes", "YDM"])
def test_a_format_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="--time-format"):
        parse_time_format(text)


def test_a_row_whose_date_is_none_is_refused_alone(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    text = "reader,case,correct,date\na,c1,1,31.02.2026\na,c2,1,13.02.2026\na,c3,1,13.02.2099\n"
    assert imported(workspace, text) == 1
    refused = capsys.readouterr().err
    assert "reads.csv:2: the time is not" in refused and "reads.csv:4: the time lies in the future" in refused
    assert times(workspace) == ["2026-02-13 00:00:00"]


@given(st.text(max_size=30), st.sampled_from(["", "DMY", "MDY", "unix", "unix-ms", "%Y"]))
def test_no_text_breaks_the_reading_of_times(text: str, said: str) -> None:
    evidence = TimeEvidence()
    for reading in (parse_time_format(said) or TimeFormat(), settled(evidence, text)):
        try:
            reading.stated("f.csv:2", text)
        except BadInput as error:
            assert not text.strip() or text not in error.problem or len(text) < 3


def settled(evidence: TimeEvidence, text: str) -> TimeFormat:
    evidence.saw(text)
    try:
        return evidence.settled("f.csv")
    except BadInput:
        return TimeFormat()


@given(st.datetimes(datetime(1980, 1, 13), datetime(2060, 1, 1)))  # noqa: DTZ001 (as files have them)
def test_every_spelling_of_a_moment_is_that_moment(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for pattern, order in (("%d.%m.%Y %H:%M:%S", "DMY"), ("%m/%d/%Y %I:%M:%S %p", "MDY"), ("%Y-%m-%dT%H:%M:%S", "DMY")):
        known = parse_time_format(order)
        assert known and known.stated("", moment.strftime(pattern)) == moment
    assert TimeFormat().stated("", str(int(moment.replace(tzinfo=UTC).timestamp()))).replace(tzinfo=None) == moment


def test_numbers_say_the_order_where_a_clock_goes_back(workspace: Workspace) -> None:
    rows = ["1,10:00", "2,10:10", "3,09:20", "4,10:30", "5,10:40"]
    text = "\n".join(f"a,c{n},1,{row.replace(',', ',2026-01-05 ')}" for n, row in enumerate(rows))
    assert imported(workspace, f"reader,case,correct,sequence,date\n{text}\n") == 0
    told = {text: number for text, number in notices(workspace).items() if "time goes back" in text}
    assert list(told.values()) == [1]
    ordered = sorted(every_read(workspace), key=lambda read: (read.read_at, read.sequence))
    assert [read.sequence for read in ordered] == [1, 2, 3, 4, 5]


def test_numbers_that_begin_anew_move_no_time(workspace: Workspace) -> None:
    rows = ["1,10:00", "2,10:10", "1,11:00", "2,11:10"]
    text = "\n".join(f"a,c{n},1,{row.replace(',', ',2026-01-05 ')}" for n, row in enumerate(rows))
    imported(workspace, f"reader,case,correct,sequence,date\n{text}\n")
    assert not [text for text in notices(workspace) if "time goes back" in text]
    assert sorted(times(workspace)) == [f"2026-01-05 {hour}:00" for hour in ("10:00", "10:10", "11:00", "11:10")]


@given(st.lists(st.integers(0, 9), max_size=12))
def test_steadied_times_never_fall_and_few_are_changed(times: list[int]) -> None:
    wrong, changed = steadied(times)
    after = [changed.get(place, time) for place, time in enumerate(times)]
    if changed:
        assert after == sorted(after) and len(changed) == wrong
    assert (wrong == 0) == (times == sorted(times))


@pytest.mark.parametrize("name", ["=1+1", "@sum(a)", "+cmd|x", "-2+3+cmd", "＝1"])
def test_a_name_is_no_formula_but_free_text_may_be(workspace: Workspace, name: str) -> None:
    with pytest.raises(BadInput, match="formula"):
        check_name("f.csv:2", "reader", name, "reader")
    assert not is_formula("-12.5") and not is_formula("Ann-Marie")
    assert imported(workspace, f'reader,case,correct,answer\n"{name}",c1,1,x\na,"{name}",1,x\na,c1,1,"{name}"\n') == 1
    assert [read.answer_text for read in every_read(workspace)] == [name]
