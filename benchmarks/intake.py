"""A whole department goes in: reports as fields and as raw text, cases, reads, reviews, volumes; each twice.

``python -m benchmarks.intake [--data FOLDER] [--home FOLDER]``. Every command is the real one, in its own process and
in one workspace; its count is held against the file's, and again must add nothing. ``--data`` names a folder with
``iu_reports/reports.jsonl``, ``medpix/`` and ``*_reads/reads.csv``; without it everything is written by rule. Prints a
table and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from benchmarks.intake_files import (
    many_reads,
    raw_reports,
    rows_in,
    rule_reads,
    rule_reports,
    rule_reviews,
    rule_volumes,
    stream_lines,
)
from pipelines.telling import out

ADDED = re.compile(r"([\d,]+) (reports|cases|reads|reviews|volumes) added, ([\d,]+) known already")
SETS = 10
KILOBYTES = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One command, how many things its file holds, and what was counted when it ran."""

    name: str
    arguments: Sequence[str]
    holds: int


@dataclass
class Outcome:
    """What a step did the first time and again; times in seconds, memory in MB over all of its processes."""

    step: Step
    added: int = 0
    again: int = 0
    known: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    refused: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        return self.added == self.step.holds and self.again == 0 and self.known == self.step.holds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with real files; without it they are written by rule")
    parser.add_argument("--home", type=Path, help="workspace to fill; without it a temporary one")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wetread-intake-") as scratch:
        home = wanted.home or Path(scratch) / "home"
        outcomes = [_outcome(step, home) for step in _steps(wanted.data, Path(scratch))]
        practised = _practise(home, outcomes)
    _print(outcomes)
    print(json.dumps(_figures(outcomes, practised)))


def _steps(data: Path | None, scratch: Path) -> list[Step]:
    """The commands in the order a department would run them."""
    reports = data / "iu_reports" / "reports.jsonl" if data else rule_reports(scratch / "reports.jsonl", 3_080)
    steps = [_mine("reports, as fields", reports, "fields")]
    steps += [
        _mine(f"reports, {style}", path, f"raw-{number}")
        for number, (style, path) in enumerate(raw_reports(reports, scratch), 1)
    ]
    if data:
        folder = data / "medpix"
        steps.append(Step("cases", ("import-cases", str(folder)), sum(map(stream_lines, folder.glob("*.jsonl")))))
    files = sorted(data.glob("*_reads/reads.csv")) if data else [rule_reads(scratch / "reads.csv", 10_000)]
    steps += [_csv(f"reads, {path.parent.name}", "import-reads", path) for path in files]
    steps.append(_csv("reads, 100,000 by rule", "import-reads", many_reads(scratch / "many.csv"), "--source", "many"))
    steps.append(_csv("reviews, 20,000 by rule", "import-reviews", rule_reviews(scratch / "reviews.csv", 20_000)))
    steps.append(_csv("volumes, by rule", "import-volumes", rule_volumes(scratch / "volumes.csv", 60)))
    return steps


def _mine(name: str, path: Path, source: str) -> Step:
    return Step(name, ("mine", str(path), "--source", source), stream_lines(path))


def _csv(name: str, command: str, path: Path, *more: str) -> Step:
    return Step(name, (command, str(path), *more), rows_in(path))


def _outcome(step: Step, home: Path) -> Outcome:
    """Run a step twice. Its time and memory are those of the first run."""
    outcome = Outcome(step)
    began = time.monotonic()
    text, outcome.peak_mb = _run(step.arguments, home)
    outcome.seconds = time.monotonic() - began
    outcome.added, _ = _counts(text)
    text, _ = _run(step.arguments, home)
    outcome.again, outcome.known = _counts(text)
    return outcome


def _counts(text: str) -> tuple[int, int]:
    found = ADDED.search(text)
    if found is None:
        sys.exit(f"the command printed no count:\n{text[-2000:]}")
    return int(found[1].replace(",", "")), int(found[3].replace(",", ""))


def _run(arguments: Sequence[str], home: Path) -> tuple[str, float]:
    """What the command printed, and the most memory that it and its children held together, in MB."""
    environment = {**os.environ, "WETREAD_HOME": str(home), "COLUMNS": "200"}
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak: list[float] = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watch.start()
    text, _ = process.communicate()
    watch.join()
    return text, peak[0]


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_resident_mb, _tree(process.pid))))
        time.sleep(0.05)


def _tree(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for one in found:
        try:
            children = [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        except OSError:
            children = []
        found += children
    return found


def _resident_mb(pid: int) -> float:
    """Memory of a process without what it shares with others: a worker's libraries count once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / KILOBYTES


def _practise(home: Path, outcomes: Sequence[Outcome]) -> int:
    """Choose a set for ten readers of the read files; returns how many got a whole one."""
    names = [name for outcome in outcomes for name in _readers(outcome.step)][:SETS]
    whole = 0
    for name in names:
        text, _ = _run(("practice", name, "--size", "10", "--seed", "1", "--json"), home)
        whole += len(json.loads(text)["cases"]) == SETS
    return whole


def _readers(step: Step) -> list[str]:
    """Some readers of a file of reads, as they are called without a source."""
    if step.arguments[0] != "import-reads" or "--source" in step.arguments:
        return []
    with Path(step.arguments[1]).open(encoding="utf-8") as lines:
        column = next(lines).strip().split(",").index("reader")
        return list(dict.fromkeys(line.split(",")[column] for line in lines))[:4]


def _print(outcomes: Sequence[Outcome]) -> None:
    table = Table("what", "in the file", "added", "again", "seconds", "a second", "MB", "equal")
    for outcome in outcomes:
        rate = outcome.step.holds / outcome.seconds
        numbers = (outcome.step.holds, outcome.added, outcome.again)
        shown = [f"{number:,}" for number in numbers]
        times = [f"{outcome.seconds:.1f}", f"{rate:,.0f}", f"{outcome.peak_mb:,.0f}"]
        table.add_row(outcome.step.name, *shown, *times, "yes" if outcome.equal else "NO")
    out.print(table)


def _figures(outcomes: Sequence[Outcome], practised: int) -> dict[str, object]:
    mined = [outcome for outcome in outcomes if outcome.step.arguments[0] == "mine"]
    named = {outcome.step.name: outcome for outcome in outcomes}
    return {
        "reports_per_second": round(min(outcome.step.holds / outcome.seconds for outcome in mined)),
        "reads_100k_seconds": round(named["reads, 100,000 by rule"].seconds, 1),
        "reviews_20k_seconds": round(named["reviews, 20,000 by rule"].seconds, 1),
        "peak_mb": round(max(outcome.peak_mb for outcome in outcomes)),
        "counts": {outcome.step.name: outcome.added for outcome in outcomes},
        "equal": all(outcome.equal for outcome in outcomes),
        "sets_of_ten": practised,
    }


if __name__ == "__main__":
    main()
