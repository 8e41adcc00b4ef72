"""Texts of any kind are read without a crash, and every place that is told lies in them, in order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.finding import shipped_findings
from models.report import Section, Span
from nlp.miner import Miner
from nlp.plain import plain
from nlp.points import teaching_points
from nlp.readable import why_unreadable
from nlp.report_parts import report_parts
from nlp.sections import find_sections
from nlp.sentences import sentences
from tests.nlp.report_styles import REPORTS, STYLES

FINDINGS = shipped_findings()
NASTY = (
    *(
        "\x00",
        "\ufeff",
        "\u200b",
        "\u00ad",
        "\u0301",
        "\ud83d",
        "\U0001f4a9",
        "\r",
        "\f",
        "\t",
        "\u2028",
        "ﬁ",
        "ß",
        "İ",
    ),
    *(
        "<b>",
        "</b>",
        "<br>",
        "&nbsp;",
        "&#0;",
        "&#xD800;",
        "{\\rtf1",
        "\\par ",
        "\\'e9",
        "\\.br\\",
        "\\X0A\\",
        "}",
        "**",
        "~",
    ),
    *(
        "FINDINGS:",
        "Impression -",
        "ADDENDUM",
        "2. ",
        "#2 ",
        "1) ",
        "?",
        "...",
        " no ",
        "Dr.",
        "cm.",
        ":",
        ";",
        "\n",
        "\n\n",
        "No\n",
    ),
)
REPORTS_READ = [style(report) for style in STYLES.values() for report in REPORTS]


def in_order(spans: Sequence[Span], text: str) -> bool:
    inside = all(0 <= span.start < span.end <= len(text) for span in spans)
    return inside and all(one.end <= other.start for one, other in pairwise(spans))


def check(miner: Miner, text: str) -> None:
    """Read ``text`` in every way there is."""
    assert len(plain(text)) == len(text)
    why_unreadable(text)
    for sectioned in (find_sections(text), report_parts(text)):
        sections: tuple[Section, ...] = sectioned.sections
        assert sectioned.text == text and in_order([section.span for section in sections], text)
        for section in sections:
            body = section.span.of(text)
            assert body == body.strip()
            parts = sentences(text, section.span)
            assert in_order(parts, text)
            assert all(section.span.start <= part.start and part.end <= section.span.end for part in parts)
        observations = miner.observations(sectioned)
        starts = [seen.span.start for seen in observations]
        assert starts == sorted(starts) and all(in_order([seen.span], text) for seen in observations)
        for point in teaching_points(sectioned, observations, FINDINGS):
            assert point.text == point.span.of(text)
        assert all(in_order([span], text) for _, _, span in miner.diagnoses(sectioned))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A report of some style with pieces cut out, doubled, moved and put in."""
    text = draw(st.sampled_from(REPORTS_READ))
    for _ in range(draw(st.integers(1, 6))):
        low, high = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        piece = draw(st.sampled_from((*NASTY, text[low:high], "")) | st.text(max_size=8))
        text = text[:low] + piece + text[draw(st.sampled_from((low, high))) :]
        text = text[:4_000]
    return text


@settings(deadline=None, max_examples=150)
@given(text=mutated())
def test_reports_that_were_mangled(miner: Miner, text: str) -> None:
    check(miner, text)


@settings(deadline=None, max_examples=100)
@given(
    text=st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
    | st.lists(st.sampled_from(NASTY)).map("".join)
)
def test_texts_of_any_characters(miner: Miner, text: str) -> None:
    check(miner, text)


@pytest.mark.parametrize(
    "text", ["\u00ad:", "\u00ad\n", ":", "\u200bFINDINGS:\u200b", "#", "?No", "\u0301 FINDINGS", "2. "]
)
def test_texts_of_marks_alone(miner: Miner, text: str) -> None:
    check(miner, text)


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=600))
def test_bytes_that_are_no_text(miner: Miner, data: bytes) -> None:
    check(miner, data.decode("latin-1"))


@pytest.mark.heavy
def test_thousands_of_mangled_reports(miner: Miner, heavy_share: float) -> None:
    chance = random.Random(11)
    for _ in range(int(20_000 * heavy_share)):
        text = chance.choice(REPORTS_READ)
        for _ in range(chance.randrange(1, 9)):
            low, high = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
            other = chance.choice(REPORTS_READ)
            pieces = (*NASTY, text[low:high] * 2, other[: chance.randrange(200)], chr(chance.randrange(0x110000)), "")
            text = (text[:low] + chance.choice(pieces) + text[chance.choice((low, high)) :])[:5_000]
        check(miner, text)
