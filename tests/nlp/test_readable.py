"""What cannot be read as a report is told by its reason, and nothing else is."""

from __future__ import annotations

import random

import pytest

from nlp.readable import LONGEST, Unreadable, language_of, why_unreadable
from tests.nlp.report_styles import REPORTS, STYLES

BINARY = random.Random(7).randbytes(4_000).decode("latin-1")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unreadable.EMPTY),
        (" \r\n\t\u00a0\ufeff\x00", Unreadable.EMPTY),
        ("<p>&nbsp;</p>", Unreadable.EMPTY),
        ("word " * (LONGEST // 5 + 1), Unreadable.TOO_LONG),
        (BINARY, Unreadable.NOT_TEXT),
        ("%PDF-1.7 and so on", Unreadable.NOT_TEXT),
        ("\ud800" * 40, Unreadable.NOT_TEXT),
        ("Kein Pneumothorax.", Unreadable.OTHER_LANGUAGE),
        ("Befund:\nDas Herz ist normal groß, kein Erguss.\nBeurteilung:\nUnauffällig.", Unreadable.OTHER_LANGUAGE),
        ("Résultats : pas d'épanchement, les poumons sont clairs.", Unreadable.OTHER_LANGUAGE),
        ("Hallazgos: sin derrame pleural. El corazón es de tamaño normal.", Unreadable.OTHER_LANGUAGE),
        ("Легкие без очаговых теней.", Unreadable.OTHER_LANGUAGE),
        ("両肺野に異常なし。", Unreadable.OTHER_LANGUAGE),
        ("HISTORY: Cough.", Unreadable.NO_REPORT),
        ("12.5 / 30 %", Unreadable.NO_REPORT),
        ("A" * 300, Unreadable.NO_REPORT),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: Unreadable) -> None:
    assert why_unreadable(text) is why


@pytest.mark.parametrize(
    "text",
    ["Normal.", "No change post op.", "FINDINGS: NAD", "CXR: clear", "Leiomyoma in situ.", "Status post CABG, den 4."],
)
def test_short_reports_can_be_read(text: str) -> None:
    assert why_unreadable(text) is None


@pytest.mark.parametrize("style", STYLES)
def test_reports_of_every_style_can_be_read(style: str) -> None:
    for report in REPORTS:
        assert why_unreadable(STYLES[style](report)) is None


def test_the_language_is_named() -> None:
    assert language_of("Der Befund ist regelrecht.") == "German"
    assert language_of("Les poumons sont clairs, sans anomalie.") == "French"
    assert language_of("There is no effusion.") == "English"
    assert language_of("PNX") is None
