from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation

Read = Callable[[str], list[Observation]]


@pytest.mark.parametrize(
    ("text", "mm"),
    [
        ("A 1.2 x 0.8 cm lung nodule.", 12.0),
        ("12mm lung nodule.", 12.0),
        ("A 1.2-cm lung nodule.", 12.0),
        ("Lung nodule measuring 3-4 mm.", 4.0),
        ("Lung nodule, 5 to 6 mm.", 6.0),
        ("Lung nodule measures 12 mm in diameter.", 12.0),
        ("Lung nodules of up to 9 mm.", 9.0),
        ("Lung nodule of less than 5 mm.", 5.0),
        ("Subcentimeter lung nodule.", 10.0),
        ("A 2 inch lung mass.", 50.8),
        ("Lung mass of 2.5 centimetres.", 25.0),
        ("Lung nodule of .6 cm.", 6.0),
        ("Lung nodule of 1,4 cm.", 14.0),
        ("Liver lesion of 2.3 x 1.8 x 2.0 cm.", 23.0),
        ("Liver lesion of 2 cm by 15 mm.", 20.0),
        ("Liver lesion (14 × 9 mm).", 14.0),
        ("Lung nodule, right upper lobe, series 3 image 45, 7 mm.", 7.0),
        ("Lung nodule.", None),
        ("Lung nodule with a volume of 3 cm3.", None),
        ("Lung nodule on image 12.", None),
    ],
)
def test_styles(read: Read, text: str, mm: float | None) -> None:
    assert [seen.size_mm for seen in read(text)] == [mm]


@pytest.mark.parametrize(
    ("text", "mm"),
    [
        ("Lung nodule measures 12 mm, previously 8 mm.", 12.0),
        ("Lung nodule measures 12 mm (8 mm previously).", 12.0),
        ("Lung nodule measures 12 mm compared to 8 mm on the prior.", 12.0),
        ("Lung nodule was 8 mm, now 12 mm.", 12.0),
        ("Lung nodule has grown from 8 mm to 12 mm.", 12.0),
        ("Lung nodule has decreased from 12 to 8 mm.", 8.0),
        ("Lung nodule previously measured 8 mm.", None),
        ("5 mm axial sections show a lung nodule.", None),
        ("Lung nodule on 2 mm thick slices.", None),
        ("Lung nodule 2 cm from the pleura.", None),
        ("9 mm lung nodule 2 cm from the pleura.", 9.0),
        ("Liver lesion within 15 mm of the portal vein.", None),
        ("Tube tip 3 cm above the carina, pneumothorax.", None),
    ],
)
def test_earlier_sizes_distances_and_slices_are_none(read: Read, text: str, mm: float | None) -> None:
    assert [seen.size_mm for seen in read(text)] == [mm]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 4 mm lung nodule and a 15 mm liver lesion.", {"nodule_mass": 4.0, "liver_lesion": 15.0}),
        ("Lung nodule measuring 4 mm and liver lesion measuring 15 mm.", {"nodule_mass": 4.0, "liver_lesion": 15.0}),
        ("Lung nodule of 4 mm, pleural effusion.", {"nodule_mass": 4.0, "pleural_effusion": None}),
        ("Pleural effusion and a 7 mm lung nodule.", {"pleural_effusion": None, "nodule_mass": 7.0}),
    ],
)
def test_a_size_is_one_finding_s(read: Read, text: str, expected: dict[str, float | None]) -> None:
    assert {seen.finding: seen.size_mm for seen in read(text)} == expected
