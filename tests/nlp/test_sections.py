from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.report import SectionName
from nlp.sections import find_sections

H, T, C, F, I = (  # noqa: E741
    SectionName.HISTORY,
    SectionName.TECHNIQUE,
    SectionName.COMPARISON,
    SectionName.FINDINGS,
    SectionName.IMPRESSION,
)


@pytest.mark.parametrize(
    "text",
    [
        "HISTORY: Cough.\nTECHNIQUE: Two views.\nCOMPARISON: None.\nFINDINGS: Clear.\nIMPRESSION: Normal.",
        "History: Cough. Technique: Two views. Comparison: None. Findings: Clear. Impression: Normal.",
        "HISTORY Cough.\n".replace("HISTORY ", "HISTORY\n")
        + "Technique\nTwo views.\nComparison\nNone.\nFindings\nClear.\n"
        "Conclusion\nNormal.",
        "Indication - Cough.\nTechnique - Two views.\nComparison - None.\nFindings - Clear.\nOpinion - Normal.",
        "clinical history: Cough.\nprocedure: Two views.\nprior studies: None.\nreport: Clear.\nsummary: Normal.",
        "REASON FOR EXAM: Cough. TECHNIQUE: Two views. COMPARISON: None. FINDINGS: Clear. CONCLUSION: Normal.",
        "HISTORY: Cough TECHNIQUE: Two views COMPARISON: None FINDINGS: Clear IMPRESSION: Normal",
        "**HISTORY:** Cough.\r\n**TECHNIQUE:** Two views.\r\n**COMPARISON:** None.\r\n**FINDINGS:** Clear.\r\n"
        "**IMPRESSION:** Normal.",
    ],
)
def test_every_common_style_of_heading(text: str) -> None:
    found = find_sections(text)
    assert [section.name for section in found.sections] == [H, T, C, F, I]
    bodies = [section.span.of(text).strip(".") for section in found.sections]
    assert bodies == ["Cough", "Two views", "None", "Clear", "Normal"]


def test_a_text_without_headings_is_findings() -> None:
    text = "  Heart size is normal. Lungs are clear.\n"
    (section,) = find_sections(text).sections
    assert section.name is F and section.span.of(text) == text.strip()


def test_text_before_the_first_heading_is_other_where_findings_follow() -> None:
    found = find_sections("CHEST, TWO VIEWS\nFINDINGS: Clear.")
    assert [section.name for section in found.sections] == [SectionName.OTHER, F]
    led = find_sections("The lungs are clear.\nIMPRESSION: Normal.")
    assert [section.name for section in led.sections] == [F, I]


def test_numbered_impression_stays_one_section() -> None:
    text = "FINDINGS: Nodule.\nIMPRESSION:\n1. Nodule.\n2. Recommend CT: low dose."
    assert find_sections(text).body(I) == "1. Nodule.\n2. Recommend CT: low dose."


@pytest.mark.parametrize(
    "text", ["The report: it was late", "These findings suggest edema.", "History of findings unknown"]
)
def test_a_word_inside_a_sentence_is_no_heading(text: str) -> None:
    assert [section.name for section in find_sections(text).sections] == [F]


def test_a_signature_is_not_part_of_the_impression() -> None:
    found = find_sections("IMPRESSION: Normal.\nElectronically signed by: A. Reader")
    assert found.body(I) == "Normal."


def parts(text: str) -> list[tuple[SectionName, str]]:
    return [(section.name, section.span.of(text)) for section in find_sections(text).sections]


@pytest.mark.parametrize(
    "heading", ["ADDENDUM:", "Addendum by Dr Reader on 3 May at 10:30:", "*** ADDENDUM ***\n", "ADDENDUM\n"]
)
def test_an_addendum_is_the_last_word_of_the_impression(heading: str) -> None:
    added = "There is a small left pneumothorax."
    text = f"FINDINGS: No pneumothorax.\nIMPRESSION: Normal.\n{heading} {added}"
    assert parts(text)[-1] == (I, added)
    first = f"{heading} {added}\n\nORIGINAL REPORT:\nHISTORY: Fall.\nFINDINGS: Clear.\nIMPRESSION: Normal."
    assert parts(first) == [(I, added), (H, "Fall."), (F, "Clear."), (I, "Normal.")]


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "before", ["Clinical details: Cough.", "Technique: Two views.", "Patient: X\nDate: 3 May 2021"]
)
def test_findings_without_a_heading_follow_what_comes_first(before: str, between: str) -> None:
    found = parts(f"{before}{between}The heart is enlarged. Lungs clear.{between}Conclusion: Cardiomegaly.")
    assert found[-2:] == [(F, "The heart is enlarged. Lungs clear."), (I, "Cardiomegaly.")]


def test_a_comparison_inside_the_findings_is_one_sentence_of_them() -> None:
    for blank in (" ", "\n"):
        found = parts(f"FINDINGS:{blank}Comparison: CT of May.{blank}Stable nodule. Lungs clear.\nIMPRESSION: Nodule.")
        assert found == [(C, "CT of May."), (F, "Stable nodule. Lungs clear."), (I, "Nodule.")]


def test_headings_of_organs_stay_in_the_findings() -> None:
    body = "LUNGS: Clear.\nHeart/Mediastinum: Normal.\nBONES - Old fracture."
    assert parts(f"FINDINGS:\n{body}\nIMPRESSION: Normal.") == [(F, body), (I, "Normal.")]


def test_an_item_of_the_impression_is_no_section() -> None:
    body = "1. Nodule.\n2. Recommendation: CT in May.\n3. Rib fracture."
    assert parts(f"FINDINGS: As below.\nIMPRESSION:\n{body}")[-1] == (I, body)


@pytest.mark.parametrize(
    "closing", ["Yours sincerely,\nDr A", "Electronically signed by A", "Dictated by A", "END OF REPORT"]
)
def test_what_closes_a_report_is_not_read(closing: str) -> None:
    assert find_sections(f"FINDINGS: Clear.\nIMPRESSION: Normal.\n\n{closing}").body(I) == "Normal."


def test_a_doctor_s_impression_is_history() -> None:
    found = find_sections("Clinical impression: pneumonia.\nFINDINGS: Clear.\nIMPRESSION: Normal.")
    assert found.body(H) == "pneumonia." and found.body(I) == "Normal."


def test_headings_in_capitals_among_small_letters_need_no_colon() -> None:
    assert parts("for cough FINDINGS the lungs are clear IMPRESSION no pneumonia")[1:] == [
        (F, "the lungs are clear"),
        (I, "no pneumonia"),
    ]
    for text in ("See FINDINGS above.", "The IMPRESSION was of edema.", "FINDINGS are of edema."):
        assert [name for name, _ in parts(text)] == [F]


PIECES = st.sampled_from(["a", "B", " ", ".", ":", "\n", "-", "1", "FINDINGS:", "Impression\n", "history -", "**"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sections_are_in_order_apart_and_not_blank(text: str) -> None:
    found = find_sections(text)
    end = 0
    for section in found.sections:
        body = section.span.of(text)
        assert section.span.start >= end and body == body.strip() != ""
        end = section.span.end
