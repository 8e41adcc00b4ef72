"""An axial head CT without contrast: skull, sulci, ventricles, deep grey matter, cerebellum and skull base.

Axes: x to the patient's left, y to the back, z to the vertex; z = 0 is the level of the third ventricle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth.fields import field, fractal
from synth.shapes import Array, capsule, ellipsoid, soft, union
from synth.volume import Stack, cut, empty_stack, mix, near, paint, part

SLICES, NOISE_HU, VIEW_MM = 20, 2.7, 230.0
GREY, WHITE, FLUID, BLOOD = 38.0, 27.5, 6.0, 66.0


@dataclass(frozen=True, slots=True)
class Head:
    """Half axes of the skull's outside in mm; ``atrophy`` 0 (young) to 1 (old) widens fluid spaces."""

    half_width: float
    half_length: float
    crown: float
    bone: float
    atrophy: float
    turn: float
    age: float


@dataclass(frozen=True, slots=True)
class HeadCt:
    """A painted head; ``inside`` is the signed distance (mm) to the inner table, negative within the cranial cavity.

    ``stack`` and ``inside`` are the part of ``whole`` that holds the head.
    """

    whole: Stack
    stack: Stack
    head: Head
    inside: Array


def draw_head(rng: np.random.Generator) -> Head:
    size, age = rng.normal(1, 0.025), rng.uniform(20, 88)
    return Head(
        half_width=74 * size * rng.normal(1, 0.02),
        half_length=92 * size * rng.normal(1, 0.02),
        crown=88 * size,
        bone=rng.uniform(5.5, 8),
        atrophy=float(np.clip((age - 30) / 60 + rng.normal(0, 0.12), 0, 1)),
        turn=rng.normal(0, 0.03),
        age=age,
    )


def head_ct(rng: np.random.Generator, calcified: bool = False) -> HeadCt:
    """A head drawn from ``rng``; ``calcified`` adds harmless lime of pineal gland, choroid plexus and basal ganglia."""
    h = draw_head(rng)
    whole = empty_stack(VIEW_MM, 0.9 * h.crown, -30, SLICES, 5.0)
    width, length = 1.12 * h.half_width + 8, h.half_length + 8
    stack = near(whole, (-width, 4 - length, -400), (width, 4 + length, 400))
    cosine, sine = math.cos(h.turn), math.sin(h.turn)
    turned = replace(stack, x=cosine * stack.x + sine * stack.y, y=cosine * stack.y - sine * stack.x)
    outside = _outline(h, turned.points, 0.0)
    inside = _outline(h, turned.points, h.bone) + 0.5 * field(stack.whole, (3, 40, 40), rng, stack.window)
    paint(turned, outside - 5.5 - 1.2 * np.clip(turned.y / 90, -1, 1), 30.0)
    paint(turned, outside - 3.6, -40.0, 2.0)
    _bone(turned, outside, inside, rng)
    _brain(turned, h, inside, rng)
    _ventricles(turned, h, inside)
    _midline(turned, h, inside)
    _base(turned, h, outside, rng)
    _lime(turned, h, calcified, rng)
    return HeadCt(whole, stack, h, inside)


def _box(stack: Stack, h: Head, one: Sequence[float], two: Sequence[float]) -> tuple[slice, slice, slice]:
    """Slices, rows and columns of the box between two places (mm) of the turned head, with 4 mm to spare."""
    return cut(stack, one, two, 4 + h.half_length * abs(h.turn))


def _outline(h: Head, p: Sequence[Array], shrink: float) -> Array:
    """Signed distance (mm) to an egg, broader at the back, ``shrink`` mm inside the skull's surface."""
    x, y, z = p
    broad = 1 + 0.10 * np.clip((y - 8) / h.half_length, -1, 1)
    flat = np.where(z < 0, 0.55 * z, z)
    a, b, c = h.half_width - shrink, h.half_length - shrink, h.crown - shrink
    level = (np.abs(x / (a * broad)) ** 2.2 + np.abs((y - 4) / b) ** 2.2 + np.abs(flat / c) ** 2.2 + 1e-9) ** (1 / 2.2)
    steep = np.sqrt((x / a**2) ** 2 + ((y - 4) / b**2) ** 2 + (flat / c**2) ** 2) / np.maximum(level, 0.2)
    return (level - 1) / np.maximum(steep, 1 / 150)


def _bone(stack: Stack, outside: Array, inside: Array, rng: np.random.Generator) -> None:
    """Two dense tables with spongy bone between."""
    paint(stack, outside, 1250.0, 1.2)
    middle = np.maximum(outside + 1.9, -(inside - 1.7))
    paint(stack, middle, 620 + 130 * fractal(stack.whole, (2.5, 5, 5), 2, rng, stack.window), 1.4)


def _brain(stack: Stack, h: Head, inside: Array, rng: np.random.Generator) -> None:
    """Grey ribbon over white matter with sulci: folds are the zero lines of a warped field, deepest at the surface."""
    _, y, z = stack.points
    depth = -inside
    folds = field(stack.whole, (3.2, 23, 23), rng, stack.window)
    folds += 0.45 * field(stack.whole, (2.5, 12, 12), rng, stack.window)
    slope = np.sqrt(sum(np.gradient(folds, axis=axis) ** 2 for axis in (1, 2)))
    ridge = np.abs(folds) / (slope + 0.025) * stack.geometry.spacing_mm
    reach = 16 + 5 * h.atrophy
    near = np.clip((reach - depth) / 9, 0, 1)
    grey = np.maximum(soft(ridge - 4.2, 2.6) * near, soft(depth - 4.4, 2.2))
    paint(stack, inside, FLUID, 1.4)
    tissue = WHITE + (GREY - WHITE) * grey + 0.8 * fractal(stack.whole, (2.5, 6, 6), 2, rng, stack.window)
    gap = 0.7 + 1.6 * h.atrophy
    paint(stack, inside + gap, tissue, 1.8)
    sulcus = (
        soft(ridge - (0.35 + 1.1 * h.atrophy), 1.7) * np.clip((reach - 4 - depth) / 6, 0, 1) * (0.55 + 0.4 * h.atrophy)
    )
    cerebrum = soft(np.where(y > 20, -20 - z + 0.35 * (y - 20), -45 - z), 6)
    mix(stack, sulcus * cerebrum * (depth > 0), FLUID + 4)
    _deep_grey(part(stack, _box(stack, h, (-48, -34, -12), (48, 26, 24))))
    _back_fossa(stack, h, inside, rng)


def _deep_grey(stack: Stack) -> None:
    """Caudate head, lentiform nucleus and thalamus of both sides; the internal capsule stays white between them."""
    x, y, z = stack.points
    mirrored = (np.abs(x), y, z)
    nuclei = (
        ((13.5, -22, 10), (5, 8.5, 10), 0.35),
        ((25, -6, 7), (6, 15, 10), 0.28),
        ((11, 10, 6), (8, 14, 10), -0.35),
    )
    for centre, radii, turn in nuclei:
        paint(stack, ellipsoid(mirrored, centre, radii, turn), GREY - 1.5, 3.2)
    insula = np.abs(np.abs(x) - 36 - 0.02 * (y + 4) ** 2 * 0.3) - 2.2
    paint(stack, np.maximum(insula, ellipsoid(mirrored, (36, -4, 6), (9, 22, 16))), GREY, 2.0)


def _back_fossa(head: Stack, h: Head, inside: Array, rng: np.random.Generator) -> None:
    """Cerebellum with fine folia, brain stem and the tentorium above."""
    warp = 3 * field(head.whole, (3, 30, 30), rng, head.window)
    cuts = _box(head, h, (-400, -16, -400), (400, 400, 22))
    stack, inside = part(head, cuts), inside[cuts]
    x, y, z = stack.points
    tent = -4 + 0.28 * (y - 20) - 0.16 * np.abs(x)
    below = np.maximum(np.maximum(z - tent, 14 - y), inside + 1.5)
    folia = np.sin((y + 0.25 * np.abs(x) + warp[cuts]) / 1.5) * 2.0
    edge = np.clip((10 + inside) / 8, 0, 1) + 0.25
    paint(stack, below, 33.0 + folia * edge, 2.0)
    stem = ellipsoid((x, y, z), (0, 12, -20), (13, 12, 26))
    paint(stack, np.maximum(stem, inside), 33.0, 2.0)


def _ventricles(head: Stack, h: Head, inside: Array) -> None:
    """Ventricles, cisterns and Sylvian fissures."""
    cuts = _box(head, h, (-50, -46, -28), (50, 62, 32))
    stack, inside = part(head, cuts), inside[cuts]
    x, y, z = stack.points
    m, wide = (np.abs(x), y, z), 0.75 + 0.75 * h.atrophy
    frontal = capsule(m, (5.5, -14, 16), (12 + 2 * wide, -36, 15), 2.6 * wide)
    body = capsule(m, (6 + wide, -14, 21), (11 + 2 * wide, 24, 24), 3.4 * wide)
    trigone = capsule(m, (11 + 2 * wide, 24, 23), (21 + 2 * wide, 37, 11), 4.3 * wide)
    occipital = capsule(m, (21 + 2 * wide, 37, 11), (18, 56, 8), 2.3 * wide)
    temporal = capsule(m, (21 + 2 * wide, 36, 8), (30, 8, -14), 1.4 * wide)
    ventricles = union(frontal, body, trigone, occipital, temporal, blend=3)
    paint(stack, np.maximum(ventricles, 1.2 - m[0]), FLUID, 2.0)
    third = ellipsoid(m, (0, 3, 1), (1.3 + 1.6 * wide, 13, 9))
    fourth = ellipsoid(m, (0, 27, -18), (4 + 3 * wide, 5, 8))
    star = union(
        ellipsoid(m, (0, -10, -13), (8 + 4 * wide, 7, 6)),
        capsule(m, (4, -12, -13), (27, -20, -9), 1.4 + wide),
        capsule(m, (5, 16, -8), (15, 24, -4), 1.4 + wide),
        ellipsoid(m, (0, 26, -2), (7, 4 + wide, 5)),
    )
    fissure = union(
        capsule(m, (33, -20, -6), (43, -4, 6), 0.6 + 1.2 * wide), capsule(m, (43, -4, 6), (46, 18, 17), 0.5 + wide)
    )
    for space in (third, fourth, star, fissure):
        paint(stack, np.maximum(space, inside + 0.5), FLUID + 1, 2.2)


def _midline(head: Stack, h: Head, inside: Array) -> None:
    """The fissure between the hemispheres with the falx in it and the great sinus behind."""
    cuts = _box(head, h, (-4, -400, -400), (4, 400, 400))
    stack, inside = part(head, cuts), inside[cuts]
    x, y, z = stack.points
    middle = np.maximum(
        np.maximum(np.abs(x) - (0.6 + 1.3 * h.atrophy), inside + 1), -np.maximum(-34 - y, np.maximum(y - 44, z - 42))
    )
    above = np.maximum(middle, -z - 2)
    paint(stack, above, FLUID + 8, 2.0)
    falx = np.maximum(np.maximum(np.abs(x) - 0.9, inside - 0.5), np.minimum(np.minimum(y + 40, 48 - y), 50 - z))
    paint(stack, np.maximum(falx, -z - 4), 58.0, 1.3)
    sinus = ellipsoid((x, y), (0, h.half_length - h.bone + 1), (4.5, 4.5))
    paint(stack, np.maximum(sinus, inside - 0.5), 56.0, 1.5)


def _base(head: Stack, h: Head, outside: Array, rng: np.random.Generator) -> None:
    """Petrous ridges with mastoid air, sphenoid wings, clinoids, orbital roofs and sinuses on the lowest slices."""
    cuts = _box(head, h, (-400, -400, -400), (400, 400, 4))
    stack, within, a = part(head, cuts), outside[cuts] - 0.5, h.half_width
    x, y, z = stack.points
    m = (np.abs(x), y, z)
    petrous = capsule(m, (17, 2, -27), (a - 12, 27, -25), 8.5)
    paint(stack, np.maximum(petrous, within), 1150 + 200 * field(stack.whole, (3, 6, 6), rng, stack.window), 1.6)
    cells = np.maximum(ellipsoid(m, (a - 14, 30, -29), (11, 13, 10)), within + 2.5)
    pattern = np.where(field(stack.whole, (2.5, 4.5, 4.5), rng, stack.window) > 0, -780.0, 700.0)
    paint(stack, cells, pattern, 1.6)
    wings = capsule(m, (12, -22, -25), (a - 14, -36, -21), 3.2)
    clivus = np.maximum(ellipsoid(m, (0, -4, -30), (12, 8, 9)), within)
    for bone in (np.maximum(wings, within), clivus):
        paint(stack, bone, 900.0, 1.5)
    face = np.maximum(z + 13 - 0.32 * (-48 - y), y + 44)
    orbit = np.maximum(ellipsoid(m, (32, -68, -28), (20, 25, 14)), within + 2)
    paint(stack, np.maximum(face, within + 1), 45.0, 2.0)
    paint(stack, orbit - 2.2, 800.0, 1.5)
    paint(stack, orbit, -95.0, 2.0)
    paint(stack, ellipsoid(m, (32, -75, -29), (12, 12, 11)), 18.0, 1.6)
    paint(stack, capsule(m, (30, -63, -29), (12, -40, -28), 2.3), 35.0, 1.6)
    ethmoid = np.maximum(m[0] - 11, np.maximum(ellipsoid(m, (0, -62, -30), (14, 27, 13)), within + 3))
    paint(stack, ethmoid, np.where(np.abs((y / 6) % 1 - 0.5) > 0.38, 250.0, -900.0), 1.6)
    frontal_sinus = np.maximum(ellipsoid(m, (9, -h.half_length + 9, -14), (10, 4.5, 11)), within + 2)
    paint(stack, frontal_sinus, -950.0, 1.4)


def _lime(head: Stack, h: Head, calcified: bool, rng: np.random.Generator) -> None:
    stack = part(head, _box(head, h, (-26, -10, -4), (26, 42, 24)))
    x, y, z = stack.points
    m = (np.abs(x), y, z)
    paint(stack, ellipsoid((x, y, z), (0.5, 24, 4), (2, 2.4, 3)), 150.0 if calcified else 90.0, 2.0)
    if calcified:
        grain = field(stack.whole, (2.5, 3, 3), rng, stack.window)
        paint(stack, ellipsoid(m, (21, 34, 15), (2.6, 4.5, 6)), 190 + 60 * grain, 2.0)
        paint(stack, ellipsoid(m, (20, -5, 5), (2.2, 4, 4)), 85.0, 3.0)
