"""An id is shown where it tells of nobody."""

from __future__ import annotations

import pytest

from pipelines.identifying import tells_of


@pytest.mark.parametrize(
    ("uid", "stated"),
    [
        *(("JaneDoe", "Doe^Jane"), ("doe-1", "Doe^Jane"), ("0991235", "00991235"), ("20260105-0991234", "0991234")),
        *(("A-99", "a99"), ("99817", "ACC-99817"), ("Muller7", "Müller"), ("R7", "r7")),
        *(("1.2.840.113619.2.55", ""), ("12345678", "")),
    ],
)
def test_what_tells(uid: str, stated: str) -> None:
    assert tells_of(uid, [stated])


@pytest.mark.parametrize("uid", ["R1", "3999", "chest-17", "2026.1", "rep_0012"])
def test_what_does_not(uid: str) -> None:
    assert not tells_of(uid, ["Doe^Jane^MD", "7788123", "ACC-99817", ""])
