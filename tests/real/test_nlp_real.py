"""The miner on real reports, against their human codes and on teaching cases of every region."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.findings import main
from models.diagnosis import shipped_diagnoses
from models.finding import Assertion, shipped_findings
from models.report import SectionName, join_sections
from nlp.miner import Miner
from nlp.points import teaching_points
from nlp.scrub import scrub

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
REPORTS = SHARED / "data" / "iu_reports" / "reports.jsonl"
CASES = SHARED / "data" / "medpix" / "cases.jsonl"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="needs the real data in ../shared, which is not there")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_findings_agree_with_the_human_codes(tmp_path: Path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    main(REPORTS, predictions)
    command = [sys.executable, str(SHARED / "scorers" / "iu_findings.py"), str(REPORTS), str(predictions)]
    scores = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert scores["micro_f1"] >= 0.98
    assert scores["macro_f1"] >= 0.972
    assert scores["laterality"] >= 0.94


def test_teaching_cases_are_tagged_with_findings_and_diagnoses() -> None:
    miner = Miner(shipped_findings(), shipped_diagnoses())
    cases = rows(CASES)
    with_finding = with_diagnosis = 0
    for case in cases:
        report = join_sections(
            ((SectionName.HISTORY, case["history"] or ""), (SectionName.FINDINGS, case["findings"] or ""))
        )
        observations = miner.observations(report)
        with_finding += any(seen.assertion in (Assertion.PRESENT, Assertion.UNCERTAIN) for seen in observations)
        with_diagnosis += bool(miner.diagnoses(case["diagnosis"] or ""))
        for point in teaching_points(report, observations, shipped_findings()):
            assert point.text == point.span.of(report.text)
    assert with_finding / len(cases) >= 0.8
    assert with_diagnosis / len(cases) >= 0.85


def test_scrub_leaves_clean_reports_alone_and_is_idempotent() -> None:
    removed = 0
    for report in rows(REPORTS):
        clean = scrub(f"{report['indication']}\n{report['findings']}\n{report['impression']}")
        removed += len(clean.removed)
        assert scrub(clean.text).text == clean.text
    assert removed <= 5
