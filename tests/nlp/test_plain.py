"""Text as programs hand it on, read as what it means, every character at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.report import SectionName
from nlp.plain import plain
from nlp.sections import find_sections
from nlp.tokens import tokens_of, words_of

CLEAN = "FINDINGS: The lungs are clear. No pneumothorax.\nIMPRESSION: Normal."


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        CLEAN.replace("\n", "\r\n"),
        CLEAN.replace("\n", "\r"),
        CLEAN.replace("\n", "\f"),
        CLEAN.replace("\n", "\u2028"),
        CLEAN.replace("\n", "<br/>"),
        CLEAN.replace("\n", "\\.br\\"),
        CLEAN.replace("\n", "\\X0D\\\\X0A\\"),
        CLEAN.replace("\n", "\\r\\n"),
        CLEAN.replace("\n", "_x000D_\n"),
        CLEAN.replace(" ", "\u00a0"),
        CLEAN.replace(" ", "&nbsp;"),
        CLEAN.replace("FINDINGS:", "**FINDINGS:**").replace("IMPRESSION:", "## IMPRESSION\n"),
        CLEAN.replace("FINDINGS:", "<p><b>FINDINGS</b></p><p>").replace("IMPRESSION:", "</p><h2>Impression</h2>"),
        CLEAN.replace("FINDINGS: ", "ＦＩＮＤＩＮＧＳ：\u3000"),
        CLEAN.replace("FINDINGS", "\ufeffFIND\u00adINGS"),
        "ï»¿" + CLEAN.replace("FINDINGS:", "FINDINGS â€“").replace("IMPRESSION:", "IMPRESSIONÂ :"),
        CLEAN.replace("FINDINGS", "ﬁndings"),
        CLEAN.replace("IMPRESSION:", "IMPRESSION –"),
        "{\\rtf1\\ansi{\\fonttbl{\\f0 Findings;}}\\b FINDINGS\\b0\\tab "
        + CLEAN[10:].replace("\n", "\\par\n")
        + "\\par}",
        '<contains TEXT:(121071,DCM,"Findings")="'
        + CLEAN[10:].replace("\nIMPRESSION: ", '">\n<contains TEXT:(1,DCM,"Impression")="'),
    ],
)
def test_the_same_report_however_it_is_written(text: str) -> None:
    found = find_sections(text)
    assert [section.name for section in found.sections] == [SectionName.FINDINGS, SectionName.IMPRESSION]
    told = [" ".join(section.span.of(plain(text)).split()) for section in found.sections]
    assert told[0].startswith("The lungs are clear. No pneumothorax.") and told[-1].startswith("Normal.")


def test_marks_inside_words_and_letters_drawn_as_one() -> None:
    text = "pneumo\u00adthorax and e\ufb00usion"
    spelt, starts, ends = tokens_of(plain(text))
    assert spelt == words_of(plain(text)) == ["pneumothorax", "and", "effusion"]
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == text.split()


def test_emphasis_inside_a_sentence_leaves_its_words() -> None:
    for text in ("There is **no** effusion.", "There is <b>no</b> effusion.", "There is \\H\\no\\N\\ effusion."):
        assert plain(text).split() == ["There", "is", "no", "effusion."]


def test_signs_of_size_and_number_stay() -> None:
    for text in ("A nodule <5 mm.", "Nodules > 3 and < 8 mm.", "About ~5 mm.", "Smith & Jones", "8 * 9 mm"):
        assert plain(text) == text


@given(st.text())
def test_every_character_keeps_its_place(text: str) -> None:
    told = plain(text)
    assert len(told) == len(text)
    assert all(read.isspace() for character, read in zip(text, told, strict=True) if character.isspace())
