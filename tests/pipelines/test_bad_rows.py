"""Rows no honest export holds: each is one clear line, and the rest goes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipelines.import_reads
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.csv_values import Clock as FileClock
from pipelines.import_cases import import_cases
from pipelines.import_reads import ReadsImport, import_reads
from pipelines.telling import printable
from store import history
from tests.building import Clock, workspace_at
from tests.pipelines.case_folders import folder_of, held, row

BAD_CASES = {
    "NUL in an image's name": (row("B", images=["a\0.png"]), "NUL"),
    "long image name": (row("B", images=["a" * 300 + ".png"]), "too long"),
    "long path": (row("B", images=["a/" * 3000 + "b.png"]), "no file's"),
    "half a surrogate pair in a text": (row("B", title="\ud800"), "surrogate"),
    "half a surrogate pair in an id": (row("\ud800"), "surrogate"),
    "half a surrogate pair deep inside": (row("B", images=[{"image": "a.png", "caption": "\udfff"}]), "surrogate"),
    "NUL in a text": (row("B", findings="a\0b"), "NUL"),
    "nested": (b"[" * 100_000, "nested"),
    "nested inside a field": (b'{"case": "B", "title": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "nested"),
    "digits": (b'{"case": ' + b"1" * 5_000 + b"}", "digits"),
    "long id": (row("B" * 300), "120 characters"),
    "id that is a list": (row(case=["B"]), "neither text"),
    "id that is endless": (b'{"case": 1e999}', "neither text"),
    "id that is true": (row(case=True), "neither text"),
}


@pytest.mark.parametrize("name", BAD_CASES)
def test_a_bad_case_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    bad, said = BAD_CASES[name]
    workspace = workspace_at(tmp_path / "home", Clock())
    assert import_cases(workspace, folder_of(tmp_path / "in", row("good"), bad, row("fine"))) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "cases.jsonl:2: " in lines[0] and said in lines[0] and lines[0].count(";") >= 1
    assert [case.source_id for case in held(workspace)] == ["fine", "good"]


def test_an_escape_that_only_looks_like_one_is_text(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path / "home", Clock())
    assert import_cases(workspace, folder_of(tmp_path / "in", row("T1", title="C:\\u0000 and \U0001f9b4"))) == 0


HEADER = "reader,case,correct,sequence,read_at,seconds"
BAD_READS = {
    "endless number": ("a,c1,1,inf,,", "no whole number"),
    "no number": ("a,c1,1,nan,,", "no whole number"),
    "half a number": ("a,c1,1,1.5,,", "no whole number"),
    "huge number": ("a,c1,1,1e30,,", "beyond"),
    "digits": ("a,c1,1," + "9" * 5_000 + ",,", "whole number"),
    "negative number": ("a,c1,1,-1,,", "negative"),
    "before the calendar": ("a,c1,1,1,0001-01-01T00:00:00+12:00,", "outside the calendar"),
    "after the calendar": ("a,c1,1,1,9999-12-31T23:59:59-12:00,", "outside the calendar"),
    "endless time": ("a,c1,1,1,,inf", "endless"),
    "large field": ("a," + "c" * 200_000 + ",1,1,,", "field larger"),
    "open quote": ('a,"c1,1,1,,', "not CSV"),
    "NUL": ("a,c\0,1,1,,", "NUL"),
    "more fields than columns": ("a,c1,1,1,,,7", "7 fields"),
    "long reader": ("r" * 300 + ",c1,1,1,,", "120 characters"),
    "long case": ("a," + "c" * 300 + ",1,1,,", "120 characters"),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def imported(workspace: Workspace, path: Path, lines: list[str]) -> int:
    path.write_text("\n".join(lines) + "\n")
    return import_reads(workspace, ReadsImport(path, FileClock(workspace.now()), True))


@pytest.mark.parametrize("name", BAD_READS)
def test_a_bad_read_is_one_line(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    bad, said = BAD_READS[name]
    good = [f"b,c{n},1,{n},," for n in range(1, 60)]
    assert imported(workspace, tmp_path / "reads.csv", [HEADER, "b,c0,1,0,,", bad, *good]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "reads.csv:3: " in lines[0] and said in lines[0] and lines[0].count(";") >= 1
    with workspace.database.snapshot() as tx:
        assert history.count(tx, DEPARTMENT) == 60


@pytest.mark.parametrize(
    ("series", "sequence"), [("s", "100000"), ("s", "2000000000")], ids=["just too long", "far too long"]
)
def test_a_series_is_as_long_as_there_is_room(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], series: str, sequence: str
) -> None:
    lines = [
        "reader,case,correct,series,sequence",
        f"a,c1,1,{series},{sequence}",
        "a,c1,1,s,99999",
        "a,c1,1,,2000000000",
    ]
    assert imported(workspace, tmp_path / "reads.csv", lines) == 1
    assert "reads.csv:2: its series or sequence is out of range" in capsys.readouterr().err
    with workspace.database.snapshot() as tx:
        assert history.count(tx, DEPARTMENT) == 2


def test_a_broken_header_is_one_line(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="reads.csv:1: is not CSV"):
        imported(workspace, tmp_path / "reads.csv", ['reader,case,"correct', "a,c1,1"])


def test_what_is_told_is_one_line_on_any_terminal() -> None:
    assert printable("a\nb\x1b[2J\udcffé") == "a\\nb\\x1b[2J\\udcffé"


WILD = st.text(st.sampled_from(list('ab1,;\t|"\r\n é=0/.:-\0�')), max_size=60)
HEADERS = st.sampled_from(
    [
        "reader,case,correct,sequence,date",
        "user_id;item_id;answer;truth;session;order",
        "reader\tcase\tcorrect\tseconds\tmodality\tlevel",
        '"reader","case","correct"',
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.one_of(HEADERS, WILD), body=st.lists(WILD, max_size=4), odd=st.binary(max_size=6))
def test_no_file_breaks_an_import(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, body: list[str], odd: bytes
) -> None:
    """Random bytes and wild headers: rows are taken or refused, or the whole file is, in one clear line."""
    monkeypatch.setattr(pipelines.import_reads, "learn", lambda *_: None)
    path = tmp_path / "reads.csv"
    path.write_bytes("\n".join([start, "r1,c1,1,1,2026-01-05", *body]).encode() + odd)
    wanted = ReadsImport(path, FileClock(workspace.now()), True)
    try:
        assert import_reads(workspace, wanted) in (0, 1)
    except BadInput as error:
        assert error.where and error.problem and error.remedy
    else:
        with workspace.database.snapshot() as tx:
            before = history.count(tx, DEPARTMENT)
        import_reads(workspace, wanted)
        with workspace.database.snapshot() as tx:
            assert history.count(tx, DEPARTMENT) == before
