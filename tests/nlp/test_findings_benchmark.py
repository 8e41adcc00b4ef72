from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.findings import main, read_reports
from models.errors import BadInput


def test_it_writes_a_line_a_report_and_compares(tmp_path: Path) -> None:
    reports, predictions = tmp_path / "reports.jsonl", tmp_path / "predictions.jsonl"
    rows = [
        {"uid": 7, "findings": "Left lung consolidation. No pneumothorax.", "impression": ""},
        {"uid": "b", "text": "FINDINGS: Right rib fracture."},
        {"uid": "c"},
    ]
    reports.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    figures = main(reports, predictions)
    assert figures.keys() >= {"reports_per_second", "negspacy_per_second", "ratio", "ratio_without_memory"}
    read = {row["uid"]: row["findings"] for row in map(json.loads, predictions.read_text("utf-8").splitlines())}
    assert list(read) == ["7", "b", "c"] and read["c"] == []
    assert {(row["finding"], row["coded"], row["laterality"]) for row in read["7"]} == {
        ("consolidation", True, "left"),
        ("opacity", True, "left"),
        ("pneumothorax", False, None),
    }
    assert {row["finding"] for row in read["b"]} == {"rib_fracture", "fracture"}


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "x"}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    reports = tmp_path / "reports.jsonl"
    reports.write_text('{"uid": 1}\n' + line + "\n", "utf-8")
    with pytest.raises(BadInput, match=r"reports\.jsonl:2"):
        list(read_reports(reports))
