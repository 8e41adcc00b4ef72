"""Findings of the abdominal CT: liver lesion, urinary stone, renal mass."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from synth.abdomen_ct import LIVER, NOISE_HU, AbdomenCt, abdomen_ct
from synth.examination import Chance, Examination, Order, Place
from synth.fields import fractal
from synth.shapes import ellipsoid, soft
from synth.volume import cut, mix, paint, part, places_of, scanned, spot

Found = tuple[tuple[Place, ...], dict[str, str]]
SIDES = {-1: "right", 1: "left"}


def liver_lesion(c: AbdomenCt, order: Order, rng: np.random.Generator) -> Found:
    """A round lesion darker than liver, its border a little blurred."""
    radius = order.between(4.5, 16) * rng.uniform(0.92, 1.08)
    clear = c.liver < -(radius + 2)
    clear[[0, -1]] = False
    centre = spot(c.stack, clear, rng)
    region = part(c.stack, cut(c.stack, centre, centre, radius + 6))
    ragged = np.clip(0.1 * radius * fractal(region.shape, (3, 8, 8), 2, rng), -2, 2)
    ball = ellipsoid(region.points, centre, (radius, radius * rng.uniform(0.88, 1.0), radius)) + ragged
    paint(region, ball, LIVER - order.between(26, 56), order.between(4.5, 2.5))
    facts = {"site": "left" if centre[0] > -18 else "right", "size": f"{round(2 * radius)}"}
    return places_of(c.stack, "liver_lesion", centre, radius, 3.0), facts


def stone(c: AbdomenCt, order: Order, rng: np.random.Generator) -> Found:
    """A dense stone in a calyx."""
    kidney = c.kidneys[int(rng.integers(2))]
    radius = order.between(1.5, 4.2) * rng.uniform(0.92, 1.08)
    pole, lift = [("lower pole", -17.0), ("interpolar region", 0.0), ("upper pole", 16.0)][int(rng.integers(3))]
    x0, y0, z0 = kidney.centre
    tilt = 0.22 * lift
    wanted = (x0 - kidney.side * (11 + tilt) * c.body.size, y0 - 3.5, z0 + lift)
    z = float(c.stack.z.ravel()[np.argmin(np.abs(c.stack.z.ravel() - wanted[2]))])
    centre = (wanted[0], wanted[1], z)
    region = part(c.stack, cut(c.stack, centre, centre, radius + 4))
    paint(
        region,
        ellipsoid(region.points, centre, (radius, 0.85 * radius, max(radius, 2.6))),
        order.between(320, 900),
        1.6,
    )
    facts = {"side": SIDES[kidney.side], "site": pole, "size": f"{max(2, round(2 * radius))}"}
    return places_of(c.stack, "urinary_stone", centre, max(radius, 2.6), 4.0), facts


def renal_mass(c: AbdomenCt, order: Order, rng: np.random.Generator) -> Found:
    """A solid mass at the outer border of a kidney that takes up less contrast than cortex."""
    kidney = c.kidneys[int(rng.integers(2))]
    radius = order.between(6, 18) * rng.uniform(0.92, 1.08)
    pole, lift = [("lower pole", -26.0), ("interpolar region", -4.0), ("upper pole", 24.0)][int(rng.integers(3))]
    x0, y0, z0 = kidney.centre
    z = float(c.stack.z.ravel()[np.argmin(np.abs(c.stack.z.ravel() - z0 - lift))])
    bulge = 21 * c.body.size * (1 - (lift / 60) ** 2) - order.between(3.5, 0)
    centre = (x0 + kidney.side * (0.8 * bulge - 0.22 * (z - z0)), y0 + 0.45 * bulge, z)
    region = part(c.stack, cut(c.stack, centre, centre, radius + 5))
    grain = fractal(region.shape, (2.5, 6, 6), 3, rng)
    ball = ellipsoid(region.points, centre, (radius, radius, radius)) + np.clip(0.06 * radius * grain, -1.5, 1.5)
    paint(region, ball, order.between(122, 92) + 10 * grain, 2.0)
    mix(region, 0.6 * soft(ball + 0.55 * radius, 5.0) * (order.subtlety > 3), 58.0)
    facts = {"side": SIDES[kidney.side], "site": pole, "size": f"{round(2 * radius)}"}
    return places_of(c.stack, "renal_mass", centre, radius, 3.0), facts


LESIONS: Mapping[str, Callable[[AbdomenCt, Order, np.random.Generator], Found]] = {
    "liver_lesion": liver_lesion,
    "urinary_stone": stone,
    "renal_mass": renal_mass,
}


def focal_fat(c: AbdomenCt, rng: np.random.Generator) -> None:
    """Fatty change beside the falciform ligament: a wedge with straight borders, which displaces no vessel."""
    place = (-20.0 * c.body.size + rng.normal(0, 2), -66.0 * c.body.size, 34.0 + rng.normal(0, 3))
    cuts = cut(c.stack, place, place, 24)
    region = part(c.stack, cuts)
    paint(region, np.maximum(ellipsoid(region.points, place, (9, 18, 20), 0.25), c.liver[cuts] + 1), LIVER - 34, 4.0)


def make_abdomen_ct(order: Order, chance: Chance) -> Examination:
    c = abdomen_ct(chance.anatomy)
    places, facts = LESIONS[order.finding](c, order, chance.lesion) if order.finding else ((), {})
    if order.variant == "focal_fat":
        focal_fat(c, chance.lesion)
    slices = scanned(c.whole, NOISE_HU, chance.noise)
    return Examination(slices, places, facts, c.stack.geometry, "F" if c.body.female else "M", int(c.body.age))
