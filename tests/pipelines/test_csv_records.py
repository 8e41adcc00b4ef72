"""Broken CSV costs the broken record and no other."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadInput
from pipelines.csv_records import csv_records

FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(rows=st.lists(st.lists(FIELD, min_size=2, max_size=4).filter(lambda r: "".join(r).strip()), max_size=6))
def test_whatever_the_csv_module_writes_is_read_back(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    path.write_bytes(text.getvalue().encode())
    assert [list(record.fields) for record in csv_records(path)] == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(tmp_path: Path, end: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(end.join(["a,b", "1,2", "", '"x', 'y",4', ""]).encode())
    assert [(r.line, r.fields) for r in csv_records(path)] == [
        (1, ("a", "b")),
        (2, ("1", "2")),
        (4, (f"x{end}y", "4")),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('1,"open', "not CSV"),
        ('1,"shut"x', "not CSV"),
        ("1," + "x" * 200_000, "field larger"),
        ('1,"' + "x" * 200_000, "field larger"),
        ("1,\0", "NUL"),
    ],
)
def test_a_broken_line_is_refused_alone(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text("\n".join(["a,b", "0,0", line, *[f"{n},ok" for n in range(100)]]))
    records = list(csv_records(path))
    [broken] = [record for record in records if record.error]
    assert broken.line == 3 and said in str(broken.error) and f"{path}:3" in str(broken.error)
    assert len(records) == 103


def test_no_text_and_no_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        list(csv_records(tmp_path / "none.csv"))
    (tmp_path / "latin.csv").write_bytes(b"a\nJ\xf6rg")


def test_lines_of_several_encodings_are_read_and_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"\xef\xbb\xbfa;b\nJ\xc3\xb6rg;1\nJ\xf6rg;2\n")
    records = list(csv_records(path))
    assert [record.fields for record in records] == [("a", "b"), ("Jörg", "1"), ("Jörg", "2")]
    assert [bool(record.note) for record in records] == [False, False, True]
    path.write_bytes("a\tb\nJörg\t1\n".encode("utf-16"))
    assert [record.fields for record in csv_records(path)] == [("a", "b"), ("Jörg", "1")]
