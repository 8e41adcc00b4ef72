"""What a set must not tell before it is answered: by narrowing, by its number of normals, its order, its level."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from models.finding import FindingCatalogue, Region, Truth
from models.reading import LibraryCase
from recommender.narrowing import narrow
from recommender.request import SetRequest
from tests.recommender.desk import Desk, MakeCase, MakeRead, history, normals

FAMILIES = ("bone", "lung", "pleura")


def is_normal(case: LibraryCase) -> bool:
    return case.skills.truth is Truth.NORMAL


def mixed_library(library: Sequence[LibraryCase]) -> list[LibraryCase]:
    """Cases of two regions and two modalities, with and without images, and some whose finding no catalogue knows."""
    return [
        replace(
            case,
            skills=replace(
                case.skills,
                modality="CT" if n % 2 else "DX",
                region=Region.NEURO if n % 3 == 0 else Region.CHEST,
                finding=None if n % 11 == 0 else case.skills.finding,
            ),
            has_images=n % 5 > 0,
        )
        for n, case in enumerate(library)
    ]


@pytest.mark.parametrize(
    "asked", [{}, {"modality": "CT"}, {"region": Region.NEURO}, {"images_only": True}, {"modality": "DX"}]
)
def test_every_case_has_one_family_in_every_request(
    asked: dict[str, object], library: Sequence[LibraryCase], catalogue: FindingCatalogue
) -> None:
    cases = mixed_library(library)

    def by_family(**request: object) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for family in FAMILIES:
            for case in narrow(cases, SetRequest(family=family, **request), catalogue):  # type: ignore[arg-type]
                found[case.case_id].add(family)
        return found

    whole, part = by_family(), by_family(**asked)
    assert whole.keys() == {case.case_id for case in cases}
    assert all(len(own) == 1 for own in whole.values())
    fitting = narrow(cases, SetRequest(**asked), catalogue)  # type: ignore[arg-type]
    assert part == {case.case_id: whole[case.case_id] for case in fitting}


def test_normals_are_spread_over_the_families_and_imitations_stay_with_their_finding(
    library: Sequence[LibraryCase], catalogue: FindingCatalogue, make_case: MakeCase
) -> None:
    cases = [*library, *(make_case(f"like {n}", "nodule", normal=True) for n in range(5))]
    pools = {family: narrow(cases, SetRequest(family=family), catalogue) for family in FAMILIES}
    plain = {family: sum(is_normal(c) and c.skills.finding is None for c in pool) for family, pool in pools.items()}
    assert sum(plain.values()) == 60 and min(plain.values()) >= 10
    assert sum(case.case_id.startswith("like") for case in pools["lung"]) == 5


def test_a_family_new_to_the_library_takes_normals_but_moves_none_between_others(
    library: Sequence[LibraryCase], catalogue: FindingCatalogue
) -> None:
    before = [case for case in library if case.skills.finding != "rib_fracture"]
    for family in ("lung", "pleura"):
        request = SetRequest(family=family)
        few, many = ({c.case_id for c in narrow(cases, request, catalogue)} for cases in (library, before))
        assert few < many


def test_sets_of_every_family_do_not_sort_cases_by_truth(desk: Desk) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for family in FAMILIES:
        for seed in range(15):
            for item in desk.choose(20, seed, family=family).items:
                seen[item.case_id].add(family)
    truths = {case.case_id: is_normal(case) for case in desk.cases}
    assert {len(families) for families in seen.values()} == {1}
    assert {truths[case_id] for case_id in seen} == {True, False}


@pytest.mark.parametrize("rare", [Truth.NORMAL, Truth.ABNORMAL])
def test_a_narrowing_to_too_few_of_either_truth_gives_no_set_and_the_same_words(
    desk: Desk, make_case: MakeCase, rare: Truth
) -> None:
    def mr(number: int, truth: Truth) -> LibraryCase:
        case = make_case(
            f"mr {truth} {number}", None if truth is Truth.NORMAL else "nodule", normal=truth is Truth.NORMAL
        )
        return replace(case, skills=replace(case.skills, modality="MR"))

    other = Truth.ABNORMAL if rare is Truth.NORMAL else Truth.NORMAL
    common = [mr(n, other) for n in range(12)]
    for few in (0, 1):
        choice = replace(desk, cases=[*desk.cases, *common, *(mr(n, rare) for n in range(few))]).choose(modality="MR")
        assert (choice.items, choice.reason) == ((), "There are not enough cases of that kind.")
    enough = replace(desk, cases=[*desk.cases, *common, mr(0, rare), mr(1, rare)])
    for seed in range(20):
        cases = enough.chosen(enough.choose(seed=seed, modality="MR"))
        assert len(cases) == 6 and 0 < normals(cases) < 6
    one_patient = [replace(mr(n, rare), patient="p") for n in range(2)]
    assert replace(desk, cases=[*desk.cases, *common, *one_patient]).choose(modality="MR").items == ()


def test_the_number_of_normals_is_drawn(desk: Desk) -> None:
    for size in (4, 6, 10, 20):
        counts = Counter(normals(desk.chosen(desk.choose(size, seed))) for seed in range(100))
        assert min(counts) >= 1 and max(counts) < size
        assert len(counts) >= 3 and max(counts.values()) <= 55
        mean = sum(number * times for number, times in counts.items()) / 100 / size
        assert 0.38 < mean < 0.52
    tens = [normals(desk.chosen(desk.choose(10, seed))) for seed in range(100)]
    assert sum(3 <= number <= 6 for number in tens) >= 70 and max(tens) <= 7


def test_the_share_of_normals_is_held_over_recent_sets(desk: Desk) -> None:
    for start in range(10):
        counts = [9, 9] if start % 2 else [1, 1]
        for seed in range(12):
            recent = counts[-10:]
            choice = desk.choose(10, 100 * start + seed, recent=(sum(recent), 10 * len(recent)))
            counts.append(normals(desk.chosen(choice)))
        assert 0.38 <= sum(counts[-10:]) / 100 <= 0.52


def test_who_misses_every_normal_is_not_spared_them(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    hard = [replace(case, difficulty=3.0) if is_normal(case) else case for case in library]
    desk = replace(desk, cases=hard)
    counts = [normals(desk.chosen(desk.choose(seed=seed))) for seed in range(30)]
    assert sum(counts) / 300 > 0.38


@pytest.mark.parametrize("experienced", [False, True])
@pytest.mark.parametrize("size", [4, 8])
def test_no_place_is_abnormal_more_often_than_another(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead, size: int, experienced: bool
) -> None:
    if experienced:
        desk = replace(desk, state=history(library, make_read, "nodule"))
    sets = [[not is_normal(case) for case in desk.chosen(desk.choose(size, seed))] for seed in range(300)]
    share = sum(map(sum, sets)) / (300 * size)
    error = (share * (1 - share) / 300) ** 0.5
    for place in range(size):
        assert abs(sum(truths[place] for truths in sets) / 300 - share) < 3.5 * error
    # In sets of one composition, the place after an abnormal case is abnormal as often as a shuffle makes it.
    after, expected, number = 0, 0.0, 0
    for truths in sets:
        followers = [b for a, b in pairwise(truths) if a]
        after, number = after + sum(followers), number + len(followers)
        expected += len(followers) * (sum(truths) - 1) / (size - 1)
    assert abs(after - expected) < 3.5 * (number * share * (1 - share)) ** 0.5


def test_only_a_set_of_eight_tells_its_level_in_numbers_and_these_are_rounded(desk: Desk) -> None:
    for size in range(1, 21):
        for seed in range(5):
            reason = desk.choose(size, seed).reason
            numbers = re.findall(r"\d+", reason)
            assert len(numbers) == (size >= 8) and all(number.endswith("0") for number in numbers)
            assert "mostly cases you would get right" in reason


def test_a_set_of_fewer_than_four_tells_no_level(desk: Desk) -> None:
    for left in (1, 2, 3):
        choice = desk.met(desk.cases[left:], days_ago=5).choose()
        assert len(choice.items) == left
        assert not re.search(r"right|hard|edge|%", choice.reason.lower().replace("not too recent", ""))


def test_a_reason_counts_the_reads_it_is_chosen_from(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    state = history(library, make_read, "nodule")
    for size in (4, 8):
        assert f"from your {state['all'].reads} reads" in replace(desk, state=state).choose(size).reason
    assert "without any read of yours" in desk.choose().reason
