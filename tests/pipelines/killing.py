"""Kills a command at random moments and lets it complete, again and again."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.pipelines.conftest import environment


def killed_and_completed(
    arguments: Sequence[object], home: Path, rounds: int, check: Callable[[], None], seed: int = 7
) -> None:
    """``rounds`` times from an empty workspace: start the command, kill -9 it at a random moment, run it whole, check.

    The moments are spread over the time the command takes here, measured once, so that most kills meet it at work.
    """
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    began = time.monotonic()
    whole = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    takes = time.monotonic() - began
    assert whole.returncode == 0, whole.stdout + whole.stderr
    check()
    rng = random.Random(seed)
    for _ in range(rounds):
        shutil.rmtree(home)
        process = subprocess.Popen(
            command,
            env=environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its workers are of its group, and end with it
        )
        try:
            process.wait(timeout=rng.uniform(0.3, 1.0) * takes)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        again = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stdout + again.stderr
        check()
