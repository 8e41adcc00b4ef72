"""Styles that save words: lines of a template, questions and answers, notes of an emergency room; and letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Assertion, Observation, Side
from models.report import SectionName
from nlp.sections import find_sections

Read = Callable[[str], list[Observation]]
PRESENT, ABSENT, UNCERTAIN = Assertion.PRESENT, Assertion.ABSENT, Assertion.UNCERTAIN


@pytest.mark.parametrize(
    ("text", "finding", "side", "severity"),
    [
        ("Pleural effusion: small left", "pleural_effusion", Side.LEFT, ("small",)),
        ("Effusion: right, small", "pleural_effusion", Side.RIGHT, ("small",)),
        ("Effusion(s): small, bilateral", "pleural_effusion", Side.BILATERAL, ("small",)),
        ("Effusion: small right basal", "pleural_effusion", Side.RIGHT, ("small",)),
        ("Pneumothorax: tiny right apical", "pneumothorax", Side.RIGHT, ("small",)),
        ("Atelectasis: mild, bibasal", "atelectasis", Side.BILATERAL, ("mild",)),
        ("The effusion (left) is small.", "pleural_effusion", Side.LEFT, ("small",)),
        ("Effusion? Yes, small left.", "pleural_effusion", Side.LEFT, ("small",)),
        ("Sm L PTX.", "pneumothorax", Side.LEFT, ("small",)),
        ("Mild CM.", "cardiomegaly", None, ("mild",)),
        ("Trace R eff.", "pleural_effusion", Side.RIGHT, ("small",)),
        ("R > L effs.", "pleural_effusion", Side.BILATERAL, ()),
        ("Mod b/l effs.", "pleural_effusion", Side.BILATERAL, ("moderate",)),
        ("LLL opac.", "opacity", Side.LEFT, ()),
    ],
)
def test_side_and_degree_of_few_words(
    read: Read, text: str, finding: str, side: Side | None, severity: tuple[str, ...]
) -> None:
    assert [(seen.finding, seen.assertion, seen.side, seen.severity) for seen in read(text)] == [
        (finding, PRESENT, side, severity)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nodule(s)/mass: none", [ABSENT, ABSENT]),
        ("Nodules, masses: None.", [ABSENT, ABSENT]),
        ("Consolidation / opacity: absent", [ABSENT, ABSENT]),
        ("Effusion/pneumothorax: No.", [ABSENT, ABSENT]),
        ("Small effusion, pneumothorax: none", [PRESENT, ABSENT]),
        ("Pneumothorax: none effusion: small", [ABSENT, PRESENT]),
        ("No fracture, effusion: small", [ABSENT, PRESENT]),
        ("Fracture? No.", [ABSENT]),
        ("Fracture? Yes.", [PRESENT]),
        ("Q: Pneumothorax? A: No.", [ABSENT]),
        ("Q: Pneumothorax?\nA: No.\nQ: Is there an effusion?\nA: Yes, on the right.", [ABSENT, PRESENT]),
        ("Question: Pneumonia? Answer: Not seen.", [ABSENT]),
        ("Q: Fracture? A: Cannot be excluded.", [UNCERTAIN]),
        ("Heart nl, w/o PTX or eff.", [ABSENT, ABSENT, ABSENT]),
        ("R effusion w/ compressive atx, ?PNA RLL", [PRESENT, PRESENT, UNCERTAIN]),
        ("Poss RLL PNA.", [UNCERTAIN]),
        ("Effusion? No pneumothorax.", [UNCERTAIN, ABSENT]),
    ],
)
def test_assertions_of_few_words(read: Read, text: str, expected: list[Assertion]) -> None:
    assert [seen.assertion for seen in read(text)] == expected


@pytest.mark.parametrize(
    "text", ["An R/O order.", "The L spine.", "T and L spine.", "A 3 cm mass.", "Drained 2 L of fluid."]
)
def test_letters_that_are_no_side_and_no_finding(read: Read, text: str) -> None:
    assert all(seen.side is None and seen.finding != "cardiomegaly" for seen in read(f"{text[:-1]} with a fracture."))


THANKS = "Thank you for referring this lady with a question of pneumonia."
SHOWS = "The chest radiograph shows a small left pleural effusion. The heart is enlarged."


@pytest.mark.parametrize("between", ["\n\n", " "])
@pytest.mark.parametrize("closing", ["\n\nKind regards,\nDr Jones", "\n\nYours sincerely\n\nDr Jones", ""])
def test_the_body_of_a_letter_is_findings(read: Read, between: str, closing: str) -> None:
    text = f"Dear Dr Smith,\n\nRe: a patient\n\n{THANKS}{between}{SHOWS}{closing}"
    sections = find_sections(text)
    assert sections.body(SectionName.HISTORY) == THANKS
    assert sections.body(SectionName.FINDINGS) == SHOWS
    seen = {each.finding: each.assertion for each in read(text)}
    assert seen["pleural_effusion"] is PRESENT and seen["cardiomegaly"] is PRESENT
    assert seen["pneumonia"] not in (PRESENT, ABSENT)


def test_thanks_at_the_end_of_a_letter_are_no_history_of_it() -> None:
    text = f"Dear Dr Smith,\n\n{SHOWS}\n\nMany thanks for referring this patient.\n\nKind regards,\nDr Jones"
    assert SHOWS in find_sections(text).body(SectionName.FINDINGS)
    text = f"Dear Dr Smith,\n\nHistory: cough\n{SHOWS}\n\nKind regards,\nDr Jones"
    assert find_sections(text).body(SectionName.FINDINGS) == SHOWS


def test_a_letter_with_headings_keeps_them() -> None:
    sections = find_sections(f"Dear Dr Smith,\n\n{THANKS}\n\nFindings: {SHOWS}\n\nKind regards")
    assert sections.body(SectionName.FINDINGS) == SHOWS
