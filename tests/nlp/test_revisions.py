from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Side, shipped_findings
from nlp.miner import Miner
from nlp.revisions import Revision, RevisionKind, Told, details, revisions, told
from nlp.sections import find_sections

Compare = Callable[[str, str], tuple[Revision, ...]]


@pytest.fixture
def compare(miner: Miner) -> Compare:
    def said(text: str) -> dict[str, Told]:
        observations = miner.observations(find_sections(text))
        return told({seen.finding: seen.assertion for seen in observations}, details(observations))

    return lambda earlier, later: revisions(said(earlier), said(later), shipped_findings())


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "finding", "what", "significant"),
    [
        ("Clear lungs.", "Small left pneumothorax.", RevisionKind.ADDED, "pneumothorax", "added", True),
        ("No pneumothorax.", "Left pneumothorax.", RevisionKind.ADDED, "pneumothorax", "added", True),
        ("Left pneumothorax.", "No pneumothorax.", RevisionKind.REMOVED, "pneumothorax", "removed", True),
        ("Left pneumothorax.", "Clear lungs.", RevisionKind.REMOVED, "pneumothorax", "left_out", False),
        ("Left pneumothorax.", "Right pneumothorax.", RevisionKind.CHANGED, "pneumothorax", "other_side", True),
        ("Pneumothorax.", "Left pneumothorax.", RevisionKind.CHANGED, "pneumothorax", "side_told", False),
        ("Possible pneumothorax.", "Pneumothorax.", RevisionKind.CHANGED, "pneumothorax", "sure_now", False),
        ("Pneumothorax.", "Possible pneumothorax.", RevisionKind.CHANGED, "pneumothorax", "doubted_now", False),
        ("Lung nodule, 6 mm.", "Lung nodule, 14 mm.", RevisionKind.CHANGED, "nodule_mass", "size", False),
        ("Mild cardiomegaly.", "Severe cardiomegaly.", RevisionKind.CHANGED, "cardiomegaly", "severity_step", False),
    ],
)
def test_each_kind_of_revision(
    compare: Compare, earlier: str, later: str, kind: RevisionKind, finding: str, what: str, significant: bool
) -> None:
    (only,) = compare(earlier, later)
    assert (only.kind, only.finding, only.what, only.significant) == (kind, finding, (what,), significant)


def test_the_same_report_is_not_revised(compare: Compare) -> None:
    text = "Small left pneumothorax. No effusion. Mild cardiomegaly. Lung nodule, 7 mm."
    assert compare(text, text) == ()
    assert compare("No effusion.", "No pneumothorax.") == ()


def test_a_kind_of_a_finding_in_its_place_is_a_change(compare: Compare) -> None:
    (exact,) = compare("Right rib fracture.", "Right fracture.")
    assert (exact.kind, exact.what) == (RevisionKind.CHANGED, ("less_exact",))
    (exact,) = compare("Right fracture.", "Right rib fracture.")
    assert (exact.finding, exact.what) == ("rib_fracture", ("more_exact",))


def test_what_matters_most_comes_first(compare: Compare) -> None:
    found = compare("Mild scoliosis.", "Moderate scoliosis. Left pneumothorax.")
    assert [revision.finding for revision in found] == ["pneumothorax", "scoliosis"]
    assert found[0].matter > found[1].matter > 0


def test_an_unsure_addition_matters_half(compare: Compare) -> None:
    (sure,), (unsure,) = compare("Clear.", "Pneumothorax."), compare("Clear.", "Possible pneumothorax.")
    assert unsure.matter == pytest.approx(sure.matter / 2)


def test_both_sides_are_told_as_two(miner: Miner) -> None:
    both = details(miner.observations(find_sections("Bilateral pleural effusions.")))
    each = details(miner.observations(find_sections("Left pleural effusion. Right pleural effusion.")))
    assert both["pleural_effusion"].sides == each["pleural_effusion"].sides == {Side.LEFT, Side.RIGHT}


def test_only_what_is_shown_and_says_more_has_details(miner: Miner) -> None:
    assert details(miner.observations(find_sections("No left pleural effusion. Cardiomegaly."))) == {}
