"""The suite of sentences, and the benchmark that reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.assertions import main, read_suite, said_of
from models.errors import BadInput
from models.finding import Assertion, shipped_findings
from nlp.miner import Miner

SUITE = Path(__file__).with_name("assertion_suite.jsonl")
ROW = {"text": "No effusion.", "finding": "pleural_effusion", "assertion": "absent", "phenomenon": "plain"}


def test_the_suite_is_read_rightly_in_all_and_in_each_phenomenon(capsys: pytest.CaptureFixture[str]) -> None:
    figures = main(SUITE)
    assert figures["accuracy"] >= 0.97
    assert min(figures["by_phenomenon"].values()) >= 0.90, figures["by_phenomenon"]
    misses = capsys.readouterr().out.splitlines()
    assert len(misses) == round((1 - figures["accuracy"]) * figures["sentences"])


def test_the_suite_is_large_and_every_phenomenon_has_its_share() -> None:
    rows = list(read_suite(SUITE, shipped_findings()))
    counts = {row.phenomenon: sum(other.phenomenon == row.phenomenon for other in rows) for row in rows}
    assert len(rows) >= 400 and len(counts) >= 20 and min(counts.values()) >= 15
    assert {row.assertion for row in rows} == set(Assertion)
    assert len({(row.text, row.finding) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("Possible effusion. There is a pleural effusion.", "pleural_effusion", Assertion.PRESENT),
        ("History of pneumonia. Possible pneumonia.", "pneumonia", Assertion.UNCERTAIN),
        ("No rib fracture now. Old rib fracture.", "rib_fracture", Assertion.PRIOR),
        ("INDICATION: Pneumonia? FINDINGS: No pneumonia.", "pneumonia", Assertion.ABSENT),
        ("INDICATION: Pneumonia? FINDINGS: Clear lungs.", "pneumonia", Assertion.HYPOTHETICAL),
        ("Fracture of the clavicle.", "fracture", Assertion.PRESENT),
        ("Clear lungs.", "pneumonia", None),
    ],
)
def test_mentions_of_one_finding_combine(miner: Miner, text: str, finding: str, expected: Assertion | None) -> None:
    assert said_of(miner, shipped_findings(), text, finding) is expected


def test_synonyms_are_read_and_a_miss_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = tmp_path / "suite.jsonl"
    rows = [ROW | {"assertion": "negated"}, ROW | {"text": "Resolved effusion.", "assertion": "resolved"}]
    rows += [ROW | {"text": "Clear.", "phenomenon": "silent"}]
    suite.write_text("\n".join(map(json.dumps, rows)) + "\n\n", "utf-8")
    assert main(suite) == {
        "accuracy": 0.6667,
        "by_phenomenon": {"plain": 1.0, "silent": 0.0},
        "sentences": 3,
    }
    assert capsys.readouterr().out == "silent\tabsent\tnone\tClear.\n"


@pytest.mark.parametrize(
    "line",
    ["{", "[]", *(json.dumps(ROW | wrong) for wrong in ({"text": " "}, {"finding": "x"}, {"assertion": "x"}))],
)
def test_a_broken_line_is_named_and_not_quoted(tmp_path: Path, line: str) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text(json.dumps(ROW) + "\n" + line + "\n", "utf-8")
    with pytest.raises(BadInput, match=r"suite\.jsonl:2"):
        list(read_suite(suite, shipped_findings()))


def test_a_file_without_sentences_is_refused(tmp_path: Path) -> None:
    (tmp_path / "suite.jsonl").write_text("\n", "utf-8")
    with pytest.raises(BadInput, match="no sentences"):
        main(tmp_path / "suite.jsonl")
    with pytest.raises(BadInput, match="cannot be read"):
        main(tmp_path / "none.jsonl")
