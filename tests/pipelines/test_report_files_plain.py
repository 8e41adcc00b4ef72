"""Reports as JSON lines, as CSV with any columns, and as text files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from pipelines.report_files.row import ReportImage, ReportRow
from tests.pipelines.report_writers import SECRET, heard, jsonl, placeless, report


def line(folder: Path, **fields: Any) -> ReportRow:
    path = folder / "r.jsonl"
    path.write_text(json.dumps({"uid": "1", "text": "Clear."} | fields) + "\n")
    found = heard(path)
    assert not found.refused
    return found.rows[0]


def test_what_json_may_hold(tmp_path: Path) -> None:
    assert line(tmp_path, uid=7).uid == "7"
    assert line(tmp_path, text=None, findings=["Clear.", "Calm."]).findings == "Clear.\nCalm."
    assert line(tmp_path, image_desc="Chest, 2 views").exam == "Chest, 2 views"
    assert line(tmp_path, text="a\r\nb\rc").text == "a\nb\nc"
    assert line(tmp_path, findings="None.", text="").findings == "None."
    images = line(tmp_path, images=["a.png", {"image": "b.png", "caption": "x"}, {"file": "c", "projection": "PA"}])
    assert images.images == (ReportImage("a.png"), ReportImage("b.png", "x"), ReportImage("c", "PA"))


BAD_LINES: dict[str, tuple[bytes, str]] = {
    "no JSON": (f"{SECRET}".encode(), "is not JSON"),
    "cut": (f'{{"uid": "1", "text": "{SECRET}'.encode(), "is not JSON"),
    "a list": (b"[1]", "no object"),
    "nested": (b"[" * 100_000, "nested"),
    "nested in a field": (b'{"uid": "1", "text": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "nested"),
    "digits": (b'{"uid": ' + b"1" * 5_000 + b"}", "digits"),
    "NUL": (b'{"uid": "1", "text": "a\\u0000"}', "NUL"),
    "half a surrogate pair": (b'{"uid": "1", "images": [{"file": "\\ud800"}]}', "surrogate"),
    "neither encoding": (b'{"uid": "1", "text": "\x81\xff"}', "neither UTF-8"),
    "no id": (b'{"text": "x"}', "no id"),
    "id that is a list": (b'{"uid": [1], "text": "x"}', "uid is no text"),
    "id that is true": (b'{"uid": true, "text": "x"}', "uid is no text"),
    "text that is a number": (b'{"uid": "1", "text": 5}', "text is no text"),
    "status": (f'{{"uid": "1", "text": "x", "status": "{SECRET}"}}'.encode(), "status is not known"),
    "time": (f'{{"uid": "1", "text": "x", "read_at": "{SECRET}"}}'.encode(), "time is not ISO"),
    "images": (b'{"uid": "1", "text": "x", "images": {"file": "a"}}', "not a list"),
    "an image without a name": (b'{"uid": "1", "text": "x", "images": [{}]}', "no file name"),
    "an image that is a number": (b'{"uid": "1", "text": "x", "images": [5]}', "neither a name"),
    "a long image name": (b'{"uid": "1", "text": "x", "images": ["' + b"a" * 300 + b'"]}', "too long"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_refused_alone(tmp_path: Path, name: str) -> None:
    bad, said = BAD_LINES[name]
    path, expected = jsonl(tmp_path, [report("R1"), report("R2")])
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, bad, b"", second, b"\0\0"]))
    found = heard(path)
    assert placeless(found.rows) == expected
    assert len(found.refused) == 1 and said in found.said and f"{path}:2: " in found.said


def test_json_lines_go_by_any_name_and_empty_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('{"uid": "1", "text": "Clear."}\n{"uid": "2", "text": "Calm."}\n')
    assert [row.uid for row in heard(path).rows] == ["1", "2"]
    path = tmp_path / "r.jsonl"
    path.write_text("\n\n")
    assert "holds no reports" in heard(path).said


def test_json_that_is_no_line_is_no_format(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"uid": "1", "text": "Clear."}, indent=2))
    with pytest.raises(BadInput, match="no report format"):
        heard(path)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_of_many_names(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "r.csv"
    header = ["Report ID", "Report Text", "Dictated By", "Study Description", "MRN", "Accession Number", "Signed At"]
    values = ["7", '"Clear, calm.\nNo ""effusion""; none."', "Dr A", "Chest", "P1", "A1", "2026-02-01 10:00"]
    path.write_text(f"{mark.join(header)}\n{mark.join(values)}\n")
    [row] = heard(path).rows
    assert (row.uid, row.text, row.author) == ("7", 'Clear, calm.\nNo "effusion"; none.', "Dr A")
    assert (row.exam, row.patient, row.accession) == ("Chest", "P1", "A1")
    assert row.read_at is not None and row.where.endswith("r.csv:2")


def test_columns_that_are_said(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("nr,befund,beurteilung\n1,Frei.,Normal.\n")
    with pytest.raises(BadInput, match="no column uid"):
        heard(path)
    with pytest.raises(BadInput, match="no column holds"):
        heard(path, columns={"uid": "nr"})
    [row] = heard(path, columns={"uid": "nr", "findings": "befund", "impression": "beurteilung"}).rows
    assert (row.findings, row.impression) == ("Frei.", "Normal.")


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ('2,"open', "not CSV"),
        (f"2,{SECRET},3,4,5", "5 fields"),
        ("=2+3,Clear.", "formula"),
        (",Clear.", "no uid"),
        ("2,nul\0", "NUL"),
        ("2,Clear.,yesterday", "ISO"),
    ],
)
def test_a_bad_record_is_refused_alone(tmp_path: Path, record: str, said: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"uid,text,date\n1,- No effusion.\n{record}\n3,Clear.\n")
    found = heard(path)
    assert [row.uid for row in found.rows] == ["1", "3"]
    assert len(found.refused) == 1 and said in found.said and "r.csv:3" in found.said


def test_a_report_of_many_lines_in_one_field(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    text = "\n".join(f"Line {n}." for n in range(300))
    path.write_text(f'uid,text\n1,"{text}"\n2,Clear.\n')
    assert [row.text for row in heard(path).rows] == [text, "Clear."]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le with a mark", "utf-16-be with a mark", "cp1252"]
)
def test_text_files_in_many_encodings(tmp_path: Path, encoding: str) -> None:
    codec, marked, _ = encoding.partition(" with")
    (tmp_path / "a.txt").write_bytes((("\ufeff" if marked else "") + "Größe\r\nfrei").encode(codec))
    found = heard(tmp_path)
    assert [row.text for row in found.rows] == ["Größe\nfrei"]
    assert len(found.notices) == (encoding == "cp1252")


def test_text_files_in_folders_are_named_by_their_place(tmp_path: Path) -> None:
    for name in ("b.txt", "2026/02/a.v2.txt", "2026/a.TXT"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("FINDINGS: Clear.")
    assert [row.uid for row in heard(tmp_path).rows] == ["b", "2026/a", "2026/02/a.v2"]
    [row] = heard(tmp_path / "2026" / "a.TXT").rows
    assert row.uid == "a"


def test_bad_text_files_are_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Clear.")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfex")
    (tmp_path / "c.txt").write_bytes(b"\x81\xff")
    (tmp_path / "d.txt").write_bytes(b"nul\0")
    (tmp_path / "e.txt").write_bytes(b" \r\n")
    (tmp_path / "\udcff.txt").write_text("Clear.")
    (tmp_path / "g.txt").symlink_to(tmp_path / "nowhere")
    found = heard(tmp_path)
    assert [row.uid for row in found.rows] == ["a"]
    assert [error.where for error in found.refused] == [f"{tmp_path}: file {number}" for number in (2, 3, 4, 5, 6)]


@pytest.mark.parametrize("field", ["author", "patient", "accession"])
def test_a_name_beyond_all_measure_is_refused(tmp_path: Path, field: str) -> None:
    lines = [{"uid": str(number), "text": "Clear.", field: "x" * number} for number in (120, 121)]
    path = tmp_path / "r.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = heard(path)
    assert [row.uid for row in found.rows] == ["120"] and field in found.refused[0].problem


def test_no_refusal_in_a_folder_quotes_a_text_file_s_name(tmp_path: Path) -> None:
    (tmp_path / "Quarrington, Zephyrine 7788123.txt").write_bytes(b"\xff\xfex")
    (tmp_path / "Smith_Jane.txt").write_text("Clear.")
    found = heard(tmp_path)
    assert found.refused[0].where == f"{tmp_path}: file 1" and not found.rows[0].own_id
