"""HL7 v2 results as interface engines really write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.csv_values import Clock
from pipelines.report_files import hl7_messages
from pipelines.report_files.row import ReportRow
from tests.pipelines.report_writers import NOW, SECRET, batches, heard, hl7, hl7_message, placeless, report

MSH = "MSH|^~\\&|RIS|X|EDU|X|20260201080000+0100||ORU^R01^ORU_R01|7|P|2.5.1"


def read(folder: Path, *segments: str, end: str = "\r") -> list[ReportRow]:
    """The reports of a file of these segments, none of it refused."""
    path = folder / "r.hl7"
    path.write_bytes(end.join([*segments, ""]).encode())
    found = heard(path)
    assert not found.refused
    return found.rows


def refusal(folder: Path, *segments: str) -> str:
    path = folder / "r.hl7"
    path.write_bytes("\r".join([*segments, ""]).encode())
    found = heard(path)
    assert not found.rows
    [error] = found.refused
    return error.problem


def obr(**fields: str) -> str:
    """An order with these fields, as n25="F"."""
    numbered = {3: "F1"} | {int(name[1:]): value for name, value in fields.items()}
    return "|".join(["OBR", *(numbered.get(number, "") for number in range(1, 35))])


@given(rows=batches, end=st.sampled_from(["\r", "\n", "\r\n"]), frame=st.sampled_from(["none", "mllp", "batch"]))
def test_any_line_end_and_any_frame(
    tmp_path_factory: pytest.TempPathFactory, rows: list[ReportRow], end: str, frame: str
) -> None:
    path, expected = hl7(tmp_path_factory.mktemp("f"), rows)
    messages = [hl7_message(row, end) for row in rows]
    text = "".join(f"\x0b{each}\x1c\r" for each in messages) if frame == "mllp" else "".join(messages)
    if frame == "batch":
        count = len(rows)
        text = end.join(["FHS|^~\\&|A", "BHS|^~\\&|A", text + f"BTS|{count}", "FTS|1", ""])
    path.write_bytes(text.encode())
    assert placeless(heard(path).rows) == expected


def test_messages_lie_across_the_pieces_a_file_is_read_in(tmp_path: Path) -> None:
    rows = [report(f"R{n}", text=f"{SECRET} line\n" * (n % 50) + "end") for n in range(2_000)]
    for end in ("\r", "\r\n"):
        path, expected = hl7(tmp_path, rows, end)
        assert path.stat().st_size > 1 << 20
        assert placeless(heard(path).rows) == expected


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_where_a_piece_ends_changes_nothing(tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.hl7"
    lines = [
        MSH,
        obr(),
        "OBX|1|FT|1^R||First line",
        "and the second",
        "third.||||||F",
        "OBX|2|TX|1^R||Last",
        "words",
        "",
    ]
    path.write_bytes(end.join(lines * 2).encode())
    whole = heard(path).rows
    assert [row.text for row in whole] == ["First line\nand the second\nthird.\nLast\nwords"] * 2
    for size in range(1, 40):
        monkeypatch.setattr(hl7_messages, "pieces", lambda opened, size=size: iter(lambda: opened.read(size), b""))
        assert heard(path).rows == whole


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\r\r\n"])
def test_line_ends_that_were_not_escaped_are_text(tmp_path: Path, end: str) -> None:
    [row] = read(tmp_path, MSH, obr(), "OBX|1|FT|1^R||First line", "and the second|", "third.||||||F", end=end)
    assert [line for line in row.text.split("\n") if line] == ["First line", "and the second"]


def test_escapes_are_what_they_stand_for(tmp_path: Path) -> None:
    text = (
        r"5 \T\ 6 \F\ \S\ \R\ \E\.br\E\\.br\\H\bold\N\\X0D\\X0A\caf\XC3A9\\.sp2\end \Z1\\C2842\ C:\here\there 3 ~second"
    )
    [row] = read(tmp_path, MSH, obr(), f"OBX|1|FT|1^R||{text}")
    assert row.text == "5 & 6 | ^ ~ \\.br\\\nbold\ncafé\n\nend  C:\\here\\there 3 \nsecond"


def test_other_delimiters(tmp_path: Path) -> None:
    [row] = read(tmp_path, "MSH$%*!+$$$$$$$ORU%R01", "OBR$1$$F1%X$CT%Head scan", "OBX$1$TX$1$$Clear !T! bright")
    assert (row.uid, row.exam, row.text) == ("F1/F", "Head scan", "Clear + bright")


def test_a_report_in_parts(tmp_path: Path) -> None:
    [row] = read(
        tmp_path,
        MSH,
        obr(),
        "OBX|1|TX|71046&GDT^CHEST||Lungs clear.",
        "OBX|2|TX|71046&GDT^CHEST||Heart normal.",
        "OBX|3|TX|71046&IMP^CHEST||Normal.",
        "OBX|4|TX|18785-6^Reason||Cough.",
    )
    assert (row.findings, row.impression, row.indication) == ("Lungs clear.\nHeart normal.", "Normal.", "Cough.")
    assert row.text == ""


def test_parts_that_are_not_all_known_become_text_with_headings(tmp_path: Path) -> None:
    lines = ("OBX|1|TX|1^TECHNIQUE||Two views.", "OBX|2|TX|1^X||Clear.", "OBX|3|TX|&REC||Follow up.")
    [row] = read(tmp_path, MSH, obr(), *lines)
    assert row.text == "TECHNIQUE:\nTwo views.\n\nClear.\n\nRECOMMENDATION:\nFollow up."


def test_a_body_with_its_own_headings_stays_as_it_is(tmp_path: Path) -> None:
    body = "HISTORY: Cough.\\.br\\FINDINGS: Clear."
    [row] = read(tmp_path, MSH, obr(), f"OBX|1|FT|1&GDT||{body}", "OBX|2|TX|1&IMP||Normal.")
    assert row.text == "HISTORY: Cough.\nFINDINGS: Clear.\n\nIMPRESSION:\nNormal."


@pytest.mark.parametrize(
    ("order", "line", "status"),
    [("F", "F", "F"), ("P", "F", "P"), ("R", "", "P"), ("C", "F", "C"), ("F", "C", "C"), ("", "P", "P")]
    + [("", "", "F"), ("", "A", "C"), ("M", "", "P")],
)
def test_statuses(tmp_path: Path, order: str, line: str, status: str) -> None:
    [row] = read(tmp_path, MSH, obr(n25=order), f"OBX|1|TX|1||Clear.||||||{line}")
    assert row.status.value == status and row.uid == f"F1/{status}"


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ([MSH, obr(n25="X"), "OBX|1|TX|1||Cancelled."], "status"),
        ([MSH, obr(), "OBX|1|TX|1||Wrong.||||||W"], "empty"),
        ([MSH, obr()], "empty"),
        ([MSH], "no order"),
        ([MSH, obr(n3=""), "OBX|1|TX|1||Clear."], "no id"),
        ([MSH, obr(), "OBX|1|ED|1||^AP^PDF^Base64^JVBERi0="], "document"),
        ([MSH, obr(n22="yesterday"), "OBX|1|TX|1||Clear."], "time"),
        ([MSH, obr(n22="20261399"), "OBX|1|TX|1||Clear."], "time"),
        ([MSH, obr(n22="99991231235959-1200"), "OBX|1|TX|1||Clear."], "calendar"),
        ([MSH + "||||||EBCDIC", obr(), "OBX|1|TX|1||Clear."], "character set"),
        ([MSH, obr(), "OBX|1|TX|1||Nul \\X00\\."], "NUL"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, segments: list[str], said: str) -> None:
    assert said in refusal(tmp_path, *segments)


def test_everything_around_the_text(tmp_path: Path) -> None:
    [row] = read(
        tmp_path,
        MSH,
        "PID|1|OLD|P77^^^X~P78||DOE^JANE",
        "ORC|RE|PL1|FI1",
        obr(n3="FI1^RIS", n4="71046^Chest 2 views^C4", n18="ACC1", n22="202602011030", n24="RX", n32="22&SMITH&ANN"),
        "OBX|1|TX|1||Clear.",
        "OBX|2|ST|113014^Study Instance UID^DCM||1.2.840.5",
    )
    assert (row.uid, row.accession, row.patient, row.author) == ("FI1/F", "ACC1", "P77", "22")
    assert (row.exam, row.modality, row.study_uid) == ("Chest 2 views", "DX", "1.2.840.5")
    assert row.read_at == datetime(2026, 2, 1, 9, 30, tzinfo=UTC), "the message's own zone holds"


@pytest.mark.parametrize(
    ("person", "author"),
    [("22^SMITH^ANN", "22"), ("^SMITH^ANN", "SMITH ANN"), ("&SMITH&ANN", "SMITH ANN"), ('""', "77")],
)
def test_the_author_is_a_code_or_a_name(tmp_path: Path, person: str, author: str) -> None:
    [row] = read(tmp_path, MSH, obr(n32=person), "OBX|1|TX|1||Clear.|||||||||||77^LEE")
    assert row.author == author


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("20260201", "2026-02-01T05:00+00:00"),
        ("2026020110", "2026-02-01T15:00+00:00"),
        ("20260201103015.123+0900", "2026-02-01T01:30:15+00:00"),
        ("2026", None),
        ("202602", None),
    ],
)
def test_times(tmp_path: Path, time: str, expected: str | None) -> None:
    path = tmp_path / "r.hl7"
    path.write_text("\r".join(["MSH|^~\\&|||||||ORU^R01", obr(n22=time), "OBX|1|TX|1||Clear."]))
    [row] = heard(path, clock=Clock(NOW, ZoneInfo("America/New_York"))).rows
    assert row.read_at == (datetime.fromisoformat(expected) if expected else None)


def test_several_orders_in_a_message(tmp_path: Path) -> None:
    path = tmp_path / "r.hl7"
    lines = ("OBX|1|TX|1||First.", "OBX|1|TX|1||Second.")
    path.write_text("\r".join([MSH, obr(n3="A"), lines[0], obr(n3="B"), lines[1], obr(n3="C")]))
    found = heard(path)
    assert [(row.uid, row.text) for row in found.rows] == [("A/F", "First."), ("B/F", "Second.")]
    assert [row.where.rsplit(":", 1)[1] for row in found.rows] == ["message 1, OBR 1", "message 1, OBR 2"]


def test_other_messages_and_departments_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "r.hl7"
    other = MSH.replace("ORU^R01^ORU_R01", "ADT^A08")
    lab = "\r".join([MSH, obr(n24="LAB"), "OBX|1|ST|1||5.1"])
    path.write_text("\r".join([other, "PID|1", lab, hl7_message(report("R1")).strip(), MSH, obr(), "OBX|1|TX|1"]))
    found = heard(path)
    assert [row.uid for row in found.rows] == ["R1/F"]
    assert len(found.notices) == 2 and [error.problem for error in found.refused] == ["the report is empty"]
    assert found.refused[0].where.endswith("message 4")


@pytest.mark.parametrize(
    ("named", "codec"),
    [("8859/1", "cp1252"), ("8859/2", "iso8859_2"), ("UNICODE UTF-8", "utf-8"), ("", "utf-8"), ("BIG-5", "big5")],
)
def test_character_sets(tmp_path: Path, named: str, codec: str) -> None:
    word = "肺" if codec == "big5" else "Größe"
    path = tmp_path / "r.hl7"
    header = MSH + "||||||" + named
    path.write_bytes("\r".join([header, obr(), f"OBX|1|TX|1||{word}"]).encode(codec))
    found = heard(path)
    assert [row.text for row in found.rows] == [word] and not found.notices


def test_words_before_the_first_message_are_passed_over(tmp_path: Path) -> None:
    path, expected = hl7(tmp_path, [replace(report("R1"))])
    path.write_bytes(b"exported by hand\r\n\0\0" + path.read_bytes() + b"\0\0\0")
    assert placeless(heard(path).rows) == expected


def test_everybody_a_message_names_is_known_by_name(tmp_path: Path) -> None:
    [row] = read(
        tmp_path,
        MSH,
        "PID|1||P7^^^X^MR||Avery&van^Bo^^^Ms^MD^L~Alias^Old||||",
        "NK1|1|Kin^Next",
        "PV1|1||||||77^Att^Ann|Ref^Rae",
        obr(n16="Order^Ora~Second^Sid", n25="F", n32="9&Prin&Cip", n33="8^Assist^Ada", n34="Tech&Nik&&"),
        "OBX|1|TX|IMP^Chest||Clear.||||||F|||||55^Obs^Erver",
    )
    found = " ".join(row.names).split()
    for name in (
        "Avery",
        "Bo",
        "Alias",
        "Old",
        "Kin",
        "Att",
        "Rae",
        "Ora",
        "Sid",
        "Prin",
        "Ada",
        "Nik",
        "Erver",
    ):
        assert name in found, name
    assert not {"L", "MR", "X"} & set(found) and not row.own_id
