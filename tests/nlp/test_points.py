from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from models.finding import Truth, shipped_findings
from models.teaching_case import TeachingPoint
from nlp import point_factors
from nlp.drafts import main_findings, truth_of
from nlp.miner import Miner
from nlp.point_factors import Evidence
from nlp.point_scale import shipped_scale
from nlp.points import reasons_of, teaching_points, teaching_value
from nlp.sections import find_sections

Points = Callable[[str], tuple[TeachingPoint, ...]]


def points_of(miner: Miner, text: str) -> tuple[TeachingPoint, ...]:
    sectioned = find_sections(text)
    return teaching_points(sectioned, miner.observations(sectioned), shipped_findings())


def test_a_point_is_a_whole_sentence_of_the_report(miner: Miner) -> None:
    text = "FINDINGS: Heart size is normal. There is a small left apical pneumothorax.\nIMPRESSION: 1. Pneumothorax."
    (point,) = points_of(miner, text)
    assert point.finding == "pneumothorax"
    assert point.text == "There is a small left apical pneumothorax." == point.span.of(text)


def test_the_deadlier_finding_comes_first(miner: Miner) -> None:
    text = "Tortuous aorta. Scoliosis of the thoracic spine. Tension pneumothorax on the right."
    assert [point.finding for point in points_of(miner, text)][0] == "pneumothorax"


def test_one_point_a_finding_and_the_kind_rather_than_the_whole(miner: Miner) -> None:
    text = "Fracture. Right rib fracture. Right seventh rib fracture, displaced. No effusion in the pleura."
    assert [point.finding for point in points_of(miner, text)] == ["rib_fracture"]


def test_the_certain_ranks_above_the_possible(miner: Miner) -> None:
    text = "Possible left pneumothorax. Right pulmonary embolus."
    assert [point.finding for point in points_of(miner, text)] == ["pulmonary_embolus", "pneumothorax"]


def test_what_a_department_seldom_reports_ranks_higher(miner: Miner) -> None:
    sectioned = find_sections("Left pleural effusion. Left lung consolidation.")
    observations, findings = miner.observations(sectioned), shipped_findings()
    common = {"pleural_effusion": 900, "consolidation": 3}
    seldom = {"pleural_effusion": 3, "consolidation": 900}
    assert teaching_points(sectioned, observations, findings, common)[0].finding == "consolidation"
    assert teaching_points(sectioned, observations, findings, seldom)[0].finding == "pleural_effusion"


def test_truth_and_main_findings(miner: Miner) -> None:
    text = "Left pneumothorax with rib fracture. Possible pneumonia. No effusion in the pleura."
    sectioned = find_sections(text)
    observations = miner.observations(sectioned)
    points = teaching_points(sectioned, observations, shipped_findings())
    assert truth_of(observations) is Truth.ABNORMAL
    assert main_findings(observations, points) == ("pneumothorax", "rib_fracture")
    normal = miner.observations(find_sections("No pneumothorax. Lungs are clear."))
    assert truth_of(normal) is Truth.NORMAL and main_findings(normal, ()) == ()


def test_where_the_report_is_sure_of_nothing_the_best_guess_is_the_main_finding(miner: Miner) -> None:
    sectioned = find_sections("Possible pneumothorax.")
    observations = miner.observations(sectioned)
    points = teaching_points(sectioned, observations, shipped_findings())
    assert main_findings(observations, points) == ("pneumothorax",)


def findings_of(miner: Miner, text: str) -> list[str]:
    return [point.finding for point in points_of(miner, text)]


def test_what_is_sizeable_outranks_what_is_slight(miner: Miner) -> None:
    assert findings_of(miner, "Lungs: mild atelectasis at the left base. Severe scoliosis. Large hiatal hernia.")[
        0
    ] == ("hiatal_hernia")
    assert findings_of(miner, "Borderline cardiomegaly. Small left pleural effusion.")[0] == "pleural_effusion"


def test_what_the_sentence_explains_ranks_below_its_explanation(miner: Miner) -> None:
    text = "The heart is normal. Streaky opacities at both lung bases, compatible with atelectasis."
    assert findings_of(miner, text) == ["atelectasis", "opacity"]
    alone = "The heart is normal. There is atelectasis at the left lung base. Patchy opacities in the right upper lobe."
    assert findings_of(miner, alone) == ["opacity", "atelectasis"]


def test_what_the_impression_names_ranks_above_what_it_leaves_out(miner: Miner) -> None:
    findings = "FINDINGS: The heart is enlarged. The hemidiaphragm on the right is elevated."
    assert findings_of(miner, findings)[0] == "cardiomegaly"
    assert findings_of(miner, findings + "\nIMPRESSION: Elevated right hemidiaphragm.")[0] == "diaphragm_elevated"


def test_the_department_s_own_evidence_counts_and_says_so(miner: Miner) -> None:
    sectioned = find_sections("Moderate left pleural effusion. Right lower lobe nodule.")
    observations, findings = miner.observations(sectioned), shipped_findings()
    told = Evidence(misses={"nodule_mass": 0.62}, changed={"nodule_mass"})
    plain = teaching_points(sectioned, observations, findings)
    known = teaching_points(sectioned, observations, findings, evidence=told)
    assert [plain[0].finding, known[0].finding] == ["pleural_effusion", "nodule_mass"]
    said = dict(reasons_of(known[0]))
    assert said["missed in 62% of reviews"] > 0 and said["changed between preliminary and final"] > 0
    assert not any("reviews" in words for words, _ in reasons_of(known[1]))


def test_reasons_add_up_to_what_the_best_point_is_worth(miner: Miner) -> None:
    points = points_of(miner, "Borderline cardiomegaly. New large right pneumothorax.")
    assert teaching_value(points) == sum(worth for _, worth in reasons_of(points[0])) > 0
    worths = [sum(worth for _, worth in reasons_of(point)) for point in points]
    assert worths == sorted(worths, reverse=True)
    assert teaching_value(()) == 0.0


def test_every_factor_of_the_scale_is_one_the_code_gives() -> None:
    """A factor nobody gives is a promise to the educator who weighs it."""
    scale = shipped_scale()
    code = Path(point_factors.__file__).with_name("point_factors.py").read_text("utf-8")
    named = set(scale.near.values()) | {factor for factor in scale.factors if f'"{factor}"' in code}
    assert named == set(scale.factors)
    assert set(scale.by_finding) <= set(shipped_findings())
    assert {key for both in (scale.explained_by, scale.explains) for key in both} <= set(shipped_findings())
    assert all(factor.says.format(value=0.5) for factor in scale.factors.values())


def test_families_stand_above_their_kinds_where_asked_for(miner: Miner) -> None:
    sectioned = find_sections("Right seventh rib fracture.")
    observations, findings = miner.observations(sectioned), shipped_findings()
    asked = teaching_points(sectioned, observations, findings, families=True)
    assert [point.finding for point in asked] == ["fracture", "rib_fracture"]


SENTENCES = st.sampled_from(
    ["Left pneumothorax.", "No effusion.", "Possible rib fracture.",
     "The heart is enlarged", "A 2 cm mass in the liver.",
     "\n", "IMPRESSION: 1. Pneumonia. 2. Scar.", "Clear lungs."]
)  # fmt: skip


@given(st.lists(SENTENCES, max_size=10).map(" ".join))
def test_every_point_is_the_report_s_own_words(miner: Miner, text: str) -> None:
    points = points_of(miner, text)
    assert all(point.text == point.span.of(text) for point in points)
    assert len({point.finding for point in points}) == len(points)
