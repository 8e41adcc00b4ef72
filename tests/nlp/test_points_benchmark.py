from __future__ import annotations

import json
from pathlib import Path

from benchmarks.points import main


def ranked(tmp_path: Path, *rows: dict[str, str]) -> list[list[dict[str, int | str]]]:
    reports, points = tmp_path / "reports.jsonl", tmp_path / "points.jsonl"
    reports.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    assert main(reports, points)["reports_per_second"] > 0
    return [row["points"] for row in map(json.loads, points.read_text("utf-8").splitlines())]


def test_the_impression_is_never_read(tmp_path: Path) -> None:
    findings = "  Moderate right pleural effusion. Tortuous aorta. No pneumothorax."
    impression = "Tortuous aorta. Left rib fracture."
    fields, alone, raw = ranked(
        tmp_path,
        {"uid": "1", "findings": findings, "impression": impression},
        {"uid": "2", "findings": findings},
        {"uid": "3", "text": f"HISTORY: Fall.\nFINDINGS: {findings.strip()}\nIMPRESSION: {impression}"},
    )
    assert fields == alone
    assert [point["finding"] for point in fields] == [point["finding"] for point in raw]
    assert [point["finding"] for point in fields] == ["pleural_effusion", "tortuous_aorta", "pneumothorax"]


def test_offsets_count_in_the_findings_text(tmp_path: Path) -> None:
    findings = "\n Heart size is normal. There is a hiatal hernia."
    (points,) = ranked(tmp_path, {"uid": "1", "findings": findings})
    assert findings[int(points[0]["start"]) : int(points[0]["end"])] == "There is a hiatal hernia."


def test_a_report_without_findings_has_no_points(tmp_path: Path) -> None:
    assert ranked(tmp_path, {"uid": "1", "impression": "Pneumothorax."}, {"uid": "2"}) == [[], []]
