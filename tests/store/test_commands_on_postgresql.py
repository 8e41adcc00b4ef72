"""The commands that fill a workspace, with PostgreSQL behind them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.pipelines.conftest import environment
from tests.pipelines.test_import_reads import WEAK, reads_file


def test_reads_go_in_once_and_a_set_comes_out(postgres: Any, tmp_path: Path) -> None:
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    chosen = {**environment(tmp_path / "home"), "WETREAD_DATABASE": postgres.get_uri(database=name)}
    path = reads_file(tmp_path / "reads.csv", WEAK)

    def wetread(*arguments: object) -> str:
        command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
        done = subprocess.run(command, env=chosen, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    assert "540 reads added" in wetread("import-reads", path)
    assert "0 reads added, 540 known already" in wetread("import-reads", path)
    body = json.loads(wetread("practice", "r0", "--size", 10, "--seed", 3, "--json"))
    assert len(body["cases"]) == 10 and "prior" not in body["model"]
