"""Findings of the head CT: blood in its four places, and an early infarct."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synth.examination import Chance, Examination, Order, Place
from synth.fields import fractal
from synth.head_ct import BLOOD, NOISE_HU, HeadCt, head_ct
from synth.shapes import Array, capsule, ellipsoid, soft, union
from synth.volume import mix, paint, place_at, places_of, scanned

Found = tuple[tuple[Place, ...], dict[str, str]]
SIDES = {-1: "right", 1: "left"}


def _blood(c: HeadCt, rng: np.random.Generator, hu: float) -> Array:
    return hu + 3.0 * fractal(c.stack.whole, (2.5, 8, 8), 2, rng, c.stack.window)


def epidural(c: HeadCt, order: Order, rng: np.random.Generator) -> Found:
    """A lens of blood against the inner table, its inner border bulging towards the brain."""
    side, thick = int(rng.choice((-1, 1))), order.between(4.5, 21) * rng.uniform(0.95, 1.05)
    width = order.between(30, 66)
    where, turn = [("temporal", 0.15), ("frontal", -0.75), ("parietal", 0.75)][int(rng.integers(3))]
    z = float(c.stack.z.ravel()[{"temporal": 13, "frontal": 10, "parietal": 7}[where]])
    edge = _table(c, side, turn, z)
    ball = (width**2 / 4 + thick**2) / (2 * thick)
    out = (edge[0] + side * np.cos(turn) * (ball - thick), edge[1] + np.sin(turn) * (ball - thick), z)
    lens = np.maximum(ellipsoid(c.stack.points, out, (ball, ball, ball)), c.inside + 0.3)
    paint(c.stack, lens, _blood(c, rng, order.between(58, BLOOD + 4)), 1.4)
    middle = (edge[0] - side * np.cos(turn) * thick / 2, edge[1] - np.sin(turn) * thick / 2, z)
    places = places_of(c.stack, "epidural_hematoma", middle, 0.5 * width, 2.0)
    return places, {"side": SIDES[side], "site": where, "size": f"{round(thick)}"}


def _table(c: HeadCt, side: int, turn: float, z: float) -> tuple[float, float]:
    """x and y (mm) where a ray at ``turn`` from the ear, towards the back where positive, leaves the brain."""
    level = int(np.argmin(np.abs(c.stack.z.ravel() - z)))
    g = c.stack.geometry
    for reach in np.arange(110.0, 20, -0.5):
        x, y = side * np.cos(turn) * reach, np.sin(turn) * reach
        column, row = round((x - g.first_mm[0]) / g.spacing_mm), round((y - g.first_mm[1]) / g.spacing_mm)
        if 0 <= column < c.inside.shape[2] and 0 <= row < c.inside.shape[1] and c.inside[level, row, column] < 0:
            return float(x), float(y)
    return side * 60.0, 0.0


def subdural(c: HeadCt, order: Order, rng: np.random.Generator) -> Found:
    """A crescent of blood over one hemisphere; where hard it is thin and almost as bright as cortex."""
    side, thick = int(rng.choice((-1, 1))), order.between(2.8, 13) * rng.uniform(0.95, 1.05)
    x, y, z = c.stack.points
    turn, centre = np.arctan2(y, side * x), rng.uniform(-0.35, 0.35)
    spread, z0 = order.between(0.75, 1.25), rng.uniform(28, 42)
    share = np.sqrt(np.clip(1 - ((turn - centre) / spread) ** 2 - ((z - z0) / order.between(30, 48)) ** 2, 0, 1))
    crescent = np.maximum(-c.inside - thick * share, np.where(share > 0.05, c.inside + 0.3, 9.0))
    paint(c.stack, crescent, _blood(c, rng, order.between(52, BLOOD)), 1.3)
    places = []
    for level in c.stack.z.ravel():
        if abs(float(level) - z0) < 0.7 * order.between(30, 48):
            for offset in (-0.45, 0.0, 0.45):
                angle = centre + offset * spread
                px, py = _table(c, side, angle, float(level))
                places.append(place_at(c.stack, "subdural_hematoma", (px - side * thick / 2, py, float(level)), 13))
    return tuple(places), {"side": SIDES[side], "size": f"{max(2, round(thick))}"}


def intraparenchymal(c: HeadCt, order: Order, rng: np.random.Generator) -> Found:
    """Blood in the brain with a rim of oedema."""
    side, radius = int(rng.choice((-1, 1))), order.between(4.5, 17) * rng.uniform(0.95, 1.05)
    site, spot = [
        ("putamen", (26.0, -4.0, 7.0)),
        ("thalamus", (12.0, 10.0, 8.0)),
        ("frontal lobe", (30.0, -38.0, 32.0)),
        ("parietal lobe", (34.0, 30.0, 42.0)),
    ][int(rng.integers(4))]
    centre = (side * spot[0], spot[1], float(c.stack.z.ravel()[np.argmin(np.abs(c.stack.z.ravel() - spot[2]))]))
    ragged = 0.22 * radius * fractal(c.stack.whole, (3, 14, 14), 2, rng, c.stack.window)
    clot = ellipsoid(c.stack.points, centre, (0.8 * radius, 1.1 * radius, radius)) + np.clip(ragged, -4, 4)
    clot = np.maximum(clot, c.inside + 2)
    mix(c.stack, 0.75 * soft(clot - 0.22 * radius - 1.5, 4.0), 22.0)
    paint(c.stack, clot, _blood(c, rng, order.between(54, BLOOD)), 1.8)
    places = places_of(c.stack, "intraparenchymal_hemorrhage", centre, 1.35 * radius, 2.0)
    return places, {"side": SIDES[side], "site": site, "size": f"{round(2 * radius)}"}


def subarachnoid(c: HeadCt, order: Order, rng: np.random.Generator) -> Found:
    """Bright Sylvian fissure, and where plain bright basal cisterns as well."""
    side = int(rng.choice((-1, 1)))
    m = (side * c.stack.x, c.stack.y, c.stack.z)
    course = [(33, -20, -6), (43, -4, 6), (46, 18, 17)]
    width = order.between(1.1, 2.6)
    space = union(*(capsule(m, one, two, width) for one, two in zip(course[:-1], course[1:], strict=True)))
    if order.subtlety >= 3:
        space = union(space, ellipsoid(m, (0, -10, -13), (12, 7, 6)), capsule(m, (4, -12, -13), (27, -20, -9), 2.2))
    paint(c.stack, np.maximum(space, c.inside + 0.8), _blood(c, rng, order.between(46, 64)), 2.4)
    places = [
        place_at(c.stack, "subarachnoid_hemorrhage", (side * x, y, z + dz), 11)
        for x, y, z in course
        for dz in (-5, 0, 5)
    ]
    if order.subtlety >= 3:
        places += [place_at(c.stack, "subarachnoid_hemorrhage", (side * 8.0, -13, -13 + dz), 20) for dz in (-5, 0, 5)]
    return tuple(places), {"side": SIDES[side]}


def infarct(c: HeadCt, order: Order, rng: np.random.Generator) -> Found:
    """Low density in part of the middle cerebral territory; grey and white matter become alike."""
    side, radius = int(rng.choice((-1, 1))), order.between(15, 27)
    spot = (side * rng.uniform(42, 46), rng.uniform(-8, 14), rng.uniform(10, 26))
    centre = (spot[0], spot[1], float(c.stack.z.ravel()[np.argmin(np.abs(c.stack.z.ravel() - spot[2]))]))
    ragged = np.clip(3 * fractal(c.stack.whole, (3, 22, 22), 2, rng, c.stack.window), -6, 6)
    area = ellipsoid(c.stack.points, centre, (0.8 * radius, 1.15 * radius, radius)) + ragged
    share = soft(np.maximum(area, c.inside + 1.5), 9.0) * (c.stack.hu > 14)
    mix(c.stack, share * order.between(0.6, 0.92), order.between(25, 21))
    return places_of(c.stack, "brain_infarct", centre, 1.2 * radius, 2.0), {"side": SIDES[side]}


LESIONS: Mapping[str, Callable[[HeadCt, Order, np.random.Generator], Found]] = {
    "epidural_hematoma": epidural,
    "subdural_hematoma": subdural,
    "intraparenchymal_hemorrhage": intraparenchymal,
    "subarachnoid_hemorrhage": subarachnoid,
    "brain_infarct": infarct,
}


def make_head_ct(order: Order, chance: Chance) -> Examination:
    c = head_ct(chance.anatomy, calcified=order.variant == "physiological_calcification")
    places, facts = LESIONS[order.finding](c, order, chance.lesion) if order.finding else ((), {})
    slices = scanned(c.whole, NOISE_HU, chance.noise)
    return Examination(
        slices, places, facts, c.stack.geometry, "F" if chance.noise.random() < 0.5 else "M", int(c.head.age)
    )
