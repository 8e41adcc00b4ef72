from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation

Read = Callable[[str], list[Observation]]
Degrees = dict[str, tuple[str, ...]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mild cardiomegaly.", {"cardiomegaly": ("mild",)}),
        ("The heart is mildly enlarged.", {"cardiomegaly": ("mild",)}),
        ("Heart slightly large today.", {"cardiomegaly": ("mild",)}),
        ("Heart large, vessels normal.", {"cardiomegaly": ()}),
        ("Heart size at the upper limits of normal for age.", {}),
        ("Borderline cardiomegaly.", {"cardiomegaly": ("borderline",)}),
        ("Moderate-to-marked enlargement of the heart.", {"cardiomegaly": ("severe",)}),
        ("The heart is borderline to mildly enlarged.", {"cardiomegaly": ("mild",)}),
        ("Mild to moderate pleural effusion.", {"pleural_effusion": ("moderate",)}),
        ("Small-to-moderate pleural effusion.", {"pleural_effusion": ("moderate",)}),
        ("Mild/moderate scoliosis.", {"scoliosis": ("moderate",)}),
        ("Moderate to large pneumothorax.", {"pneumothorax": ("large",)}),
        ("Minimal pleural effusion.", {"pleural_effusion": ("small",)}),
        ("Trace pleural effusion.", {"pleural_effusion": ("small",)}),
        ("Minimal atelectasis.", {"atelectasis": ("mild",)}),
        ("Massive pleural effusion.", {"pleural_effusion": ("large",)}),
        ("Marked scoliosis.", {"scoliosis": ("severe",)}),
        ("Very small pneumothorax.", {"pneumothorax": ("small",)}),
        ("Very low lung volumes.", {"hypoinflation": ("severe",)}),
        ("Extensive atelectasis.", {"atelectasis": ("severe",)}),
        ("Mild bilateral prominent reticular interstitial markings.", {"interstitial_pattern": ("mild",)}),
        ("Unchanged, mild multilevel degenerative disease of the lumbar spine.", {"degenerative_spine": ("mild",)}),
        ("Small, nodular opacity in the lung.", {"opacity": ("small",)}),
        ("Small but increasing right pleural effusion.", {"pleural_effusion": ("small",)}),
        ("A small 3.5 mm right pneumothorax.", {"pneumothorax": ("small",)}),
        ("Small amount of pleural fluid.", {"pleural_effusion": ("small",)}),
        ("Mild bibasilar, right greater than left atelectasis.", {"atelectasis": ("mild",)}),
        ("Small joint effusion of the knee.", {"joint_effusion": ("small",)}),
        ("Right pleural effusion, tiny.", {"pleural_effusion": ("small",)}),
        ("Mild degree of scoliosis.", {"scoliosis": ("mild",)}),
        ("Large mediastinal and right hilar granulomas.", {"granuloma": ("large",)}),
        ("Small right and moderate left pleural effusions.", {"pleural_effusion": ("small", "moderate")}),
        ("Large left-sided pneumothorax, tiny right sided.", {"pneumothorax": ("large", "small")}),
        ("Pneumothoraces of both lungs, right small, left large.", {"pneumothorax": ("small", "large")}),
    ],
)  # fmt: skip
def test_before_or_in_the_finding(read: Read, text: str, expected: Degrees) -> None:
    assert {seen.finding: seen.severity for seen in read(text)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pleural effusion, small.", {"pleural_effusion": ("small",)}),
        ("Cardiomegaly is mild.", {"cardiomegaly": ("mild",)}),
        ("Degenerative changes of the spine are severe.", {"degenerative_spine": ("severe",)}),
        ("The left pleural effusion remains small.", {"pleural_effusion": ("small",)}),
        ("The pneumothorax is now moderate in size.", {"pneumothorax": ("moderate",)}),
        ("Pleural effusion (small).", {"pleural_effusion": ("small",)}),
        ("Scoliosis, which is moderate.", {"scoliosis": ("moderate",)}),
        ("Pleural effusion has increased, now moderate.", {"pleural_effusion": ("moderate",)}),
        ("Right pleural effusion is large, small left.", {"pleural_effusion": ("large", "small")}),
        ("Cardiomegaly, mild pulmonary edema.", {"cardiomegaly": (), "edema": ("mild",)}),
        ("Cardiomegaly is mild, pleural effusion is small.",
         {"cardiomegaly": ("mild",), "pleural_effusion": ("small",)}),
    ],
)  # fmt: skip
def test_after_the_finding(read: Read, text: str, expected: Degrees) -> None:
    assert {seen.finding: seen.severity for seen in read(text)} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Minimal scar or atelectasis of the lung.", {"scar": ("mild",), "atelectasis": ("mild",)}),
        ("Minimal opacity compatible with atelectasis.", {"opacity": ("mild",), "atelectasis": ("mild",)}),
        ("Mild bibasilar atelectasis versus pneumonia.", {"atelectasis": ("mild",), "pneumonia": ("mild",)}),
        ("Mild cardiomegaly with pleural effusion.", {"cardiomegaly": ("mild",), "pleural_effusion": ()}),
        ("Small pleural effusion, cardiomegaly.", {"pleural_effusion": ("small",), "cardiomegaly": ()}),
        ("Pneumonia and faint scar of the lung.", {"pneumonia": (), "scar": ("mild",)}),
        ("Severe scoliosis. Pleural effusion.", {"scoliosis": ("severe",), "pleural_effusion": ()}),
    ],
)
def test_lists_lend_degrees_and_other_phrases_do_not(read: Read, text: str, expected: Degrees) -> None:
    assert {seen.finding: seen.severity for seen in read(text)} == expected


@pytest.mark.parametrize(
    "text",
    [
        "No significant change in the pleural effusion.",
        "Without significant interval change of cardiomegaly.",
        "The lungs are moderately well inflated with scoliosis.",
        "Slightly improved pleural effusion.",
        "Significantly larger pneumothorax.",
        "Mildly displaced rib fracture.",
        "Dilated loops of small bowel.",
        "Thin-section images show a pulmonary embolus.",
    ],
)
def test_what_is_no_degree(read: Read, text: str) -> None:
    assert [seen.severity for seen in read(text)] == [()]
