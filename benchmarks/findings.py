"""Read reports for findings, and compare the speed with negspacy's.

    python -m benchmarks.findings REPORTS.jsonl PREDICTIONS.jsonl

REPORTS has one JSON object a line: `uid` and either `text` (a raw report) or any of indication, comparison, findings,
impression. PREDICTIONS gets one line a report: uid and its findings with assertion, whether a coder of the Indiana
University set would have coded it, laterality and severity; a finding's ancestors are listed with it.

The last line printed compares: `reports_per_second` is the whole reading, from plain text to observations with their
attributes and to teaching points; `negspacy_per_second` spaCy with the same phrases in an entity ruler, and negspacy;
`ratio` the one over the other; `ratio_without_memory` the same where each sentence is read as if for the first time;
`compiled` whether `make fast` compiled the reader.
They are CPU seconds of one core: each round reads every report (of a file of more than 4,000, an evenly spaced part)
once. Of the round before, the reader remembers nothing, while negspacy's spaCy keeps the words it knows from a first,
untimed round. The sides take turns, and the median of their rounds counts.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from models.diagnosis import shipped_diagnoses
from models.errors import BadInput, WetreadError
from models.finding import FindingCatalogue, Observation, Side, shipped_findings
from models.report import SectionedText, SectionName, join_sections
from nlp import lexicon
from nlp.miner import Miner
from nlp.points import teaching_points
from nlp.profiles.iu import headings
from nlp.profiles.iu_attributes import both_coded, degrees_coded, outweighed, side_coded
from nlp.rulebook import shipped_rules
from nlp.sections import find_sections
from nlp.spelling import spellings

FIELDS = (
    ("indication", SectionName.HISTORY),
    ("comparison", SectionName.COMPARISON),
    ("findings", SectionName.FINDINGS),
    ("impression", SectionName.IMPRESSION),
)
SAMPLE = 4_000
ROUNDS = 5

Read = Callable[[str], object]


def main(reports_path: Path, predictions_path: Path) -> dict[str, float | None]:
    """Write the predictions and return the figures of the closing line."""
    findings = shipped_findings()
    miner = Miner(findings, shipped_diagnoses())
    reports = list(read_reports(reports_path))
    with predictions_path.open("w", encoding="utf-8") as lines:
        for uid, report in reports:
            rows = [row for seen in miner.observations(report) for row in predicted(seen, report, findings)]
            lines.write(json.dumps({"uid": uid, "findings": settled(rows)}) + "\n")
    texts = [report.text for _, report in reports[:: max(1, math.ceil(len(reports) / SAMPLE))]]
    return {"reports": len(reports), **compared(miner, findings, texts)}


def compared(miner: Miner, findings: FindingCatalogue, texts: list[str]) -> dict[str, float | None]:
    """The speeds of the closing line and their ratios, over ``texts``."""
    sides: dict[str, tuple[Read, Callable[[], None]]] = {
        "ours": (reading(miner, findings), miner.forget),
        "anew": (reading(Miner(findings, shipped_diagnoses(), remembers=False), findings), nothing),
    }
    negspacy = negspacy_pipeline(findings)
    if negspacy:
        sides["theirs"] = (negspacy, nothing)
    speed = speeds(sides, texts)
    theirs = speed.get("theirs")
    return {
        "reports_per_second": round(speed["ours"], 1),
        "negspacy_per_second": round(theirs, 1) if theirs else None,
        "ratio": round(speed["ours"] / theirs, 2) if theirs else None,
        "ratio_without_memory": round(speed["anew"] / theirs, 2) if theirs else None,
        "compiled": not str(lexicon.__file__).endswith(".py"),
    }


def reading(miner: Miner, findings: FindingCatalogue) -> Read:
    """From plain text to observations and teaching points."""

    def read(text: str) -> object:
        sectioned = find_sections(text)
        return teaching_points(sectioned, miner.observations(sectioned), findings)

    return read


def nothing() -> None:
    """What a side without memory does to empty it."""


def read_reports(path: Path) -> Iterator[tuple[str, SectionedText]]:
    """(uid, report) of each line. Raises BadInput with the line where one cannot be read."""
    for row in read_rows(path):
        yield str(row["uid"]), report_of(row)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Each line as an object that has a uid. Raises BadInput with the line where one cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"cannot be read ({error})", "give a UTF-8 file of JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(line, f"{path}:{number}")


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(where, "not a JSON object", "write one report a line") from error
    if not isinstance(row, dict) or "uid" not in row:
        raise BadInput(where, "no uid", "give each report a uid")
    return row


def report_of(row: dict[str, Any]) -> SectionedText:
    """The report of a line: its raw text taken apart, or its fields joined."""
    if row.get("text"):
        return find_sections(str(row["text"]))
    return join_sections(tuple((name, str(row.get(field) or "")) for field, name in FIELDS))


def predicted(seen: Observation, report: SectionedText, findings: FindingCatalogue) -> Iterator[dict[str, Any]]:
    """One row for the observation's finding, each ancestor of it and each other heading a coder gave it."""
    coded = headings(seen, report, findings)
    own = (seen.finding, *findings.ancestors(seen.finding))
    side, degrees = side_coded(seen, report.text), degrees_coded(seen, report.text)
    for key in (*own, *(heading for heading in coded if heading not in own)):
        yield {
            "finding": key,
            "assertion": seen.assertion.value,
            "coded": seen.finding in coded if key in own else True,
            "laterality": side.value if side else None,
            "severity": list(degrees),
            "both": both_coded(seen, report.text),
        }


def settled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one report, each in the light of the others: sides that none of them tells, degrees outweighed."""
    told: dict[str, set[str]] = {}
    sided = {row["finding"] for row in rows if row["laterality"] and row["coded"]}
    for row in rows:
        told.setdefault(row["finding"], set()).update(row["severity"] if row["coded"] else ())
    light = {finding: outweighed(finding, degrees) for finding, degrees in told.items()}
    for row in rows:
        row["severity"] = [degree for degree in row["severity"] if degree not in light[row["finding"]]]
        if row.pop("both") and row["finding"] not in sided:
            row["laterality"] = Side.BILATERAL.value
    return rows


def speeds(sides: Mapping[str, tuple[Read, Callable[[], None]]], texts: list[str]) -> dict[str, float]:
    """Texts each side reads in a CPU second, the median of its rounds. A side is how it reads and how it forgets."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(1 + ROUNDS):
        for name, (read, forget) in sides.items():
            forget()
            start = process_time()
            for text in texts:
                read(text)
            seconds[name].append(process_time() - start)
        gc.collect()
        gc.freeze()  # what one side holds must not slow down the other's collection of garbage
    return {name: len(texts) / max(median(taken[1:]), 1e-9) for name, taken in seconds.items()}  # the first only warms


def negspacy_pipeline(findings: FindingCatalogue) -> Read | None:
    """spaCy with an entity ruler of the phrases and negspacy; None where negspacy is not installed."""
    try:
        import negspacy.negation  # noqa: F401
        import spacy
    except ImportError:
        print("negspacy is not installed: no comparison; pip install '.[benchmarks]' brings it", file=sys.stderr)
        return None
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "FINDING", "pattern": phrase} for phrase in sorted(phrases(findings))])  # type: ignore[attr-defined]
    pipeline.add_pipe("negex", config={"ent_types": ["FINDING"]})
    return pipeline


def phrases(findings: FindingCatalogue) -> set[str]:
    """What the miner finds: the catalogue's phrases, and of the rules the words that are a finding on their own."""
    named = [phrase for finding in findings.values() for phrase in finding.phrases]
    rules = shipped_rules()
    alone = [word for head in rules.heads if head.any or head.regions for word in head.words]
    return {*(form for phrase in named for form in spellings(phrase)), *alone}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
    except WetreadError as error:
        sys.exit(str(error))
