"""A department's own catalogue file: what it adds, extends and replaces, and how a broken one is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue_file import LARGEST, parse_catalogue, read_catalogue
from models.diagnosis import Diagnosis, diagnoses_of, parse_diagnoses, shipped_diagnoses
from models.errors import BadInput
from models.finding import Finding, Region, findings_of, parse_findings, shipped_findings

OURS = '[ours]\nname = "Ours"\nregion = "other"\nfamily = "lung"\nmodalities = ["CT"]\nphrases = ["our sign"]\n'


def write(folder: Path, text: str, file: str = "findings.toml") -> Path:
    (folder / file).write_text(text, "utf-8")
    return folder


def test_lists_and_codes_are_added_to_a_shipped_entry_and_other_fields_replaced(tmp_path: Path) -> None:
    text = '[pneumothorax]\nextend = true\nphrases = ["ptx", "PTX", "edge sign"]\n'
    text += 'harm = 4\ncodes = { radlex = "RID5352" }\n'
    shipped, own = shipped_findings()["pneumothorax"], findings_of(write(tmp_path, text))["pneumothorax"]
    assert own.phrases == (*shipped.phrases, "ptx", "edge sign")
    assert own.harm == 4 and shipped.harm == 5
    assert own.codes == {**shipped.codes, "radlex": "RID5352"}
    assert (own.name, own.region, own.mimics, own.sites) == (
        shipped.name,
        shipped.region,
        shipped.mimics,
        shipped.sites,
    )


def test_without_extend_a_shipped_entry_is_replaced_whole(tmp_path: Path) -> None:
    own = findings_of(write(tmp_path, OURS.replace("[ours]", "[pneumothorax]")))
    assert own["pneumothorax"] == Finding("pneumothorax", "Ours", Region.OTHER, "lung", ("CT",), ("our sign",))
    assert len(own) == len(shipped_findings())


def test_a_diagnosis_is_extended_too(tmp_path: Path) -> None:
    text = '[sarcoidosis]\nextend = true\nphrases = ["Besnier disease"]\nfindings = ["granuloma"]\n'
    own = diagnoses_of(write(tmp_path, text, "diagnoses.toml"))["sarcoidosis"]
    assert own.phrases[-1] == "Besnier disease" and own.findings[-1] == "granuloma"
    assert own.mimics == shipped_diagnoses()["sarcoidosis"].mimics


def test_own_entries_come_last_so_that_a_clash_is_told_of_them(tmp_path: Path) -> None:
    text = OURS + '[cardiomegaly]\nextend = true\nphrases = ["big heart"]\n'
    assert list(findings_of(write(tmp_path, text)))[-2:] == ["ours", "cardiomegaly"]


def test_a_byte_order_mark_and_dos_lines_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "findings.toml").write_bytes(b"\xef\xbb\xbf" + OURS.replace("\n", "\r\n").encode())
    assert findings_of(tmp_path)["ours"].phrases == ("our sign",)


def test_all_problems_of_a_file_are_told_at_once_with_their_lines() -> None:
    text = '[a]\nharm = "high"\nmodalities = "CT"\nphrases = ["x", 1]\n\n["b"]\nharm = true\nprior_mis = 0.1\n'
    text += '\n[c]\nextend = true\n\n[pneumothorax]\nextend = "yes"\n\n[d.e]\nname = "x"\n'
    told = [(p.line, p.problem) for p in parse_catalogue(text, "ours.toml", Finding, shipped_findings()).problems]
    assert (1, "harm is not a whole number") in told
    assert (1, "modalities is not a list of texts") in told
    assert (1, "phrases is not a list of texts") in told
    assert (1, "family, name, region missing") in told
    assert (6, "harm is not a whole number") in told
    assert (6, "unknown field prior_mis") in told
    assert (10, "it extends an entry that is not shipped") in told
    assert (13, "extend is neither true nor false") in told
    assert (16, "unknown field e") in told


def test_sound_entries_of_a_broken_file_are_kept() -> None:
    file = parse_catalogue(OURS + "[b]\n", "ours.toml", Finding)
    assert [entry.key for entry in file.entries] == ["ours"] and len(file.problems) == 1


def test_an_unknown_field_is_answered_with_the_one_meant() -> None:
    (problem,) = parse_catalogue(OURS + 'mimic = ["x"]\n', "ours.toml", Finding).problems
    assert problem.remedy == "write mimics"
    (problem,) = parse_catalogue(OURS + "key = 1\n", "ours.toml", Finding).problems
    assert problem.problem == "unknown field key"


def unreadable(folder: Path) -> list[Path]:
    """Files that are no catalogue: a folder, a pipe, another encoding, no TOML, numbers and depths beyond reason."""
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "latin").write_bytes('[a]\nname = "Köhler"\n'.encode("latin-1"))
    (folder / "utf16").write_bytes(OURS.encode("utf-16"))
    (folder / "broken").write_text("[a\n", "utf-8")
    (folder / "long_number").write_text("[a]\nharm = " + "9" * 5000, "utf-8")
    (folder / "deep").write_text("[a]\nx = " + "[" * 20_000, "utf-8")
    (folder / "binary").write_bytes(bytes(range(256)))
    (folder / "large").write_bytes(b"#" * (LARGEST + 1))
    return [*sorted(folder.iterdir()), folder / "absent"]


def test_a_file_that_is_no_catalogue_is_one_problem(tmp_path: Path) -> None:
    for path in unreadable(tmp_path):
        for kind in (Finding, Diagnosis):
            file = read_catalogue(path, kind)
            assert len(file.problems) == 1 and not file.entries, path
            assert str(file.problems[0]).startswith(str(path)) and "\n" not in str(file.problems[0])


@pytest.mark.parametrize(
    "text",
    ["[x]\nname =", "[x]\n", OURS + '[pneumothorax]\nextend = true\nparent = "nowhere"\n', OURS + 'parent = "ours"\n'],
)
def test_a_workspace_with_a_broken_file_names_the_command(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"findings\.toml.*; run `wetread findings check`"):
        findings_of(write(tmp_path, text))


@pytest.mark.parametrize("text", ["[sarcoidosis]\n", '[sarcoidosis]\nextend = true\nparent = "sarcoidosis"\n'])
def test_a_workspace_with_a_broken_file_of_diagnoses_names_the_command(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"diagnoses\.toml.* \[sarcoidosis\].*; run `wetread findings check`"):
        diagnoses_of(write(tmp_path, text, "diagnoses.toml"))


SCALARS = st.one_of(
    st.text(max_size=8),
    st.integers(-9, 9),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(["chest", "CT", "pneumothorax"]),
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08X}" for c in value)
        return '"' + "".join("" if 0xD800 <= ord(c) < 0xE000 else c for c in escaped) + '"'
    return str(value)


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
FIELDS = st.sampled_from([*Finding.__dataclass_fields__, *Diagnosis.__dataclass_fields__, "extend", "unheard"])
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["pneumothorax", "sarcoidosis"])
TABLES = st.dictionaries(KEYS, st.dictionaries(FIELDS, VALUES, max_size=6), max_size=4)


@given(TABLES)
def test_any_table_is_an_entry_or_a_problem(tables: dict[str, dict[str, object]]) -> None:
    text = "".join(
        f"[{toml(key)}]\n" + "".join(f"{name} = {toml(value)}\n" for name, value in table.items())
        for key, table in tables.items()
    )
    file = parse_catalogue(text, "ours.toml", Finding, shipped_findings())
    told = {problem.entry for problem in file.problems}
    assert {entry.key for entry in file.entries} | told == tables.keys()
    assert not {entry.key for entry in file.entries} & told
    for entry in file.entries:
        assert isinstance(entry.harm, int) and isinstance(entry.region, Region)
        assert all(isinstance(word, str) for word in (*entry.phrases, *entry.sites, *entry.mimics, *entry.modalities))
    assert all("\n" not in str(problem) and len(str(problem)) < 600 for problem in file.problems)


@given(st.text() | st.text("[]{}=\"'\\.#\n ab1_,").map(lambda text: text[:200]))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for parse in (parse_findings, parse_diagnoses):
        try:
            parse(text, "ours.toml")
        except BadInput as refused:
            assert "\n" not in str(refused)
