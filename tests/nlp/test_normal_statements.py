"""Statements that call a part of the body normal, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, Finding, FindingCatalogue, Observation, Region, Side, shipped_findings
from models.report import SectionName, join_sections
from nlp.miner import Miner
from nlp.normal_rules import shipped_normals
from nlp.normal_statements import NormalStatements, says_normal
from nlp.sections import find_sections
from nlp.tokens import tokens_of

LUNGS = {"opacity", "consolidation"}


def absences(miner: Miner, text: str) -> list[Observation]:
    return [seen for seen in miner.observations(find_sections(text)) if says_normal(seen)]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The heart size is normal.", {"cardiomegaly"}),
        ("Heart size normal.", {"cardiomegaly"}),
        ("Normal heart size.", {"cardiomegaly"}),
        ("The heart is of normal size.", {"cardiomegaly"}),
        ("The size of the heart is within normal limits.", {"cardiomegaly"}),
        ("Cardiomediastinal silhouette within normal limits.", {"cardiomegaly"}),
        ("The cardiac shadow is normal.", {"cardiomegaly"}),
        ("CTR is within normal limits.", {"cardiomegaly"}),
        ("The heart is grossly normal.", {"cardiomegaly"}),
        ("Heart size is stable and within normal limits.", {"cardiomegaly"}),
        ("Heart size was normal.", {"cardiomegaly"}),
        ("The heart is normal in size and contour.", {"cardiomegaly"}),
        ("Normal size and shape of the heart.", {"cardiomegaly"}),
        ("Stable normal heart size.", {"cardiomegaly"}),
        ("Heart: NAD.", {"cardiomegaly"}),
        ("The heart, mediastinum and hila are normal.",
         {"cardiomegaly", "mediastinal_widening", "thoracic_lymphadenopathy"}),
        ("Heart size, mediastinal contour, and pulmonary vascularity are within normal limits.",
         {"cardiomegaly", "mediastinal_widening", "vascular_congestion"}),
        ("The heart, great vessels and mediastinum appear unremarkable.", {"cardiomegaly", "mediastinal_widening"}),
        ("HEART/MEDIASTINUM: Unremarkable.", {"cardiomegaly", "mediastinal_widening"}),
        ("The lungs are clear.", LUNGS),
        ("Both lung fields are clear.", LUNGS),
        ("Clear lungs.", LUNGS),
        ("The lungs are well aerated.", LUNGS),
        ("The lungs are well expanded and clear.", {*LUNGS, "hypoinflation"}),
        ("Well-expanded and clear lungs.", {*LUNGS, "hypoinflation"}),
        ("Lungs and pleural spaces are clear.", {*LUNGS, "pleural_effusion", "pneumothorax"}),
        ("The lungs are now clear.", LUNGS),
        ("Normal heart, clear lungs.", {"cardiomegaly", *LUNGS}),
        ("Normal heart size and the lungs are clear.", {"cardiomegaly", *LUNGS}),
        ("Heart size is normal and lungs are clear.", {"cardiomegaly", *LUNGS}),
        ("heart normal lungs clear bones intact", {"cardiomegaly", *LUNGS, "fracture"}),
        ("Chest: Normal heart and lungs.", {"cardiomegaly", *LUNGS}),
        ("Normal inspiration.", {"hypoinflation", "hyperinflation"}),
        ("Lung volumes are normal.", {"hypoinflation", "hyperinflation"}),
        ("Good inspiratory effort.", {"hypoinflation"}),
        ("Pulmonary vascularity is normal.", {"vascular_congestion"}),
        ("The lungs show normal vascularity.", {"vascular_congestion"}),
        ("The costophrenic angles are sharp.", {"pleural_effusion"}),
        ("CP angles clear.", {"pleural_effusion"}),
        ("Both CP angles are free.", {"pleural_effusion"}),
        ("The aorta is normal in calibre.", {"tortuous_aorta", "aortic_aneurysm"}),
        ("The aorta is normal in contour.", {"tortuous_aorta"}),
        ("The hila are unremarkable.", {"thoracic_lymphadenopathy"}),
        ("The diaphragm is normal in position.", {"diaphragm_elevated"}),
        ("The bony structures are intact.", {"fracture"}),
        ("The bony cage is normal.", {"fracture"}),
        ("The osseous structures are without acute abnormality.", {"fracture"}),
        ("No acute osseous abnormality.", {"fracture"}),
        ("Negative for acute bony abnormality.", {"fracture"}),
        ("Bone density is normal.", {"osteopenia"}),
        ("Vertebral body heights are maintained.", {"vertebral_fracture"}),
        ("The thoracic spine is intact.", {"vertebral_fracture", "fracture"}),
        ("Vertebral alignment is maintained.", {"spondylolisthesis"}),
        ("Alignment is anatomic.", {"dislocation"}),
        ("Disc spaces are preserved.", {"degenerative_spine"}),
        ("Joint spaces are maintained.", {"joint_degeneration"}),
        ("The menisci are intact.", {"meniscal_tear"}),
        ("ACL and PCL are intact.", {"cruciate_tear"}),
        ("Intact rotator cuff.", {"rotator_cuff_tear"}),
        ("The Achilles tendon is intact.", {"tendon_tear"}),
        ("The endotracheal tube is in satisfactory position.", {"tube_malposition"}),
        ("The liver is normal in size and echotexture.", {"hepatomegaly", "liver_steatosis"}),
        ("The liver is unremarkable.", {"hepatomegaly", "liver_lesion"}),
        ("Spleen: normal in size.", {"splenomegaly"}),
        ("Gallbladder: normal.", {"gallstones", "gallbladder_wall_thickening"}),
        ("The gallbladder wall is of normal thickness.", {"gallbladder_wall_thickening"}),
        ("The CBD is normal in calibre.", {"biliary_dilatation"}),
        ("Pancreas, adrenals and appendix are normal.",
         {"pancreatic_mass", "pancreatic_inflammation", "adrenal_nodule", "appendix_abnormal"}),
        ("The kidneys are unremarkable.", {"hydronephrosis", "renal_mass"}),
        ("Normal bowel gas pattern.", {"bowel_obstruction"}),
        ("The abdominal aorta is normal in caliber.", {"abdominal_aortic_aneurysm"}),
        ("The ventricles are normal in size.", {"hydrocephalus"}),
        ("Ventricles and sulci are normal for age.", {"hydrocephalus", "brain_atrophy"}),
        ("Grey-white matter differentiation is preserved.", {"brain_infarct"}),
        ("Arterial flow voids are maintained.", {"cerebral_vessel_occlusion"}),
        ("The basal cisterns are patent.", {"mass_effect"}),
        ("Midline structures are central.", {"mass_effect"}),
        ("Paranasal sinuses and mastoid air cells are clear.", {"sinus_opacification", "temporal_bone_abnormality"}),
        ("The calvarium is intact.", {"skull_fracture"}),
        ("The spinal cord is normal in signal.", {"cord_lesion"}),
        ("The thyroid is normal.", {"thyroid_nodule"}),
        ("Heart size is normal but there is a small effusion.", {"cardiomegaly"}),
        ("Heart enlarged and lungs clear.", LUNGS),
        ("Small effusion on the left, lungs clear.", LUNGS),
    ],
)  # fmt: skip
def test_a_normal_part_denies_its_findings(miner: Miner, text: str, denied: set[str]) -> None:
    seen = absences(miner, text)
    assert {each.finding for each in seen} == denied
    assert all(each.assertion is Assertion.ABSENT and each.severity == () for each in seen)


@pytest.mark.parametrize(
    "text",
    [
        "The heart is not normal.",
        "The heart is not normal in size.",
        "Heart size is at the upper limits of normal.",
        "Heart size is top normal.",
        "The heart is normal to mildly enlarged.",
        "The heart is normal or slightly enlarged.",
        "Heart size is normal, but borderline.",
        "Heart size may be normal.",
        "The heart is probably normal.",
        "Heart size normal?",
        "The lungs are otherwise clear.",
        "The lungs are clear except for a nodule.",
        "Apart from a granuloma, the lungs are clear.",
        "Other than a nodule the lungs are clear.",
        "The lungs are not clear.",
        "Neither the heart nor the lungs are normal.",
        "The remaining lungs are clear.",
        "The rest of the lungs are clear.",
        "The lungs were clear on the previous study.",
        "The lungs are nearly clear.",
        "The lungs are clear in the upper lobes only.",
        "Loss of the normal cardiac silhouette.",
        "Normal heart sounds.",
        "A normal heart border is not seen.",
        "No normal lung is left.",
        "It is unclear whether the lungs are normal.",
        "Follow-up to ensure the lungs are clear.",
        "The lungs are clear to auscultation.",
        "The apex of the heart is normal.",
        "The cause of the lung nodule is clear.",
        "The sternal wires are intact.",
        "The trachea is central.",
        "Nil acute.",
        "Normal chest.",
        "The heart is normal in position.",
        "The liver is normal in position.",
        "The left ventricle is normal in size.",
        "Mediastinal lymph nodes are normal.",
        "The heart is stable, the lungs are hyperinflated.",
        "There is no clear lung nodule.",
        "Cardiac monitor leads are normal.",
        "Clear fluid was drained from the lung.",
    ],
)  # fmt: skip
def test_these_deny_nothing_so(miner: Miner, text: str) -> None:
    assert absences(miner, text) == []


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The right lung is clear.", Side.RIGHT),
        ("Left costophrenic angle is sharp.", Side.LEFT),
        ("Both lungs are clear.", Side.BILATERAL),
        ("The lungs are clear bilaterally.", Side.BILATERAL),
        ("The lungs are clear.", None),
    ],
)
def test_the_side_is_told(miner: Miner, text: str, side: Side | None) -> None:
    assert {seen.side for seen in absences(miner, text)} == {side}


def test_the_span_is_the_words_of_the_statement(miner: Miner) -> None:
    text = "FINDINGS: No rib fracture. The heart and\nmediastinum are normal, lungs clear."
    spans = [seen.span.of(text) for seen in absences(miner, text)]
    assert spans == ["heart and\nmediastinum are normal"] * 2 + ["lungs clear"] * 2


def test_what_the_sentence_itself_speaks_of_is_told_once(miner: Miner) -> None:
    seen = miner.observations(find_sections("The costophrenic angles are sharp, without pleural effusion."))
    assert [(each.finding, dict(each.attributes)["cue"]) for each in seen] == [("pleural_effusion", "without")]


def test_a_present_finding_in_the_sentence_is_not_denied_by_it(miner: Miner) -> None:
    seen = miner.observations(find_sections("Lungs clear with a small right basal opacity."))
    assert [each.assertion for each in seen if each.finding == "opacity"] == [Assertion.PRESENT]


@pytest.mark.parametrize("section", [SectionName.HISTORY, SectionName.COMPARISON, SectionName.TECHNIQUE])
def test_what_is_not_reported_denies_nothing(miner: Miner, section: SectionName) -> None:
    report = join_sections(((section, "The heart is normal."), (SectionName.FINDINGS, "Effusion.")))
    assert not any(says_normal(seen) for seen in miner.observations(report))


def test_the_side_of_a_finding_carries_over_a_normal_statement(miner: Miner) -> None:
    text = "There is an effusion on the left. The heart is normal. There is also atelectasis."
    without = "There is an effusion on the left. There is also atelectasis."
    sides = [[each.side for each in miner.observations(find_sections(one)) if not says_normal(each)]
             for one in (text, without)]  # fmt: skip
    assert sides[0] == sides[1]


def test_rules_name_findings_of_the_catalogue_and_known_words() -> None:
    rules = shipped_normals()
    findings = shipped_findings()
    assert {key for part in rules.denies.values() for keys in part.values() for key in keys} <= set(findings)


def test_findings_that_a_catalogue_lacks_are_left_out() -> None:
    own = Finding("cardiomegaly", "Big heart", Region.CHEST, "heart", ("DX",), ("big heart",))
    miner = Miner(FindingCatalogue([own]), DiagnosisCatalogue([]))
    assert [seen.finding for seen in absences(miner, "Heart and lungs are normal.")] == ["cardiomegaly"]


WORDS = ["heart", "lungs", "normal", "clear", "is", "are", ",", "and", "of", "the", "size", "in", "not", "or", "nodule"]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_statement_is_missed_before_it_is_looked_for(words: list[str]) -> None:
    statements, tokens = NormalStatements(shipped_findings()), tokens_of(" ".join(words))
    if statements.denials(tokens):
        assert statements.may_stand_in(tokens.spelt)


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_without_a_word_that_calls_normal_nothing_is_denied(words: list[str]) -> None:
    tokens = tokens_of(" ".join(word for word in words if word not in ("normal", "clear")))
    assert NormalStatements(shipped_findings()).denials(tokens) == ()


def test_a_hostile_sentence_is_read_in_linear_time(miner: Miner) -> None:
    for words in ("normal heart, ", "heart and ", "heart size ", "size of the ", "is ", "normal "):
        assert len(absences(miner, words * 3_000)) < 100
