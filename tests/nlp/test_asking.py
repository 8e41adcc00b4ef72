"""Whether a question doubts what is seen, or asks what a film should show."""

from __future__ import annotations

import pytest

from models.finding import Assertion
from nlp.asking import asks
from nlp.miner import Miner
from nlp.sections import find_sections

ASKED = [
    "Fell from a ladder, ? fracture",
    "Tender over the ulna ?fracture",
    "Twisted knee, query fracture",
    "Fell on the stairs. Fracture?",
    "58M, kicked by a horse. ? Fracture",
    "Is there a fracture?",
    "Any fracture?",
    "INDICATION: ? fracture",
]
DOUBTED = [
    "? fracture of the radial neck",
    "Cortical step, ? fracture",
    "Painful wrist. Lucent line seen in the radius, ? fracture",
    "Soft tissue swelling noted and ?fracture of the fibula",
    "Step in the cortex. Fracture?",
    "FINDINGS: ? fracture of the ulna",
]


def fracture(miner: Miner, text: str) -> set[Assertion]:
    seen = miner.observations(find_sections(text))
    return {each.assertion for each in seen if "fracture" in each.finding}


@pytest.mark.parametrize("text", ASKED)
def test_what_tells_of_the_patient_asks(miner: Miner, text: str) -> None:
    assert fracture(miner, text) == {Assertion.HYPOTHETICAL}


@pytest.mark.parametrize("text", DOUBTED)
def test_what_tells_of_the_image_doubts(miner: Miner, text: str) -> None:
    assert fracture(miner, text) == {Assertion.UNCERTAIN}


def test_only_the_sentence_before_counts(miner: Miner) -> None:
    assert fracture(miner, "Fell on the stairs. Lungs are clear. ? fracture of a rib") == {Assertion.UNCERTAIN}


def test_a_doubt_without_a_question_stays(miner: Miner) -> None:
    assert fracture(miner, "Fell on the stairs, possible fracture.") == {Assertion.UNCERTAIN}


def test_a_long_sentence_is_read_from_its_end() -> None:
    assert not asks("fell " + "and so on " * 1000 + "? fracture", "")
