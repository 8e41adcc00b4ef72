"""The same report in every style says the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation
from models.report import SectionName
from nlp.miner import Miner
from nlp.sections import find_sections
from tests.nlp.report_styles import REPORTS, STYLES, joined

CARRIED: dict[str, Callable[[str], str]] = {
    "Windows": lambda text: text.replace("\n", "\r\n"),
    "Mac": lambda text: text.replace("\n", "\r"),
    "breaks": lambda text: text.replace("\n", "<br>"),
    "HL7": lambda text: text.replace("\n", "\\.br\\"),
    "tildes": lambda text: text.replace("\n", "~"),
    "hard blanks": lambda text: text.replace(" ", "\u00a0"),
    "trailing blanks": lambda text: text.replace("\n", "   \n"),
    "indented": lambda text: "    " + text.replace("\n", "\n    "),
    "letterhead": lambda text: "GENERAL HOSPITAL\nRadiology\nName: X Y   MRN: 123\n\n" + text,
    "footer": lambda text: text + "\n\nPage 1 of 1\nSigned by: X Y\n",
}
MARKED_UP = {"rich", "HL7", "HL7, codes", "HL7, tildes", "page", "structured", "escaped", "table"}


def said(miner: Miner, text: str) -> set[tuple[object, ...]]:
    def told(seen: Observation) -> tuple[object, ...]:
        assert 0 <= seen.span.start < seen.span.end <= len(text)
        return seen.finding, seen.assertion, seen.side, seen.severity

    return {told(seen) for seen in miner.observations(find_sections(text))}


@pytest.mark.parametrize("style", STYLES)
def test_a_style_changes_nothing_of_what_is_said(miner: Miner, style: str) -> None:
    for report in REPORTS:
        assert said(miner, STYLES[style](report)) == said(miner, joined(report)) != set()


@pytest.mark.parametrize("carried", CARRIED)
def test_nor_does_the_way_it_came(miner: Miner, carried: str) -> None:
    for style in STYLES.keys() - MARKED_UP:
        for report in REPORTS:
            assert said(miner, CARRIED[carried](STYLES[style](report))) == said(miner, joined(report)), style


@pytest.mark.parametrize("style", STYLES)
def test_the_history_is_never_read_as_a_finding(style: str) -> None:
    for report in REPORTS:
        sections = find_sections(STYLES[style](report)).sections
        read = [section for section in sections if section.name in (SectionName.FINDINGS, SectionName.IMPRESSION)]
        text = STYLES[style](report)
        assert all(report.history.lower() not in section.span.of(text).lower() for section in read)
