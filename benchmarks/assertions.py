"""How often the reader says rightly what a text says of a finding.

    python -m benchmarks.assertions SUITE.jsonl

SUITE has one JSON object a line: `text` (a sentence, a fragment or a whole report with headings), `finding` (a key of
the catalogue), `assertion` and `phenomenon` (any name). `assertion` is present, absent, uncertain, prior or
hypothetical; negated, possible, resolved and historical are read as absent, uncertain, prior and prior.

A text may mention a finding several times, and a kind of the finding speaks for it. What it says in all is the first of
present, uncertain, prior, absent and hypothetical that any mention says: a question that the findings answer is
answered. A finding that is not mentioned counts as wrong, as `none`. Each miss is printed; the last line holds
`accuracy`, `by_phenomenon` and `sentences`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from models.diagnosis import shipped_diagnoses
from models.errors import BadInput, WetreadError
from models.finding import Assertion, FindingCatalogue, shipped_findings
from nlp.miner import Miner
from nlp.sections import find_sections

_SYNONYMS = {"negated": "absent", "possible": "uncertain", "resolved": "prior", "historical": "prior"}
_FIRST = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.PRIOR, Assertion.ABSENT, Assertion.HYPOTHETICAL)
_KEYS = ("text", "finding", "assertion", "phenomenon")


class Asked(NamedTuple):
    """A line of the suite."""

    text: str
    finding: str
    assertion: Assertion
    phenomenon: str


def main(suite_path: Path) -> dict[str, Any]:
    """Print each miss and return the figures of the closing line."""
    findings = shipped_findings()
    miner = Miner(findings, shipped_diagnoses())
    told: dict[str, list[bool]] = {}
    for asked in read_suite(suite_path, findings):
        said = said_of(miner, findings, asked.text, asked.finding)
        told.setdefault(asked.phenomenon, []).append(said is asked.assertion)
        if said is not asked.assertion:
            text = asked.text.replace("\n", "\\n")
            print(asked.phenomenon, asked.assertion.value, said.value if said else "none", text, sep="\t")
    answers = [answer for answered in told.values() for answer in answered]
    if not answers:
        raise BadInput(str(suite_path), "no sentences", "write one JSON object a line")
    return {
        "accuracy": round(sum(answers) / len(answers), 4),
        "by_phenomenon": {name: round(sum(told[name]) / len(told[name]), 4) for name in sorted(told)},
        "sentences": len(answers),
    }


def said_of(miner: Miner, findings: FindingCatalogue, text: str, finding: str) -> Assertion | None:
    """What ``text`` says of the finding, over all its mentions and those of its kinds; None where there is none."""
    seen = miner.observations(find_sections(text))
    said = {each.assertion for each in seen if each.finding == finding or findings.is_a(each.finding, finding)}
    return next((assertion for assertion in _FIRST if assertion in said), None)


def read_suite(path: Path, findings: FindingCatalogue) -> Iterator[Asked]:
    """The lines of a suite. Raises BadInput with the line where one cannot be read."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"cannot be read ({error})", "give a UTF-8 file of JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _asked(line, f"{path}:{number}", findings)


def _asked(line: str, where: str, findings: FindingCatalogue) -> Asked:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(where, "not a JSON object", "write one sentence a line") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key].strip() for key in _KEYS):
        raise BadInput(where, "not all of text, finding, assertion, phenomenon", "give each as a text")
    if row["finding"] not in findings:
        raise BadInput(where, "a finding the catalogue does not hold", "use a key of findings.toml")
    word = row["assertion"].strip().lower()
    try:
        assertion = Assertion(_SYNONYMS.get(word, word))
    except ValueError as error:
        raise BadInput(where, "an unknown assertion", f"use one of {', '.join(Assertion)}") from error
    return Asked(row["text"], row["finding"], assertion, row["phenomenon"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]))))
    except WetreadError as error:
        sys.exit(str(error))
