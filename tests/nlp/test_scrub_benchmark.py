"""The scrub benchmark: what it injects stands where it says, and what it counts is what happened."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks.injection import Identifier, Injector, Tagged
from benchmarks.scrub import main, read_tagged, score, telling
from models.errors import BadInput

REPORTS = [("1", "HISTORY: Cough.\n\nFINDINGS: Clear lungs. Normal heart."), ("2", "IMPRESSION: Normal chest.")]


def test_injected_identifiers_stand_where_they_are_said_to() -> None:
    injector = Injector()
    tagged = list(injector.inject(REPORTS, 400, random.Random(1)))
    kinds = {one.kind for it in tagged for one in it.identifiers}
    assert kinds == set(injector.kinds) and len(kinds) == 19
    for it in tagged:
        ends = [0, *(one.end for one in it.identifiers)]
        assert all(
            0 <= end <= one.start < one.end <= len(it.text) for end, one in zip(ends, it.identifiers, strict=False)
        )
        assert all(it.text[one.start : one.end].strip() for one in it.identifiers)
    assert tagged == list(injector.inject(REPORTS, 400, random.Random(1)))
    assert tagged != list(injector.inject(REPORTS, 400, random.Random(2)))


def test_nearly_all_that_is_injected_goes() -> None:
    injected, missed = score(Injector().inject(REPORTS, 1_900, random.Random(5)))
    assert len(missed) < 0.005 * injected.total()


def test_of_a_date_the_year_may_stay_and_of_nothing_else() -> None:
    text = "03/14/2019 20190314"
    assert len(list(telling(text, Identifier(0, 10, "date")))) == 4
    assert len(list(telling(text, Identifier(11, 19, "date")))) == 4
    assert len(list(telling(text, Identifier(11, 19, "mrn")))) == 8


def test_an_identifier_that_is_half_removed_is_missed() -> None:
    text = "MRN: 0012345 stays whole."
    injected, missed = score([Tagged("1", text, (Identifier(5, 12, "mrn"), Identifier(5, 24, "odd")))])
    assert injected == {"mrn": 1, "odd": 1} and [one.kind for _, one in missed] == ["odd"]


def test_given_spans_are_scored_and_clean_reports_counted(tmp_path: Path) -> None:
    reports, tagged, missed = tmp_path / "reports.jsonl", tmp_path / "tagged.jsonl", tmp_path / "missed.jsonl"
    clean = [{"uid": 1, "text": "Clear lungs."}, {"uid": 2, "impression": "Seen by Dr. Hargreaves."}]
    reports.write_text("".join(json.dumps(row) + "\n" for row in clean), "utf-8")
    spans = [{"start": 4, "end": 14, "kind": "NAME"}, {"start": 15, "end": 18, "kind": "word"}]
    tagged.write_text(json.dumps({"uid": "a", "text": "Dr. Hargreaves saw it.", "spans": spans}) + "\n", "utf-8")
    figures = main(reports, tagged, 1, missed)
    assert figures["recall"] == 0.5 and figures["recall_by_kind"] == {"NAME": 1.0, "word": 0.0}
    assert figures["false_hits_per_report"] == 0.5 and figures["injected"] == 2 and figures["reports_per_second"] > 0
    assert {"ratio", "presidio_per_second"} <= figures.keys()
    assert [json.loads(line)["words"] for line in missed.read_text("utf-8").splitlines()] == ["saw"]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"text": "a"}', '{"text": "a", "spans": [{"start": 0, "end": 2, "kind": "x"}]}', '{"spans": []}'],
)
def test_a_file_that_is_not_as_described_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "tagged.jsonl"
    path.write_text("\n" + line, "utf-8")
    with pytest.raises(BadInput, match=r"tagged\.jsonl:2"):
        read_tagged(path)
