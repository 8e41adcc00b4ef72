"""A reader's own part of a mixed library: gaps and normals come from it, and little else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.finding import Region, Truth
from models.reading import LibraryCase
from recommender.population import Difficulty, Population
from recommender.request import Purpose
from recommender.tracer import replay
from recommender.tracers import TRACERS
from recommender.volumes import Basis, Monthly
from tests.recommender.desk import Desk, MakeCase, MakeRead, normals

HARD = Population(averages={**Population().averages, "abnormal/arrhythmia": Difficulty(0.5, 1.0)})
SEEDS = range(8)


@pytest.fixture
def elsewhere(make_case: MakeCase) -> list[LibraryCase]:
    """Forty cases of another craft, half of them normal, harder than any of the chest."""
    changes = {"difficulty": 0.3}
    shown = [make_case(f"trace {n:02}", "arrhythmia", **changes) for n in range(20)]
    plain = [make_case(f"still {n:02}", normal=True) for n in range(20)]
    return [replace(case, skills=replace(case.skills, modality="ECG", region=Region.OTHER)) for case in shown + plain]


@pytest.fixture
def mixed(desk: Desk, elsewhere: list[LibraryCase]) -> Desk:
    return replace(desk, cases=[*desk.cases, *elsewhere], tracer=TRACERS["bayesian"](HARD, {}))


def foreign(desk: Desk, **request: object) -> list[int]:
    """Cases from elsewhere in each of several sets of ten, which are always full and of both truths."""
    found = []
    for seed in SEEDS:
        cases = desk.chosen(desk.choose(seed=seed, **request))  # type: ignore[arg-type]
        assert len(cases) == 10 and 0 < normals(cases) < 10
        found.append(sum(case.case_id.startswith(("trace", "still")) for case in cases))
    return found


def focus(desk: Desk) -> set[str]:
    items = [item for seed in SEEDS for item in desk.choose(seed=seed).items if item.purpose == Purpose.GAP]
    return {item.case_id[:5] for item in items}


def test_whoever_read_one_kind_of_case_practises_it(mixed: Desk, library: Sequence[LibraryCase]) -> None:
    chest = mixed.met(list(library), None)
    assert max(foreign(chest)) <= 1 and "trace" not in focus(chest)
    assert "trace" in focus(mixed), "of whom nothing is known, every case is as near"


def test_something_from_elsewhere_is_still_explored_and_one_look_makes_it_no_gap(
    mixed: Desk, library: Sequence[LibraryCase], elsewhere: list[LibraryCase], make_read: MakeRead
) -> None:
    state = replay(mixed.tracer, [make_read(elsewhere[0], False, 1)], {})
    chest = replace(mixed, state=state).met([*library, elsewhere[0]], None)
    assert sum(foreign(chest)) >= 2 and "trace" not in focus(chest)
    often = [make_read(case, False, n) for n, case in enumerate(elsewhere[:5])]
    assert "trace" in focus(replace(chest, state=replay(mixed.tracer, often, {})))


def test_whoever_asks_for_a_kind_of_case_gets_it(mixed: Desk, library: Sequence[LibraryCase]) -> None:
    chest = mixed.met(list(library), None)
    assert foreign(chest, modality="ECG") == [10] * len(SEEDS)


def test_stated_work_draws_its_findings_and_the_normals_of_their_kind(mixed: Desk) -> None:
    works = replace(mixed, volumes={"arrhythmia": Monthly(20.0)})
    assert focus(works) == {"trace"} and min(foreign(works)) >= 8
    average = replace(mixed, volumes={"nodule": Monthly(20.0, Basis.DEPARTMENT)})
    assert "trace" in focus(average), "what a department meets is nobody's own"


def test_cases_of_no_known_kind_are_told_apart_by_who_read_them(
    mixed: Desk, library: Sequence[LibraryCase], make_case: MakeCase
) -> None:
    bare = [replace(case, skills=replace(case.skills, modality="", region=Region.OTHER)) for case in mixed.cases]
    stubs = replace(mixed, cases=bare)
    chest = {case.case_id for case in library}
    own = replace(stubs, circle=chest)
    assert max(foreign(own)) <= 1 and "trace" not in focus(own) and "trace" in focus(stubs)


def test_too_few_cases_of_ones_own_are_filled_up(mixed: Desk, library: Sequence[LibraryCase]) -> None:
    few = [case for case in library if case.skills.truth is Truth.ABNORMAL][:6]
    bare = [case for case in mixed.cases if case.case_id.startswith(("trace", "still"))]
    assert all(number >= 4 for number in foreign(replace(mixed, cases=[*few, *bare]).met(few, None)))
