from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from models.finding import Truth, shipped_findings
from models.teaching_case import TeachingPoint
from nlp.drafts import main_findings, truth_of
from nlp.miner import Miner
from nlp.points import teaching_points
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
