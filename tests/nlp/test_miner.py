from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, Finding, FindingCatalogue, Observation, Region, Side
from models.report import SectionName, join_sections
from nlp.miner import Miner
from nlp.sections import find_sections

Read = Callable[[str], list[Observation]]
PRESENT, ABSENT, UNCERTAIN, PRIOR, HYPOTHETICAL = Assertion


def said(read: Read, text: str) -> dict[str, Assertion]:
    return {seen.finding: seen.assertion for seen in read(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is a left pleural effusion.", {"pleural_effusion": PRESENT}),
        ("The heart is mildly enlarged.", {"cardiomegaly": PRESENT}),
        ("The heart is not enlarged.", {"cardiomegaly": ABSENT}),
        ("Aorta is tortuous and the thoracic spine shows degenerative change.",
         {"tortuous_aorta": PRESENT, "degenerative_spine": PRESENT}),
        ("No pneumothorax, pleural effusion or focal consolidation.",
         {"pneumothorax": ABSENT, "pleural_effusion": ABSENT, "consolidation": ABSENT}),
        ("No pneumothorax, but a small pleural effusion is present.",
         {"pneumothorax": ABSENT, "pleural_effusion": PRESENT}),
        ("No acute disease, stable cardiomegaly.", {"cardiomegaly": PRESENT}),
        ("The effusion has resolved. Lungs are clear.",
         {"pleural_effusion": PRIOR, "opacity": ABSENT, "consolidation": ABSENT}),
        ("Pneumothorax is no longer seen.", {"pneumothorax": PRIOR}),
        ("No change in the left pleural effusion.", {"pleural_effusion": PRESENT}),
        ("Opacity in the left lung base which may represent pneumonia.", {"opacity": PRESENT, "pneumonia": UNCERTAIN}),
        ("Atelectasis cannot be excluded.", {"atelectasis": UNCERTAIN}),
        ("Possible pneumothorax.", {"pneumothorax": UNCERTAIN}),
        ("Status post rib fracture.", {"rib_fracture": PRIOR}),
        ("CT would help to rule out pneumonia.", {"pneumonia": HYPOTHETICAL}),
        ("Evaluation is limited for pneumothorax.", {"pneumothorax": HYPOTHETICAL}),
        ("Fracture of the distal radius.", {"wrist_fracture": PRESENT}),
        ("Hypodense lesion in the right lobe of the liver.", {"liver_lesion": PRESENT}),
        ("Large solid mass in the left kidney.", {"renal_mass": PRESENT}),
        ("Enhancing right frontal lobe mass with midline shift.", {"brain_mass": PRESENT, "mass_effect": PRESENT}),
        ("Spiculated mass in the left breast.", {"breast_mass": PRESENT}),
        ("Tear of the medial meniscus.", {"meniscal_tear": PRESENT}),
        ("The ulna and the olecranon are intact.", {}),
        ("Right hydropneumothorax.", {"pneumothorax": PRESENT, "pleural_effusion": PRESENT}),
    ],
)  # fmt: skip
def test_what_a_sentence_says(read: Read, text: str, expected: dict[str, Assertion]) -> None:
    assert said(read, text) == expected


def test_negation_ends_with_its_sentence(read: Read) -> None:
    assert said(read, "No effusion in the pleura. Pneumothorax on the left.") == {
        "pleural_effusion": ABSENT,
        "pneumothorax": PRESENT,
    }


def test_a_question_in_the_indication_is_no_finding(read: Read) -> None:
    observations = read(
        "INDICATION: Pneumonia? History of emphysema.\nFINDINGS: No pneumothorax.\nIMPRESSION: Normal chest."
    )
    assert {seen.finding: seen.assertion for seen in observations} == {
        "pneumonia": HYPOTHETICAL,
        "emphysema_copd": PRIOR,
        "pneumothorax": ABSENT,
    }


@pytest.mark.parametrize("section", [SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON])
def test_nothing_outside_findings_and_impression_is_present(miner: Miner, section: SectionName) -> None:
    report = join_sections(((section, "Pneumothorax. Possible rib fracture."), (SectionName.FINDINGS, "Nothing more.")))
    assert {seen.assertion for seen in miner.observations(report)} == {HYPOTHETICAL}


def test_recommendations_and_discussions_are_not_read(read: Read) -> None:
    assert read("FINDINGS: Clear.\nDISCUSSION: Pneumothorax is air in the pleural space.") == []


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Left pleural effusion.", Side.LEFT),
        ("Atelectasis at the right lung base.", Side.RIGHT),
        ("Small bilateral pleural effusions.", Side.BILATERAL),
        ("Pleural effusions, right greater than left.", Side.BILATERAL),
        ("Dextroscoliosis of the thoracic spine.", Side.RIGHT),
        ("Pneumothorax.", None),
    ],
)
def test_side(read: Read, text: str, side: Side | None) -> None:
    assert [seen.side for seen in read(text)] == [side]


def test_each_finding_keeps_its_own_side(read: Read) -> None:
    sides = {seen.finding: seen.side for seen in read("Left pneumothorax and right pleural effusion.")}
    assert sides == {"pneumothorax": Side.LEFT, "pleural_effusion": Side.RIGHT}


def test_a_side_beyond_another_finding_is_not_this_one_s(read: Read) -> None:
    sides = {seen.finding: seen.side for seen in read("Pleural effusion and left pneumothorax.")}
    assert sides == {"pleural_effusion": None, "pneumothorax": Side.LEFT}
    text = "On the right side of the chest there is a large pneumothorax, atelectasis, left rib fracture."
    assert {seen.finding: seen.side for seen in read(text)}["pneumothorax"] is Side.RIGHT


def test_a_sentence_about_the_appearance_keeps_the_side_before(read: Read) -> None:
    observations = read("Opacity in the left lung base. The appearance suggests atelectasis.")
    assert [seen.side for seen in observations] == [Side.LEFT, Side.LEFT]


def test_severity_and_size(read: Read) -> None:
    (effusion,) = read("Mild to moderate left pleural effusion.")
    assert effusion.severity == ("moderate",)
    (nodule,) = read("A 1.2 x 0.8 cm pulmonary nodule in the right upper lobe.")
    assert nodule.size_mm == 12.0
    assert read("Pulmonary nodule, 7 mm.")[0].size_mm == 7.0
    assert read("Pulmonary nodule.")[0].size_mm is None


def test_a_wrapped_line_does_not_hide_a_phrase(read: Read) -> None:
    text = "There is a small pleural\n   effusion on the left."
    (seen,) = read(text)
    assert seen.finding == "pleural_effusion" and seen.span.of(text) == "pleural\n   effusion"


@pytest.mark.parametrize("phrase", ["hiatal hernia", "pulmonary embolus"])
def test_a_phrase_may_be_broken_anywhere(read: Read, phrase: str) -> None:
    text = "Large " + phrase.replace(" ", "\r\n     ") + " is seen."
    assert [seen.span.of(text).split() for seen in read(text)] == [phrase.split()]


def test_a_hedge_reaches_only_so_far(read: Read) -> None:
    filler = "which was described at great length in the report of the outside examination last year, "
    assert said(read, f"Possible scar, {filler}{filler}next to a rib fracture.")["rib_fracture"] is PRESENT


def test_a_comma_parts_head_and_place(read: Read) -> None:
    text = "The heart is mildly enlarged, pulmonary vasculature is unremarkable."
    assert said(read, text) == {"cardiomegaly": PRESENT, "vascular_congestion": ABSENT}


def test_the_span_is_the_words(read: Read) -> None:
    text = "FINDINGS: Two views were taken.  There is a small left pneumothorax."
    assert [seen.span.of(text) for seen in read(text)] == ["pneumothorax"]


def test_the_cue_an_assertion_rests_on_is_kept(read: Read) -> None:
    assert dict(read("Findings suspicious for pneumonia.")[0].attributes) == {"cue": "suspicious for"}


def test_a_bare_word_takes_its_meaning_from_the_report(read: Read) -> None:
    assert said(read, "Lungs are well inflated. No effusion.") == {"hypoinflation": ABSENT, "pleural_effusion": ABSENT}
    expected = {"meniscal_tear": ABSENT, "joint_effusion": ABSENT}
    assert said(read, "The meniscus and patella are normal. No effusion.") == expected


def test_diagnoses(miner: Miner) -> None:
    text = "Acute appendicitis. No diverticulitis. Possible Crohn disease."
    found = {key: (assertion, span.of(text)) for key, assertion, span in miner.diagnoses(text)}
    assert found["appendicitis"] == (PRESENT, "Acute appendicitis")
    assert found["diverticulitis"][0] is ABSENT and found["crohn_disease"][0] is UNCERTAIN
    assert miner.diagnoses(find_sections("HISTORY: Appendicitis?\nFINDINGS: Normal.")) == ()


def test_names_and_region_of_a_text(miner: Miner) -> None:
    findings, diagnoses = miner.named("Known pneumothorax and sarcoidosis, no fracture")
    assert findings >= {"pneumothorax", "fracture"} and "sarcoidosis" in diagnoses
    assert miner.region("Liver, spleen and both kidneys are normal.") is Region.ABDOMEN
    assert miner.region("Nothing of note.") is None


def test_a_department_s_own_finding_is_read() -> None:
    own = Finding("local_sign", "Local sign", Region.CHEST, "lung", ("CT",), ("our sign",))
    miner = Miner(FindingCatalogue([own]), DiagnosisCatalogue([]))
    observations = miner.observations(find_sections("No our signs. Our sign on the left."))
    assert [(seen.finding, seen.assertion) for seen in observations] == [
        ("local_sign", ABSENT),
        ("local_sign", PRESENT),
    ]


PIECES = st.sampled_from(
    ["no", "pneumothorax", ",", ".", "left", "the heart is", "enlarged", "\n", "FINDINGS:", "IMPRESSION:", "possible",
     "2 cm", "mass", "liver", "bilateral", "pleural  effusion", "but", "?", "history of", "e\u0301", "\u2019"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_observations_lie_in_the_text_in_order_and_are_the_same_twice(miner: Miner, text: str) -> None:
    sectioned = find_sections(text)
    observations = miner.observations(sectioned)
    assert observations == miner.observations(sectioned)
    assert list(observations) == sorted(observations, key=lambda seen: seen.span)
    for seen in observations:
        assert seen.span.end <= len(text)
        assert seen.span.of(text) == seen.span.of(text).strip() != ""
        assert any(section.span.start <= seen.span.start < section.span.end for section in sectioned.sections)


@given(
    st.lists(
        st.sampled_from(["pneumothorax", "pleural effusion", "consolidation", "atelectasis"]), min_size=1, max_size=6
    )
)
def test_one_no_governs_the_whole_list(miner: Miner, listed: list[str]) -> None:
    text = "No " + ", ".join(listed[:-1]) + (" or " if listed[:-1] else "") + listed[-1] + "."
    assert {seen.assertion for seen in miner.observations(find_sections(text))} == {ABSENT}


@pytest.mark.parametrize(
    "text", ["None of the ribs is fractured.", "Nil rib fracture.", "None of the ribs are fractured."]
)
def test_none_of_and_nil_deny(read: Read, text: str) -> None:
    assert {seen.assertion for seen in read(text)} == {Assertion.ABSENT}
