from __future__ import annotations

import pytest

from models.finding import shipped_findings
from nlp.drafts import FLAGS, draft_flags
from nlp.miner import Miner
from nlp.sections import find_sections

GOOD = "FINDINGS: There is a small left pneumothorax. Heart and lungs are normal.\nIMPRESSION: Left pneumothorax."


def flags(miner: Miner, history: str, text: str, images: int = 1, diagnosis: str | None = None) -> tuple[str, ...]:
    sectioned = find_sections(text)
    observations = miner.observations(sectioned)
    return draft_flags(history, sectioned, observations, shipped_findings(), miner, images, diagnosis)


def test_a_good_draft_has_no_flags(miner: Miner) -> None:
    assert flags(miner, "Chest pain after a fall.", GOOD) == ()


@pytest.mark.parametrize(
    ("history", "text", "images", "diagnosis", "flag"),
    [
        ("Known left pneumothorax.", GOOD, 1, None, "history_gives_answer"),
        ("Cough, biopsy showed sarcoidosis.", GOOD, 1, "sarcoidosis", "history_gives_answer"),
        ("Fell on the hand, fracture?", "FINDINGS: Transverse fracture of the distal radius with dorsal tilt.", 1, None,
         "history_gives_answer"),
        ("Pain.", "Left pneumothorax.", 1, None, "too_short"),
        ("Pain.", GOOD, 0, None, "no_image"),
        ("Pain.", GOOD.replace("IMPRESSION: Left", "IMPRESSION: Right"), 1, None, "side_clash"),
        ("Pain.", GOOD.replace("IMPRESSION: Left", "IMPRESSION: No"), 1, None, "findings_and_impression_disagree"),
        ("Pain.", "FINDINGS: Possible left pneumothorax, the lungs and the heart are otherwise normal.", 1, None,
         "truth_uncertain"),
    ],
)  # fmt: skip
def test_each_flag(miner: Miner, history: str, text: str, images: int, diagnosis: str | None, flag: str) -> None:
    assert flags(miner, history, text, images, diagnosis) == (flag,)
    assert flag in FLAGS


@pytest.mark.parametrize(
    ("impression", "clash"),
    [("Lung nodule of 1.2 cm.", False), ("Lung nodule, 13 mm.", False), ("Lung nodule, 12 cm.", True),
     ("Lung nodule, 8 mm.", True), ("Lung nodule.", False), ("Right lung nodule, 8 mm.", False)],
)  # fmt: skip
def test_sizes_of_one_finding_must_agree(miner: Miner, impression: str, clash: bool) -> None:
    text = f"FINDINGS: Left lung nodule of 12 mm. Heart and other lung normal.\nIMPRESSION: {impression}"
    assert ("measurement_clash" in flags(miner, "Pain.", text)) is clash


@pytest.mark.parametrize(
    ("found", "impression", "disagree"),
    [
        ("The heart size is normal.", "Cardiomegaly.", True),
        ("The lungs are clear.", "Right basal opacity.", True),
        ("The lungs are clear. Calcified granuloma in the left lung.", "Calcified granuloma.", False),
        ("The lungs are clear. There is left basal atelectasis.", "Left basal opacity.", False),
        ("The costophrenic angles are sharp.", "No pleural effusion.", False),
    ],
)
def test_what_a_normal_part_denies_may_contradict(miner: Miner, found: str, impression: str, disagree: bool) -> None:
    text = f"FINDINGS: {found} The study was well made.\nIMPRESSION: {impression}"
    assert ("findings_and_impression_disagree" in flags(miner, "Pain.", text)) is disagree


def test_both_sides_are_no_clash(miner: Miner) -> None:
    text = "FINDINGS: Left pneumothorax. Right pneumothorax. Heart and lungs normal.\nIMPRESSION: Left pneumothorax."
    assert "side_clash" not in flags(miner, "Pain.", text)
