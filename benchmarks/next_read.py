"""Predict whether a reader's next read is right, reader by reader.

    python -m benchmarks.next_read READS.csv PREDICTIONS.csv

READS has reader, case, correct, each reader's reads in order, and truth and diagnosis columns, found by name. Five
folds by reader (crc32 of the reader modulo 5): the bayesian tracer is fitted on the other four folds' readers, then
predicts each read from the case and that reader's own earlier rows. PREDICTIONS gets one `probability` a row, in order.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from zlib import crc32

from models.errors import BadInput, WetreadError
from models.finding import Truth
from models.reading import LibraryCase, Reading, ReadingSource, Skills, SkillState
from models.teaching_case import CaseOrigin
from pipelines.columns import Column, Header, header_of
from pipelines.csv_records import Record, csv_records
from pipelines.csv_values import right_or_wrong
from pipelines.truth_words import is_normal
from recommender.bayesian import BayesianTracer
from recommender.fit import fit
from recommender.population import Population

COLUMNS = (
    Column("reader", ("reader",), needed=True),
    Column("case", ("case",), needed=True),
    Column("correct", ("correct",), needed=True),
    Column("truth", ("truth", "truth_diagnosis", "ground_truth", "label")),
    Column("diagnosis", ("diagnosis", "truth_diagnosis", "finding", "skill", "category")),
)
FOLDS = 5


def main(reads_path: Path, predictions_path: Path) -> dict[str, float]:
    """Write the predictions and return the figures of the closing line."""
    reads = read_reads(reads_path)
    probabilities = [0.5] * len(reads)
    fit_seconds = update_seconds = 0.0
    for fold in range(FOLDS):
        test = [n for n, read in enumerate(reads) if fold_of(read.reader_id) == fold]
        train = [read for read in reads if fold_of(read.reader_id) != fold]
        started = perf_counter()
        population = fit(train) if train else Population()
        fitted = perf_counter()
        for n, probability in zip(test, trace([reads[n] for n in test], population), strict=True):
            probabilities[n] = probability
        fit_seconds += fitted - started
        update_seconds += perf_counter() - fitted
    write_predictions(predictions_path, probabilities)
    return {
        "reads": len(reads),
        "fit_seconds": round(fit_seconds / FOLDS, 3),
        "updates_per_second": round(len(reads) / update_seconds, 1),
    }


def fold_of(reader: str) -> int:
    return crc32(reader.encode()) % FOLDS


def trace(reads: Sequence[Reading], population: Population) -> list[float]:
    """The chance of being right on each read, from the same reader's earlier ones alone."""
    tracer = BayesianTracer(population)
    states: dict[str, dict[str, SkillState]] = {}
    probabilities = []
    for read in reads:
        state = states.setdefault(read.reader_id, {})
        case = _library_case(read, population)
        probabilities.append(tracer.predict(state, case, None).mean)
        state |= tracer.update(state, case, read.correct, None)
    return probabilities


def read_reads(path: Path) -> list[Reading]:
    """Reads in file order. Raises BadInput with the line where a column or a value is missing or wrong."""
    records = csv_records(path)
    header = header_of(path, next(records, None), COLUMNS, {})
    reads = [_reading(f"{path}:{record.line}", n, header, record) for n, record in enumerate(records, start=2)]
    if not reads:
        raise BadInput(str(path), "it holds no reads", "add one row a read below the header")
    return reads


def _reading(where: str, number: int, header: Header, record: Record) -> Reading:
    header.check(where, record)
    row = header.values(record)
    named = _words(row["diagnosis"])
    normal = is_normal(row["truth"] if header.columns["truth"] else named)
    skills = Skills(
        truth=Truth.NORMAL if normal else Truth.ABNORMAL,
        finding=None if not named or is_normal(named) else named,
    )
    return Reading(
        reading_id=str(number),
        department_id="",
        reader_id=row["reader"],
        case_id=row["case"],
        source=ReadingSource.IMPORTED,
        sequence=number,
        correct=right_or_wrong(where, row["correct"]),
        skills=skills,
    )


def _words(value: str) -> str:
    return "_".join(value.strip().lower().split())


def _library_case(read: Reading, population: Population) -> LibraryCase:
    difficulty = population.difficulty(read.case_id, read.skills)
    return LibraryCase(
        case_id=read.case_id,
        patient=read.case_id,
        skills=read.skills,
        difficulty=difficulty.mean,
        difficulty_sd=difficulty.sd,
        origin=CaseOrigin.IMPORTED,
        has_images=False,
    )


def write_predictions(path: Path, probabilities: Sequence[float]) -> None:
    with path.open("w", newline="", encoding="utf-8") as lines:
        table = csv.writer(lines)
        table.writerow(["probability"])
        table.writerows([f"{probability:.6f}"] for probability in probabilities)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
    except WetreadError as error:
        sys.exit(str(error))
