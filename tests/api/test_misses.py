"""The quality lead's counts: honest denominators, nothing dropped, nobody named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.workspace import Workspace
from models.discrepancy import RadpeerScore, Sampling
from models.reading import Reader
from store import readers, reviews
from tests.api.conftest import Person
from tests.building import review_of


def told(person: Person, workspace: Workspace, *many: tuple[int, str, str | None, Sampling]) -> dict[str, Any]:
    """The page after reviews given as (number, score, finding, sampling)."""
    made, base = [], review_of("reader-x", "1")
    for number, score, finding, sampling in many:
        for _ in range(number):
            key = f"k{len(made)}"
            made.append(
                replace(
                    base,
                    discrepancy_id=key,
                    source_key=key,
                    score=RadpeerScore(score),
                    finding=finding,
                    sampling=sampling,
                )
            )
    with workspace.database.transaction() as tx:
        readers.add(tx, [Reader("reader-x", "main")])
        reviews.add_many(tx, made)
    body: dict[str, Any] = person("lead", "quality_lead").get("/api/misses").json()
    return body


def test_a_plain_radpeer_file_is_counted_over_all_reviews_of_the_modality(person: Person, workspace: Workspace) -> None:
    """Concurring reviews name no finding there; thirty misses in a thousand reviews are no thirty of thirty."""
    body = told(person, workspace, (970, "1", None, Sampling.RANDOM), (30, "3b", "rib_fracture", Sampling.RANDOM))
    [row] = body["reviews"]
    assert (row["discrepancies"], row["reviews"]) == (30, 1000)


def counts(body: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {row["label"].split(",")[0].lower(): (row["discrepancies"], row["reviews"]) for row in body["reviews"]}


@pytest.mark.parametrize("unnamed", [0, 1])
def test_every_finding_of_a_modality_has_the_same_denominator(
    person: Person, workspace: Workspace, unnamed: int
) -> None:
    """Whether concurring reviews name a finding, or one of them does not, turns no rate over."""
    body = told(
        person,
        workspace,
        (45, "1", "rib_fracture", Sampling.RANDOM),
        (5, "3b", "rib_fracture", Sampling.RANDOM),
        (900, "1", "pneumothorax", Sampling.RANDOM),
        (unnamed, "1", None, Sampling.RANDOM),
    )
    assert counts(body) == {"rib fracture": (5, 950 + unnamed), "pneumothorax": (0, 950 + unnamed)}


def test_discrepancies_alone_are_counted_and_never_rated(person: Person, workspace: Workspace) -> None:
    body = told(person, workspace, (10, "3b", "pneumothorax", Sampling.RANDOM), (3, "2", None, Sampling.RANDOM))
    assert body["reviews"] == []
    assert sorted(line["discrepancies"] for line in body["unsampled"]) == [3, 10]


def test_what_was_not_sampled_is_a_count_and_never_a_rate(person: Person, workspace: Workspace) -> None:
    body = told(
        person,
        workspace,
        (20, "1", "pneumothorax", Sampling.RANDOM),
        (4, "3b", "pneumothorax", Sampling.SUBMITTED),
        (3, "3a", "rib_fracture", Sampling.TRIGGERED),
    )
    assert {line["discrepancies"] for line in body["unsampled"]} == {4, 3}
    for row in body["reviews"]:
        assert row["discrepancies"] == 0
        assert (row["rate"] is None) == (row["reviews"] == 0)


def test_little_data_says_so(person: Person, workspace: Workspace) -> None:
    body = told(
        person, workspace, (19, "1", "pneumothorax", Sampling.RANDOM), (1, "3b", "pneumothorax", Sampling.RANDOM)
    )
    assert all(row["verdict"].lower().startswith("not enough data") for row in body["reviews"])
