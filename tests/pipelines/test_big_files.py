"""Files that are larger than memory ought to be: the memory a process takes does not grow with its file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import Clock, workspace_at
from tests.pipelines.conftest import Command, environment
from tests.pipelines.killing import killed_and_completed
from tests.pipelines.stored_reads import every_read

MOST_MB = 300
"""Of a process's greatest resident memory, its libraries included."""

MEASURED = """
import sys
from pathlib import Path
import pipelines.import_reads
from api.settings import Settings
from api.workspace import Workspace
from pipelines.csv_values import Clock
pipelines.import_reads.learn = lambda *_: None
workspace = Workspace.open(Settings.from_environment({"WETREAD_HOME": sys.argv[1]}))
code = pipelines.import_reads.import_reads(
    workspace, pipelines.import_reads.ReadsImport(Path(sys.argv[2]), Clock(workspace.now()))
)
# Not getrusage: its peak is inherited from the process that started this one.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print("peak", int(status["VmHWM"].split()[0]) // 1024, "code", code)
"""


def peak_mb(home: Path, path: Path, code: int) -> tuple[int, str]:
    """The peak of an import without what is learned of it, and what it printed."""
    command = [sys.executable, "-c", MEASURED, str(home), str(path)]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1].split()
    assert last[3] == str(code), done.stdout + done.stderr
    return int(last[1]), done.stdout


def rows_of(path: Path, rows: int, comment: str = "") -> None:
    """Reads without numbers, each reader and case met several times, in a column order of no file elsewhere."""
    with path.open("w") as lines:
        lines.write("correct;comment;radiologist;accession;date\n")
        for n in range(rows):
            when = f"2026-01-{1 + n // 3600 % 28:02d} {n // 60 % 24:02d}:{n % 60:02d}:00"
            lines.write(f"{n * 7 % 10 > 3:d};{comment};r{n % 97};A{n % 20_011};{when}\n")


def test_memory_does_not_grow_with_the_rows(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "reads.csv"
    rows_of(path, 60_000)
    peak, said = peak_mb(home, path, 0)
    assert "60,000 reads added" in said and peak < MOST_MB


def test_memory_does_not_grow_with_a_line(home: Path, tmp_path: Path) -> None:
    """Of 200 MB, one as a field in quotes that never ends; the reads around them go in."""
    path = tmp_path / "reads.csv"
    with path.open("w") as lines:
        lines.write("reader,case,correct,comment\na,c1,1,x\n")
        for start in ("a,c2,1,", 'a,c3,1,"'):
            lines.write(start)
            lines.writelines("y" * 1_000_000 for _ in range(100))
            lines.write("\n")
        lines.write("a,c4,0,x\n")
    peak, said = peak_mb(home, path, 1)
    assert "2 reads added, 0 known already, 2 refused" in said and peak < MOST_MB


@pytest.mark.heavy
def test_a_file_of_two_gigabytes_and_a_line_as_long(home: Path, tmp_path: Path, heavy_share: float) -> None:
    path, size = tmp_path / "reads.csv", int(2_000_000_000 * heavy_share)
    rows_of(path, 300_000, "c" * (size // 300_000))
    peak, said = peak_mb(home, path, 0)
    assert "300,000 reads added" in said and peak < MOST_MB
    with path.open("w") as lines:
        lines.write("reader,case,correct,comment\na,c1,1,")
        lines.writelines("y" * 1_000_000 for _ in range(size // 1_000_000))
        lines.write("\na,c2,1,x\n")
    peak, said = peak_mb(tmp_path / "other", path, 1)
    assert "1 reads added" in said and peak < MOST_MB


@pytest.mark.heavy
def test_an_import_killed_at_any_moment_completes(
    wetread: Command, home: Path, tmp_path: Path, heavy_share: float
) -> None:
    """By 20 kills: every read is there once, whatever the moment, and a later import adds nothing."""
    path = tmp_path / "reads.csv"
    rows_of(path, 20_000)

    def check() -> None:
        assert "0 reads added, 20,000 known already" in wetread("import-reads", path).stdout
        assert len(every_read(workspace_at(home, Clock()))) == 20_000

    killed_and_completed(["import-reads", path], home, max(1, round(20 * heavy_share)), check)
