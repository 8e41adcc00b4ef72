"""One miner for all tests: it takes a second to build."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.diagnosis import shipped_diagnoses
from models.finding import Observation, shipped_findings
from nlp.miner import Miner
from nlp.sections import find_sections

Read = Callable[[str], list[Observation]]


@pytest.fixture(scope="session")
def miner() -> Miner:
    return Miner(shipped_findings(), shipped_diagnoses())


@pytest.fixture
def read(miner: Miner) -> Read:
    """The observations of a raw report."""
    return lambda text: list(miner.observations(find_sections(text)))
