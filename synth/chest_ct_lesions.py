"""Findings of the chest CT: nodule, embolus, effusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synth.chest_ct import NOISE_HU, ChestCt, chest_ct
from synth.examination import Chance, Examination, Order, Place
from synth.fields import fractal
from synth.shapes import Array, capsule, ellipsoid
from synth.thorax import profile, wall_distance
from synth.volume import cut, paint, part, place_at, places_of, scanned, spot

Found = tuple[tuple[Place, ...], dict[str, str]]
SIDES = {-1: "right", 1: "left"}


def _lobe(c: ChestCt, x: float, y: float, z: float) -> str:
    """The lobe by the usual slope of the fissures."""
    u = z / c.thorax.lung_height
    if u < 0.62 - 0.5 * (0.5 - y / (2 * c.thorax.half_depth)):
        return "lower lobe" if y > -18 or u < 0.1 else ("middle lobe" if x < 0 else "lingula")
    return "upper lobe"


def nodule(c: ChestCt, order: Order, rng: np.random.Generator) -> Found:
    """A solid nodule, or where hard a part-solid one, with a lobed edge."""
    radius = order.between(2.6, 8.5) * rng.uniform(0.92, 1.08)
    clear = c.lung < -(radius + 4)
    clear[[0, 1, -1, -2, -3, -4]] = False
    centre = spot(c.stack, clear, rng)
    cuts = cut(c.stack, centre, centre, radius + 4)
    region = part(c.stack, cuts)
    turn = np.arctan2(region.y - centre[1], region.x - centre[0])
    lobes = sum(rng.normal(0, 0.07) * np.cos(k * turn + rng.uniform(0, 6)) for k in (2, 3, 5))
    ball = ellipsoid(region.points, centre, (radius, radius * rng.uniform(0.85, 1.05), radius)) - radius * lobes
    paint(region, ball, order.between(-330, 45), 1.8)
    facts = {"side": SIDES[-1 if centre[0] < 0 else 1], "lobe": _lobe(c, *centre), "size": f"{round(2 * radius)}"}
    return places_of(c.stack, "nodule_mass", centre, radius, 2.0), facts


def embolus(c: ChestCt, order: Order, rng: np.random.Generator) -> Found:
    """A filling defect in a lobar artery; the vessel it fills is the one that descends from a hilum."""
    side = int(rng.choice((-1, 1)))
    tree = c.trees[0 if side < 0 else 1]
    middle = (tree.start + tree.end) / 2
    root = 0.43 * c.thorax.lung_height
    levels = [float(z) for z in c.stack.z.ravel() if root - 44 < z < root - 4]
    first = int(rng.integers(max(1, len(levels) - 1)))
    places = []
    for z in levels[first : first + (3 if order.subtlety > 3 else 2)]:
        near = np.flatnonzero(np.abs(middle[:, 2] - z) < 3)
        vessel = near[int(np.argmax(tree.radius[near]))]
        radius, (x, y, _) = float(tree.radius[vessel]), (float(v) for v in middle[vessel])
        size = order.between(0.55, 0.82) * radius
        region = part(c.stack, cut(c.stack, (x, y, z), (x, y, z), radius + 3))
        axis = (tree.end[vessel] - tree.start[vessel]) / np.linalg.norm(tree.end[vessel] - tree.start[vessel]) * 6
        ends = [[x - axis[0], y - axis[1], z - axis[2]], [x + axis[0], y + axis[1], z + axis[2]]]
        paint(region, capsule(region.points, ends[0], ends[1], size), 42.0, 1.2)
        places.append(place_at(c.stack, "pulmonary_embolus", (x, y, z), radius + 3))
    return tuple(places), {"side": SIDES[side]}


def effusion(c: ChestCt, order: Order, rng: np.random.Generator) -> Found:
    """Fluid that has run to the back of one pleural space, with a strip of airless lung above it."""
    t, side = c.thorax, int(rng.choice((-1, 1)))
    x, y, z = c.stack.points
    depth = order.between(9, 46) * np.clip(1.05 - (z + 40) / (order.between(0.45, 0.95) * t.lung_height), 0, 1)
    _, b, yc = profile(t, z)
    top = yc + b - depth - 10 * np.clip(np.abs(x) / t.half_width, 0, 1) ** 2
    wavy = 1.5 * fractal(c.stack.whole, (3, 30, 30), 2, rng, c.stack.window)
    space = np.maximum(np.maximum(c.lung, 2 - x * side), np.where(depth > 0.5, 0.0, 9.0))
    paint(c.stack, np.maximum(space, top - 4 - y + wavy), 62.0, 2.2)
    fluid = np.maximum(np.maximum(wall_distance(t, x, y, z) + 2, np.maximum(c.lung - 1, 2 - x * side)), top - y)
    paint(c.stack, np.maximum(fluid, np.where(depth > 0.5, -9.0, 9.0)), 9.0, 1.8)
    words = ("trace", "small", "small", "moderate", "large")
    places = _largest_parts(c, fluid + np.where(depth > 0.5, 0.0, 9.0), "pleural_effusion")
    return places, {"side": SIDES[side], "amount": words[order.subtlety - 1]}


def _largest_parts(c: ChestCt, distance: Array, finding: str) -> tuple[Place, ...]:
    """A circle around the shape on every slice where it covers at least 40 voxels."""
    places, (first, top, left) = [], (window.start for window in c.stack.window)
    for number, piece in enumerate(distance):
        rows, columns = np.nonzero(piece < 0)
        if len(rows) >= 40:
            reach = max(np.ptp(columns), np.ptp(rows)) / 2
            middle = (left + float(columns.min() + columns.max()) / 2, top + float(rows.min() + rows.max()) / 2)
            places.append(Place(finding, first + number, *middle, float(reach) + 3))
    return tuple(places)


LESIONS: Mapping[str, Callable[[ChestCt, Order, np.random.Generator], Found]] = {
    "nodule_mass": nodule,
    "pulmonary_embolus": embolus,
    "pleural_effusion": effusion,
}


def make_chest_ct(order: Order, chance: Chance) -> Examination:
    c = chest_ct(chance.anatomy)
    places, facts = LESIONS[order.finding](c, order, chance.lesion) if order.finding else ((), {})
    slices = scanned(c.whole, NOISE_HU, chance.noise)
    sex = "F" if c.thorax.female else "M"
    return Examination(slices, places, facts, c.stack.geometry, sex, int(c.thorax.age))
