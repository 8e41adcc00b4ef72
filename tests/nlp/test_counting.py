from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation

Read = Callable[[str], list[Observation]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two lung nodules.", 2),
        ("3 lung nodules.", 3),
        ("2 small right upper lobe nodules.", 2),
        ("At least four lung nodules.", 4),
        ("Up to 12 lung nodules.", 12),
        ("Two or three lung nodules.", 3),
        ("Solitary lung nodule.", 1),
        ("A single 5 mm lung nodule.", 1),
        ("Three left rib fractures.", 3),
        ("A pair of liver lesions.", 2),
        ("A lung nodule.", None),
        ("Multiple lung nodules.", None),
        ("A few lung nodules.", None),
        ("One of the lung nodules is calcified.", None),
        ("3 mm lung nodules.", None),
        ("T12 compression fracture.", None),
        ("Grade 3 liver laceration.", None),
        ("Fracture of the 7th rib.", None),
        ("Series 2: lung nodules.", None),
        ("Two views show a pneumothorax.", None),
        ("2 views. Pneumothorax.", None),
    ],
)
def test_how_many(read: Read, text: str, count: int | None) -> None:
    assert {seen.count for seen in read(text)} == {count}


def test_each_finding_has_its_own_number(read: Read) -> None:
    counts = {seen.finding: seen.count for seen in read("Two lung nodules and three liver lesions.")}
    assert counts == {"nodule_mass": 2, "liver_lesion": 3}
