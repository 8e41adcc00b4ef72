"""A report of any size is refused in little memory, and those around it are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.report_writers import hl7_message, report, resource

_PEAK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipelines.csv_values import Clock
from pipelines.report_files import report_rows
refused = []
found = report_rows(Path(sys.argv[1]), refused.append, Clock(datetime(2026, 3, 1, tzinfo=UTC)))
told = ",".join(row.uid.split("/")[0] for row in found)
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(told, len(refused), int(peak) // 1024)
"""

_HUGE = {
    "jsonl": (b'{"uid": "R2", "text": "', b'"}\n'),
    "csv": (b'"R2","', b'"\n'),
    "hl7": (b"MSH|^~\\&|\rOBR|1||R2\rOBX|1|TX|||", b"\r"),
    "json": (b'{"resource": {"resourceType": "DiagnosticReport", "id": "R2", "conclusion": "', b'"}},\n'),
}


def _around(suffix: str) -> tuple[bytes, bytes]:
    """What comes before and after the huge report in a file: its beginning with a first report, a third report."""
    if suffix == "json":
        said = [json.dumps({"resource": resource(report(uid))}) for uid in ("R1", "R3")]
        return f'{{"resourceType": "Bundle", "entry": [{said[0]},'.encode(), f"{said[1]}]}}".encode()
    if suffix == "hl7":
        return hl7_message(report("R1")).encode(), hl7_message(report("R3")).encode()
    head = "uid,text\n" if suffix == "csv" else ""
    lines = ['{{"uid": "{}", "text": "x"}}\n', '"{}","x"\n'][suffix == "csv"]
    return (head + lines.format("R1")).encode(), lines.format("R3").encode()


def _peak(path: Path, suffix: str, size: int) -> tuple[str, int]:
    """("the ids read and the number refused", MiB at the peak) of a process that reads a report of ``size`` bytes."""
    before, after = _around(suffix)
    begin, end = _HUGE[suffix]
    block = b"word " * 200_000
    with path.open("wb") as file:
        file.write(before + begin)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end + after)
    done = subprocess.run([sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True)
    path.unlink()
    told, megabytes = done.stdout.strip().rsplit(" ", 1)
    return told, int(megabytes)


@pytest.mark.parametrize("suffix", _HUGE)
def test_a_huge_report_is_refused_without_being_held(tmp_path: Path, suffix: str) -> None:
    small, least = _peak(tmp_path / f"r.{suffix}", suffix, 5_000_000)
    large, most = _peak(tmp_path / f"r.{suffix}", suffix, 60_000_000)
    assert small == large == "R1,R3 1"
    assert most < least + 40


@pytest.mark.heavy
@pytest.mark.parametrize("suffix", _HUGE)
def test_a_report_of_two_gigabytes_is_refused_without_being_held(
    tmp_path: Path, suffix: str, heavy_share: float
) -> None:
    told, megabytes = _peak(tmp_path / f"r.{suffix}", suffix, round(2_000_000_000 * heavy_share))
    assert told == "R1,R3 1" and megabytes < 400
