from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation, Side

Read = Callable[[str], list[Observation]]
LEFT, RIGHT, BOTH = Side


def sides(read: Read, text: str) -> dict[str, Side | None]:
    return {seen.finding: seen.side for seen in read(text)}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Moderate left effusion in the pleura.", LEFT),
        ("Pneumothorax on the right.", RIGHT),
        ("Pneumothorax, left-sided.", LEFT),
        ("Pleural effusions on both sides.", BOTH),
        ("Bibasilar atelectasis.", BOTH),
        ("Biapical scars.", BOTH),
        ("Atelectasis at the lung bases.", BOTH),
        ("Atelectasis in the lower lobes.", BOTH),
        ("Atelectasis of the left upper and lower lobes.", LEFT),
        ("Atelectasis of the right middle and lower lobes.", RIGHT),
        ("Nodules throughout the lungs.", BOTH),
        ("Pleural effusions, right greater than left.", BOTH),
        ("Pleural effusions, left > right.", BOTH),
        ("Pleural effusions, worse on the left.", BOTH),
        ("Pleural effusions, more pronounced on the right.", BOTH),
        ("Apical pleural thickening, slightly greater on the left.", BOTH),
        ("Granulomas in the right upper lobe and the left lower lobe.", BOTH),
        ("Nodules in the right lung and left base.", BOTH),
        ("Small right and moderate left pleural effusions.", BOTH),
        ("Bibasilar and right midlung atelectasis.", BOTH),
        ("Fractures of the right 4th and left 7th ribs.", BOTH),
        ("Nodule in the lingula.", LEFT),
        ("Atelectasis of the middle lobe.", RIGHT),
        ("RLL atelectasis.", RIGHT),
        ("LUL pulmonary nodule.", LEFT),
        ("Dextroscoliosis of the upper lumbar spine.", RIGHT),
        ("Levoscoliosis of the lumbar spine.", LEFT),
        ("Symmetric apical scars of the lungs.", BOTH),
        ("Rt pleural effusion.", RIGHT),
        ("Large left-sided pneumothorax, tiny right sided.", BOTH),
        ("Left pleural effusion and small right.", BOTH),
        ("Two thyroid nodules, the larger in the right lobe.", RIGHT),
        ("The right coronary artery shows a pulmonary embolus.", None),
        ("Cardiomegaly.", None),
        ("The patient has left the department; pneumothorax.", None),
    ],
)
def test_one_side(read: Read, text: str, side: Side | None) -> None:
    assert {seen.side for seen in read(text)} == {side}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left pneumothorax and right pleural effusion.", {"pneumothorax": LEFT, "pleural_effusion": RIGHT}),
        ("Pneumothorax on the left and effusion on the right.", {"pneumothorax": LEFT, "pleural_effusion": RIGHT}),
        ("Cardiomegaly and left pleural effusion.", {"cardiomegaly": None, "pleural_effusion": LEFT}),
        ("Pulmonary nodule in the right upper lobe and effusion at the left base.",
         {"nodule_mass": RIGHT, "pleural_effusion": LEFT}),
        ("Left upper lobe pneumonia and faint scar in the right lung apex.", {"pneumonia": LEFT, "scar": RIGHT}),
        ("Granuloma of the lung; no effusion on the right.", {"granuloma": None, "pleural_effusion": RIGHT}),
        ("Hazy opacity over the left lung and right apex, which could be pneumonia.",
         {"opacity": BOTH, "pneumonia": BOTH}),
        ("Atelectasis or scar in the left lung base.", {"atelectasis": LEFT, "scar": LEFT}),
        ("Left apical scar or atelectasis, and tiny bilateral pleural effusions.",
         {"scar": LEFT, "atelectasis": LEFT, "pleural_effusion": BOTH}),
        ("Pneumothorax on the left, without pleural effusion.", {"pneumothorax": LEFT, "pleural_effusion": None}),
        ("No pneumothorax; small left pleural effusion.", {"pneumothorax": None, "pleural_effusion": LEFT}),
        ("Left pleural effusion with cardiomegaly.", {"pleural_effusion": LEFT, "cardiomegaly": None}),
    ],
)  # fmt: skip
def test_each_finding_has_its_own(read: Read, text: str, expected: dict[str, Side | None]) -> None:
    assert sides(read, text) == expected


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Cavity in the right lung. There is some surrounding atelectasis.", RIGHT),
        ("Rib fracture on the left. Adjacent pleural thickening is noted.", LEFT),
        ("Opacity in the left lung. This is atelectasis.", LEFT),
        ("Opacity in the left lung. Stable pneumothorax.", None),
    ],
)
def test_the_side_of_the_sentence_before(read: Read, text: str, side: Side | None) -> None:
    assert read(text)[-1].side is side
