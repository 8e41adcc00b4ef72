from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation, shipped_findings
from nlp.profiles.iu import coded

Read = Callable[[str], list[Observation]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left pleural effusion.", {"pleural_effusion"}),
        ("No pleural effusion.", set()),
        ("Possible pleural effusion.", set()),
        ("Probable pleural effusion.", {"pleural_effusion"}),
        ("Atelectasis versus scar in the lung.", {"atelectasis", "scar"}),
        ("Blunting of the left costophrenic angle.", set()),
        ("The aorta is calcified.", set()),
        ("Atherosclerotic calcification of the aorta.", {"atherosclerosis"}),
        ("Previous rib fracture.", {"rib_fracture"}),
        ("History of pneumonia.", set()),
    ],
)
def test_what_the_coders_coded(read: Read, text: str, expected: set[str]) -> None:
    assert {seen.finding for seen in read(text) if coded(seen, text, shipped_findings())} == expected
