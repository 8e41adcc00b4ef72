"""Files of reads: stored once, bad rows told, practice chosen from them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.workspace import DEPARTMENT
from models.reading import StateKind
from store import history, readers, states
from tests.building import Clock, workspace_at
from tests.pipelines.conftest import Command, environment

FINDINGS = ("Olecranon", "Lateral Condyle", "Supracondylar")
HEADER = "reader,sequence,case,truth,diagnosis,correct,started_at"


def reads_file(path: Path, weak: dict[str, str], cases: int = 60) -> Path:
    """Readers who read the same cases; each misses most of the finding named for them and little else."""
    rng = np.random.default_rng(5)
    lines = [HEADER]
    for reader, weakness in weak.items():
        for n in range(cases):
            shown = "Normal" if n % 2 else FINDINGS[(n // 2) % 3]
            chance = 0.15 if shown == weakness else 0.85
            truth = "Normal" if shown == "Normal" else "Abnormal"
            correct = int(rng.random() < chance)
            lines.append(f"{reader},{n + 1},C{n:03d},{truth},{shown},{correct},2026-01-05 10:{n:02d}:00")
    path.write_text("\n".join(lines) + "\n")
    return path


WEAK = {f"r{n}": FINDINGS[n % 3] for n in range(9)}


def chosen(wetread: Command, reader: str, *more: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(wetread("practice", reader, "--size", 10, "--seed", 3, "--json", *more).stdout)
    return body


def share(body: dict[str, Any], name: str) -> float:
    return sum(name.lower() in case["shows"].lower() for case in body["cases"]) / len(body["cases"])


def total(home: Path) -> int:
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        return history.count(tx, DEPARTMENT)


def test_reads_go_in_once(wetread: Command, tmp_path: Path, home: Path) -> None:
    path = reads_file(tmp_path / "reads.csv", WEAK)
    assert "540 reads added" in wetread("import-reads", path).stdout
    again = wetread("import-reads", path)
    assert "0 reads added, 540 known already" in again.stdout
    assert total(home) == 540


def test_a_set_aims_at_its_readers_own_gap_and_says_why(wetread: Command, tmp_path: Path) -> None:
    wetread("import-reads", reads_file(tmp_path / "reads.csv", WEAK))
    one, other = chosen(wetread, "r0"), chosen(wetread, "r1")
    for body, own, others in ((one, "olecranon", "lateral condyle"), (other, "lateral condyle", "olecranon")):
        assert share(body, own) >= 0.3 and share(body, others) < share(body, own)
        for case in body["cases"]:
            chance = case["chance"]
            assert 0 <= chance["low"] <= chance["mean"] <= chance["high"] <= 1
            assert any(character.isdigit() for character in case["reason"])
    assert share(one, "olecranon") > share(other, "olecranon")
    assert chosen(wetread, "r0") == one


def test_a_reader_can_answer_on_the_command_line(wetread: Command, tmp_path: Path, home: Path) -> None:
    wetread("import-reads", reads_file(tmp_path / "reads.csv", WEAK))
    before = chosen(wetread, "r0")
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "practice", "r0", "--size", "10", "--seed", "3", "--read"],
        env=environment(home),
        input="normal\n" * 10,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "right" in done.stdout
    assert total(home) == 550
    met = {case["case"] for case in before["cases"]}
    assert not met & {case["case"] for case in chosen(wetread, "r0")["cases"]}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("r0,1,C001,Normal,Normal,2,2026-01-05 10:00:00", "neither 0 nor 1"),
        ("r0,1,C001,Normal,Normal,,2026-01-05 10:00:00", "neither 0 nor 1"),
        ("r0,1,C001,Normal,Normal,1,2099-01-05 10:00:00", "future"),
        ("r0,1,C001,Normal,Normal,1,yesterday", "ISO 8601"),
        (",1,C001,Normal,Normal,1,2026-01-05 10:00:00", "no reader"),
        ("r0,1,,Normal,Normal,1,2026-01-05 10:00:00", "no case"),
        ("r0,first,C001,Normal,Normal,1,2026-01-05 10:00:00", "whole number"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_goes_in(
    wetread: Command, tmp_path: Path, home: Path, row: str, said: str
) -> None:
    path = tmp_path / "reads.csv"
    good = "r0,2,C002,Abnormal,Olecranon,1,2026-01-05 10:01:00"
    path.write_text(f"{HEADER}\n{row}\n{good}\n")
    done = wetread("import-reads", path, code=1)
    refused = [line for line in done.stderr.splitlines() if line.startswith("refused")]
    assert len(refused) == 1 and f"{path}:2" in refused[0] and said in refused[0]
    assert total(home) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (HEADER.encode() + b"\n", "no reads"),
        (b"who,what\na,b\n", "no column reader"),
    ],
)
def test_a_file_that_is_none_is_told(wetread: Command, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "reads.csv"
    path.write_bytes(content)
    done = wetread("import-reads", path, code=None)
    assert done.returncode in (1, 2) and said in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.strip()]) == 1


def test_reads_of_unknown_cases_are_refused_where_no_stub_is_wanted(wetread: Command, tmp_path: Path) -> None:
    path = reads_file(tmp_path / "reads.csv", {"r0": "Olecranon"}, cases=3)
    done = wetread("import-reads", path, "--no-create-cases", code=1)
    assert "3 refused" in done.stdout and "no such case" in done.stderr


def test_an_import_that_is_killed_completes_without_duplicates(wetread: Command, tmp_path: Path, home: Path) -> None:
    path = reads_file(tmp_path / "reads.csv", {f"r{n}": FINDINGS[n % 3] for n in range(300)})
    command = [sys.executable, "-m", "pipelines.cli", "import-reads", str(path)]
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not (home / "wetread.db").exists():
        time.sleep(0.01)
    while process.poll() is None and not 0 < safe_total(home) < 18_000:
        time.sleep(0.005)
    process.kill()
    process.wait()
    wetread("import-reads", path)
    assert total(home) == 18_000
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        everyone = readers.every(tx, DEPARTMENT)
        assert len(everyone) == 300
        for reader in everyone:
            held = states.get(tx, reader.reader_id, StateKind.PRIVATE)
            assert held["all"].reads == 60


def safe_total(home: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{home / 'wetread.db'}?mode=ro", uri=True) as connection:
            number: int = connection.execute("SELECT count(*) FROM readings").fetchone()[0]
            return number
    except sqlite3.OperationalError:  # the tables are being made at this very moment
        return 0
