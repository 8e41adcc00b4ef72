"""The bones of the chest as clouds of points on their cortex, each carrying a volume of bone (mm3).

A cloud projects to a radiograph and cuts to a CT alike; the bright rim of a rib on a film comes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.shapes import Array
from synth.thorax import Thorax, profile, spine_y


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points (n, 3) in mm and the bone volume (n,) in mm3 that each stands for, float32, being a million."""

    points: Array
    volume: Array


def join(clouds: list[Cloud]) -> Cloud:
    points, volumes = [c.points for c in clouds], [c.volume for c in clouds]
    return Cloud(np.concatenate(points, dtype=np.float32), np.concatenate(volumes, dtype=np.float32))


def tube(
    path: Array, across: Array, up: Array, half_width: Array, half_height: Array, cortex: float, step: float
) -> Cloud:
    """A hollow bone along ``path`` (n, 3), oval in the directions ``across`` and ``up`` (n, 3), ``cortex`` mm thick.

    ``half_width`` and ``half_height`` are (n,) in mm; a little spongy bone fills the middle.
    """
    length = np.linalg.norm(np.gradient(path, axis=0), axis=1)
    ring = max(10, int(2 * np.pi * float(half_height.max()) / step))
    angle = np.arange(ring) * 2 * np.pi / ring
    around = (np.pi / ring * (half_width + half_height) * length).astype(np.float32)
    wide = np.outer(half_width, np.cos(angle)).astype(np.float32)[..., None]
    high = np.outer(half_height, np.sin(angle)).astype(np.float32)[..., None]
    rim = wide * across[:, None].astype(np.float32) + high * up[:, None].astype(np.float32)
    places, volumes = [], []
    for scale, thick in ((1.0, cortex), (0.55, 0.22 * cortex)):
        places.append((path[:, None].astype(np.float32) + scale * rim).reshape(-1, 3))
        volumes.append(np.repeat(scale * thick * around, ring))
    return Cloud(np.concatenate(places), np.concatenate(volumes))


def vertebra_spacing(t: Thorax) -> float:
    """Height (mm) of one thoracic vertebra with its disc."""
    return (t.lung_height - 18) / 9


def rib_path(t: Thorax, side: int, number: int, samples: int) -> Array:
    """The middle line (samples, 3) of a rib (``number`` 1 to 12), from its head to its bony end in front."""
    reach = {1: 0.84, 11: 0.58, 12: 0.44}.get(number, 0.84 - 0.012 * number)
    turn = np.linspace(0.13, reach, samples)
    head = t.lung_height + 4 - (number - 1) * vertebra_spacing(t)
    fall = (34 + 9.5 * min(number, 8)) * (0.9 + 0.1 * t.half_depth / 92)
    z = head + 6 * np.exp(-(((turn - 0.16) / 0.1) ** 2)) - fall * turn**1.35
    a, b, yc = profile(t, np.minimum(z, 0.93 * t.lung_height))
    power = 0.92
    x = (a + 3) * np.sign(np.sin(np.pi * turn)) * np.abs(np.sin(np.pi * turn)) ** power
    cosine = np.cos(np.pi * turn)
    y = yc + (b + 3) * np.sign(cosine) * np.abs(cosine) ** power
    return np.stack([side * x, y, z], axis=1)


def rib(t: Thorax, side: int, number: int, step: float) -> Cloud:
    samples = int(300 / step)
    path = rib_path(t, side, number, samples)
    outward = path * (1, 1, 0) - (0, 10, 0)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    up = np.tile(np.array([0.0, 0.0, 1.0]), (samples, 1)) - 0.25 * outward
    size = np.interp(np.linspace(0, 1, samples), (0, 0.1, 0.5, 0.9, 1), (0.85, 1.0, 1.0, 1.1, 1.15))
    bone = tube(path, outward, up, 3.1 * size, 6.1 * size * t.half_width / 132, 0.75, step)
    return Cloud(bone.points, bone.volume * np.where(bone.points[:, 1] < 0, 0.72, 1.0))


def clavicle(t: Thorax, side: int, step: float) -> Cloud:
    samples = int(170 / step)
    u = np.linspace(0, 1, samples)
    x = side * (16 + (t.half_width + 18) * u) + 1.2 * t.rotation
    y = -38 + 55 * u - 16 * np.sin(2 * np.pi * u)
    z = t.lung_height - 24 + 30 * u + 7 * np.sin(np.pi * u * 1.7)
    ones = np.ones(samples)
    forward, up = np.outer(ones, (0.0, 1.0, 0.0)), np.outer(ones, (0.0, 0.0, 1.0))
    size = np.interp(u, (0, 0.12, 0.5, 1), (1.55, 1.05, 0.9, 1.1))
    return tube(np.stack([x, y, z], 1), forward, up, 5 * size, 5.6 * size, 1.15, step)


def _plate(outline: Array, volume_per_mm2: float, step: float) -> Cloud:
    """A thin triangular sheet of bone over three corners (3, 3)."""
    side = outline[1:] - outline[0]
    area = float(np.linalg.norm(np.cross(side[0], side[1]))) / 2
    n = int(np.sqrt(2 * area) / step)
    u, v = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n)
    keep = u + v < 1
    points = outline[0] + u[keep][:, None] * side[0] + v[keep][:, None] * side[1]
    return Cloud(points, np.full(len(points), area * volume_per_mm2 / len(points)))


def scapula(t: Thorax, side: int, step: float, raised: bool) -> Cloud:
    """Blade, thick outer border, spine and joint of a shoulder blade: turned out as on a well placed film, or, with
    the arms ``raised`` as in a scanner, flat on the back."""
    edge, high = t.half_width, t.lung_height
    low = np.array([side * (edge + 8), 70.0, high - 128])
    joint = np.array([side * (edge + 34), 25.0, high - 6])
    inner = np.array([side * (edge - 26), 78.0, high - 18])
    if raised:
        low = np.array([side * 0.74 * edge, 0.98 * t.half_depth + 16, high - 118])
        inner = np.array([side * 0.5 * edge, 0.95 * t.half_depth + 14, high - 14])
        joint = np.array([side * (edge - 2), 0.42 * t.half_depth + 14, high - 2])
    parts = [_plate(np.stack([inner, low, joint]), 0.8, step)]
    borders = ((low, joint, 2.9, -7.0), (inner, low, 1.1, 9.0), (inner, joint + (0, 0, 14), 3.4, 5.0))
    for one, two, radius, bow in borders:
        n = int(np.linalg.norm(two - one) / step)
        u, ones = np.linspace(0, 1, n), np.ones(n)
        path = one + u[:, None] * (two - one) + np.outer(np.sin(np.pi * u), (-side * bow, 0.0, 0.3 * bow))
        size = radius * (0.7 + 0.6 * u)
        parts.append(
            tube(path, np.outer(ones, (1.0, 0.0, 0.2)), np.outer(ones, (0.0, 1.0, 0.4)), size, size, 0.5, step)
        )
    return join(parts)


def humerus(t: Thorax, side: int, step: float) -> Cloud:
    n = int(110 / step)
    u = np.linspace(0, 1, n)
    x = side * (t.half_width + 56 + 16 * u)
    path = np.stack([x, np.full(n, 15.0), t.lung_height + 10 - 110 * u], 1)
    size = np.interp(u, (0, 0.05, 0.15, 0.3, 0.45, 1), (8, 18, 23, 20, 13, 12))
    ones = np.ones(n)
    return tube(path, np.outer(ones, (0.0, 1.0, 0.0)), np.outer(ones, (float(side), 0.0, 0.0)), size, size, 1.5, step)


def vertebra(t: Thorax, z: float, step: float, rng: np.random.Generator) -> Cloud:
    """A vertebral body with end plates, pedicles and a spinous process, centred at height ``z``."""
    half = 0.42 * vertebra_spacing(t)
    n = max(6, int(2 * half / step))
    u = np.linspace(-1, 1, n)
    wide = 15.5 + 1.8 * (1 - z / t.lung_height) + 1.6 * u**4 - 0.6
    ones, lean = np.ones(n), rng.normal(0, 0.3)
    path = np.stack([lean + 0 * u, spine_y(t) + 0 * u, z + half * u], 1)
    body = tube(path, np.outer(ones, (0.0, 1.0, 0.0)), np.outer(ones, (1.0, 0.0, 0.0)), 0.8 * wide, wide, 0.55, step)
    parts = [body]
    grid = np.arange(-17, 17, step)
    gx, gy = (g.ravel() for g in np.meshgrid(grid, grid))
    disc = (gx / 16.5) ** 2 + (gy / 13) ** 2 < 1
    for level in (-half, half):
        points = np.stack([gx[disc] + lean, spine_y(t) + gy[disc], z + level + 0 * gx[disc]], 1)
        parts.append(Cloud(points, np.full(len(points), 0.35 * step**2)))
    m = max(8, int(26 / step))
    back = np.linspace(0, 1, m)
    ones = np.ones(m)
    across, up = np.outer(ones, (1.0, 0.0, 0.0)), np.outer(ones, (0.0, 0.0, 1.0))
    for side in (-1, 1):
        pedicle = np.stack([side * 11.5 + 0 * back, spine_y(t) + 12 + 14 * back, z + 3 + 0 * back], 1)
        parts.append(tube(pedicle, across, up, 2.6 * ones, 4.4 * ones, 1.0, step))
        wing = np.stack([side * (12 + 20 * back), spine_y(t) + 20 + 8 * back, z + 2 + 3 * back], 1)
        parts.append(tube(wing, np.outer(ones, (0.0, 1.0, 0.0)), up, 2.6 * ones, 3.6 * ones, 0.7, step))
    spinous = np.stack([0 * back + lean, spine_y(t) + 26 + 26 * back, z - 4 - 9 * back], 1)
    parts.append(tube(spinous, across, up, 2.4 * ones, 3.6 * ones, 0.6, step))
    return join(parts)


def sternum(t: Thorax, step: float) -> Cloud:
    n = int(150 / step)
    u = np.linspace(0, 1, n)
    _, b, yc = profile(t, np.array([0.4 * t.lung_height]))
    path = np.stack([0 * u, yc - b - 6 + 26 * (1 - u) ** 1.5, 0.82 * t.lung_height - 150 * u], 1)
    wide = np.interp(u, (0, 0.15, 0.3, 0.35, 0.8, 1), (22, 26, 16, 15, 19, 12))
    ones = np.ones(n)
    return tube(path, np.outer(ones, (0.0, 1.0, 0.0)), np.outer(ones, (1.0, 0.0, 0.0)), 5 * ones, wide, 0.8, step)


def bones(t: Thorax, step: float, rng: np.random.Generator, raised: bool = False) -> Cloud:
    """Every bone of the chest; ``step`` is the distance of points in mm. Arms ``raised`` are out of view."""
    parts = [rib(t, side, number, step) for side in (-1, 1) for number in range(1, 13)]
    space = vertebra_spacing(t)
    parts += [vertebra(t, t.lung_height + 4 - i * space, step, rng) for i in range(-3, 14)]
    parts.append(sternum(t, step))
    for side in (-1, 1):
        parts.append(clavicle(t, side, step))
        parts.append(scapula(t, side, step, raised))
        if not raised:
            parts.append(humerus(t, side, step))
    return join(parts)
