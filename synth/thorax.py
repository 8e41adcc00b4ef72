"""One chest in millimetres: the same geometry is projected to a radiograph and cut to a CT.

Axes as in DICOM: x to the patient's left, y to the back, z to the head. z = 0 is the right dome of the diaphragm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth.shapes import Array, capsule, ellipsoid, union
from synth.vessels import Tree, grow


@dataclass(frozen=True, slots=True)
class Thorax:
    """What varies between chests. Lengths in mm; ``female`` adds breasts; ``heart`` scales the heart (1: normal)."""

    half_width: float
    half_depth: float
    lung_height: float
    wall: float
    heart: float
    heart_axis: float
    left_dome: float
    aorta: float
    female: bool
    rotation: float
    age: float


def draw_thorax(rng: np.random.Generator) -> Thorax:
    female = bool(rng.random() < 0.5)
    size = rng.normal(0.94 if female else 1.03, 0.04)
    return Thorax(
        half_width=132 * size * rng.normal(1, 0.03),
        half_depth=92 * size * rng.normal(1, 0.05),
        lung_height=212 * size * rng.normal(1, 0.05),
        wall=float(np.clip(rng.normal(24, 7), 14, 42)),
        heart=size * rng.normal(0.98, 0.035),
        heart_axis=rng.uniform(-0.5, 0.9),
        left_dome=-rng.uniform(4, 18),
        aorta=rng.normal(1, 0.08),
        female=female,
        rotation=rng.normal(0, 1.5),
        age=rng.uniform(25, 85),
    )


def profile(t: Thorax, z: Array) -> tuple[Array, Array, Array]:
    """Inner half width, half depth and y of the centre of the chest (mm) at height ``z``."""
    u = np.clip(z / t.lung_height, 0.0, 0.985)
    return t.half_width * (1 - u**2.9) ** 0.52, t.half_depth * (1 - u**3.6) ** 0.5, 4 + 16 * u


def wall_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the inside of the rib cage: negative inside, above the apex always positive."""
    a, b, yc = profile(t, z)
    power = 2.15
    level = (np.abs(x / a) ** power + np.abs((y - yc) / b) ** power + 1e-9) ** (1 / power)
    return np.maximum((level - 1) * np.minimum(a, b), z - t.lung_height)


def diaphragm(t: Thorax, x: Array, y: Array) -> Array:
    """Height z (mm) of the diaphragm: two domes that fall to the ribs, deepest at the back."""
    heights = []
    for side, top in ((-1.0, 0.0), (1.0, t.left_dome)):
        across = (x - side * 0.5 * t.half_width) * side / (0.5 * t.half_width)
        fall = np.where(across > 0, 58 * np.abs(across) ** 2.3, 10 * across**2)
        back = (y + 6) / t.half_depth
        heights.append(top - fall - np.where(back > 0, 62.0, 34.0) * np.abs(back) ** 2.1)
    left = np.clip(0.5 + x / 44, 0, 1)
    return heights[0] * (1 - left) + heights[1] * left


def heart_distance(t: Thorax, x: Array, y: Array, z: Array, shrink: float = 0.0) -> Array:
    """Signed distance (mm) to the heart with its great vessels' roots; ``shrink`` mm thinner gives the chambers."""
    h, p = t.heart, (x, y, z)
    tip = 50 + 6 * t.heart_axis
    ventricle = ellipsoid(p, (h * 27, -30 * h, 24), (h * tip - shrink, h * 41 - shrink, h * 43 - shrink), turn=-0.45)
    right = ellipsoid(p, (-h * 8, -36 * h, 40), (h * 38 - shrink, h * 33 - shrink, h * 44 - shrink))
    left_atrium = ellipsoid(p, (h * 4, 10, 68), (h * 34 - shrink, h * 20 - shrink, h * 22 - shrink))
    return union(ventricle, right, left_atrium, blend=16)


def heart_span(t: Thorax) -> tuple[float, float, float]:
    """Right and left border of the heart (x in mm) and the cardiothoracic ratio."""
    x = np.arange(-t.half_width, t.half_width, 1.0)[None, None, :]
    y, z = np.arange(-90.0, 50, 6)[:, None, None], np.arange(0.0, 80, 5)[None, :, None]
    columns = np.flatnonzero((heart_distance(t, x, y, z) < 0).any(axis=(0, 1)))
    left, right = float(x[0, 0, columns[0]]), float(x[0, 0, columns[-1]])
    return left, right, (right - left) / (2 * t.half_width)


def enlarged(t: Thorax, ratio: float) -> Thorax:
    """The same chest with its heart scaled until the cardiothoracic ratio is ``ratio``, to about a hundredth."""
    low, high = 0.7, 2.0
    for _ in range(9):
        middle = (low + high) / 2
        if heart_span(replace(t, heart=middle))[2] < ratio:
            low = middle
        else:
            high = middle
    return replace(t, heart=high)


def aorta_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the aorta: ascending part, arch and descending part."""
    p, r, top = (x, y, z), 14.5 * t.aorta, 0.63 * t.lung_height
    bow = [(-16.0, -22.0, top - 12), (-6.0, -12.0, top + 3), (14.0, 8.0, top + 6), (26.0, 28.0, top - 5)]
    parts = [capsule(p, (2, -22, 72), bow[0], r * 1.1)]
    parts += [capsule(p, a, b, r) for a, b in zip(bow[:-1], bow[1:], strict=True)]
    parts += [
        capsule(p, bow[-1], (24, 44, top - 30), r * 0.95),
        capsule(p, (24, 44, top - 30), (12, 42, -150), r * 0.85),
    ]
    return union(*parts, blend=4)


def pulmonary_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the pulmonary trunk and its two main branches."""
    p, z0 = (x, y, z), 0.46 * t.lung_height
    return union(
        capsule(p, (14, -34, 70), (23, -12, z0), 13.5),
        capsule(p, (23, -12, z0), (40, 8, z0 + 2), 10.5),
        capsule(p, (18, -10, z0 - 3), (-34, 4, z0 - 8), 10),
        blend=6,
    )


def veins_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the superior vena cava and the brachiocephalic veins and arteries above the arch."""
    p, top = (x, y, z), 0.63 * t.lung_height
    return union(
        capsule(p, (-24, -18, 70), (-25, -14, top + 12), 9.5),
        capsule(p, (-25, -14, top + 12), (-34, -6, top + 70), 8),
        capsule(p, (14, -2, top + 8), (30, 4, top + 75), 7),
        capsule(p, (-4, -4, top + 8), (-20, 6, top + 75), 6.5),
        capsule(p, (-25, -16, top + 14), (22, -20, top + 28), 7),
    )


def spine_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the column of vertebral bodies with the tissue around it."""
    return np.asarray(ellipsoid((x, y), (0, spine_y(t)), (20, 24)) + 0 * z)


def spine_y(t: Thorax) -> float:
    """y (mm) of the centre of the vertebral bodies."""
    return 0.72 * t.half_depth


def airway_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the air of trachea and main bronchi."""
    p, carina = (x, y, z), 0.53 * t.lung_height
    return union(
        capsule(p, (-1, 20, carina), (0, 8, t.lung_height + 90), 8.3),
        capsule(p, (-1, 20, carina), (-28, 22, carina - 24), 6.6),
        capsule(p, (-1, 20, carina), (36, 24, carina - 26), 5.8),
        blend=3,
    )


@dataclass(frozen=True, slots=True)
class Mediastinum:
    """Signed distances (mm) to what lies between the lungs; ``outline`` is all of it together."""

    heart: Array
    aorta: Array
    pulmonary: Array
    veins: Array
    outline: Array


def mediastinum(t: Thorax, x: Array, y: Array, z: Array) -> Mediastinum:
    core = union(
        capsule((x, y, z), (0, -14, 60), (0, 0, t.lung_height + 60), 21),
        capsule((x, y, z), (0, 18, -60), (0, 24, t.lung_height), 15),
    )
    heart, aorta = heart_distance(t, x, y, z), aorta_distance(t, x, y, z)
    pulmonary, veins = pulmonary_distance(t, x, y, z), veins_distance(t, x, y, z)
    fat = ellipsoid((x, y, z), (8, -30, -14), (46 * t.heart, 44, 20))
    outline = union(heart, aorta - 2, pulmonary, veins - 1, spine_distance(t, x, y, z), core, fat, blend=7)
    outline = np.minimum(outline, np.abs(x) - 2.0)
    return Mediastinum(heart, aorta, pulmonary, veins, outline)


def mediastinal_box(t: Thorax) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Two opposite corners (mm) of a box beyond which the mediastinum is farther than 15 mm away.

    It reaches the front, for the sheet between the lungs does.
    """
    return (-64 * t.heart, -t.half_depth - 16, -400.0), (100 * t.heart, t.half_depth + 16, 400.0)


def pleural_distance(t: Thorax, x: Array, y: Array, z: Array, cage: Array | None = None) -> Array:
    """Signed distance (mm) to the lungs as if nothing lay between them: inside the ribs, above the diaphragm.

    ``cage`` is the distance to the inside of the ribs, where it is known already.
    """
    wall = wall_distance(t, x, y, z) if cage is None else cage
    return np.maximum(wall + 2.0, 0.75 * (diaphragm(t, x, y) - z))


def lung_distance(t: Thorax, x: Array, y: Array, z: Array) -> Array:
    """Signed distance (mm) to the lungs: inside the ribs, above the diaphragm, outside the mediastinum."""
    return np.maximum(pleural_distance(t, x, y, z), -mediastinum(t, x, y, z).outline)


def lung_vessels(t: Thorax, side: int, number: int, rng: np.random.Generator) -> Tree:
    """The vessel tree of one lung; ``side`` is -1 right, 1 left."""
    tries = rng.uniform((0, -1, -0.28), (1, 1, 1), (number * 9, 3))
    spots = tries * (side * t.half_width, t.half_depth, t.lung_height) + (0, 8, 0)
    inside = lung_distance(t, spots[:, 0], spots[:, 1], spots[:, 2]) < -4
    root = np.array([side * 26.0, 6.0, 0.43 * t.lung_height + (5 if side > 0 else -5)])
    ways = [(18, 6, -18), (27, 14, -52), (34, 22, -86)], [(14, -2, 16), (20, -2, 44)]
    trunks = [_course(root, [root + (side * dx, dy, dz) for dx, dy, dz in way], rng) for way in ways]
    return grow(root, trunks, spots[inside][:number], 8.5, rng, thinning=2.6)


def _course(root: Array, corners: list[Array], rng: np.random.Generator) -> Array:
    """A trunk from ``root`` over ``corners`` in steps of about 6 mm, (n, 3), the root left out."""
    line = np.vstack([root, *corners]) + np.vstack([np.zeros(3), rng.normal(0, 2, (len(corners), 3))])
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    places = np.linspace(0, way[-1], int(way[-1] / 6))[1:]
    return np.stack([np.interp(places, way, line[:, axis]) for axis in range(3)], axis=1)
