"""What was read before is remembered within bounds, and changes nothing that is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from nlp.memory import Memory
from nlp.miner import Miner
from nlp.sections import find_sections

SENTENCES = st.sampled_from(
    ["The heart is enlarged.", "No pneumothorax or effusion.", "Left pleural effusion.", "It may represent a mass.",
     "The appearance suggests atelectasis.", "There is an opacity.", "Liver and spleen are normal.", "Small mass",
     "\nFINDINGS: ", "\nIMPRESSION: ", "HISTORY: ", "Knee effusion.", "1. Fracture. 2. ", "x" * 500,
     "Possible pneumonia"]
)  # fmt: skip


@pytest.fixture(scope="module")
def forgetful() -> Miner:
    return Miner(shipped_findings(), shipped_diagnoses(), remembers=False)


@settings(deadline=None)
@given(st.lists(st.lists(SENTENCES, max_size=8).map(" ".join), max_size=4))
def test_memory_changes_nothing_that_is_said(miner: Miner, forgetful: Miner, texts: list[str]) -> None:
    for text in texts:
        sectioned = find_sections(text)
        assert miner.observations(sectioned) == forgetful.observations(sectioned)
        assert miner.diagnoses(sectioned) == forgetful.diagnoses(sectioned)
        assert miner.named(text) == forgetful.named(text) and miner.region(text) == forgetful.region(text)


def test_one_sentence_means_what_its_report_is_about(miner: Miner) -> None:
    def findings(text: str) -> set[str]:
        return {seen.finding for seen in miner.observations(find_sections(text))}

    chest, knee = "The lungs are inflated. No effusion.", "The meniscus and patella are normal. No effusion."
    for _ in range(2):
        assert "pleural_effusion" in findings(chest) and "joint_effusion" in findings(knee)


@given(st.lists(st.text("abc", max_size=6), max_size=60))
def test_a_memory_stays_within_its_bounds_and_tells_what_was_read(texts: list[str]) -> None:
    memory = Memory(str.upper, entries=5, characters=12, longest=4)
    for text in texts:
        assert memory[text] == text.upper()
        assert memory.held() <= 10 and sum(map(len, memory)) <= 12 and all(len(kept) <= 4 for kept in memory)


def test_what_is_asked_for_is_read_once_and_what_is_not_is_forgotten() -> None:
    read: list[str] = []

    def reading(text: str) -> int:
        read.append(text)
        return len(read)

    memory = Memory(reading, entries=4, characters=100, longest=10)
    for number in range(40):
        assert memory["kept"] == 1
        _ = memory[str(number)]
    _ = memory["0"]
    assert read.count("kept") == 1 and read.count("0") == 2


def test_forgetting_leaves_nothing() -> None:
    memory = Memory(len, entries=2, characters=100, longest=10)
    for number in range(4):
        _ = memory[str(number)]
    memory.forget()
    assert memory.held() == 0


def test_a_text_of_nothing_but_findings_is_read_as_far_as_any_report_goes(miner: Miner) -> None:
    seen = miner.observations(find_sections("FINDINGS: " + "Effusion. " * 20_000))
    assert 4_000 < len(seen) < 6_000
    assert len(miner.observations(find_sections("FINDINGS: " + "effusion, " * 20_000))) < 8_000
