from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.cases import main, read_cases
from models.errors import BadInput
from models.finding import Region

CASES = [
    {
        "case": "A",
        "diagnosis": "Renal cell carcinoma",
        "findings": "CT shows a 5 cm solid mass in the left kidney.",
        "discussion": "Renal cell carcinoma was found at surgery.",
        "images": [{"caption": "CT: mass in the kidney.", "modality": "CT - IV contrast", "location": "Genitourinary"}],
    },
    {
        "case": "B",
        "diagnosis": "Possible meningioma",
        "findings": "On T2 the signal is normal.",
        "images": [{"caption": "T1 image.", "modality": "MR - T1", "location": "Brain and Neuro"}, "torn"],
    },
    {"case": "C"},
]


def written(folder: Path, rows: list[object]) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return path


def test_shares_are_of_all_cases_and_by_group(tmp_path: Path) -> None:
    figures = main(written(tmp_path, list(CASES)))
    assert figures["cases"] == 3
    third = round(1 / 3, 4)
    assert figures["diagnosis_catalogued"] == figures["diagnosis_found"] == figures["right_finding"] == third
    assert figures["diagnosis_possible"] == round(2 / 3, 4) and figures["with_finding"] == third
    assert figures["modality_right"] == 1.0 and figures["region_right"] >= 0.5
    assert figures["by_modality"]["CT"]["diagnosis_found"] == 1.0
    assert figures["by_region"]["neuro"]["cases"] == 1


def test_the_diagnosis_is_no_part_of_the_report(tmp_path: Path) -> None:
    row = {"case": "A", "title": "Gout", "diagnosis": "Gout", "findings": "Erosion of the first metatarsal head."}
    (case,) = read_cases(written(tmp_path, [row]))
    assert "gout" not in case.report.text.lower() and case.place is None


def test_the_place_and_modality_are_those_most_images_have(tmp_path: Path) -> None:
    (case, *_) = read_cases(written(tmp_path, list(CASES)))
    assert (case.kind, case.place) == ("CT", Region.ABDOMEN)


@pytest.mark.parametrize("line", ["{", "[]", '{"findings": "x"}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"case": "A"}\n' + line + "\n", "utf-8")
    with pytest.raises(BadInput, match=r"cases\.jsonl:2"):
        list(read_cases(path))
