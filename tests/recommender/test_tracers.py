"""The contract of a tracer, tried on each one of the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.finding import Truth
from models.reading import LibraryCase, Reading, ReadingSource, Skills, SkillState
from recommender.population import Population
from recommender.tracer import Tracer, replay, replay_order, skill_key, skill_path
from recommender.tracers import TRACERS

MakeCase = Callable[..., LibraryCase]
MakeRead = Callable[..., Reading]
PARENTS = {"rib_fracture": "fracture"}


@pytest.fixture(params=sorted(TRACERS))
def tracer(request: pytest.FixtureRequest) -> Tracer:
    return TRACERS[request.param](Population(), PARENTS)


def mixed(library: Sequence[LibraryCase], make_read: MakeRead, length: int = 60) -> list[Reading]:
    return [make_read(library[(7 * n) % len(library)], n % 3 != 0, n, days_ago=200 - n) for n in range(length)]


def test_it_is_listed_under_its_own_name(tracer: Tracer) -> None:
    assert TRACERS[tracer.name](Population(), {}).name == tracer.name and tracer.version


def test_chances_are_probabilities_inside_their_interval(
    tracer: Tracer, library: Sequence[LibraryCase], make_read: MakeRead, now: datetime
) -> None:
    state = replay(tracer, mixed(library, make_read), {case.case_id: case for case in library})
    for case in library:
        for chance in (tracer.predict(state, case, now), tracer.ability(state, case.skills)):
            assert 0 < chance.low < chance.mean < chance.high < 1


def test_many_chances_are_those_of_each_case(
    tracer: Tracer, library: Sequence[LibraryCase], make_read: MakeRead, now: datetime
) -> None:
    state = replay(tracer, mixed(library, make_read), {case.case_id: case for case in library})
    far = [replace(library[0], difficulty=hard) for hard in (-900.0, 900.0)]
    for case, chance in zip([*library, *far], tracer.predict_many(state, [*library, *far], now), strict=True):
        alone = tracer.predict(state, case, now)
        assert (chance.mean, chance.low, chance.high) == pytest.approx((alone.mean, alone.low, alone.high), abs=1e-12)
    assert tracer.predict_many(state, [], now) == []


def test_a_right_answer_raises_the_chance_and_a_wrong_one_lowers_it(
    tracer: Tracer, make_case: MakeCase, now: datetime
) -> None:
    case = make_case("c", "nodule")
    before = tracer.predict({}, case, now).mean
    assert tracer.predict(tracer.update({}, case, True, now), case, now).mean > before
    assert tracer.predict(tracer.update({}, case, False, now), case, now).mean < before


def test_only_touched_rows_change_and_their_number_does_not_grow(
    tracer: Tracer, library: Sequence[LibraryCase], make_read: MakeRead, now: datetime
) -> None:
    state = replay(tracer, mixed(library, make_read, 140), {case.case_id: case for case in library})
    nodule = next(case for case in library if case.skills.finding == "nodule")
    changed = tracer.update(state, nodule, True, now)
    assert changed.keys() == tracer.update({}, nodule, True, now).keys()
    assert all(key == row.skill for key, row in changed.items())
    assert not any(key.startswith("normal") or "pneumothorax" in key for key in changed)


def test_evidence_counts_reads_and_right_ones(tracer: Tracer, make_case: MakeCase, make_read: MakeRead) -> None:
    case = make_case("c", "nodule")
    reads = [make_read(case, n < 5, n) for n in range(11)]
    state = replay(tracer, reads, {"c": case})
    assert tracer.evidence(state, Skills(Truth.ABNORMAL, "nodule")) == (11, 5)
    assert tracer.evidence(state, Skills(Truth.ABNORMAL)) == (11, 5)
    assert tracer.evidence(state, Skills(Truth.NORMAL)) == (0, 0)


def test_the_interval_is_wide_without_data_and_narrows_with_it(
    tracer: Tracer, make_case: MakeCase, make_read: MakeRead
) -> None:
    skills = Skills(Truth.ABNORMAL, "nodule")
    empty = tracer.ability({}, skills)
    case = make_case("c", "nodule")
    full = tracer.ability(replay(tracer, [make_read(case, n % 3 > 0, n) for n in range(90)], {"c": case}), skills)
    assert empty.high - empty.low > 0.4
    assert full.high - full.low < 0.6 * (empty.high - empty.low)


def test_what_is_learned_of_a_child_tells_of_its_parent(tracer: Tracer, make_case: MakeCase, now: datetime) -> None:
    child, parent = make_case("c", "rib_fracture"), Skills(Truth.ABNORMAL, "fracture")
    state: dict[str, SkillState] = {}
    for _ in range(5):
        state |= tracer.update(state, child, False, now)
    assert tracer.evidence(state, parent) == (5, 0)
    stranger = Skills(Truth.ABNORMAL, "nodule")
    assert tracer.ability(state, parent).high < tracer.ability(state, stranger).high


def test_a_finding_never_met_starts_from_the_readers_other_reads(
    tracer: Tracer, make_case: MakeCase, make_read: MakeRead
) -> None:
    case, unknown = make_case("c", "nodule"), Skills(Truth.ABNORMAL, "effusion")
    for correct in (True, False):
        state = replay(tracer, [make_read(case, correct, n) for n in range(30)], {"c": case})
        assert (tracer.ability(state, unknown).mean > tracer.ability({}, unknown).mean) is correct


def test_evidence_of_little_weight_moves_little(tracer: Tracer, make_case: MakeCase, now: datetime) -> None:
    case = make_case("c", "nodule")
    start = tracer.predict({}, case, now).mean
    for correct in (True, False):
        whole, part = (
            tracer.predict(tracer.update({}, case, correct, now, weight), case, now).mean - start
            for weight in (1.0, 0.1)
        )
        assert 0 < part / whole < 0.25


def test_evidence_of_no_weight_counts_nowhere(tracer: Tracer, make_case: MakeCase, make_read: MakeRead) -> None:
    case = make_case("c", "nodule")
    reads = [make_read(case, n % 3 > 0, n, days_ago=9 - n) for n in range(9)]
    ignored = [replace(read, weight=0.0) if n % 2 else read for n, read in enumerate(reads)]
    state = replay(tracer, ignored, {"c": case})
    assert state == replay(tracer, reads[::2], {"c": case})
    assert tracer.evidence(state, case.skills) == (5, 3)
    for correct in (True, False):
        assert tracer.update(state, case, correct, reads[-1].read_at, 0.0) == {}
        assert tracer.update({}, case, correct, None, 0.0) == {}


@given(order=st.permutations(range(40)))
def test_replay_gives_the_same_state_whatever_order_it_is_handed(
    order: list[int], library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    reads = mixed(library, make_read, 40)
    reads = [replace(read, read_at=None) if n % 4 == 0 else read for n, read in enumerate(reads)]
    cases = {case.case_id: case for case in library}
    for factory in TRACERS.values():
        tracer = factory(Population(), PARENTS)
        straight, shuffled = replay(tracer, reads, cases), replay(tracer, [reads[n] for n in order], cases)
        assert straight.keys() == shuffled.keys()
        for key, row in straight.items():
            assert row.mean == pytest.approx(shuffled[key].mean, abs=1e-9)
            assert row.variance == pytest.approx(shuffled[key].variance, abs=1e-9)


def test_replay_is_what_updating_one_by_one_gives(
    tracer: Tracer, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    cases = {case.case_id: case for case in library}
    reads = mixed(library, make_read, 30)
    state: dict[str, SkillState] = {}
    for read in reads:
        state |= tracer.update(state, cases[read.case_id], read.correct, read.read_at, read.weight)
    assert state == replay(tracer, reads, cases)


def test_a_read_of_a_case_that_left_the_library_still_counts(
    tracer: Tracer, make_case: MakeCase, make_read: MakeRead
) -> None:
    gone = make_case("gone", "nodule")
    state = replay(tracer, [make_read(gone, False, 1)], {})
    assert tracer.evidence(state, gone.skills) == (1, 0)


def test_undated_reads_come_first_by_source_and_sequence(make_case: MakeCase, make_read: MakeRead) -> None:
    case = make_case("c", "nodule")
    dated = make_read(case, True, 1, days_ago=4000)
    undated = [make_read(case, True, n) for n in (3, 2)]
    imported = replace(make_read(case, True, 9), source=ReadingSource.IMPORTED)
    ordered = sorted([dated, *undated, imported], key=replay_order)
    assert ordered == [imported, undated[1], undated[0], dated]


def test_last_seen_is_the_latest_date_and_survives_undated_reads(tracer: Tracer, make_case: MakeCase) -> None:
    case = make_case("c", "nodule")
    late, early = datetime(2031, 1, 2, tzinfo=UTC), datetime(2030, 1, 2, tzinfo=UTC)
    state: dict[str, SkillState] = {}
    for at in (late, early, None):
        state |= tracer.update(state, case, True, at)
    assert state[skill_key(case.skills)].last_seen == late


def test_what_was_learned_grows_uncertain_with_time_but_never_beyond_the_start(
    make_case: MakeCase, now: datetime
) -> None:
    tracer, case = TRACERS["bayesian"](Population(), {}), make_case("c", "nodule")
    state: dict[str, SkillState] = {}
    for n in range(40):
        state |= tracer.update(state, case, True, now + timedelta(hours=n))
    widths = []
    for days in (2, 200, 2000, 20000):
        chance = tracer.predict(state, case, now + timedelta(days=days))
        widths.append(chance.high - chance.low)
    assert widths == sorted(widths) and widths[0] < widths[2]
    fresh = tracer.predict({}, case, now)
    assert widths[-1] < (fresh.high - fresh.low) * 1.05


def test_harder_cases_are_less_likely_to_be_right(make_case: MakeCase, now: datetime) -> None:
    tracer = TRACERS["bayesian"](Population(), {})
    chances = [tracer.predict({}, make_case("c", "nodule", difficulty=d), now).mean for d in (-2.0, 0.0, 2.0)]
    assert chances == sorted(chances, reverse=True) and chances[1] == pytest.approx(0.5)


def test_overcalling_costs_normals_and_spares_abnormals(make_case: MakeCase, now: datetime) -> None:
    tracer, abnormal, normal = (
        TRACERS["bayesian"](Population(), {}),
        make_case("a", "nodule"),
        make_case("n", normal=True),
    )
    state: dict[str, SkillState] = {}
    for _ in range(10):
        state |= tracer.update(state, normal, False, now)
    drop = {
        case.case_id: tracer.predict({}, case, now).mean - tracer.predict(state, case, now).mean
        for case in (abnormal, normal)
    }
    assert drop["n"] > 0.2 > drop["a"]
    assert state["tendency"].mean > 0 > tracer.update({}, abnormal, False, now)["tendency"].mean


def test_skill_keys_can_be_read_and_a_circle_of_parents_ends() -> None:
    assert skill_key(Skills(Truth.ABNORMAL, "pneumothorax")) == "abnormal/pneumothorax"
    assert skill_key(Skills(Truth.NORMAL)) == "normal"
    assert skill_path(Skills(Truth.ABNORMAL, "rib_fracture"), PARENTS) == ("abnormal/fracture", "abnormal/rib_fracture")
    assert skill_path(Skills(Truth.ABNORMAL, "a"), {"a": "b", "b": "a"}) == ("abnormal/b", "abnormal/a")
