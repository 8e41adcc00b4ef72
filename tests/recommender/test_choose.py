"""Rules of a practice set, stated as properties of what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import BadInput
from models.finding import FindingCatalogue, Region, Truth
from models.reading import LibraryCase, Skills
from models.teaching_case import CaseOrigin
from recommender.population import Difficulty, Population
from recommender.request import Purpose
from recommender.tracer import replay
from recommender.tracers import TRACERS
from recommender.volumes import Monthly
from tests.recommender.desk import FINDINGS, RULES, TRACER, Desk, MakeCase, MakeRead, history, normals, shown


@settings(max_examples=40)
@given(size=st.integers(4, 20), seed=st.integers(0, 10_000), weak=st.sampled_from(FINDINGS))
def test_every_set_keeps_the_rules(
    size: int,
    seed: int,
    weak: str,
    library: Sequence[LibraryCase],
    catalogue: FindingCatalogue,
    now: datetime,
    make_read: MakeRead,
) -> None:
    desk = Desk(library, catalogue, now, history(library, make_read, weak))
    choice = desk.choose(size, seed)
    cases = desk.chosen(choice)
    assert len(cases) == size == len({case.patient for case in cases})
    assert 0 < normals(cases) < size
    assert sum(item.chance.mean < 0.4 for item in choice.items) <= size / 5
    assert shown(cases)[weak] >= min(0.3 * size, size - normals(cases))
    assert shown(cases)[weak] >= 3 or size != 10
    assert all(count <= 0.2 * size or count == 1 for finding, count in shown(cases).items() if finding != weak)


def test_each_reader_gets_their_own_worst_finding(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    sets = {
        weak: shown(desk.chosen(replace(desk, state=history(library, make_read, weak)).choose()))
        for weak in ("nodule", "effusion")
    }
    assert sets["nodule"]["nodule"] >= 3 > sets["effusion"]["nodule"]
    assert sets["effusion"]["effusion"] >= 3 > sets["nodule"]["effusion"]


def test_the_same_history_and_seed_give_the_same_set_in_any_order_of_the_library(desk: Desk) -> None:
    assert desk.choose() == desk.choose()
    assert replace(desk, cases=desk.cases[::-1]).choose() == desk.choose()
    assert desk.choose(seed=2).items != desk.choose(seed=1).items


def test_most_chances_lie_in_the_band(desk: Desk) -> None:
    inside = [0.55 <= item.chance.mean <= 0.9 for seed in range(10) for item in desk.choose(seed=seed).items]
    assert sum(inside) / len(inside) > 0.8


def test_harm_decides_between_near_ties_only(desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead) -> None:
    equal = desk.choose()
    assert shown(desk.chosen(equal)).most_common(1)[0][0] == "pneumothorax"
    worse = replace(desk, state=history(library, make_read, "effusion"))
    assert shown(desk.chosen(worse.choose())).most_common(1)[0][0] == "effusion"


@pytest.mark.parametrize(("harder_by", "focus"), [(0.05, "pneumothorax"), (0.4, "nodule")])
def test_a_near_tie_is_two_chances_in_a_hundred(desk: Desk, harder_by: float, focus: str) -> None:
    averages = {**Population().averages, "abnormal/nodule": Difficulty(-0.5 + harder_by, 1.0)}
    desk = replace(desk, tracer=TRACERS["bayesian"](Population(averages=averages), {}))
    assert shown(desk.chosen(desk.choose())).most_common(1)[0][0] == focus


def test_volume_decides_between_near_ties(desk: Desk) -> None:
    often = replace(desk, volumes={"nodule": Monthly(30.0)})
    assert shown(desk.chosen(often.choose())).most_common(1)[0][0] == "nodule"


def test_a_finding_of_two_cases_is_never_the_focus(desk: Desk, make_case: MakeCase, make_read: MakeRead) -> None:
    rare = [make_case(f"rare {n}", "rare") for n in range(3)]
    state = replay(TRACER, [make_read(rare[0], False, n) for n in range(6)], {})
    purposes = []
    for cases in (rare[:2], rare):
        items = replace(desk, cases=[*desk.cases, *cases], state=state).choose(20).items
        purposes.append({item.purpose for item in items if item.case_id.startswith("rare")})
    assert Purpose.GAP not in purposes[0] and purposes[1] == {Purpose.GAP}


def test_what_was_met_within_sixty_days_never_comes_back(desk: Desk) -> None:
    recent = desk.met(desk.cases[: len(desk.cases) - 6], days_ago=59)
    choice = recent.choose(rules=replace(RULES, of_the_last=1.0))
    assert {case.case_id for case in recent.chosen(choice)} <= {case.case_id for case in desk.cases[-6:]}
    assert len(choice.items) == 6 and "6 instead of 10" in choice.reason


def test_the_last_cases_are_spread_over_two_sets(desk: Desk) -> None:
    last = list(desk.cases[-9:])
    left = desk.met(desk.cases[:-9], days_ago=5)
    first = left.chosen(left.choose())
    assert 4 <= len(first) < 9
    left = left.met(first, days_ago=0)
    second = left.chosen(left.choose())
    assert second and {c.case_id for c in [*first, *second]} <= {c.case_id for c in last}
    assert not {c.case_id for c in first} & {c.case_id for c in second}


def test_a_library_of_one_truth_may_be_narrowed(desk: Desk) -> None:
    """Its reader knows what every case is anyway; a library of both truths is narrowed with care (test_blind)."""
    abnormal = [case for case in desk.cases if case.skills.truth is Truth.ABNORMAL]
    narrowed = replace(desk, cases=abnormal).choose(modality=abnormal[0].skills.modality)
    assert narrowed.items


def test_where_everything_was_met_lately_there_is_no_set_and_it_says_so(desk: Desk) -> None:
    choice = desk.met(desk.cases, days_ago=5).choose()
    assert choice.items == () and "60 days" in choice.reason


@pytest.mark.parametrize("days_ago", [None, 61, 900])
def test_a_full_set_comes_out_where_every_case_was_met_long_ago(desk: Desk, days_ago: float | None) -> None:
    choice = desk.met(desk.cases, days_ago).choose()
    assert len(choice.items) == 10 and "met before" in choice.reason


def test_a_case_of_an_unknown_patient_waits_too(desk: Desk) -> None:
    unknown = [replace(case, patient="") for case in desk.cases[:10]]
    choice = replace(desk, cases=unknown).met(unknown[:5], days_ago=5).choose(rules=replace(RULES, of_the_last=1.0))
    assert {item.case_id for item in choice.items} == {case.case_id for case in unknown[5:]}


@pytest.mark.parametrize("days_ago", [None, 400])
def test_cases_never_met_come_before_those_met_long_ago(desk: Desk, days_ago: float | None) -> None:
    half = [case for case in desk.cases if case.case_id[-1] in "02468"]
    cases = desk.met(half, days_ago).choose()
    assert not {item.case_id for item in cases.items} & {case.case_id for case in half}


def test_those_met_longest_ago_come_first_among_equals(desk: Desk, make_case: MakeCase) -> None:
    same = [make_case(f"normal {n}", normal=True) for n in range(40)]
    desk = replace(desk, cases=same)
    desk = desk.met(same[:30], days_ago=100).met(same[30:], days_ago=900)
    assert {item.case_id for item in desk.choose().items} == {case.case_id for case in same[30:]}


def test_a_twin_waits_for_its_base(desk: Desk, make_case: MakeCase) -> None:
    base = make_case("base", "nodule", patient="p")
    twin = make_case("twin", "nodule", patient="p")
    lone = replace(desk, cases=[twin])
    assert lone.met([base], days_ago=59).choose().items == ()
    assert len(lone.met([base], days_ago=61).choose().items) == 1
    both = replace(desk, cases=[base, twin])
    assert len(both.choose().items) == 1


def with_synthetic(desk: Desk, make_case: MakeCase, easy: float = -0.9) -> Desk:
    """The library with its lone real cases of the focus beside plenty of synthetic ones, normal and not."""
    lesions = [make_case(f"s{n}", FINDINGS[n % 4], origin=CaseOrigin.SYNTHETIC, difficulty=easy) for n in range(40)]
    healthy = [make_case(f"h{n}", normal=True, origin=CaseOrigin.SYNTHETIC, difficulty=easy) for n in range(40)]
    return replace(desk, cases=[*desk.cases, *lesions, *healthy])


@pytest.mark.parametrize("size", [5, 7, 10, 20])
def test_synthetic_cases_stay_under_a_third_and_their_label_tells_nothing(
    desk: Desk, make_case: MakeCase, size: int
) -> None:
    desk = with_synthetic(desk, make_case)
    given_so_far: list[LibraryCase] = []
    for seed in range(6):
        cases = desk.chosen(desk.choose(size, seed))
        synthetic = [case for case in cases if case.origin is CaseOrigin.SYNTHETIC]
        assert len(synthetic) <= len(cases) / 3
        given_so_far += synthetic
        if len(given_so_far) not in (1, 3):
            assert 0.4 * len(given_so_far) <= normals(given_so_far) <= 0.5 * len(given_so_far)
        desk = desk.met(cases, days_ago=1)
    assert len(given_so_far) >= 4


def test_synthetic_lesions_without_healthy_ones_stay_out(desk: Desk, make_case: MakeCase) -> None:
    pool = [c for c in with_synthetic(desk, make_case).cases if c.origin is CaseOrigin.CLINICAL or c.skills.finding]
    desk = replace(desk, cases=pool)
    for seed in range(10):
        cases = desk.chosen(desk.choose(20, seed))
        assert len(cases) == 20 and sum(case.origin is CaseOrigin.SYNTHETIC for case in cases) <= 1


def test_a_pool_of_synthetic_cases_alone_gives_no_set(desk: Desk, make_case: MakeCase) -> None:
    only = [case for case in with_synthetic(desk, make_case).cases if case.origin is CaseOrigin.SYNTHETIC]
    assert replace(desk, cases=only).choose().items == ()


def test_phantoms_stand_in_for_clinical_cases(desk: Desk) -> None:
    phantoms = [replace(case, origin=CaseOrigin.PHANTOM) for case in desk.cases]
    assert len(replace(desk, cases=phantoms).choose().items) == 10


def test_without_normals_the_set_is_filled_from_what_there_is(desk: Desk) -> None:
    abnormal = [case for case in desk.cases if case.skills.truth is Truth.ABNORMAL]
    assert len(replace(desk, cases=abnormal).choose().items) == 10


def test_a_hopeless_finding_still_takes_its_least_share_and_the_set_says_it_is_hard(
    desk: Desk, make_case: MakeCase
) -> None:
    hopeless = [make_case(f"hopeless {n}", "hopeless", difficulty=3.0, difficulty_sd=0.1) for n in range(12)]
    desk = replace(desk, cases=[*(case for case in desk.cases if case.skills.truth is Truth.NORMAL), *hopeless])
    choice = desk.choose()
    assert shown(desk.chosen(choice))["hopeless"] == 3 and "Harder than usual" in choice.reason


@pytest.mark.parametrize(
    ("request_", "belongs"),
    [
        ({"modality": "CT"}, lambda case: case.skills.modality == "CT"),
        ({"region": Region.NEURO}, lambda case: case.skills.region is Region.NEURO),
        ({"family": "pleura"}, lambda case: case.skills.finding in (None, "pneumothorax", "effusion")),
        ({"family": "bone", "modality": "CT"}, lambda case: case.skills.finding in (None, "rib_fracture")),
        ({"images_only": True}, lambda case: case.has_images),
    ],
)
def test_a_request_is_kept(desk: Desk, request_: dict[str, object], belongs: Callable[[LibraryCase], bool]) -> None:
    changed = [
        replace(
            case,
            skills=replace(
                case.skills,
                modality="CT" if n % 2 else "DX",
                region=Region.NEURO if n % 3 == 0 else Region.CHEST,
            ),
            has_images=n % 5 > 0,
        )
        for n, case in enumerate(desk.cases)
    ]
    desk = replace(desk, cases=changed)
    cases = desk.chosen(desk.choose(**request_))  # type: ignore[arg-type]
    assert len(cases) == 10 and all(belongs(case) for case in cases)
    assert 0 < normals(cases) < 10


def test_minutes_shorten_the_set_and_no_set_is_below_four(desk: Desk) -> None:
    assert len(desk.choose(minutes=7.5).items) == 5
    assert len(desk.choose(minutes=0.1).items) == 4
    assert {len(desk.choose(size=size).items) for size in (1, 2, 3, 4)} == {4}
    with pytest.raises(BadInput, match="ask for at least one"):
        desk.choose(size=0)


def test_a_new_finding_begins_with_a_short_block_from_easy_to_hard_with_normals_between(desk: Desk) -> None:
    parted = 0
    for seed in range(12):
        cases = desk.chosen(desk.choose(seed=seed))
        places = [n for n, case in enumerate(cases) if case.skills.finding == "pneumothorax"]
        abnormal = [n for n, case in enumerate(cases) if case.skills.truth is Truth.ABNORMAL]
        starts = [abnormal[n : n + 3] for n in range(len(abnormal) - 2)]
        blocks = [start for start in starts if set(start) <= set(places)]
        assert any([cases[n].difficulty for n in b] == sorted(cases[n].difficulty for n in b) for b in blocks)
        parted += any(block[2] - block[0] > 2 for block in blocks)
    assert parted >= 6


def test_the_sets_reason_gives_nothing_away(desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead) -> None:
    for desk_ in (desk, replace(desk, state=history(library, make_read, "nodule")), desk.met(library, 5)):
        reason = desk_.choose().reason.lower()
        words = {"normal", "abnormal", "lesion", "synthetic", "focus", "gap", "finding"}
        words |= {desk.catalogue.name(key) for key in desk.catalogue}
        assert not [word for word in words if word in reason]
    assert "from your 42 reads" in replace(desk, state=history(library, make_read, "nodule")).choose().reason


def test_a_gaps_reason_has_its_numbers(desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead) -> None:
    desk = replace(desk, state=history(library, make_read, "pneumothorax"), volumes={"pneumothorax": Monthly(4.0)})
    gaps = [item for item in desk.choose().items if item.purpose == Purpose.GAP]
    assert len(gaps) >= 3
    for item in gaps:
        assert item.reason.startswith("Pneumothorax: you were right on 0 of ")
        assert "reads are too few to judge" in item.reason
        assert "you meet this about 4 times a month" in item.reason and "harm if missed is 5 of 5" in item.reason
        percent = (
            f"{round(100 * item.chance.mean)} % ({round(100 * item.chance.low)}–{round(100 * item.chance.high)} %)"
        )
        assert f"chance of being right here {percent}" in item.reason


def test_a_volume_that_is_not_known_is_not_told(desk: Desk) -> None:
    assert not [item for item in desk.choose().items if "a month" in item.reason]


def test_from_twenty_reads_on_a_skill_may_be_judged(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    nodules = [case for case in library if case.skills.finding == "nodule"]
    state = replay(TRACER, [make_read(case, False, n) for n, case in enumerate(nodules)], {})
    reasons = [item.reason for item in replace(desk, state=state).choose().items if item.purpose == Purpose.GAP]
    assert reasons and all("0 of 20" in reason and "too few" not in reason for reason in reasons)


def test_purposes_are_what_the_cases_are(desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead) -> None:
    desk = replace(desk, state=history(library, make_read, "nodule"))
    choice = desk.choose()
    for item, case in zip(choice.items, desk.chosen(choice), strict=True):
        if case.skills.truth is Truth.NORMAL:
            assert item.purpose == Purpose.NORMAL
        else:
            assert item.purpose == (Purpose.GAP if case.skills.finding == "nodule" else Purpose.EXPLORATION)


def test_what_is_mastered_is_only_checked(desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead) -> None:
    reads = [
        make_read(case, case.skills.finding != "nodule" or n % 2 == 0, n)
        for n, case in enumerate([*library, *library, *library])
    ]
    desk = replace(desk, state=replay(TRACER, reads, {case.case_id: case for case in library}))
    mastered = [f for f in FINDINGS if TRACER.ability(desk.state, Skills(Truth.ABNORMAL, f)).low >= RULES.mastery]
    assert mastered and "nodule" not in mastered
    items = [item for seed in range(5) for item in desk.choose(seed=seed).items]
    checked = [item for item in items if item.purpose == Purpose.REVIEW]
    assert checked and all("a check of what you do well" in item.reason for item in checked)


def test_exploration_comes_round_to_every_other_finding(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    desk = replace(desk, state=history(library, make_read, "nodule"))
    seen = {case.skills.finding for seed in range(15) for case in desk.chosen(desk.choose(seed=seed))}
    assert seen >= set(FINDINGS)
