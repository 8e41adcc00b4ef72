"""The files of ``benchmarks.intake``: written by rule, or rewritten from what is given."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

from models.finding import shipped_findings

Fields = Mapping[str, str]
PARTS = ("indication", "comparison", "findings", "impression")


def stream_lines(path: Path) -> int:
    """How many lines of a file say something."""
    with path.open("rb") as lines:
        return sum(bool(line.strip()) for line in lines)


def rows_in(path: Path) -> int:
    """How many rows a CSV file has below its header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return sum(1 for row in csv.reader(lines) if row) - 1


def raw_reports(reports: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The same reports as raw text in several styles: (style, file)."""
    for name, style in STYLES.items():
        path = folder / f"{name.replace(' ', '_')}.jsonl"
        with reports.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as made:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                made.write(json.dumps({"uid": row["uid"], "text": style({p: row.get(p) or "" for p in PARTS})}) + "\n")
        yield name, path


def _capitals(parts: Fields) -> str:
    return "\n\n".join(f"{name.upper()}:\n{body}" for name, body in parts.items() if body)


def _one_paragraph(parts: Fields) -> str:
    return " ".join(f"{name.capitalize()}: {body}" for name, body in parts.items() if body)


def _numbered(parts: Fields) -> str:
    """Headings alone on their lines, the impression as a numbered list."""
    sentences = [part.strip() for part in parts["impression"].split(". ") if part.strip()]
    listed = "\n".join(f"{number}. {text}" for number, text in enumerate(sentences, 1))
    shown = {**parts, "impression": listed}
    return "CHEST RADIOGRAPH\n" + "\n".join(f"{name.upper()}\n{body}" for name, body in shown.items() if body)


STYLES: Mapping[str, Callable[[Fields], str]] = {
    "capital headings": _capitals,
    "one paragraph": _one_paragraph,
    "numbered impression": _numbered,
}


def rule_reports(path: Path, number: int) -> Path:
    """Chest reports put together from the catalogue's own phrases; about half are normal."""
    rng = Random(1)
    phrases = [f.phrases[0] for f in shipped_findings().values() if f.region.value == "chest" and f.phrases]
    with path.open("w", encoding="utf-8") as made:
        for uid in range(number):
            shown = rng.sample(phrases, rng.randint(1, 3)) if rng.random() < 0.5 else []
            said = [f"There is {phrase} in the {rng.choice(('left', 'right'))} lung." for phrase in shown]
            absent = f"No {rng.choice(phrases)}. The heart is of normal size."
            row = {
                "uid": f"R{uid}",
                "indication": "Cough.",
                "findings": " ".join([*said, absent]),
                "impression": said[0] if said else "No acute findings.",
                "exam": "Chest, 2 views",
                "author": f"Reader {uid % 20}",
                "read_at": f"2025-{1 + uid % 12:02d}-{1 + uid % 28:02d}T10:00:00+00:00",
            }
            made.write(json.dumps(row) + "\n")
    return path


def many_reads(path: Path) -> Path:
    return rule_reads(path, 100_000, people=200, cases=500)


def rule_reads(path: Path, number: int, people: int = 50, cases: int = 200) -> Path:
    """Reads of ``cases`` cases by ``people`` readers in turn, of whom each misses one finding more than others."""
    rng = Random(2)
    shown = ("Normal", "Pneumothorax", "Normal", "Rib fracture", "Pleural effusion")
    with path.open("w", encoding="utf-8", newline="") as made:
        rows = csv.writer(made)
        rows.writerow(["reader", "sequence", "case", "truth", "diagnosis", "answer", "correct", "seconds"])
        for n in range(number):
            person, case = n % people, n // people % cases
            diagnosis = shown[case % len(shown)]
            weak = diagnosis == shown[1 + person % 4]
            correct = rng.random() < (0.5 if weak else 0.85)
            answer = diagnosis if correct else rng.choice([name for name in shown if name != diagnosis])
            truth = "Normal" if diagnosis == "Normal" else "Abnormal"
            name, place = f"person {person}", n // people + 1
            rows.writerow([name, place, f"case {case}", truth, diagnosis, answer, int(correct), rng.randint(5, 90)])
    return path


def rule_reviews(path: Path, number: int) -> Path:
    """RADPEER reviews of 60 readers, one in twenty discrepant, older 4s among them, one in ten not drawn at random."""
    rng = Random(3)
    header = ["Review ID", "Radiologist", "Reviewer", "Accession", "Modality", "Review Date", "Score", "Sampling"]
    with path.open("w", encoding="utf-8", newline="") as made:
        rows = csv.writer(made)
        rows.writerow([*header, "Finding", "Error Type"])
        for n in range(number):
            discrepant = rng.random() < 0.05
            score = rng.choice(("2", "2a", "2b", "3", "3a", "3b", "4", "4b")) if discrepant else "1"
            missed = rng.choice(("pneumothorax", "rib fracture", "pulmonary nodule")) if discrepant else ""
            error = rng.choice(("perceptual", "interpretive")) if discrepant else ""
            date = f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}"
            sampling = "random" if rng.random() < 0.9 else "submitted"
            modality = rng.choice(("CT", "MR", "CR", "US"))
            who = [f"Radiologist {n % 60}", f"Radiologist {rng.randrange(60)}"]
            rows.writerow([n, *who, f"X{n:07d}", modality, date, score, sampling, missed, error])
    return path


def rule_volumes(path: Path, people: int) -> Path:
    rng = Random(4)
    with path.open("w", encoding="utf-8", newline="") as made:
        rows = csv.writer(made)
        rows.writerow(["reader", "month", "modality", "reads"])
        for person in range(people):
            for month in range(1, 13):
                for modality in ("CT", "MR", "CR"):
                    rows.writerow([f"Radiologist {person}", f"2025-{month:02d}", modality, rng.randint(20, 400)])
    return path
