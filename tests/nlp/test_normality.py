"""A report counts as normal only where all of it is understood and none of it says otherwise."""

from __future__ import annotations

import pytest

from models.report import SectionName, join_sections
from nlp.miner import Miner
from nlp.normality import is_normal, says_anything
from nlp.report_parts import report_parts

FINDINGS, IMPRESSION = SectionName.FINDINGS, SectionName.IMPRESSION
CLEAR = "The lungs are clear. Heart size is normal. No pneumothorax or pleural effusion."


def normal(miner: Miner, findings: str, impression: str) -> bool:
    report = join_sections(((FINDINGS, findings), (IMPRESSION, impression)))
    return is_normal(report, miner.observations(report))


@pytest.mark.parametrize(
    ("findings", "impression"),
    [
        (CLEAR, ""),
        (CLEAR, "Normal chest."),
        (CLEAR, "1. No acute cardiopulmonary abnormality."),
        ("PA and lateral views of the chest. The lungs are clear.", "No evidence of active disease."),
        ("", "Normal."),
        ("", "Negative."),
        ("", "Unremarkable study."),
        ("", "Negative chest."),
        ("Normal.", ""),
        ("Clear lungs.", ""),
        ("No haemorrhage.", "Normal."),
        ("The bones are intact without fracture.", "No acute abnormality of the chest."),
        ("", "Normal chest radiograph."),
        ("Heart size, mediastinal contours, and pulmonary vasculature are within normal limits.", ""),
    ],
)
def test_a_report_that_calls_all_it_speaks_of_normal_is_normal(miner: Miner, findings: str, impression: str) -> None:
    assert normal(miner, findings, impression)


@pytest.mark.parametrize(
    ("findings", "impression"),
    [
        ("Not within normal limits.", "Not normal."),
        ("Coin within the upper oesophagus.", ""),
        ("Abnormal contrast collection within the aneurysm sac.", "Endoleak."),
        ("Heart size is normal. Retained sponge in the left flank.", "Gossypiboma."),
        ("Heart size is normal. Sponge in the left flank.", "Normal chest."),
        ("No previous mammogram.", "BI-RADS 5."),
        (CLEAR, "Normal mammogram. BI-RADS 4."),
        ("Malignancy cannot be excluded without biopsy.", ""),
        ("Non-diagnostic: no contrast was given.", "Repeat."),
        ("No previous study. Interval worsening cannot be judged.", "Abnormal study, urgent surgical review."),
        ("Lage plural efusion on the left. Heart normal.", "Efusion."),
        ("Lungs are clear. Endotracheal tube in the right main bronchus.", "Tube malposition."),
        ("", "No doubt worse than yesterday."),
        (CLEAR, "Otherwise normal chest."),
        (CLEAR, "Normal chest except for a coin."),
        (CLEAR, "Normal chest with a coin."),
        (CLEAR, "No acute abnormality but a coin."),
        (CLEAR, "Normal chest? CT is advised."),
        (CLEAR, "Normal chest; recommend CT."),
        (CLEAR, "Normal chest, limited study."),
        (CLEAR, "Abnormal chest."),
        (CLEAR, "Possible nodule."),
        ("Left pleural effusion.", "Normal chest."),
        ("No contrast was given.", ""),
        ("No previous study. Air in the left pleural space.", ""),
        ("Free air below the normal diaphragm.", ""),
        ("Patent ductus. Heart size is normal.", ""),
        ("", ""),
        ("See prior.", ""),
        ("Left lung.", ""),
    ],
)
def test_what_is_in_doubt_or_not_understood_is_no_normal(miner: Miner, findings: str, impression: str) -> None:
    assert not normal(miner, findings, impression)


def test_a_word_against_it_counts_in_every_part_but_the_history(miner: Miner) -> None:
    for text, expected in (
        ("INDICATION: Effusion?\nFINDINGS: Clear lungs.\nIMPRESSION: Normal chest.", True),
        ("FINDINGS: Clear lungs.\nIMPRESSION: Normal chest.\nBI-RADS: 5", False),
        ("FINDINGS: Clear lungs.\nIMPRESSION: Normal chest.\nRECOMMENDATION: biopsy", False),
    ):
        report = report_parts(text)
        assert is_normal(report, miner.observations(report)) is expected


def test_only_words_of_what_was_found_say_anything() -> None:
    assert says_anything(join_sections(((IMPRESSION, "Normal."),)))
    assert not says_anything(join_sections(((SectionName.HISTORY, "Cough."), (FINDINGS, " . "))))
