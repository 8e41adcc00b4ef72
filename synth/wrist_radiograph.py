"""A posteroanterior radiograph of the wrist: bones from outlines, each with cortex and spongy bone of its own.

Drawn as a right hand in mm: x is negative towards the thumb, y grows towards the fingers, and both are 0 in the middle
of the radiocarpal joint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from synth.blur import blurred
from synth.examination import Chance, Examination, Geometry, Order, Place
from synth.fields import field, fractal
from synth.shapes import Array, capsule, ellipsoid, soft, union

WIDTH, HEIGHT, PIXEL_MM, TOP_MM = 608, 800, 0.2, 82.0
TISSUE_PER_MM, BONE_PER_MM = 0.0125, 0.15

OUTLINES: Mapping[str, tuple[float, Sequence[tuple[float, float]]]] = {
    "radius": (
        1.9,
        [
            (-20, -95),
            (-19.5, -62),
            (-20.5, -36),
            (-24, -18),
            (-27, -7),
            (-27.6, 0),
            (-26, 6.3),
            (-21.5, 4.6),
            (-14, -0.6),
        ]
        + [(-6, -4.2), (0.5, -6.6), (3, -9), (2, -16), (-2.4, -30), (-5, -52), (-5.5, -95)],
    ),
    "ulna": (
        1.8,
        [
            (7, -95),
            (7.4, -55),
            (7, -30),
            (6, -16),
            (6, -9.5),
            (8, -6.7),
            (13, -6.7),
            (16.2, -5),
            (18, -1.2),
            (19.6, -2.4),
        ]
        + [(19.5, -9), (18.4, -17), (17.4, -36), (18, -60), (18.6, -95)],
    ),
    "scaphoid": (
        0.75,
        [
            (-21, 8.4),
            (-14.5, 3.4),
            (-9, 4.6),
            (-8.3, 8.6),
            (-12, 12.6),
            (-15.5, 19),
            (-20, 21.2),
            (-24, 17.5),
            (-22.6, 12),
        ],
    ),
    "lunate": (0.7, [(-7.6, 2.2), (-1, -0.6), (4, 1.2), (5.2, 5.6), (2.4, 9.8), (-2.6, 9.2), (-7, 8.2)]),
    "triquetrum": (0.7, [(5.9, 3.2), (12, 4.6), (15.6, 9.6), (13, 15.2), (7.4, 13.2), (5.4, 8.6)]),
    "pisiform": (0.7, [(9.6, 8), (13, 6.6), (16.2, 9), (15.6, 13), (12, 14.2), (9.4, 11.6)]),
    "trapezium": (0.7, [(-27, 21.6), (-21, 22), (-17.4, 22.6), (-16.6, 28), (-19.4, 33), (-26, 32.4), (-29, 26.6)]),
    "trapezoid": (0.7, [(-16.4, 21.6), (-11, 22), (-9.9, 27), (-11, 32.4), (-16, 33), (-17, 27.4)]),
    "capitate": (
        0.8,
        [
            (-10.4, 14),
            (-6.4, 10.4),
            (-1.4, 10.2),
            (2.4, 13.6),
            (2.9, 22),
            (3.2, 31.6),
            (-3, 33.4),
            (-9, 32.4),
            (-9.4, 25),
        ]
        + [(-11.2, 19)],
    ),
    "hamate": (
        0.75,
        [(3.1, 12.8), (6.6, 14.2), (11.8, 17.6), (16.2, 27), (15.6, 31.4), (9, 33), (4.2, 32), (3.6, 22)],
    ),
}
METACARPALS = (
    ((-26, 36), (-50, 86), 6.6, 4.0, 1.3),
    ((-13.4, 36), (-22, 100), 6.2, 3.9, 1.4),
    ((-3, 36.5), (-5.5, 102), 6.0, 3.9, 1.4),
    ((6.4, 36), (11, 98), 4.8, 3.2, 1.2),
    ((13.4, 35), (27, 92), 4.8, 3.2, 1.2),
)


Coordinate = TypeVar("Coordinate", float, Array)


@dataclass(frozen=True, slots=True)
class Wrist:
    """Path lengths (mm) through bone and soft tissue, (HEIGHT, WIDTH); ``side`` -1 right, 1 left; ``size`` scales."""

    side: int
    size: float
    turn: float
    bone: Array
    tissue: Array
    age: float
    female: bool


def _axes(side: int, size: float, turn: float) -> tuple[Array, Array]:
    """x and y (mm, hand coordinates) of every pixel, both (HEIGHT, WIDTH)."""
    u = ((np.arange(WIDTH, dtype=np.float32) - WIDTH / 2) * PIXEL_MM)[None, :] * -side
    v = (TOP_MM - np.arange(HEIGHT, dtype=np.float32) * PIXEL_MM)[:, None]
    cosine, sine = float(np.cos(turn)) / size, float(np.sin(turn)) / size
    return cosine * u + sine * v - 4, cosine * v - sine * u


def to_pixel(w: Wrist, x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
    """Column and row of a place of the hand (mm)."""
    cosine, sine = float(np.cos(w.turn)) * w.size, float(np.sin(w.turn)) * w.size
    u, v = cosine * (x + 4) - sine * y, sine * (x + 4) + cosine * y
    return WIDTH / 2 - w.side * u / PIXEL_MM, (TOP_MM - v) / PIXEL_MM


def _smooth_outline(corners: Array, steps: int = 10) -> Array:
    """A closed curve through ``corners`` (n, 2) by Catmull-Rom splines, (n * steps, 2)."""
    before, after, beyond = np.roll(corners, 1, 0), np.roll(corners, -1, 0), np.roll(corners, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (points[:, None] for points in (before, corners, after, beyond))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.asarray(curve.reshape(-1, 2))


def _metacarpal(base: tuple[float, float], head: tuple[float, float], wide: float, slim: float) -> Array:
    axis = np.array(head) - np.array(base)
    along = np.linspace(0, 1, 12)
    half = np.interp(
        along, (0, 0.07, 0.2, 0.5, 0.8, 0.92, 1), (0.7 * wide, wide, 0.82 * wide, slim, slim, 1.2 * slim, slim)
    )
    across = np.array([-axis[1], axis[0]]) / np.linalg.norm(axis)
    middle = np.array(base) - 0.02 * axis + along[:, None] * axis
    return np.vstack([middle + half[:, None] * across, (middle - half[:, None] * across)[::-1]])


def _bone(bone: Array, outline: Array, cortex: float, rng: np.random.Generator) -> None:
    """Add one bone to the path lengths ``bone``: a shell of ``cortex`` mm, sponge within; ``outline`` is in pixels."""
    low = np.maximum(np.floor(outline.min(0)).astype(int) - 4, 0)
    high = np.minimum(np.ceil(outline.max(0)).astype(int) + 5, (WIDTH, HEIGHT))
    if np.any(high <= low):
        return
    picture = Image.new("L", (int(high[0] - low[0]) * 2, int(high[1] - low[1]) * 2))
    ImageDraw.Draw(picture).polygon([tuple(p) for p in ((outline - low + 0.5) * 2).tolist()], fill=255)
    mask = np.pad(np.asarray(picture) > 127, ((60, 60), (0, 0)), mode="edge")
    depth = ndimage.distance_transform_edt(mask)[60:-60:2, ::2] * PIXEL_MM / 2
    broad = ndimage.maximum_filter(depth[::6, ::6], size=15)
    radius = ndimage.zoom(ndimage.gaussian_filter(broad, 2.5), 6, order=1, mode="nearest", grid_mode=True)
    radius = np.maximum(radius[: depth.shape[0], : depth.shape[1]], depth + 0.05)
    shell = np.minimum(cortex, 0.55 * radius) * np.clip(0.42 + 0.58 * (9.5 - radius) / 3.5, 0.42, 1)
    centre = radius - depth
    outer = 2 * np.sqrt(np.clip(radius**2 - centre**2, 0, None))
    inner = 2 * np.sqrt(np.clip((radius - shell) ** 2 - centre**2, 0, None))
    struts = 1 + 0.2 * field(depth.shape, (12, 4.5), rng) + 0.1 * field(depth.shape, (5, 5), rng)
    flat = 0.75
    chord = (outer - inner) + 0.24 * inner * np.clip(struts, 0.3, None)
    bone[low[1] : high[1], low[0] : high[0]] += flat * chord * (depth > 0)


def wrist(rng: np.random.Generator) -> Wrist:
    side, female = int(rng.choice((-1, 1))), bool(rng.random() < 0.55)
    size, turn = rng.normal(0.95 if female else 1.05, 0.03), rng.normal(0, 0.035)
    empty = np.zeros((HEIGHT, WIDTH), np.float32)
    w = Wrist(side, size, turn, empty, empty, rng.uniform(19, 82), female)
    bone = np.zeros((HEIGHT, WIDTH), np.float32)
    shapes = [(cortex, np.array(corners, float)) for cortex, corners in OUTLINES.values()]
    shapes += [(cortex, _metacarpal(base, head, wide, slim)) for base, head, wide, slim, cortex in METACARPALS]
    for cortex, corners in shapes:
        jitter = corners + rng.normal(0, 0.22, corners.shape) + rng.normal(0, 0.15, 2)
        curve = _smooth_outline(jitter)
        columns, rows = to_pixel(w, curve[:, 0], curve[:, 1])
        _bone(bone, np.stack([columns, rows], 1), cortex * rng.normal(1, 0.05) * (0.85 if w.age > 65 else 1), rng)
    x, y = _axes(side, size, turn)
    return Wrist(side, size, turn, blurred(bone, 0.7), _soft_tissue(x, y, rng), w.age, female)


def _soft_tissue(x: Array, y: Array, rng: np.random.Generator) -> Array:
    """Path lengths (mm) through skin, fat and muscle of hand and forearm."""
    p = (x, y)
    forearm = capsule(p, (-2, -140), (-3, -14), 27) - 7 * np.clip((-y - 30) / 60, 0, 1)
    hand = union(capsule(p, (-4, 10), (0, 110), 33), ellipsoid(p, (-30, 52), (27, 42), 0.5), blend=8)
    outline = union(forearm, hand, ellipsoid(p, (-3, -2), (29, 30)), blend=12)
    thick = 46 * np.sqrt(np.clip(-outline / 34, 0, 1)) * np.where(y > 20, np.clip(1 - (y - 20) / 240, 0.6, 1), 1)
    return thick * (1 + 0.025 * fractal(thick.shape, (60, 30), 3, rng))


@dataclass(frozen=True, slots=True)
class Break:
    """A fracture line from ``start`` to ``end`` (hand mm), ragged, within ``reach`` mm of its middle."""

    finding: str
    start: tuple[float, float]
    end: tuple[float, float]
    reach: float
    site: str


def _distal_radius(rng: np.random.Generator) -> Break:
    height, tilt = rng.uniform(-22, -13), rng.uniform(-4, 4)
    return Break("wrist_fracture", (-28, height + tilt), (4, height - tilt), 19, "distal radial metaphysis")


def _scaphoid(rng: np.random.Generator) -> Break:
    shift = rng.uniform(-1, 1)
    return Break("scaphoid_fracture", (-23.5, 10 + shift), (-10, 16.5 + shift), 9, "scaphoid waist")


BREAKS: Mapping[str, Callable[[np.random.Generator], Break]] = {
    "wrist_fracture": _distal_radius,
    "scaphoid_fracture": _scaphoid,
}


def _broken(w: Wrist, fracture: Break, order: Order, rng: np.random.Generator) -> tuple[Array, float]:
    """The bone with a dark ragged line and a small step across it, and the step in mm."""
    x, y = _axes(w.side, w.size, w.turn)
    start, end = np.array(fracture.start), np.array(fracture.end)
    along = (end - start) / np.linalg.norm(end - start)
    middle = (start + end) / 2
    s = (x - middle[0]) * along[0] + (y - middle[1]) * along[1]
    ragged = np.interp(s, np.linspace(-25, 25, 41), np.cumsum(rng.normal(0, 0.32, 41)) * 0.8)
    ragged = ragged - np.interp(0, s[HEIGHT // 2], ragged[HEIGHT // 2])
    d = (y - middle[1]) * along[0] - (x - middle[0]) * along[1] - np.clip(ragged, -1.6, 1.6)
    away = np.hypot(x - middle[0], y - middle[1]) / fracture.reach
    window = np.clip((1 - away) / 0.25, 0, 1)
    step = order.between(0.12, 1.9 if fracture.reach > 12 else 0.8)
    shift = step * soft(-d, 0.8) * window
    rows, columns = np.indices((HEIGHT, WIDTH), sparse=True)
    moved = ndimage.map_coordinates(
        w.bone, np.broadcast_arrays(rows + 0.0, columns - w.side * -shift / PIXEL_MM), order=1
    )
    gap = order.between(0.32, 0.95)
    line = np.exp(-((d / gap) ** 2)) * window
    packed = np.exp(-(((d + 2.2 * gap + 0.6) / 1.1) ** 2)) * window
    return moved * (1 - order.between(0.26, 0.8) * line + order.between(0.06, 0.2) * packed), step


def _scar(w: Wrist, rng: np.random.Generator) -> Array:
    """The closed growth plate as a thin dense line across the end of the radius."""
    x, y = _axes(w.side, w.size, w.turn)
    d = y + 9.5 + 1.1 * np.sin(x / 4.5 + rng.uniform(0, 6)) - 0.09 * x
    return w.bone * (1 + 0.3 * np.exp(-((d / 0.42) ** 2)) * soft(np.abs(x + 12) - 12.5, 3))


def film(bone: Array, tissue: Array, healthy: Array, rng: np.random.Generator) -> Array:
    """12-bit pixels (HEIGHT, WIDTH) uint16; noise is scaled by the ``healthy`` bone: a lesion moves none of it."""
    level = TISSUE_PER_MM * tissue + BONE_PER_MM * bone
    base = TISSUE_PER_MM * tissue + BONE_PER_MM * healthy
    noise = blurred(rng.standard_normal(level.shape), 0.6)
    level = level + 0.012 * noise * np.exp(0.25 * base)
    grey = 1 - np.exp(-1.05 * np.clip(level, 0, None) ** 1.15)
    return np.asarray(np.clip(np.rint(3900 * grey + 30), 0, 4095).astype(np.uint16))


def make_wrist(order: Order, chance: Chance) -> Examination:
    w = wrist(chance.anatomy)
    bone, places, facts = w.bone, [], {"side": "right" if w.side < 0 else "left"}
    if order.finding:
        fracture = BREAKS[order.finding](chance.lesion)
        bone, step = _broken(w, fracture, order, chance.lesion)
        (x0, y0), (x1, y1) = fracture.start, fracture.end
        column, row = to_pixel(w, (x0 + x1) / 2, (y0 + y1) / 2)
        places.append(Place(fracture.finding, 0, column, row, fracture.reach * w.size / PIXEL_MM))
        shifted = "no displacement" if step < 0.7 else f"{step:.0f} mm of displacement"
        facts |= {"site": fracture.site, "shift": shifted}
    elif order.variant == "growth_plate_scar":
        bone = _scar(w, chance.lesion)
    pixels = film(bone, w.tissue, w.bone, chance.noise)
    return Examination((pixels,), tuple(places), facts, Geometry(PIXEL_MM), "F" if w.female else "M", int(w.age))
