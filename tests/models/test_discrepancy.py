"""RADPEER scores as departments write them."""

from __future__ import annotations

import pytest

from models.discrepancy import RadpeerScore, radpeer_score


@pytest.mark.parametrize(
    ("text", "significant", "score"),
    [
        ("1", None, "1"),
        ("1b", None, "1"),
        (" 2 ", None, "2"),
        ("2A", None, "2a"),
        ("3B", None, "3b"),
        ("4", None, "3"),
        ("4b", None, "3b"),
        ("3 b", None, "3b"),
        ("RADPEER 3a", None, "3a"),
        ("Score: 2", True, "2b"),
        ("3", False, "3a"),
        ("3b", False, "3b"),
        ("3 - should be made most of the time", None, "3"),
        ("Concur", None, "1"),
    ],
)
def test_a_score_is_read(text: str, significant: bool | None, score: str) -> None:
    assert radpeer_score(text, significant) is RadpeerScore(score)


@pytest.mark.parametrize("text", ["", "0", "5", "33", "3c", "2.5", "b", "12", "n/a", "disagree"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="RADPEER"):
        radpeer_score(text)
