"""The department's gaps: the mean over its readers, whatever each of them has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.finding import FindingCatalogue, Truth
from models.reading import LibraryCase, Skills
from recommender.gap import Gap, department_gaps, focus_gap
from recommender.population import Difficulty, Population
from recommender.request import ChoiceSettings
from recommender.tracer import State, replay
from recommender.tracers import TRACERS
from recommender.volumes import Basis
from tests.recommender.desk import MakeRead, history

POPULATION = Population(
    averages={**Population().averages, "abnormal/nodule": Difficulty(0.4, 1.0), "abnormal/effusion": Difficulty(-1, 1)}
)
KEYS = ("nodule", "effusion", "pneumothorax", "rib_fracture", "fracture", "never read")


@pytest.fixture
def states(library: Sequence[LibraryCase], make_read: MakeRead) -> list[State]:
    one = [case for case in library if case.skills.finding == "rib_fracture"]
    few = replay(TRACERS["bayesian"](POPULATION, {}), [make_read(case, True, n) for n, case in enumerate(one)], {})
    return [history(library, make_read, "nodule"), few, {}]


@pytest.mark.parametrize("name", sorted(TRACERS))
def test_a_departments_gap_is_the_mean_of_its_readers(
    name: str, library: Sequence[LibraryCase], make_read: MakeRead, catalogue: FindingCatalogue
) -> None:
    tracer = TRACERS[name](POPULATION, {"rib_fracture": "fracture"})
    own = [case for case in library if case.skills.finding in {"rib_fracture", "nodule"}]
    states = [
        replay(tracer, [make_read(case, n % 3 > 0, n) for n, case in enumerate(read)], {})
        for read in (library[::3], own, [])
    ]
    gaps = department_gaps(states, tracer, KEYS, catalogue, {"nodule": 7.0})
    for key in KEYS:
        misses = [1 - tracer.ability(state, Skills(Truth.ABNORMAL, key)).mean for state in states]
        harm = catalogue[key].harm if key in catalogue else 2
        volume = 7.0 if key == "nodule" else 1.0
        assert gaps[key] == pytest.approx(sum(misses) / 3 * volume * harm, abs=1e-12)


def test_who_misses_a_finding_widens_its_gap(states: list[State], catalogue: FindingCatalogue) -> None:
    tracer = TRACERS["bayesian"](Population(), {})
    alone = department_gaps(states[:1], tracer, KEYS, catalogue, {})
    assert alone["nodule"] > alone["effusion"]
    assert department_gaps(states, tracer, KEYS, catalogue, {})["nodule"] < alone["nodule"]


def test_without_a_reader_the_gap_is_that_of_a_stranger(catalogue: FindingCatalogue) -> None:
    tracer = TRACERS["bayesian"](Population(), {})
    assert department_gaps([], tracer, KEYS, catalogue, {}) == department_gaps([{}], tracer, KEYS, catalogue, {})


def focus(*gaps: Gap) -> str:
    found = focus_gap(gaps, ChoiceSettings())
    assert found
    return found.finding


def test_what_is_never_met_is_no_focus_while_something_else_is_missed() -> None:
    never = Gap("embolus", 0.56, 0.0, 5, Basis.OWN)
    assert focus(never, Gap("tear", 0.36, 400, 2, Basis.OWN)) == "tear"
    assert focus(never, Gap("tear", 0.05, 400, 2, Basis.OWN)) == "embolus", "what is read well is no gap"
    assert focus(replace(never, basis=Basis.DEPARTMENT), Gap("tear", 0.36, 400, 2, Basis.OWN)) == "embolus"
    assert focus(never) == "embolus"


def test_exposure_that_was_counted_decides_between_gaps_a_tenth_apart() -> None:
    worst = Gap("rare", 0.50, 1.0, 3, Basis.OWN)
    assert focus(worst, Gap("daily", 0.42, 30, 2, Basis.OWN)) == "daily"
    assert focus(worst, Gap("daily", 0.38, 30, 2, Basis.OWN)) == "rare"
    assert focus(worst, Gap("deadly", 0.42, 1.0, 5)) == "rare", "an assumed volume leaves the miss to decide"


def test_a_deadly_finding_read_well_gives_way_to_a_plain_one_read_badly() -> None:
    assert focus(Gap("deadly", 0.1, 5, 5, Basis.OWN), Gap("plain", 0.5, 0.5, 1, Basis.OWN)) == "plain"
