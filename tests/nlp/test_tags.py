from __future__ import annotations

from dataclasses import replace

from models.finding import Assertion, Change, Observation, Truth, shipped_findings
from models.report import Span
from models.teaching_case import CaseKey, CaseOrigin, Proof
from nlp.tags import tags_of

AT = Span(0, 4)
KEY = CaseKey(
    case_id="c",
    title="",
    report="text",
    sections=(),
    truth=Truth.ABNORMAL,
    findings=("pneumothorax",),
    observations=(Observation("pneumothorax", Assertion.PRESENT, AT),),
    diagnosis=None,
    diagnosis_text="",
    differential=(),
    discussion="",
    origin=CaseOrigin.CLINICAL,
    proof=Proof.REPORT_ONLY,
    difficulty=0.0,
    points=(),
)


def tags(**changed: object) -> tuple[str, ...]:
    return tags_of(replace(KEY, **changed), shipped_findings())  # type: ignore[arg-type]


def test_a_normal_case_says_nothing_else() -> None:
    assert tags(truth=Truth.NORMAL, findings=()) == ("normal",)
    assert tags(truth=Truth.NORMAL, findings=(), proof=Proof.FOLLOW_UP) == ("normal", "proved")


def test_each_tag_has_its_reason() -> None:
    assert tags()[0] == shipped_findings()["pneumothorax"].family
    small = Observation("pneumothorax", Assertion.PRESENT, AT, severity=("small",))
    assert "subtle" in tags(observations=(small,)) and "subtle" not in tags()
    assert "several_findings" in tags(findings=("pneumothorax", "cardiomegaly")) and "several_findings" not in tags()
    grown = Observation("pneumothorax", Assertion.PRESENT, AT, change=Change.INCREASED)
    assert "comparison" in tags(observations=(grown,)) and "comparison" not in tags()
    assert "proved" in tags(proof=Proof.PATHOLOGY) and "proved" not in tags()
    assert ("urgent" in tags()) == (shipped_findings()["pneumothorax"].harm == 5)
