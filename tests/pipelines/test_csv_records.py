"""Broken CSV costs the broken record and no other."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.errors import BadInput
from pipelines.csv_records import csv_records

FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


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


NEAR = st.text(st.sampled_from(list('ab,;\t|"\r\n é=\0�')), max_size=40)
WHOLE = [("r1", "c1", "1"), ("r2", "c2", "0")]


@given(
    rows=st.lists(st.tuples(FIELD.filter(str.strip), FIELD, FIELD), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_delimiter_encoding_and_quoting_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, quoting: int, end: str, folder: Path
) -> None:
    # A bare carriage return before the line's end is its end: the writer quotes one only where its lines end so.
    assume(quoting != csv.QUOTE_MINIMAL or end == "\r\n" or not any("\r" in field for row in rows for field in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([("one", "two", "three"), *rows])
    (folder / "f.csv").write_bytes(text.getvalue().encode(encoding))
    records = list(csv_records(folder / "f.csv"))
    assert [record.fields for record in records] == [("one", "two", "three"), *rows]
    assert not any(record.error or record.note for record in records)


@given(content=st.one_of(st.binary(max_size=300), NEAR.map(str.encode), NEAR.map(lambda text: text.encode("utf-16"))))
def test_no_bytes_break_the_reader(content: bytes, folder: Path) -> None:
    path = folder / "f.csv"
    path.write_bytes(content)
    records = list(csv_records(path))
    lines = [record.line for record in records]
    assert lines == sorted(set(lines))
    for record in records:
        assert record.error is None or (record.error.where == f"{path}:{record.line}" and record.error.remedy)


@given(broken=NEAR.map(lambda text: text.replace("\r", "").replace("\n", "")), place=st.integers(0, 2))
def test_a_broken_line_costs_no_other(broken: str, place: int, folder: Path) -> None:
    """Whatever stands in one line: the lines around it, which hold no quote that could close one, are read as ever."""
    lines = [",".join(row) for row in WHOLE]
    lines.insert(place, broken)
    path = folder / "f.csv"
    path.write_bytes("\n".join(["reader,case,correct", *lines, ""]).encode())
    found = [record.fields for record in csv_records(path)]
    assert [fields for fields in found if fields in WHOLE] == WHOLE


@given(data=st.data())
def test_a_mutated_file_costs_what_was_touched(data: st.DataObject, folder: Path) -> None:
    rows = [f"r{n},c{n},1" for n in range(30)]
    content = bytearray("\n".join(["reader,case,correct", *rows, ""]).encode())
    at = data.draw(st.integers(20, len(content) - 2))
    content[at] = data.draw(st.integers(0, 255))
    path = folder / "f.csv"
    path.write_bytes(bytes(content))
    whole = {",".join(record.fields) for record in csv_records(path) if not record.error}
    assert len(whole & set(rows)) >= 28


def test_a_record_is_as_long_as_memory_allows(folder: Path) -> None:
    """Lines that an open quote would hold together are let go once they are too many characters."""
    path = folder / "f.csv"
    wide = "y" * 1_500_000
    path.write_text("\n".join(["a,b", f'1,"{wide}', wide, wide, '"', "2,ok", ""]))
    records = list(csv_records(path, most_lines=10, longest_field=10_000_000))
    assert [record.line for record in records if record.error] == [2, 5]
    assert records[-1].fields == ("2", "ok")


def test_an_error_quotes_nothing_of_the_file(folder: Path) -> None:
    path = folder / "f.csv"
    path.write_text('reader,case\n"Quokka"Q,1\n' + "Quokka" * 40_000 + ",1\nQuokka\0,1\n")
    errors = [str(record.error) for record in csv_records(path) if record.error]
    assert len(errors) == 3 and not any("Quokka" in error for error in errors)


def test_a_header_says_what_parts_the_fields(folder: Path) -> None:
    path = folder / "f.csv"
    for text in ('"a,b,c";d\n1;2\n', "sep=;\na,b,c;d\n1;2\n", "\n\nSEP=;\r\na,b,c;d\r\n1;2"):
        path.write_bytes(text.encode())
        assert [record.fields for record in csv_records(path)][1:] == [("1", "2")]
    path.write_text("only\n1\n")
    assert [record.fields for record in csv_records(path)] == [("only",), ("1",)]
