"""The department's loop on real files: teaching cases and reads in, a practice set out."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.workspace import DEPARTMENT
from models.finding import Truth, findings_of
from models.teaching_case import CaseStatus
from pipelines.csv_values import Clock as FileClock
from pipelines.finding_words import FindingWords
from pipelines.import_reads import ReadsImport, import_reads
from store import cases, history
from tests.building import Clock, workspace_at
from tests.pipelines.conftest import Command, home, wetread  # noqa: F401  (fixtures)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
ELBOW = SHARED / "data" / "elbow_reads" / "reads.csv"
MEDPIX = SHARED / "data" / "medpix"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SHARED.exists(), reason="the shared data does not lie beside this checkout"),
]


def worst_findings() -> dict[str, str]:
    """Reader to the diagnosis they miss most, for readers whose worst leads clearly: ten reads, a fifth ahead."""
    right: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    with ELBOW.open() as lines:
        for row in csv.DictReader(lines):
            if row["diagnosis"] != "Normal":
                right[row["reader"]][row["diagnosis"]].append(int(row["correct"]))
    clear = {}
    for reader, found in right.items():
        rates = sorted((sum(v) / len(v), name) for name, v in found.items() if len(v) >= 10)
        if rates[1][0] - rates[0][0] > 0.2:
            clear[reader] = rates[0][1]
    return clear


def share(body: dict[str, Any], diagnosis: str) -> float:
    return sum(diagnosis.lower() in case["shows"].lower() for case in body["cases"]) / len(body["cases"])


def test_one_workspace_takes_real_cases_and_real_reads(wetread: Command, home: Path) -> None:  # noqa: F811
    done = wetread("import-cases", MEDPIX)
    assert "240 cases added" in done.stdout and "289 images" in done.stdout
    assert "0 cases added, 240 known already" in wetread("import-cases", MEDPIX).stdout
    done = wetread("import-reads", ELBOW)
    assert "11,300 reads added" in done.stdout
    assert "0 reads added, 11,300 known already" in wetread("import-reads", ELBOW).stdout
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        assert cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT] == 240
        assert history.count(tx, DEPARTMENT) == 11_300
    stored = [p for p in (home / "archive").rglob("*") if p.suffix == ".dcm"]
    assert len(stored) == 289
    sets_aim_at_each_readers_gap(wetread)


def sets_aim_at_each_readers_gap(run: Command) -> None:
    worst = worst_findings()
    by_finding: dict[str, str] = {}
    for reader, finding in worst.items():
        by_finding.setdefault(finding, reader)
    assert len(by_finding) >= 2
    (one_gap, one), (other_gap, other) = list(by_finding.items())[:2]
    sets = {r: json.loads(run("practice", r, "--size", 10, "--seed", 11, "--json").stdout) for r in (one, other)}
    assert share(sets[one], one_gap) >= 0.3 > share(sets[one], other_gap)
    assert share(sets[other], other_gap) >= 0.3 > share(sets[other], one_gap)
    again = json.loads(run("practice", one, "--size", 10, "--seed", 11, "--json").stdout)
    assert again == sets[one]
    for case in sets[one]["cases"]:
        assert case["reason"] and 0 <= case["chance"]["low"] <= case["chance"]["mean"] <= case["chance"]["high"] <= 1


@pytest.mark.parametrize(("name", "reads"), [("ecg_reads", "10,400"), ("viper_reads", "9,104")])
def test_other_files_of_reads_need_no_options(wetread: Command, name: str, reads: str) -> None:  # noqa: F811
    path = SHARED / "data" / name / "reads.csv"
    assert f"{reads} reads added, 0 known already\n" in wetread("import-reads", path).stdout
    assert f"0 reads added, {reads} known already\n" in wetread("import-reads", path).stdout


def test_what_was_said_in_place_of_a_diagnosis_is_kept(home: Path) -> None:  # noqa: F811
    """Every answer of the ECG file that names another diagnosis than the true one, those of normal traces too."""
    path = SHARED / "data" / "ecg_reads" / "reads.csv"
    words = FindingWords(findings_of(home))
    told: Counter[tuple[str, str]] = Counter()
    with path.open() as lines:
        for row in csv.DictReader(lines):
            truth, answer = row["truth_diagnosis"].strip(), row["answer_diagnosis"].strip()
            if truth != answer and answer != "Normal ECG":
                told["normal" if truth == "Normal ECG" else words.key(truth), words.key(answer)] += 1
    workspace = workspace_at(home, Clock(datetime(2026, 5, 4, tzinfo=UTC)))
    import_reads(workspace, ReadsImport(path, FileClock(workspace.now())))
    kept: Counter[tuple[str, str]] = Counter()
    with workspace.database.snapshot() as tx:
        for read in history.of_department(tx, DEPARTMENT):
            if read.answered:
                normal = read.skills.truth is Truth.NORMAL
                kept["normal" if normal else read.skills.finding or "", read.answered] += 1
    assert kept == told and told.total() > 3_000
