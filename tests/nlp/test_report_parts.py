"""Raw reports in their parts; the history ends where the answer begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.report import SectionName
from nlp.report_parts import before_answer, history_of, report_parts

ANSWER = "A quagga nodule sits at the apex."


@pytest.mark.parametrize(
    ("text", "history"),
    [
        (f"HISTORY: Cough.\nFINDINGS: {ANSWER}", "Cough."),
        (f"INDICATION Cough\nFINDINGS {ANSWER}\nIMPRESSION Nodule", "Cough"),
        (f"Indication: cough Findings: {ANSWER} Impression: nodule", "cough"),
        (f"Indication: cough.\n\n{ANSWER}\n\nImpression: nodule", "cough."),
        (f"Indication: cough\n{ANSWER}\nImpression: nodule", "cough"),
        (f"History: cough.\n{ANSWER}", "cough."),
        (f"History: cough. {ANSWER}", "cough."),
        (f"Indication: TB Findings: {ANSWER} Impression: nodule", "TB"),
        (f"Indication: pain,\nworse at night.\nFindings: {ANSWER}", "pain,\nworse at night."),
        (ANSWER, ""),
    ],
)
def test_a_history_ends_where_the_answer_begins(text: str, history: str) -> None:
    parts = report_parts(text)
    assert history_of(parts) == history and "quagga" not in history_of(parts)
    if parts.body(SectionName.HISTORY) == history:
        assert ANSWER in parts.body(SectionName.FINDINGS)


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "IMPRESSION:",
            "Impression :",
            "Findings -",
            "Wet read =",
            "PRELIM:",
            "PROVISIONAL REPORT",
            "Preliminary read",
        ),
        *("I M P R E S S I O N:", "f i n d i n g s", "Impresion:", "Impresssion:", "Finidngs:", "Result =", "Reading:"),
        *("Diagnosis:", "REPORT:", "Imp:", "CONCLUSION", "Interpretation ->", "Diagnosis\n", "Wet read\n"),
    ],
)
@pytest.mark.parametrize("before", ["Cough.", "Cough, fever\nsince May.", ""])
def test_a_history_given_by_itself_ends_there_too(opening: str, before: str) -> None:
    for blank in (" ", "\n"):
        assert before_answer(f"{before}{blank}{opening} a quagga at the apex") == before


@pytest.mark.parametrize(
    "history",
    [
        "Pain. Results of surgery pending.",
        "Read in May, report lost",
        "Findings of last year unchanged?",
        "TB - ruled out",
    ],
)
def test_a_history_that_tells_no_answer_stays(history: str) -> None:
    assert before_answer(history) == history


def test_a_line_in_capitals_that_goes_on_is_no_heading() -> None:
    for text in ("HISTORY of cough is known.", "FINDINGS CONSISTENT WITH EDEMA", "COMPARISON STUDY shows the same."):
        assert [section.name for section in report_parts(text).sections] == [SectionName.FINDINGS]


PIECES = st.sampled_from(
    ["a", "B", " ", ".", "\n", "\n\n", "FINDINGS ", "Indication: ", "Impression:", "History\n", "1"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sections_are_in_order_apart_and_exact(text: str) -> None:
    parts = report_parts(text)
    end = 0
    for section in parts.sections:
        body = section.span.of(text)
        assert section.span.start >= end and body == body.strip() != ""
        end = section.span.end
    assert history_of(parts) in ("", *([parts.body(SectionName.HISTORY)])) or "Impression" in text or "FIND" in text
