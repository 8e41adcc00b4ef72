from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Truth, shipped_findings
from nlp.difficulty import first_difficulty
from nlp.miner import Miner
from nlp.sections import find_sections

Hard = Callable[..., float]


@pytest.fixture
def hard(miner: Miner) -> Hard:
    def difficulty(text: str, *main: str) -> float:
        report = find_sections(text)
        truth = Truth.ABNORMAL if main else Truth.NORMAL
        return first_difficulty(report, truth, main, miner.observations(report), shipped_findings())

    return difficulty


@pytest.mark.parametrize(
    ("harder", "easier"),
    [
        ("Lung nodule of 4 mm.", "Lung nodule of 25 mm."),
        ("Lung nodule of 25 mm.", "Lung nodule of 60 mm."),
        ("Possible lung nodule.", "Lung nodule."),
        ("Lung nodule behind the heart.", "Lung nodule."),
    ],
)
def test_small_doubtful_and_hidden_is_harder(hard: Hard, harder: str, easier: str) -> None:
    assert hard(harder, "nodule_mass") > hard(easier, "nodule_mass")


def test_a_published_miss_rate_is_where_a_finding_starts(hard: Hard) -> None:
    assert hard("Vertebral compression fracture.", "vertebral_fracture") > hard("Pneumothorax.", "pneumothorax")


def test_degrees_and_company(hard: Hard) -> None:
    assert hard("Mild cardiomegaly.", "cardiomegaly") > hard("Severe cardiomegaly.", "cardiomegaly")
    alone = hard("Lung nodule. Pneumothorax.", "nodule_mass")
    assert hard("Lung nodule. Pneumothorax.", "nodule_mass", "pneumothorax") > alone


def test_normals_are_easier_unless_they_tempt(hard: Hard) -> None:
    normal, tempting = hard("Clear lungs."), hard("Old granuloma. Clear lungs.")
    assert normal < tempting < hard("Lung nodule.", "nodule_mass")


def test_the_plainest_mention_counts(hard: Hard) -> None:
    assert hard("Lung nodule of 4 mm. Lung nodule of 50 mm.", "nodule_mass") == hard(
        "Lung nodule, 50 mm.", "nodule_mass"
    )


def test_it_stays_on_its_scale(hard: Hard) -> None:
    text = "Possible small subtle lung nodule of 2 mm behind the heart."
    assert -3.0 <= hard(text, "nodule_mass", "pneumothorax", "edema", "fracture") <= 3.0
    assert hard("", "unknown_to_the_catalogue") == pytest.approx(-0.85)
