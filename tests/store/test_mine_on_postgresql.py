"""Mining with PostgreSQL behind it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.building import Clock, workspace_at
from tests.pipelines.conftest import environment
from tests.pipelines.report_lines import EFFUSION, NODULE, NORMAL, held, mined, report, report_file
from tests.pipelines.test_mine import every_kind


def test_reports_go_in_once_and_say_the_same_as_on_sqlite(postgres: Any, tmp_path: Path) -> None:
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    address = postgres.get_uri(database=name)
    words = (EFFUSION, NORMAL, NODULE)
    lines = [*every_kind(), *(report(f"N{n}", words[n % 3], author=f"r{n % 5}") for n in range(100))]
    path = report_file(tmp_path / "r.jsonl", lines)
    for home in ("here", "there"):
        (tmp_path / home).mkdir()
        (tmp_path / home / "secret").write_bytes(bytes(range(32)))
    command = [sys.executable, "-m", "pipelines.cli", "mine", str(path), "--no-images"]
    chosen = {**environment(tmp_path / "here"), "WETREAD_DATABASE": address}
    for said in ("111 reports added, 0 known already", "0 reports added, 111 known already"):
        done = subprocess.run(command, env=chosen, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and said in done.stdout, done.stderr[-2000:]
    workspace = workspace_at(tmp_path / "there", Clock())
    mined(workspace, path)
    assert held(workspace_at(tmp_path / "here", Clock(), database=address)) == held(workspace)
