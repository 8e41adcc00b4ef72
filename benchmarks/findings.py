"""Read reports for findings, and compare the speed with negspacy's.

    python -m benchmarks.findings REPORTS.jsonl PREDICTIONS.jsonl

REPORTS has one JSON object a line: `uid` and either `text` (a raw report) or any of indication, comparison, findings,
impression. PREDICTIONS gets one line a report: uid and its findings with assertion, whether a coder of the Indiana
University set would have coded it, laterality and severity; a finding's ancestors are listed with it. The last line
printed holds `reports_per_second`, `negspacy_per_second` (the same phrases in an entity ruler) and their `ratio`: CPU
seconds of one core, the median of three rounds over the same sample, starting from plain text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from models.diagnosis import shipped_diagnoses
from models.errors import BadInput, WetreadError
from models.finding import FindingCatalogue, Observation, shipped_findings
from models.report import SectionedText, SectionName, join_sections
from nlp.lexicon import spellings
from nlp.miner import Miner
from nlp.profiles.iu import headings
from nlp.sections import find_sections

FIELDS = (
    ("indication", SectionName.HISTORY),
    ("comparison", SectionName.COMPARISON),
    ("findings", SectionName.FINDINGS),
    ("impression", SectionName.IMPRESSION),
)
SAMPLE = 400
ROUNDS = 3


def main(reports_path: Path, predictions_path: Path) -> dict[str, float | None]:
    """Write the predictions and return the figures of the closing line."""
    findings = shipped_findings()
    miner = Miner(findings, shipped_diagnoses())
    reports = list(read_reports(reports_path))
    with predictions_path.open("w", encoding="utf-8") as lines:
        for uid, report in reports:
            rows = [row for seen in miner.observations(report) for row in predicted(seen, report, findings)]
            lines.write(json.dumps({"uid": uid, "findings": rows}) + "\n")
    sample = [report.text for _, report in reports[:: max(1, len(reports) // SAMPLE)]]
    ours = per_second(lambda text: miner.observations(find_sections(text)), sample)
    negspacy = negspacy_pipeline(findings)
    theirs = per_second(negspacy, sample) if negspacy else None
    return {
        "reports": len(reports),
        "reports_per_second": round(ours, 1),
        "negspacy_per_second": round(theirs, 1) if theirs else None,
        "ratio": round(ours / theirs, 2) if theirs else None,
    }


def read_reports(path: Path) -> Iterator[tuple[str, SectionedText]]:
    """(uid, report) of each line. Raises BadInput with the line where one cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"cannot be read ({error})", "give a UTF-8 file of JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _report(line, f"{path}:{number}")


def _report(line: str, where: str) -> tuple[str, SectionedText]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(where, "not a JSON object", "write one report a line") from error
    if not isinstance(row, dict) or "uid" not in row:
        raise BadInput(where, "no uid", "give each report a uid")
    if row.get("text"):
        return str(row["uid"]), find_sections(str(row["text"]))
    return str(row["uid"]), join_sections(tuple((name, str(row.get(field) or "")) for field, name in FIELDS))


def predicted(seen: Observation, report: SectionedText, findings: FindingCatalogue) -> Iterator[dict[str, Any]]:
    """One row for the observation's finding, each ancestor of it and each other heading a coder gave it."""
    coded = headings(seen, report, findings)
    own = (seen.finding, *findings.ancestors(seen.finding))
    for key in (*own, *(heading for heading in coded if heading not in own)):
        yield {
            "finding": key,
            "assertion": seen.assertion.value,
            "coded": seen.finding in coded if key in own else True,
            "laterality": seen.side.value if seen.side else None,
            "severity": list(seen.severity),
        }


def per_second(read: Callable[[str], object], sample: list[str]) -> float:
    """Texts read in a CPU second: the median of the rounds."""
    speeds = []
    for _ in range(ROUNDS):
        start = process_time()
        for text in sample:
            read(text)
        speeds.append(len(sample) / max(process_time() - start, 1e-9))
    return median(speeds)


def negspacy_pipeline(findings: FindingCatalogue) -> Callable[[str], object] | None:
    """spaCy with an entity ruler of the catalogue's phrases and negspacy; None where negspacy is not installed."""
    try:
        import negspacy.negation  # noqa: F401
        import spacy
    except ImportError:
        print("negspacy is not installed: no comparison; pip install '.[benchmarks]' brings it", file=sys.stderr)
        return None
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    phrases = {form for finding in findings.values() for phrase in finding.phrases for form in spellings(phrase)}
    ruler.add_patterns([{"label": "FINDING", "pattern": phrase} for phrase in sorted(phrases)])  # type: ignore[attr-defined]
    pipeline.add_pipe("negex", config={"ent_types": ["FINDING"]})
    return pipeline


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
    except WetreadError as error:
        sys.exit(str(error))
