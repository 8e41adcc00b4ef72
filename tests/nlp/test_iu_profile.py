from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import shipped_findings
from nlp.miner import Miner
from nlp.profiles.iu import headings
from nlp.sections import find_sections

Coded = Callable[[str], set[str]]


@pytest.fixture
def coded(miner: Miner) -> Coded:
    """All headings of a raw report."""

    def all_headings(text: str) -> set[str]:
        report = find_sections(text)
        found = miner.observations(report)
        return {heading for seen in found for heading in headings(seen, report, shipped_findings())}

    return all_headings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left pleural effusion.", {"pleural_effusion"}),
        ("No pleural effusion.", set()),
        ("Possible pleural effusion.", set()),
        ("Probable pleural effusion.", {"pleural_effusion"}),
        ("Atelectasis versus scar in the lung.", {"atelectasis", "scar"}),
        ("Blunting of the left costophrenic angle.", {"costophrenic_angle"}),
        ("The aorta is calcified.", {"calcinosis"}),
        ("Atherosclerotic calcification of the aorta.", {"atherosclerosis"}),
        ("Previous rib fracture.", {"rib_fracture"}),
        ("History of pneumonia.", set()),
    ],
)
def test_what_the_coders_coded(coded: Coded, text: str, expected: set[str]) -> None:
    assert coded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This may be atelectasis versus pneumonia.", set()),
        ("Question pleural effusion and/or pleural thickening.", set()),
        ("There is likely atelectasis at the left base.", {"atelectasis"}),
        ("There is possible atelectasis at the left base.", set()),
        ("Suspected pneumonia.", set()),
        ("Strongly suggestive of pneumonia.", {"pneumonia"}),
        ("In the appropriate clinical setting this is compatible with pneumonia.", set()),
    ],
)
def test_a_joining_word_is_no_better_than_the_hedge_before_it(coded: Coded, text: str, expected: set[str]) -> None:
    assert coded(text) == expected


def test_a_weak_hedge_of_another_sentence_weakens_nothing(coded: Coded) -> None:
    assert coded("The bone may be old. Atelectasis versus pneumonia.") == {"atelectasis", "pneumonia"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fibrosis in both lung bases.", {"pulmonary_fibrosis"}),
        ("Eventration of the right hemidiaphragm.", {"diaphragmatic_eventration"}),
        ("Mild wedge deformity of T8.", {"deformity"}),
        ("Arthritic changes of the spine.", {"arthritis"}),
        ("Hyperlucent lungs.", {"hyperlucent_lung"}),
        ("Fracture of the left hip.", set()),
        ("Mediastinal mass.", {"mediastinal_widening", "nodule_mass"}),
        ("A mass-like opacity in the left lung.", {"nodule_mass", "opacity"}),
    ],
)
def test_some_words_have_a_heading_of_their_own(coded: Coded, text: str, expected: set[str]) -> None:
    assert coded(text) == expected


def test_a_disease_of_the_indication_alone_was_not_coded(coded: Coded) -> None:
    assert coded("INDICATION: history of emphysema and old rib fracture\nFINDINGS: The lungs are clear.") == set()
    assert coded("FINDINGS: Old rib fracture.") == {"rib_fracture"}


def test_films_of_other_parts_of_the_body_were_not_coded(coded: Coded) -> None:
    assert coded("FINDINGS: Chest. Clear lungs. Lumbar spine: Mild degenerative disc disease.") == set()
    assert coded("FINDINGS: Left knee. Normal. Chest: Degenerative disc disease.") == {"degenerative_spine"}
    assert coded("FINDINGS: Degenerative disc disease of the lumbar spine.") == {"degenerative_spine"}
