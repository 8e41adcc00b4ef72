"""Mimics: what is said in place of a finding beyond chance, and how a confusion shapes the next set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.finding import Finding, FindingCatalogue, Region
from models.reading import Answer, Confusion, LibraryCase
from models.teaching_case import CaseKey
from recommender.mimics import interpretive, learned_mimics, mimics_of, said_instead
from recommender.request import Purpose
from tests.building import Story, case_of
from tests.recommender.desk import Desk, MakeRead, history, normals, shown


def spread(finding: str, **answers: int) -> list[Confusion]:
    return [Confusion(finding, answered, reads, min(reads, 6)) for answered, reads in answers.items()]


EVEN = [confusion for name in ("a", "b", "c", "d") for confusion in spread(name, e=4, f=4, g=4, h=4)]


def test_an_answer_beyond_chance_is_learned() -> None:
    assert learned_mimics([*EVEN, *spread("x", e=14, f=2, g=2)]) == {"x": ("e",)}


def test_an_answer_given_to_everything_is_nobodys_mimic() -> None:
    common = [confusion for name in "abcdx" for confusion in spread(name, e=30, f=3, g=2)]
    assert learned_mimics(common) == {}


@pytest.mark.parametrize(("reads", "readers"), [(4, 4), (40, 2)])
def test_too_few_reads_or_readers_teach_nothing(reads: int, readers: int) -> None:
    assert learned_mimics([*EVEN, Confusion("x", "y", reads, readers)]) == {}
    assert learned_mimics([*EVEN, Confusion("x", "y", 40, 3)]) == {"x": ("y",)}


@pytest.mark.parametrize(("findings", "each"), [(2, 60), (3, 60), (5, 200), (10, 5_000)])
def test_pure_guessing_teaches_no_mimic(findings: int, each: int) -> None:
    """Nobody is wrong by naming the truth: each answer is missing where it is right, which is no likeness elsewhere."""
    rng = np.random.default_rng(1)
    told = []
    for truth in range(findings):
        others = [key for key in range(findings) if key != truth]
        for key, reads in zip(*np.unique(rng.choice(others, each), return_counts=True), strict=True):
            told.append(Confusion(f"f{truth}", f"f{key}", int(reads), 40))
    assert learned_mimics(told) == {}


def test_a_look_alike_among_guesses_is_learned() -> None:
    names = "abcdef"
    told = [c for name in names for c in spread(name, **{other: 30 for other in names if other != name})]
    told = [replace(c, reads=90) if (c.finding, c.answered) == ("a", "b") else c for c in told]
    assert learned_mimics(told) == {"a": ("b",)}


def test_what_is_compared_with_too_little_is_not_learned() -> None:
    assert learned_mimics([*spread("a", e=30), *spread("x", y=30)]) == {}
    assert learned_mimics([*spread("a", e=3), *spread("b", e=3), *spread("x", y=30)]) == {}


def test_the_more_telling_answer_comes_first_and_the_catalogue_last() -> None:
    learned = learned_mimics([*EVEN, *spread("x", e=20, y=20)])
    assert learned == {"x": ("y", "e")}
    known = Finding("x", "X", Region.CHEST, "lung", ("DX",), ("x",), mimics=("e", "z"))
    assert mimics_of("x", learned, FindingCatalogue([known])) == ("y", "e", "z")
    assert mimics_of("unknown", {}, FindingCatalogue([known])) == ()


def test_only_look_alikes_are_interpretive_errors_in_either_direction() -> None:
    known = Finding("x", "X", Region.CHEST, "lung", ("DX",), ("x",), mimics=("e",))
    mistaken = [("x", "e"), ("e", "x"), ("x", "q"), ("x", "e")]
    assert interpretive(mistaken, {}, FindingCatalogue([known])) == [("x", "e"), ("e", "x")]


def test_what_was_said_instead_is_told_of_wrong_answers_to_abnormal_cases_alone() -> None:
    key: CaseKey = case_of(Story(number=1, finding="nodule_mass"), ()).key
    assert said_instead(Answer(False, ("granuloma", "mass")), key) == "granuloma"
    assert said_instead(Answer(False, ("granuloma", "nodule_mass")), key) is None
    assert said_instead(Answer(True), key) is None
    normal = case_of(Story(number=2, finding=None, diagnosis=None), ()).key
    assert said_instead(Answer(False, ("granuloma",)), normal) is None


def test_after_a_confusion_both_look_alikes_come_and_the_other_rules_stand(
    desk: Desk, library: Sequence[LibraryCase], make_read: MakeRead
) -> None:
    weak = replace(desk, state=history(library, make_read, "pneumothorax"))
    confused = replace(weak, confused=(("nodule", "effusion"),))
    met = 0
    for seed in range(30):
        choice = confused.choose(seed=seed)
        cases = confused.chosen(choice)
        found = shown(cases)
        assert len(cases) == 10 and found["pneumothorax"] >= 3
        if normals(cases) <= 6:
            assert sum(item.purpose == Purpose.EXPLORATION for item in choice.items) >= 1
        told = [item for item in choice.items if "compare the two" in item.reason]
        assert bool(told) is (normals(cases) <= 5)
        assert all("you said effusion lately where nodule was right" in item.reason for item in told)
        met += len(told) == 2 and found["nodule"] > 0 and found["effusion"] > 0
    assert met >= 15
    assert not [item for item in weak.choose().items if "compare the two" in item.reason]


def test_a_confusion_whose_cases_are_not_both_at_hand_changes_nothing(desk: Desk) -> None:
    assert replace(desk, confused=(("nodule", "mass"),)).choose().items == desk.choose().items
