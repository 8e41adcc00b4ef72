"""Phantoms: a whole case, images and report, from a recipe, a seed and a subtlety. Nothing else goes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from models.finding import Truth
from synth.dicom import datasets
from synth.examination import Chance, Examination, Order, Place
from synth.recipes import KINDS, PHANTOMS, PhantomRecipe
from synth.reports import PhantomReport, write_report

HARDEST, PLAINEST = 1, 5


@dataclass(frozen=True, slots=True)
class Phantom:
    """A made case. ``lesions`` are circles in pixels on the dataset at ``slice_index``; none on a normal.

    ``datasets`` are CT or DX objects with ``file_meta``, head end first.
    """

    recipe: PhantomRecipe
    seed: int
    subtlety: int
    datasets: tuple[Dataset, ...]
    lesions: tuple[Place, ...]
    report: PhantomReport
    truth: Truth


def examine(recipe: PhantomRecipe, seed: int, subtlety: int, healthy: bool = False) -> Examination:
    """The images alone. ``healthy`` leaves the finding out and keeps anatomy and noise, pixel for pixel, elsewhere.

    The anatomy depends on the kind of examination and the seed, not on the recipe. Raises ValueError on a subtlety
    outside 1 (hardest) to 5 (plainest).
    """
    if not HARDEST <= subtlety <= PLAINEST:
        raise ValueError(f"subtlety {subtlety}: give {HARDEST} (hardest) to {PLAINEST} (plainest)")
    order = Order(None if healthy else recipe.finding, None if healthy else recipe.variant, subtlety)
    return KINDS[recipe.kind].maker(order, Chance.of(list(KINDS).index(recipe.kind), seed))


def make_phantom(recipe: PhantomRecipe, seed: int, subtlety: int) -> Phantom:
    """The case of ``recipe``: the same arguments give the same bytes. ``subtlety`` is 1 (hardest) to 5 (plainest)."""
    examination = examine(recipe, seed, subtlety)
    identity = f"{recipe.key}/{seed}/{subtlety}"
    side = examination.facts.get("side", "") if recipe.kind == "wrist_radiograph" else ""
    made = datasets(examination, KINDS[recipe.kind].protocol, identity, side[:1].upper())
    report = write_report(recipe, examination, np.random.default_rng([3, PHANTOMS.index(recipe), seed, subtlety]))
    truth = Truth.ABNORMAL if recipe.finding else Truth.NORMAL
    return Phantom(recipe, seed, subtlety, made, examination.places, report, truth)


@dataclass(frozen=True, slots=True)
class PhantomOrder:
    """One case of a library: what ``make_phantom`` needs."""

    recipe: PhantomRecipe
    seed: int
    subtlety: int


def library(cases: int = 72, normal_share: float = 0.42, seed: int = 0) -> Sequence[PhantomOrder]:
    """What to make for a teaching library: every recipe in turn over all subtleties, no anatomy used twice.

    ``normal_share`` of the cases hold no finding.
    """
    rng = np.random.default_rng([4, seed])
    abnormal = [recipe for recipe in PHANTOMS if recipe.finding]
    normal = [recipe for recipe in PHANTOMS if not recipe.finding]
    normals = round(cases * normal_share)
    chosen = [(abnormal[i % len(abnormal)], 1 + (i + i // len(abnormal) * 2) % 5) for i in range(cases - normals)]
    chosen += [(normal[i % len(normal)], 3) for i in range(normals)]
    order = rng.permutation(len(chosen))
    return tuple(PhantomOrder(chosen[i][0], 1000 * seed + number, chosen[i][1]) for number, i in enumerate(order))
