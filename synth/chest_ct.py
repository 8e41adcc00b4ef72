"""An axial chest CT with contrast in the pulmonary arteries: the thorax cut in slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.fields import fractal
from synth.shapes import Array, capsule, ellipsoid, soft
from synth.skeleton import bones, vertebra_spacing
from synth.thorax import (
    Mediastinum,
    Thorax,
    airway_distance,
    diaphragm,
    draw_thorax,
    lung_vessels,
    mediastinal_box,
    mediastinum,
    pleural_distance,
    profile,
    spine_y,
    wall_distance,
)
from synth.vessels import Tree
from synth.volume import Stack, cut, empty_stack, filled, mix, near, paint, part

SLICES, NOISE_HU, VIEW_MM = 26, 13.0, 384.0


@dataclass(frozen=True, slots=True)
class ChestCt:
    """A painted chest; ``lung`` is the signed distance (mm) to the lungs, ``trees`` the vessels, right first.

    ``stack`` and ``lung`` are the part of ``whole`` that holds the body.
    """

    whole: Stack
    stack: Stack
    thorax: Thorax
    lung: Array
    trees: tuple[Tree, Tree]


def chest_ct(rng: np.random.Generator) -> ChestCt:
    t = draw_thorax(rng)
    whole = empty_stack(VIEW_MM, t.lung_height - 6, -58, SLICES, 5.0)
    width, depth = 1.06 * t.half_width + t.wall + 20, t.half_depth + 0.6 * t.wall + 16
    stack = near(whole, (-width, -depth - 28 * t.female, -400), (width, depth + 24, 400))
    cage = _wall(stack, t, rng)
    _upper_abdomen(stack, t, cage, rng)
    middle = cut(stack, *mediastinal_box(t), 0)
    between = mediastinum(t, *part(stack, middle).points)
    distance = pleural_distance(t, *stack.points, cage)
    distance[middle] = np.maximum(distance[middle], -between.outline)
    trees = _lungs(stack, t, soft(distance, 1.8), rng)
    _mediastinum(part(stack, middle), t, between)
    _skeleton(stack, t, rng)
    return ChestCt(whole, stack, t, distance, trees)


def _lungs(stack: Stack, t: Thorax, lung: Array, rng: np.random.Generator) -> tuple[Tree, Tree]:
    """Air and vessels where ``lung`` is, a share of every voxel; gives back the vessels, right first."""
    air = 16 * fractal(stack.whole, (2.5, 9, 9), 3, rng, stack.window)
    air += -872 + 55 * np.clip(stack.y / t.half_depth, -1, 1)
    mix(stack, lung, air)
    trees = lung_vessels(t, -1, 560, rng), lung_vessels(t, 1, 520, rng)
    for tree in trees:
        mix(stack, np.clip(filled(stack, *tree.points(0.8)), 0, 1) * lung, 185)
    return trees


def _wall(stack: Stack, t: Thorax, rng: np.random.Generator) -> Array:
    """Skin, fat, muscle and breasts, then fat inside the rib cage; gives back the distance (mm) to its inside."""
    height = np.clip(stack.z / t.lung_height, 0, 1)
    a, b, yc = profile(t, stack.z)
    wide = np.maximum(a, t.half_width * (0.86 + 0.2 * height)) + t.wall + 6 + 10 * height
    deep = np.maximum(b, 0.76 * t.half_depth) + 0.6 * t.wall + 12
    grain = 14 * fractal(stack.whole, (2.5, 8, 8), 2, rng, stack.window)

    x, y, z = stack.points
    level = (np.abs(x / wide) ** 2.25 + np.abs((y - yc - 6) / deep) ** 2.25 + 1e-9) ** (1 / 2.25)
    outline = (level - 1) * np.minimum(wide, deep)
    if t.female:
        _breasts(stack, t, grain)
    paint(stack, outline, 20.0)
    paint(stack, outline + 2.0, -104 + grain)
    strands = 26 * np.clip(fractal(stack.whole, (2.5, 26, 26), 2, rng, stack.window), -2.4, 0.4)
    cage = wall_distance(t, x, y, z)
    paint(stack, np.maximum(cage - _muscle(x, y - yc, height), outline + 3.5), 56 + strands)
    gap = np.abs(cage - 9.0) - 0.7
    paint(stack, gap, -60.0, 2.5)
    for side in (-1, 1):
        back = (side * 27.0, spine_y(t) + 33)
        cuts = cut(stack, (back[0] - 26, back[1] - 15, -400), (back[0] + 26, back[1] + 15, 400), 2)
        region = part(stack, cuts)
        paint(region, ellipsoid(region.points[:2], back, (26, 15)), 58 + 0.5 * strands[cuts])
    paint(stack, cage, -98 + grain)
    return cage


def _breasts(stack: Stack, t: Thorax, grain: Array) -> None:
    for side in (-1, 1):
        centre = (side * 0.5 * t.half_width, -t.half_depth - 0.05 * t.wall, 56.0)
        cuts = cut(stack, centre, centre, 74)
        region = part(stack, cuts)
        breast = ellipsoid(region.points, centre, (70, 34, 62))
        paint(region, breast, 15.0, 2.0)
        paint(region, breast + 2, -105 + grain[cuts], 2.0)
        paint(region, ellipsoid(region.points, centre, (32, 16, 32)), 10 + 3 * grain[cuts], 14.0)


def _muscle(x: Array, y: Array, height: Array) -> Array:
    """Thickness (mm) of rib cage and muscle outside the pleura, by direction from the middle and by height, 0 to 1."""
    turn = np.arctan2(y, np.abs(x))
    high = np.clip((height - 0.25) / 0.6, 0, 1)
    pectoral = (4 + 17 * high) * np.exp(-(((turn + 0.85) / 0.42) ** 2))
    broad_back = (7 + 20 * high) * np.exp(-(((turn - 0.2) / 0.4) ** 2))
    shoulder_blade = (3 + 16 * high) * np.exp(-(((turn - 0.95) / 0.35) ** 2))
    return 8.5 + pectoral + broad_back + shoulder_blade


def _upper_abdomen(chest: Stack, t: Thorax, cage: Array, rng: np.random.Generator) -> None:
    """Liver, spleen and stomach under the domes."""
    cuts = cut(chest, (-400, -400, -400), (400, 400, 0), 2)
    stack = part(chest, cuts)
    x, y, z = stack.points
    below = np.maximum(z - diaphragm(t, x, y), cage[cuts] + 2)
    grain = 5 * fractal(stack.whole, (2.5, 14, 14), 2, rng, stack.window)
    liver = np.maximum(below, x - 22 - 0.5 * (z + 20) + 0.25 * y)
    paint(stack, liver, 98 + grain)
    stomach = np.maximum(below + 4, ellipsoid((x, y, z), (62, -22, -45), (46, 40, 44)))
    paint(stack, stomach, 60.0)
    paint(stack, stomach + 3.5, np.where(y < -30, -950.0, 18.0).astype(np.float32), 2.0)
    spleen = np.maximum(below + 3, ellipsoid((x, y, z), (92, 38, -42), (34, 46, 44), 0.5))
    paint(stack, spleen, 112 + grain)


def _mediastinum(stack: Stack, t: Thorax, between: Mediastinum) -> None:
    """Heart with chambers, the great vessels and the airway with its wall."""
    p = stack.points
    heart = between.heart
    paint(stack, heart, 105.0)
    h = t.heart
    x, y, _ = p
    chambers = (
        (ellipsoid(p, (h * 38, -26 * h, 26), (h * 33, h * 19, h * 26), -0.5), 170.0),
        (ellipsoid(p, (h * 4, -48 * h, 30), (h * 34, h * 15, h * 30), -0.35), 235.0),
        (ellipsoid(p, (-h * 26, -24 * h, 40), (h * 16, h * 22, h * 32)), 225.0),
        (ellipsoid(p, (h * 4, 10, 68), (h * 30, h * 16, h * 18)), 185.0),
    )
    for chamber, value in chambers:
        paint(stack, np.maximum(chamber, heart + 3), value, 3.0)
    for vessel, value in ((between.aorta, 175.0), (between.veins, 250.0), (between.pulmonary, 290.0)):
        paint(stack, vessel, value)
    paint(stack, capsule((x, y), (8, 36), (8, 36), 7), 45.0)
    airway = airway_distance(t, *p)
    paint(stack, airway - 1.6, 25.0)
    paint(stack, airway, -985.0)


def _skeleton(stack: Stack, t: Thorax, rng: np.random.Generator) -> None:
    column = near(stack, (-16, spine_y(t) - 13, -400), (16, spine_y(t) + 29, 400))
    x, y, z = column.points
    phase = np.abs((z - t.lung_height - 4) / vertebra_spacing(t) % 1 - 0.5)
    marrow = 185 + 40 * fractal(column.whole, (2.5, 5, 5), 2, rng, column.window)
    paint(column, ellipsoid((x, y), (0, spine_y(t)), (15.5, 12.5)), np.where(phase > 0.1, marrow, 85.0))
    paint(column, ellipsoid((x, y), (0, spine_y(t) + 21), (8.5, 7.5)), 25.0)
    cloud = bones(t, 0.9, rng, raised=True)
    share = np.clip(1.35 * filled(stack, cloud.points, cloud.volume), 0, 1)
    mix(stack, share, 1050)
