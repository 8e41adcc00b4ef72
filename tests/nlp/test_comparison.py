from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Change, Observation

Read = Callable[[str], list[Observation]]
NEW, MORE, LESS, SAME, GONE = Change


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("New left pleural effusion.", NEW),
        ("Interval development of a right pneumothorax.", NEW),
        ("A pneumothorax has developed.", NEW),
        ("Interval enlargement of the right pleural effusion.", MORE),
        ("The right pleural effusion has increased.", MORE),
        ("Worsening pneumonia.", MORE),
        ("Interval increase in size of the left pleural effusion.", MORE),
        ("Pulmonary nodule, slightly larger than on the prior study.", MORE),
        ("The effusion in the left pleura is now larger.", MORE),
        ("Heart is enlarged, increased from the prior study.", MORE),
        ("Pleural effusion has improved.", LESS),
        ("Resolving pneumonia.", LESS),
        ("Decreasing pneumothorax.", LESS),
        ("Partial resolution of the pneumonia.", LESS),
        ("Persistent but improved right pleural effusion.", LESS),
        ("Stable cardiomegaly.", SAME),
        ("Pleural effusion, unchanged.", SAME),
        ("No significant change in the left pleural effusion.", SAME),
        ("No interval increase in the pneumothorax.", SAME),
        ("The cardiomegaly has not changed.", SAME),
        ("Again seen is a pleural effusion.", SAME),
        ("Persistent pneumothorax.", SAME),
        ("Pneumothorax has resolved.", GONE),
        ("Atelectasis at the left base has cleared.", GONE),
        ("Complete resolution of the pneumothorax.", GONE),
        ("Pneumothorax is no longer seen.", GONE),
        ("Pneumothorax.", None),
        ("Pleural effusions, worse on the left.", None),
        ("Bilateral hydronephrosis, right worse than left.", None),
        ("No new pneumothorax.", None),
        ("Heart size is increased.", None),
        ("Increased reticular interstitial markings.", None),
        ("Pneumothorax; follow up to resolution.", None),
    ],
)
def test_how_it_compares(read: Read, text: str, change: Change | None) -> None:
    assert {seen.change for seen in read(text)} == {change}


def test_an_increase_that_is_the_finding_s_look_compares_only_where_the_sentence_does(read: Read) -> None:
    assert read("Increased opacity in the left lung.")[0].change is None
    assert read("Increased opacity in the left lung since the prior study.")[0].change is MORE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pleural effusion is unchanged, atelectasis has increased.", {"pleural_effusion": SAME, "atelectasis": MORE}),
        ("Stable cardiomegaly with new pleural effusion.", {"cardiomegaly": SAME, "pleural_effusion": NEW}),
        ("Stable granuloma and scar of the lung.", {"granuloma": SAME, "scar": SAME}),
        ("Atelectasis and pleural effusion are unchanged.", {"atelectasis": SAME, "pleural_effusion": SAME}),
        ("Stable cardiomegaly. Pleural effusion.", {"cardiomegaly": SAME, "pleural_effusion": None}),
    ],
)  # fmt: skip
def test_each_finding_has_its_own_change(read: Read, text: str, expected: dict[str, Change | None]) -> None:
    assert {seen.finding: seen.change for seen in read(text)} == expected


def test_what_is_absent_has_not_changed(read: Read) -> None:
    assert [seen.change for seen in read("No increasing pneumothorax.")] == [None]
