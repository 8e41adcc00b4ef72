"""What holds for every format of report files: what is written is read, and nothing broken does harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadInput
from models.report import ReportStatus
from pipelines.report_files import FORMATS
from pipelines.report_files.file_bytes import MOST_BYTES
from pipelines.report_files.row import ReportRow
from tests.pipelines.report_writers import (
    NOW,
    SECRET,
    WRITERS,
    Heard,
    batches,
    heard,
    placeless,
    report,
)

every_format = pytest.mark.parametrize("name", WRITERS)
SUFFIXES = ("jsonl", "csv", "txt", "hl7", "json", "ndjson")
STARTS = (
    b"",
    b'{"uid": "1", "text": "',
    b"uid,text\n1,",
    b"MSH|^~\\&|",
    b'{"resourceType": "Bundle", "entry": [',
    b"\xff\xfe",
)

Folders = pytest.TempPathFactory


def test_every_format_is_written_here() -> None:
    assert len(FORMATS) == len(WRITERS) - 1, "FHIR is written twice: as a Bundle and as lines"


@every_format
@given(rows=batches)
def test_what_is_written_is_read(tmp_path_factory: Folders, name: str, rows: list[ReportRow]) -> None:
    path, expected = WRITERS[name](tmp_path_factory.mktemp("f"), rows)
    found = heard(path)
    assert not found.refused and placeless(found.rows) == expected


@every_format
def test_the_places_of_rows_tell_them_apart(tmp_path: Path, name: str) -> None:
    path, _ = WRITERS[name](tmp_path, [report("R1"), report("R2"), report("R3")])
    assert len({row.where for row in heard(path).rows}) == 3


def tried(path: Path) -> Heard:
    """What is read of any bytes: nothing is raised but BadInput, and that before the first report."""
    try:
        return heard(path)
    except BadInput as error:
        assert SECRET not in str(error)
        return Heard(refused=[error])


@every_format
def test_a_file_cut_anywhere_does_no_harm(tmp_path: Path, name: str) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    path, expected = WRITERS[name](whole, [report(f"R{n}", accession=f"{SECRET}{n}") for n in (1, 2)])
    file = max(whole.iterdir())
    raw = file.read_bytes()
    cut = tmp_path / file.name
    for size in range(len(raw)):
        cut.write_bytes(raw[:size])
        found = placeless(tried(cut).rows)
        assert all(row in expected for row in found[:-1])
        assert len(found) <= 2


def _mutated(raw: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes: some replaced, taken out, doubled, or marks of a format put in."""
    spoilt = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt) + 1)
        size = chance.choice((0, 1, 1, 2, 10, 200))
        new = chance.choice((b"", bytes([chance.randrange(256)]), b"\0", b'"', b"\\", b"\r", b"\n", b"{", b"}", b"]"))
        if chance.random() < 0.2:
            new = chance.choice(
                (b"|", b"&", b"^", b"MSH|", b"OBX|1|TX|||", b"\x0b", b"\x1c\r", b'"entry": [', raw[at:])
            )
        spoilt[at : at + size] = new
    return bytes(spoilt)


def _fuzz(folder: Path, name: str, rounds: int, chance: random.Random) -> None:
    rows = [report(f"{SECRET}{n}", accession=f"{SECRET}-{n}", author=SECRET, read_at=NOW) for n in range(3)]
    whole = folder / "whole"
    whole.mkdir()
    WRITERS[name](whole, rows)
    files = [(file, file.read_bytes()) for file in whole.iterdir()]
    for _ in range(rounds):
        file, raw = chance.choice(files)
        spoilt = folder / f"f{file.suffix}"
        spoilt.write_bytes(_mutated(raw, chance))
        tried(spoilt)


@every_format
def test_spoilt_files_do_no_harm(tmp_path: Path, name: str) -> None:
    _fuzz(tmp_path, name, 300, random.Random(7))


@pytest.mark.heavy
@every_format
def test_many_spoilt_files_do_no_harm(tmp_path: Path, name: str, heavy_share: float) -> None:
    _fuzz(tmp_path, name, round(40_000 * heavy_share), random.Random(11))


@given(raw=st.binary(max_size=300), suffix=st.sampled_from(SUFFIXES), start=st.sampled_from(STARTS))
def test_any_bytes_do_no_harm(tmp_path_factory: Folders, raw: bytes, suffix: str, start: bytes) -> None:
    path = tmp_path_factory.mktemp("f") / f"f.{suffix}"
    path.write_bytes(start + raw)
    tried(path)


@every_format
def test_a_report_that_is_too_large_is_refused_alone(tmp_path: Path, name: str) -> None:
    rows = [report("R1"), report("R2", text="x " * (MOST_BYTES // 2 + 10)), report("R3")]
    path, expected = WRITERS[name](tmp_path, rows)
    found = heard(path)
    assert placeless(found.rows) == [expected[0], expected[2]]
    assert len(found.refused) == 1 and ("larger than" in found.said or "longer than" in found.said)


timed = pytest.mark.parametrize("name", [name for name in WRITERS if name != "texts"])


@timed
def test_times_may_go_back_but_not_lie_ahead(tmp_path: Path, name: str) -> None:
    times = [NOW, NOW - timedelta(days=400), NOW + timedelta(seconds=1), NOW - timedelta(days=1)]
    path, expected = WRITERS[name](tmp_path, [report(f"R{n}", read_at=time) for n, time in enumerate(times)])
    found = heard(path)
    assert placeless(found.rows) == [row for n, row in enumerate(expected) if n != 2]
    assert [error.problem for error in found.refused] == ["the time lies in the future"]


@every_format
def test_empty_reports_and_long_ids_are_refused(tmp_path: Path, name: str) -> None:
    """A row of a table may be empty: it counts as a report. A message or file without text is broken."""
    rows = [report("R1", text=" "), report("R" * 121), report("R3")]
    path, _ = WRITERS[name](tmp_path, rows)
    found = heard(path)
    of_a_table = name in ("jsonl", "csv")
    assert [row.uid.split("/")[0] for row in found.rows] == [*(["R1"] if of_a_table else []), "R3"]
    problems = ["characters", *([] if of_a_table else ["empty"])]
    assert sorted(error.problem.split(" ")[-1] for error in found.refused) == problems


@pytest.mark.parametrize("name", ["jsonl", "csv", "texts", "hl7"])
def test_what_is_not_utf8_is_windows_1252(tmp_path: Path, name: str) -> None:
    path, _ = WRITERS[name](tmp_path, [report("R1", text="Größe"), report("R2", text="Größe")])
    file = max(tmp_path.iterdir())
    raw = file.read_bytes().replace(b"\\u00f6", "ö".encode()).replace(b"\\u00df", "ß".encode())
    file.write_bytes("Größe".encode("cp1252").join(raw.rsplit("Größe".encode(), 1)))
    found = heard(path)
    assert [row.text for row in found.rows] == ["Größe", "Größe"] and not found.refused
    assert len(found.notices) == 1 and "Windows-1252" in found.notices[0]


@every_format
def test_a_byte_order_mark_is_no_text(tmp_path: Path, name: str) -> None:
    path, expected = WRITERS[name](tmp_path, [report("R1")])
    file = max(tmp_path.iterdir())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert placeless(heard(path).rows) == expected


@pytest.mark.parametrize("name", ["jsonl", "hl7", "fhir", "ndjson"])
def test_utf16_is_told(tmp_path: Path, name: str) -> None:
    path, _ = WRITERS[name](tmp_path, [report("R1")])
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    with pytest.raises(BadInput, match="UTF-16"):
        heard(path)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", "F"),
        ("Final", "F"),
        ("prelim", "P"),
        ("PRELIMINARY REPORT", "P"),
        ("Final with addendum", "C"),
        ("addendum", "C"),
        (" c ", "C"),
        ("Signed by", "F"),
    ],
)
def test_statuses_in_words(tmp_path: Path, said: str, status: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"uid,text,status\n1,Clear.,{said}\n")
    [row] = heard(path).rows
    assert row.status is ReportStatus(status)


def test_a_status_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("uid,text,status\n1,Clear.,cancelled\n2,Clear.,7\n3,Clear.,not final\n")
    found = heard(path)
    assert not found.rows and [error.problem for error in found.refused] == ["its status is not known"] * 3


def test_a_folder_holds_files_of_every_format(tmp_path: Path) -> None:
    for name in WRITERS:
        folder = tmp_path / name
        folder.mkdir()
        WRITERS[name](folder, [report("R1")])
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("Not to be read.")
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    found = heard(tmp_path)
    assert sorted(row.uid for row in found.rows) == ["R1", "R1", "R1/F", "R1/F", "R1/F", "texts/R1"]
    assert len(found.refused) == 1 and "wrong.csv" in found.said
    assert found.notices == ["a file of no report format was left out"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "holds no files"),
        (lambda path: path.write_bytes(b"\x89PNG"), "no report format"),
        (lambda path: path.write_bytes(b""), "no report format"),
    ],
)
def test_what_is_no_report_file_is_told(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "what"
    make(path)
    with pytest.raises(BadInput, match=said):
        heard(path)
