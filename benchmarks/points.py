"""Rank a report's findings as a teacher would, from its FINDINGS section alone.

    python -m benchmarks.points REPORTS.jsonl POINTS.jsonl

REPORTS has one JSON object a line: `uid` and either `text` (a raw report) or `findings`; an impression is never read.
POINTS gets one line a report, best first: {"uid": …, "points": [{"finding", "start", "end"}]}, offsets of characters
into the FINDINGS text. The findings the report is sure of come first, with what they are kinds of; after them stand
those it only mentions. The last line printed holds `reports_per_second`: reading and ranking from plain text, in CPU
seconds of one core, timed as `benchmarks.findings` does.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.findings import SAMPLE, read_rows, reading, report_of, speeds
from models.diagnosis import shipped_diagnoses
from models.errors import WetreadError
from models.finding import Assertion, FindingCatalogue, shipped_findings
from models.report import Section, SectionedText, SectionName, Span
from nlp.miner import Miner
from nlp.points import teaching_points

LESS_SURE = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.PRIOR, Assertion.HYPOTHETICAL, Assertion.ABSENT)


def main(reports_path: Path, points_path: Path) -> dict[str, float]:
    """Write the points and return the figures of the closing line."""
    findings = shipped_findings()
    miner = Miner(findings, shipped_diagnoses())
    reports = [(str(row["uid"]), findings_alone(row)) for row in read_rows(reports_path)]
    with points_path.open("w", encoding="utf-8") as lines:
        for uid, report in reports:
            lines.write(json.dumps({"uid": uid, "points": list(ranked(miner, report, findings))}) + "\n")
    texts = [report.text for _, report in reports[:: max(1, math.ceil(len(reports) / SAMPLE))]]
    speed = speeds({"ours": (reading(miner, findings), miner.forget)}, texts)
    return {"reports": len(reports), "reports_per_second": round(speed["ours"], 1)}


def findings_alone(row: dict[str, Any]) -> SectionedText:
    """The FINDINGS of a line as a report of its own, whose offsets are theirs."""
    body = report_of(row).body(SectionName.FINDINGS) if row.get("text") else str(row.get("findings") or "")
    return SectionedText(body, (Section(SectionName.FINDINGS, Span(0, len(body))),) if body else ())


def ranked(miner: Miner, report: SectionedText, findings: FindingCatalogue) -> Iterator[dict[str, Any]]:
    """Every finding the report speaks of, once: its points, then what it calls past, possible elsewhere or absent."""
    observations = miner.observations(report)
    told = set()
    for point in teaching_points(report, observations, findings, families=True):
        told.add(point.finding)
        yield {"finding": point.finding, "start": point.span.start, "end": point.span.end}
    for seen in sorted(observations, key=lambda seen: (LESS_SURE.index(seen.assertion), seen.span)):
        for key in (seen.finding, *findings.ancestors(seen.finding)):
            if key not in told:
                told.add(key)
                yield {"finding": key, "start": seen.span.start, "end": seen.span.end}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
    except WetreadError as error:
        sys.exit(str(error))
