"""The place on disk where an import sorts: its own, for its owner alone, and gone whatever happens."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.workspace import Workspace
from models.errors import BadInput
from pipelines.staging import staging
from tests.building import Clock, workspace_at

STAGES_AND_WAITS = """
import sys
from pathlib import Path
from pipelines.staging import staging
from tests.building import Clock, workspace_at
with staging(workspace_at(Path(sys.argv[1]), Clock())) as disk:
    disk.execute("CREATE TABLE names (name)")
    print("staged", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def left(workspace: Workspace) -> set[str]:
    return {path.name for path in (workspace.settings.home / "staging").iterdir()}


def test_a_place_is_its_owners_alone_and_goes(workspace: Workspace) -> None:
    with staging(workspace) as disk, staging(workspace) as other:
        disk.execute("CREATE TABLE rows (n)")
        other.execute("CREATE TABLE rows (n)")
        places = [path for path in (workspace.settings.home / "staging").iterdir() if "." not in path.name]
        assert len(places) == 2 and all(path.stat().st_mode & 0o077 == 0 for path in places)
    assert not left(workspace)


def test_a_place_goes_where_the_import_fails(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), staging(workspace):
        raise RuntimeError
    assert not left(workspace)


def test_a_full_disk_is_one_clear_error(workspace: Workspace) -> None:
    def fill() -> None:
        with staging(workspace) as disk:
            disk.execute("PRAGMA max_page_count = 3")
            disk.execute("CREATE TABLE rows (n)")
            disk.executemany("INSERT INTO rows VALUES (?)", (("x" * 4000,) for _ in range(100)))

    with pytest.raises(BadInput, match="make room on the disk"):
        fill()
    assert not left(workspace)


def test_what_a_killed_import_left_is_swept_and_a_living_one_is_left_alone(workspace: Workspace) -> None:
    command = [sys.executable, "-c", STAGES_AND_WAITS, str(workspace.settings.home)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "12"]
    killed, living = both
    try:
        assert [process.stdout and process.stdout.readline() for process in both] == ["staged\n", "staged\n"]
        assert len(left(workspace)) == 4
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with staging(workspace):
            assert len(left(workspace)) == 4
        assert len(left(workspace)) == 2
        living.communicate("")
        assert living.returncode == 0 and not left(workspace)
    finally:
        for process in both:
            process.kill()
            process.wait()
