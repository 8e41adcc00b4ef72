"""An axial CT of the upper and middle abdomen in the portal venous phase.

Axes: x to the patient's left, y to the back, z to the head; z = 0 lies at the kidneys' upper third.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth.fields import field, fractal
from synth.shapes import Array, capsule, ellipsoid, soft, union
from synth.vessels import grow
from synth.volume import Stack, cut, empty_stack, filled, mix, near, paint, part

SLICES, NOISE_HU, WARP_MM, FAR_MM = 24, 11.0, 16.0, 99.0
LIVER, SPLEEN, CORTEX, MEDULLA, FAT = 112.0, 124.0, 178.0, 138.0, -104.0


@dataclass(frozen=True, slots=True)
class Abdomen:
    """Half axes of the body's surface and the thickness of fat under the skin, in mm; organs scale with ``size``."""

    half_width: float
    half_depth: float
    fat: float
    size: float
    female: bool
    age: float


@dataclass(frozen=True, slots=True)
class Kidney:
    """The place (mm) of a kidney's centre; ``side`` is -1 right, 1 left."""

    side: int
    centre: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class AbdomenCt:
    """A painted abdomen and where its lesions lie: the signed distance (mm) to the liver, the kidneys, right first.

    ``stack`` and ``liver`` are the part of ``whole`` that holds the body.
    """

    whole: Stack
    stack: Stack
    body: Abdomen
    liver: Array
    kidneys: tuple[Kidney, Kidney]


def draw_abdomen(rng: np.random.Generator) -> Abdomen:
    female, fat = bool(rng.random() < 0.5), float(np.clip(rng.normal(22, 9), 9, 44))
    size = rng.normal(0.95 if female else 1.03, 0.04)
    return Abdomen(132 * size + fat, 94 * size + 0.75 * fat, fat, size, female, rng.uniform(25, 85))


def abdomen_ct(rng: np.random.Generator) -> AbdomenCt:
    b = draw_abdomen(rng)
    whole = empty_stack(2 * b.half_width + 36, 78, -118, SLICES, 5.0)
    stack = near(whole, (-b.half_width, -b.half_depth - 4, -400), (b.half_width, b.half_depth - 4, 400))
    # Made for the whole, not its window: the organs must not move with where the body was cut out.
    warp = [7 * b.size * field(stack.whole, (5, 60, 60), rng)[stack.window] for _ in range(2)]
    x, y = (axis + np.clip(shift, -WARP_MM, WARP_MM) for axis, shift in zip(stack.points, warp, strict=False))
    warped = replace(stack, x=x, y=y)
    grain = fractal(stack.whole, (2.5, 9, 9), 3, rng, stack.window)
    cavity = _wall(stack, b, grain)
    _bowel(stack, warped, b, cavity, rng)
    liver = _liver(stack, warped, b, cavity, grain, rng)
    _left_side(stack, warped, b, cavity, grain)
    kidneys = (_kidney(stack, b, -1, rng), _kidney(stack, b, 1, rng))
    _vessels(stack, warped, b)
    _spine(stack, b, rng)
    return AbdomenCt(whole, stack, b, liver, kidneys)


def _tube(
    stack: Stack, one: Sequence[float], two: Sequence[float], radius: float, value: float, inside: Array | None = None
) -> None:
    """A straight vessel or gut; ``inside`` is the signed distance (mm) to what it may not leave."""
    cuts = cut(stack, one, two, radius + WARP_MM)
    region = part(stack, cuts)
    shape = capsule(region.points, one, two, radius)
    paint(region, shape if inside is None else np.maximum(shape, inside[cuts]), value)


def _oval(x: Array, y: Array, a: float, b: float, power: float = 2.3) -> Array:
    level = (np.abs(x / a) ** power + np.abs(y / b) ** power + 1e-9) ** (1 / power)
    return (level - 1) * min(a, b)


def _wall(stack: Stack, b: Abdomen, grain: Array) -> Array:
    """Skin, fat, the muscles of the wall and back; gives back the signed distance (mm) to the cavity."""
    x, y, z = stack.points
    skin = _oval(x, y + 4, b.half_width, b.half_depth)
    paint(stack, skin, 15.0)
    paint(stack, skin + 2.2, FAT + 7 * grain, 1.8)
    a, d = b.half_width - b.fat, b.half_depth - 0.75 * b.fat
    front = np.clip(-(y + 40) / 40, 0, 1)
    muscle = _oval(x, y, a, d) + 2 * front
    rectus = np.where((np.abs(x) < 4) & (y < -50), 3.0, 0.0)
    paint(stack, muscle + rectus, 58 + 5 * grain)
    cavity = muscle + 11 - 3 * front
    layers = np.abs(-muscle / 3.7 % 1 - 0.5) * 3.7 - 0.35
    side = np.maximum(layers, np.maximum(np.maximum(muscle + 2, -cavity), np.maximum(np.abs(y) - 45, 70 - np.abs(x))))
    paint(stack, side, -35.0, 1.6)
    paint(stack, cavity, FAT + 9 * grain)
    cuts = cut(stack, (-79, 0.56 * d - 32, -400), (79, d, 400), 2)
    back, muscle, grain = part(stack, cuts), muscle[:, cuts[1], cuts[2]], grain[cuts]
    mirrored = (np.abs(back.x), back.y, z)
    for shape in (
        ellipsoid(mirrored, (34, 0.83 * d, 0), (30, 19, 400)),
        capsule(mirrored, (26, 0.56 * d - 6, 30), (46, 0.56 * d - 10, -125), 9) - 10 * np.clip((20 - z) / 140, 0, 1),
        ellipsoid(mirrored, (62, 62, -60), (17, 11, 85)),
    ):
        paint(back, np.maximum(shape, muscle + 2), 60 + 6 * grain)
    return np.broadcast_to(cavity, stack.shape)


def _liver(body: Stack, warped: Stack, b: Abdomen, cavity: Array, grain: Array, rng: np.random.Generator) -> Array:
    """Liver with its veins, the gallbladder below; gives back the signed distance (mm) to the liver."""
    s, cuts = b.size, cut(body, (-400, -400, -54 * b.size), (80 * b.size, 400, 400), WARP_MM)
    stack, p = part(body, cuts), part(warped, cuts).points
    right = ellipsoid(p, (-68 * s, 2, 34), (68 * s, 84 * s, 88 * s), 0.15)
    left = ellipsoid(p, (8 * s, -52 * s, 48), (72 * s, 34 * s, 44 * s), 0.2)
    hollow = ellipsoid(p, (-6, 22, 0), (44, 58, 60))
    liver = np.maximum(np.maximum(union(right, left, blend=14), cavity[cuts] + 2.5), -hollow)
    paint(stack, liver, LIVER + 5 * grain[cuts])
    _liver_vessels(stack, liver, rng)
    gall = ellipsoid(p, (-48 * s, -42 * s, -14), (14, 19, 26), 0.4)
    paint(stack, gall - 1.2, 80.0)
    paint(stack, gall, 9.0)
    distance = np.full(body.shape, FAR_MM, np.float32)
    distance[cuts] = np.maximum(liver, 1.5 - gall)
    return distance


def _liver_vessels(stack: Stack, liver: Array, rng: np.random.Generator) -> None:
    """Portal and hepatic veins; ``liver`` is the signed distance (mm) to the liver."""
    tries = rng.uniform((-135, -90, -50), (50, 80, 110), (2200, 3))
    g = stack.geometry
    places = (tries - g.first_mm) / (g.spacing_mm, g.spacing_mm, -g.step_mm)
    column, row, level = np.clip(np.rint(places).astype(int), 0, np.array(stack.shape[::-1]) - 1).T
    inside, open_to_blood = tries[liver[level, row, column] < -7], soft(liver + 1, 2)
    for root, size in ((np.array([-34.0, -6, 26]), 6.0), (np.array([-22.0, 12, 84]), 6.5)):
        chosen = inside[rng.permutation(len(inside))[:80]]
        tree = grow(root, [], chosen, size, rng, thinning=2.1)
        mix(stack, np.clip(filled(stack, *tree.points(0.9)), 0, 1) * open_to_blood, 168.0)


def _left_side(body: Stack, warped: Stack, b: Abdomen, cavity: Array, grain: Array) -> None:
    """Spleen, stomach with an air-fluid level, pancreas and adrenals."""
    s, cuts = b.size, cut(body, (-46, -74 * b.size, -44), (130 * b.size, 90 * b.size, 400), WARP_MM)
    stack, p, cavity, grain = part(body, cuts), part(warped, cuts).points, cavity[cuts], grain[cuts]
    spleen = np.maximum(ellipsoid(p, (98 * s, 34, 34), (30 * s, 52 * s, 50 * s), 0.5), cavity + 3)
    spleen = np.maximum(spleen, -ellipsoid(p, (62 * s, 18, 34), (26, 46, 60), 0.5))
    stomach = np.maximum(ellipsoid(p, (52 * s, -34, 44), (42 * s, 34 * s, 52 * s), 0.3), cavity + 4)
    paint(stack, stomach, 92.0)
    paint(stack, stomach + 4, np.where(stack.y < -48 * s, -930.0, 24.0).astype(np.float32) + 3 * grain, 2.2)
    paint(stack, spleen, SPLEEN + 4 * grain)
    lobules = 2.2 * field(stack.whole, (2.5, 5, 5), np.random.default_rng(7), stack.window)
    paint(stack, _pancreas(p, s) + lobules, 96 + 6 * grain, 2.4)
    for side in (-1, 1):
        for turn in (-7.0, 6.0):
            _tube(body, (side * 30.0, 26.0, 26.0), (side * 33.0 + turn, 42, 20), 1.9, 75.0)


def _pancreas(points: Sequence[Array], size: float) -> Array:
    course = [(-30, -6, -26), (-24, -14, -6), (-2, -24, 8), (28, -20, 18), (58, 2, 26), (80, 18, 32)]
    parts = [
        capsule(points, [size * c for c in one], [size * c for c in two], radius)
        for one, two, radius in zip(course[:-1], course[1:], (12.5, 10, 8.5, 8.5, 8), strict=True)
    ]
    return union(*parts, blend=5)


def _kidney(body: Stack, b: Abdomen, side: int, rng: np.random.Generator) -> Kidney:
    """Cortex, pyramids, the sinus with fat and an empty pelvis, its vessels and ureter."""
    s, drop = b.size, -34.0 if side < 0 else -24.0
    centre = (side * 64 * s, 36.0 + rng.normal(0, 2), drop + rng.normal(0, 4))
    stack = near(body, centre, centre, 60 * s)
    q = _kidney_axes(stack, side, centre)
    kidney = ellipsoid(q, (0, 0, 0), (26 * s, 30 * s, 54 * s), -0.5)
    kidney = kidney + 0.7 * field(stack.whole, (3, 16, 16), rng, stack.window)
    sinus = ellipsoid(q, (-15 * s, -4, 0), (15 * s, 11 * s, 29 * s), -0.5)
    paint(stack, kidney, CORTEX)
    turn, height = np.arctan2(q[1] + 4, q[0] + 13 * s), q[2] / 13
    pyramids = np.cos(turn * 4.2) * np.cos(height * np.pi / 1.6) - 0.05
    paint(stack, np.maximum(-6 * pyramids, np.maximum(kidney + 6.5, -sinus)), MEDULLA, 3.0)
    paint(stack, np.maximum(sinus, kidney - 3), -75.0, 2.4)
    pelvis = union(ellipsoid(q, (-17 * s, -4, 0), (10, 4, 12)), capsule(q, (-12, -3, -14), (-12, -3, 14), 2.6))
    paint(stack, pelvis, 14.0, 2.2)
    way = near(body, (side * 30 * s, centre[1] - 12, centre[2] - 114), (side * 70 * s, centre[1] + 16, centre[2] - 10))
    paint(way, capsule(_kidney_axes(way, side, centre), (-24 * s, -2, -14), (-27, 4, -110), 2.0), 18.0, 2.0)
    for value, radius, gap in ((166.0, 4.2, -8.0), (172.0, 2.6, 4.0)):
        _tube(body, (side * 12, 14, drop + 6), (side * 44 * s, 28 + gap, drop + 3), radius, value)
    return Kidney(side, centre)


def _kidney_axes(stack: Stack, side: int, centre: Sequence[float]) -> tuple[Array, Array, Array]:
    """mm from a kidney's centre outwards, backwards and up; its upper pole leans to the spine."""
    x, y, z = stack.points
    tilt = (z - centre[2]) * 0.22
    return side * (x - centre[0]) + tilt, y - centre[1] + 0.1 * tilt, z - centre[2]


def _vessels(stack: Stack, warped: Stack, b: Abdomen) -> None:
    """Aorta, vena cava, the mesenteric, portal and splenic vessels."""
    front = _spine_y(b) - 27
    splenic = [(-6, -10, 12), (28, -10, 22), (62, 10, 30), (86, 24, 34)]
    straight = (
        ((8, front, 100), (7, front - 2, -92), 10.0, 172.0),
        ((7, front - 2, -92), (22, front + 2, -130), 6.5, 172.0),
        ((7, front - 2, -92), (-12, front + 2, -130), 6.5, 172.0),
        ((7, front - 8, 16), (10, -8, -18), 3.6, 172.0),
        ((10, -8, -18), (12, -14, -120), 3.4, 168.0),
        ((-4, -12, -120), (-6, -10, 12), 5.6, 176.0),
        ((8, front - 4, 26), (-26, -4, 30), 2.8, 170.0),
    )
    for one, two, radius, value in straight:
        _tube(stack, one, two, radius, value)
    cava = near(stack, (-36, front - 14, -400), (-8, front + 8, 400))
    paint(cava, ellipsoid(cava.points, (-22, front - 3, 0), (12.5, 9.5, 600)), 150.0)
    _tube(warped, (-6, -10, 12), (-36, -6, 28), 7.0, 176.0)
    for start, end in zip(splenic[:-1], splenic[1:], strict=True):
        _tube(warped, start, end, 4.0, 174.0)


def _bowel(stack: Stack, warped: Stack, b: Abdomen, cavity: Array, rng: np.random.Generator) -> None:
    """Loops of small bowel and the colon with stool and gas, among strands of the mesentery."""
    s = b.size
    strands = fractal(stack.whole, (3, 18, 18), 3, rng, stack.window)
    paint(stack, np.maximum(np.abs(strands) * 7 - 0.5, np.maximum(cavity + 6, stack.y - 20)), -20.0, 2.4)
    inside, content = cavity + 4, 32 + 8 * strands
    for _ in range(46):
        centre = (rng.uniform(-62, 92) * s, rng.uniform(-76, -2) * s, rng.uniform(-128, -14))
        turn, radius, length = rng.uniform(0, np.pi), rng.uniform(8, 13), rng.uniform(14, 32)
        end = (centre[0] + length * np.cos(turn), centre[1] + length * np.sin(turn), centre[2] + rng.normal(0, 12))
        _gut(warped, centre, end, radius, inside, content, bool(rng.random() < 0.35))
    courses = (
        ((-100, 14, -130), (-100, 6, -26), 22.0),
        ((-100, 0, -28), (-62, -60, -44), 17.0),
        ((-62, -60, -46), (40, -68, -50), 16.0),
        ((40, -68, -50), (96, -14, 6), 15.0),
        ((98, 10, 8), (100, 26, -130), 13.5),
    )
    gas = field(stack.whole, (2.5, 5, 5), rng, stack.window) > 0.75
    content = 45 - 465 * gas.astype(np.float32) + 26 * strands
    inside = np.maximum(cavity + 3, 2.4 * np.sin(stack.z / 9 + stack.x / 11) - 3)
    for one, two, radius in courses:
        ends = [[s * c for c in place] for place in (one, two)]
        _gut(warped, ends[0], ends[1], radius, inside, content, True)


def _gut(
    stack: Stack, one: Sequence[float], two: Sequence[float], radius: float, inside: Array, content: Array, gas: bool
) -> None:
    """A piece of gut with its wall, its ``content`` (HU) and, above it, gas."""
    cuts = cut(stack, one, two, radius + WARP_MM)
    region = part(stack, cuts)
    wall = np.maximum(capsule(region.points, one, two, radius), inside[cuts])
    paint(region, wall, 82.0)
    high = (region.y < (one[1] + two[1]) / 2 - 0.4 * radius) & gas
    paint(region, wall + 2.5, np.where(high, -900.0, content[cuts]), 2.1)


def _spine_y(b: Abdomen) -> float:
    """y (mm) of the centre of the vertebral bodies."""
    return 0.56 * (b.half_depth - 0.75 * b.fat)


def _spine(body: Stack, b: Abdomen, rng: np.random.Generator) -> None:
    """Lumbar vertebrae with canal and processes, and the lower ribs in the wall."""
    stack = near(body, (-42, _spine_y(b) - 20, -400), (42, 400, 400))
    x, y, z = stack.points
    disc = np.abs((z + 6) / 33 % 1 - 0.5) < 0.13
    marrow = 190 + 45 * fractal(stack.whole, (2.5, 4, 4), 2, rng, stack.window)
    vertebra = ellipsoid((x, y), (0, _spine_y(b)), (24, 18))
    paint(stack, vertebra, np.where(disc, 92.0, 560.0).astype(np.float32), 1.4)
    paint(stack, vertebra + 1.8, np.where(disc, np.float32(88), marrow), 1.6)
    behind, back = (np.abs(x), y - _spine_y(b)), 0.38 * (b.half_depth - 0.75 * b.fat)
    processes = (
        ((13, 14), (15, 27), 4.5),
        ((15, 29), (3, 35), 4.0),
        ((0, 34), (0, back), 3.2),
        ((17, 22), (40, 25), 2.8),
    )
    for one, two, radius in processes:
        bone = capsule(behind, one, two, radius)
        paint(stack, np.where(disc & (radius < 4.4), np.float32(9), bone), 620.0, 1.5)
    paint(stack, ellipsoid((x, y), (0, _spine_y(b) + 23), (11, 8)), 22.0)
    _ribs(body, b)


def _ribs(stack: Stack, b: Abdomen) -> None:
    """The lower ribs, slice by slice: each runs round the wall as it falls."""
    a, d = b.half_width - b.fat - 3, b.half_depth - 0.75 * b.fat - 3
    for level, z in enumerate(stack.z.ravel().tolist()):
        for number in range(5):
            turn = 0.30 + 0.012 * (78 - z) + 0.36 * number
            if turn >= 2.5 - 0.25 * number or z <= -60 + 14 * number:
                continue
            for side in (-1, 1):
                place = (side * a * math.sin(turn), d * math.cos(turn), z)
                _, rows, columns = cut(stack, place, place, 11)
                region = part(stack, (slice(level, level + 1), rows, columns))
                rib = ellipsoid(region.points[:2], place, (9, 4.2), -side * turn)
                paint(region, rib, 700.0, 1.4)
                paint(region, rib + 1.6, 180.0, 1.4)
