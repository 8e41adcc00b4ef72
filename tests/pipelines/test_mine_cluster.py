"""Mining on a Ray cluster, and mining that is killed: what is stored is the same."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.building import Clock, workspace_at
from tests.pipelines.conftest import environment
from tests.pipelines.report_lines import EFFUSION, NODULE, NORMAL, held, mined, report, report_file

KILLS = 20

OPEN = {"RAY_AUTH_MODE": "disabled"}
"""The cluster of these tests listens on this machine alone, and asks for no token."""


def lines(number: int) -> list[dict[str, Any]]:
    """Reports of several readers, a third of them preliminary ones that a final one follows."""
    rng = random.Random(7)
    made = []
    for n in range(number):
        status, study = ("P", n + 1) if n % 3 == 0 else ("F", n)
        day = f"2026-0{1 + n % 4}-{10 + n % 15}T{'08' if status == 'P' else '12'}:00:00Z"
        words = rng.choice([EFFUSION, NODULE, NORMAL])
        made.append(report(f"A{n}", words, status=status, accession=f"S{study}", author=f"r{n % 9}", read_at=day))
    return made


def seeded(home: Path) -> Path:
    """A workspace folder whose secret is known, so that two workspaces can be compared."""
    home.mkdir(parents=True)
    (home / "secret").write_bytes(bytes(range(32)))
    (home / "secret").chmod(0o600)
    return home


def run(path: Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines.cli", "mine", str(path), "--no-images", "--jobs", "2"]
    return subprocess.run(command, env={**environment(home), **more}, capture_output=True, text=True, check=False)


def expected(path: Path, home: Path) -> dict[str, list[dict[str, Any]]]:
    workspace = workspace_at(seeded(home), Clock())
    mined(workspace, path)
    return held(workspace)


def test_a_local_cluster_says_the_same_as_this_process(tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", lines(600))
    done = run(path, seeded(tmp_path / "ray"), WETREAD_CLUSTER="local")
    assert done.returncode == 0 and "600 reports added" in done.stdout, done.stderr
    assert held(workspace_at(tmp_path / "ray", Clock())) == expected(path, tmp_path / "alone")


def test_a_cluster_that_is_not_there_stores_nothing(tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", lines(600))
    done = run(path, seeded(tmp_path / "home"), WETREAD_CLUSTER="127.0.0.1:1")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "does not answer" in done.stderr
    workspace = workspace_at(tmp_path / "home", Clock())
    assert held(workspace, "reports", "cases") == {"reports": [], "cases": []}
    assert [each["status"] for each in held(workspace, "imports")["imports"]] == ["stopped"]


@contextmanager
def cluster() -> Iterator[str]:
    """A Ray cluster of one machine, listening on this machine only; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "ray"), "start", "--head", "--block", f"--port={port}"]
    command += ["--node-ip-address=127.0.0.1", "--include-dashboard=false", "--num-cpus=2"]
    quiet = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": os.getcwd(), **OPEN}
    process = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the cluster did not start")


@pytest.mark.heavy
def test_a_cluster_by_its_address_says_the_same(tmp_path: Path) -> None:
    path = report_file(tmp_path / "r.jsonl", lines(2500))
    with cluster() as address:
        done = run(path, seeded(tmp_path / "ray"), WETREAD_CLUSTER=address, **OPEN)
    assert done.returncode == 0 and "2,500 reports added" in done.stdout, done.stderr
    assert held(workspace_at(tmp_path / "ray", Clock())) == expected(path, tmp_path / "alone")


@pytest.mark.heavy
def test_killed_at_random_moments_it_completes_and_nothing_is_there_twice(tmp_path: Path, heavy_share: float) -> None:
    path = report_file(tmp_path / "r.jsonl", lines(6000))
    home, wanted = seeded(tmp_path / "killed"), expected(path, tmp_path / "alone")
    command = [sys.executable, "-m", "pipelines.cli", "mine", str(path), "--no-images", "--jobs", "2"]
    rng = random.Random(11)
    for _ in range(max(2, round(KILLS * heavy_share))):
        process = subprocess.Popen(
            command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(timeout=rng.uniform(1, 12))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert run(path, home).returncode == 0
    assert held(workspace_at(home, Clock())) == wanted
