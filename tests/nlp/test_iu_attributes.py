from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation, Side
from nlp.profiles.iu_attributes import both_coded, degrees_coded, outweighed, side_coded

Read = Callable[[str], list[Observation]]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Nodule of the lung in the lingula.", None),
        ("Nodules of the lung in the middle lobe and lingula.", Side.RIGHT),
        ("Nodule of the left lung in the lingula.", Side.LEFT),
        ("Nodules of both lungs, most in the lingula.", Side.BILATERAL),
        ("Nodule of the left lung.", Side.LEFT),
    ],
)
def test_the_lingula_has_no_side(read: Read, text: str, side: Side | None) -> None:
    assert {side_coded(seen, text) for seen in read(text)} == {side}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("Basilar atelectasis.", True),
        ("Lower lobe atelectasis.", True),
        ("Tiny pleural effusions today.", True),
        ("Small pleural effusion.", False),
        ("Basilar atelectasis, left lung.", False),
    ],
)
def test_what_lies_at_no_side_of_both_bases_is_bilateral(read: Read, text: str, both: bool) -> None:
    assert [both_coded(seen, text) for seen in read(text)] == [both]


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("Exaggerated kyphosis.", ("severe",)),
        ("Kyphosis.", ()),
        ("Early pulmonary edema.", ("mild",)),
        ("Large atelectasis.", ("severe",)),
        ("Small pleural effusion.", ("small",)),
    ],
)
def test_degrees_the_coders_gave(read: Read, text: str, degrees: tuple[str, ...]) -> None:
    assert [degrees_coded(seen, text) for seen in read(text)] == [degrees]


def test_of_two_degrees_of_one_report_the_surer_is_coded() -> None:
    assert outweighed("cardiomegaly", {"mild", "borderline"}) == {"borderline"}
    assert outweighed("cardiomegaly", {"borderline"}) == frozenset()
    assert outweighed("pleural_effusion", {"small", "moderate"}) == frozenset()
