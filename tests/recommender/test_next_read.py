"""The benchmark keeps its protocol: other readers' folds for the fit, a reader's own past for the prediction."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.next_read import fold_of, main, read_reads
from models.errors import BadInput
from models.finding import Truth
from models.reading import Reading

Rows = list[dict[str, str]]
Write = Callable[[Rows], Path]


@pytest.fixture
def rows(department: Sequence[Reading]) -> Rows:
    return [
        {
            "reader": read.reader_id,
            "case": read.case_id,
            "truth": read.skills.truth.value.title(),
            "diagnosis": (read.skills.finding or "Normal").replace("_", " "),
            "correct": str(int(read.correct)),
        }
        for read in department[: 140 * 12]
    ]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def table(rows: Rows) -> Path:
        path = tmp_path / "reads.csv"
        with path.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return table


def predictions(path: Path) -> list[float]:
    out = path.with_name("predictions.csv")
    figures = main(path, out)
    assert {"fit_seconds", "updates_per_second"} <= figures.keys()
    with out.open(encoding="utf-8") as lines:
        return [float(row["probability"]) for row in csv.DictReader(lines)]


def test_it_predicts_better_than_the_base_rate(rows: Rows, write: Write) -> None:
    given = predictions(write(rows))
    right = [row["correct"] == "1" for row in rows]
    base = sum(right) / len(right)
    brier = sum((p - y) ** 2 for p, y in zip(given, right, strict=True)) / len(right)
    assert len(given) == len(rows) and all(0 < p < 1 for p in given)
    assert brier < 0.93 * base * (1 - base)


def test_no_prediction_knows_its_own_answer_or_a_later_one(rows: Rows, write: Write) -> None:
    before = predictions(write(rows))
    reader = rows[0]["reader"]
    own = [n for n, row in enumerate(rows) if row["reader"] == reader]
    cut = own[70]
    for n in own[70:]:
        rows[n] = rows[n] | {"correct": str(1 - int(rows[n]["correct"]))}
    after = predictions(write(rows))
    fold = fold_of(reader)
    same = [n for n, row in enumerate(rows) if fold_of(row["reader"]) == fold and (n <= cut or row["reader"] != reader)]
    assert [after[n] for n in same] == [before[n] for n in same]
    assert [after[n] for n in own[71:]] != [before[n] for n in own[71:]]


@pytest.mark.parametrize(
    ("header", "row", "truth", "finding"),
    [
        ("truth,diagnosis", "Abnormal,Lateral Condyle", Truth.ABNORMAL, "lateral_condyle"),
        ("truth,diagnosis", "Normal,Normal", Truth.NORMAL, None),
        ("truth_diagnosis", "Normal ECG", Truth.NORMAL, None),
        ("truth_diagnosis", "Hyperkalemia", Truth.ABNORMAL, "hyperkalemia"),
        ("finding,truth", "cancer,1", Truth.ABNORMAL, "cancer"),
        ("finding,truth", "recalled,0", Truth.NORMAL, "recalled"),
    ],
)
def test_truth_and_diagnosis_are_found_by_name(
    tmp_path: Path, header: str, row: str, truth: Truth, finding: str | None
) -> None:
    path = tmp_path / "reads.csv"
    path.write_text(f"reader,case,{header},correct\nr,c,{row},1\n", encoding="utf-8")
    (read,) = read_reads(path)
    assert (read.skills.truth, read.skills.finding) == (truth, finding)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reader,case\nr,c\n", "no column correct"),
        ("reader,case,correct\nr,c,2\n", "reads.csv:2: correct is neither 0 nor 1"),
        ("reader,case,correct\n", "holds no reads"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "reads.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_reads(path)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_reads(tmp_path / "none.csv")
