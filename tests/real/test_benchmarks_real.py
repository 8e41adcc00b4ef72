"""The benchmarks run on the shared files without options, and the fixed scorers take what they write."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SHARED.exists(), reason="the shared data does not lie beside this checkout"),
]


def last_line(*command: object) -> dict[str, Any]:
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=True)
    body: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return body


@pytest.mark.parametrize(("name", "least"), [("elbow", 0.80), ("ecg", 0.79), ("viper", 0.82)])
def test_next_read_is_scored(tmp_path: Path, name: str, least: float) -> None:
    reads, written = SHARED / "data" / f"{name}_reads" / "reads.csv", tmp_path / "predictions.csv"
    told = last_line("-m", "benchmarks.next_read", reads, written)
    assert told["fit_seconds"] > 0 and told["updates_per_second"] > 0
    assert last_line(SHARED / "scorers" / "next_read.py", reads, written)["auc"] > least


def test_findings_are_scored(tmp_path: Path) -> None:
    reports, written = SHARED / "data" / "iu_reports" / "reports.jsonl", tmp_path / "predictions.jsonl"
    told = last_line("-m", "benchmarks.findings", reports, written)
    assert told["reports_per_second"] > 0 and told["negspacy_per_second"] > 0 and told["ratio"] > 0
    scored = last_line(SHARED / "scorers" / "iu_findings.py", reports, written)
    assert scored["micro_f1"] > 0.9 and scored["macro_f1"] > 0.85
