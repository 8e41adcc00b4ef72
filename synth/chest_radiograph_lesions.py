"""Findings and look-alikes of the chest radiograph, as changes of the path lengths through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from synth.blur import blurred
from synth.chest_radiograph import (
    HEIGHT,
    LUNG_DENSITY,
    PIXEL_MM,
    WIDTH,
    FilmAnatomy,
    FilmChange,
    axes,
    film_anatomy,
    film_image,
    to_pixel,
)
from synth.examination import Chance, Examination, Geometry, Order, Place
from synth.fields import finer, fractal
from synth.shapes import Array, capsule, ellipsoid, soft
from synth.thorax import heart_span, profile

SIDES = {-1: "right", 1: "left"}


@dataclass(frozen=True, slots=True)
class FilmLesion:
    """A change of the film, where it is, and the words it fills into the report."""

    change: FilmChange
    places: tuple[Place, ...]
    facts: Mapping[str, str]


FilmLesionMaker = Callable[[FilmAnatomy, Order, np.random.Generator], FilmLesion]


def _circle(a: FilmAnatomy, finding: str, x: float, z: float, radius_mm: float) -> Place:
    column, row = to_pixel(a.thorax, x, z)
    return Place(finding, 0, column, row, radius_mm / PIXEL_MM)


def _spot(a: FilmAnatomy, allowed: Array, rng: np.random.Generator) -> tuple[float, float]:
    """A random place in mm among the pixels where ``allowed``."""
    rows, columns = np.nonzero(allowed[::8, ::8])
    chosen = rng.integers(len(rows))
    x, z = axes(a.thorax)
    return float(x[0, columns[chosen] * 8]), float(z[rows[chosen] * 8, 0])


def _zone(a: FilmAnatomy, z: float) -> str:
    u = z / a.thorax.lung_height
    return "upper" if u > 0.6 else "mid" if u > 0.28 else "lower"


def nodule(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """A round, slightly lobed nodule; four in five lie in the upper half, where films hide them."""
    x, z = axes(a.thorax)
    radius = order.between(4.2, 11.5) * rng.uniform(0.92, 1.08)
    half = a.thorax.lung_height * 0.5
    upper = bool(rng.random() < 0.8)
    free = ndimage.binary_erosion(a.lung[::4, ::4] > 75, iterations=int(3 + radius / (4 * PIXEL_MM)))
    allowed = np.kron(free, np.ones((4, 4), bool)) & ((z > half) == upper) & (z > 5)
    x0, z0 = _spot(a, allowed, rng)
    angle = np.arctan2(z - z0, x - x0)
    lobes = sum(rng.normal(0, 0.05) * np.cos(k * angle + rng.uniform(0, 6)) for k in (2, 3, 5))
    away = np.hypot(x - x0, (z - z0) * rng.uniform(0.9, 1.1)) / (radius * (1 + lobes))
    chord = 2 * radius * np.sqrt(np.clip(1 - away**2, 0, None)) * order.between(0.5, 0.95)
    fade = blurred(chord, 1.3)
    tissue = np.where(away < 1.5, fade, 0.0)
    side = -1 if x0 < 0 else 1
    facts = {"side": SIDES[side], "zone": _zone(a, z0), "size": f"{max(1, round(2 * radius))}"}
    place = _circle(a, "nodule_mass", x0, z0, radius + 2.5)
    return FilmLesion(replace(FilmChange.none(), tissue=tissue), (place,), facts)


def _wall_depth(a: FilmAnatomy, side: int) -> Array:
    """Distance (mm) of every pixel inside one hemithorax from its outer wall and apex."""
    x, z = axes(a.thorax, 3)
    half_width, _, _ = profile(a.thorax, z)
    inside = ((x - a.thorax.rotation) * side < half_width - 1) & (z < a.thorax.lung_height - 1)
    depth = ndimage.distance_transform_edt(inside, sampling=3 * PIXEL_MM)
    return finer(depth, 3)


def pneumothorax(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Air between the chest wall and a thin pleural line, widest at the apex, with no vessels beyond the line."""
    t, side = a.thorax, int(rng.choice((-1, 1)))
    x, z = axes(t)
    depth = _wall_depth(a, side)
    width = order.between(12, 38) * rng.uniform(0.9, 1.1)
    end = t.lung_height * order.between(0.62, 0.15)
    share = np.clip((z - end) / (t.lung_height - end), 0, 1) ** 0.7
    wave = 1 + 0.12 * np.sin(z / 17 + rng.uniform(0, 6))
    border = width * share * wave
    own = (x * side > 8) & (z > end)
    beyond = np.where(own, soft(depth - border, 1.2), 0.0)
    line = np.where(own & (border > 1.5), np.exp(-(((depth - border) / 0.8) ** 2)), 0.0)
    lung = 1 - order.between(0.6, 0.95) * beyond
    tissue = order.between(4.5, 8.0) * line * np.clip(a.lung / 30, 0, 1)
    change = FilmChange(tissue.astype(np.float32), 1 - 0.97 * beyond, lung, np.ones((HEIGHT, WIDTH)))
    places = tuple(
        _circle(a, "pneumothorax", *_on_band(t.half_width, t.lung_height, side, u, width), max(14.0, 0.8 * width))
        for u in (0.93, 0.82, 0.68)[: 2 + (order.subtlety > 2)]
    )
    facts = {"side": SIDES[side], "amount": order_word(order, ("tiny", "small", "small", "moderate", "large"))}
    return FilmLesion(change, places, facts | {"width": f"{round(width)}"})


def _on_band(half_width: float, height: float, side: int, u: float, width: float) -> tuple[float, float]:
    reach = half_width * (1 - u**2.9) ** 0.52
    return side * max(18.0, reach - 0.45 * width), height * u - (0.25 * width if u > 0.9 else 0)


def order_word(order: Order, words: tuple[str, str, str, str, str]) -> str:
    return words[order.subtlety - 1]


def effusion(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Fluid in the costophrenic angle with an upper border that climbs along the chest wall."""
    t, side = a.thorax, int(rng.choice((-1, 1)))
    x, z = axes(t)
    reach = (x - t.rotation) * side / t.half_width
    level = -62 + order.between(24, 98) * rng.uniform(0.92, 1.08)
    top = level - 16 + order.between(34, 46) * np.clip(reach, 0, 1.05) ** 3
    fluid = np.where(reach > 0.05, soft(z - top, 11), 0.0) * np.clip((reach - 0.05) / 0.2, 0, 1)
    filled = a.lung * fluid
    change = FilmChange(
        0.95 * (1 - LUNG_DENSITY) * filled, 1 - fluid, np.ones((HEIGHT, WIDTH)), np.ones((HEIGHT, WIDTH))
    )
    middle = (level + order.between(34, 46) * 0.6 - 62) / 2
    radius = max(16.0, (level + 62) * 0.55)
    places = (_circle(a, "pleural_effusion", side * 0.88 * t.half_width, middle, radius),)
    facts = {"side": SIDES[side], "amount": order_word(order, ("tiny", "small", "small", "moderate", "large"))}
    return FilmLesion(change, places, facts)


def consolidation(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Filled air spaces with a ragged border and air-filled bronchi."""
    t = a.thorax
    x, z = axes(t)
    size = order.between(17, 36)
    free = ndimage.binary_erosion(a.lung[::4, ::4] > 95, iterations=7)
    allowed = np.kron(free, np.ones((4, 4), bool)) & (z < 0.72 * t.lung_height) & (z > -10)
    x0, z0 = _spot(a, allowed, rng)
    ragged = 0.32 * fractal((HEIGHT, WIDTH), (70, 70), 4, rng)
    blob = np.hypot((x - x0) / size, (z - z0) / (size * rng.uniform(0.7, 1.0)))
    filled = soft((blob + ragged - 0.85), 1.0) * np.clip((1.75 - blob) / 0.4, 0, 1)
    side = -1 if x0 < 0 else 1
    hilum = (side * 38.0, 0.42 * t.lung_height)
    start = (x0 + 0.3 * (hilum[0] - x0), z0 + 0.3 * (hilum[1] - z0))
    for _ in range(4):
        end = (x0 + rng.normal(0, 0.5) * size, z0 + rng.normal(0, 0.5) * size)
        filled = filled * (1 - 0.34 * soft(capsule((x, z), start, end, 0.9), 2.4))
    amount = order.between(0.16, 0.46) * filled
    change = FilmChange(
        amount * (1 - LUNG_DENSITY) * a.lung, 1 - 0.8 * filled, np.ones_like(amount), np.ones_like(amount)
    )
    place = _circle(a, "consolidation", x0, z0, 1.25 * size)
    return FilmLesion(change, (place,), {"side": SIDES[side], "zone": _zone(a, z0)})


def atelectasis(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """One or two thin bands above the diaphragm."""
    t, side = a.thorax, int(rng.choice((-1, 1)))
    x, z = axes(t)
    x0, z0 = side * rng.uniform(0.5, 0.68) * t.half_width, (0 if side < 0 else t.left_dome) + rng.uniform(14, 26)
    length, tissue = order.between(18, 34), np.zeros((HEIGHT, WIDTH))
    for number in range(1 + (order.subtlety > 2)):
        rise = rng.uniform(-0.35, 0.2)
        z1 = z0 + 10 * number
        ends = (x0 - length, z1 - side * rise * length), (x0 + length, z1 + side * rise * length)
        bend = z - 3.0 * np.cos((x - x0) / length * 1.4) * side * np.sign(rise)
        band = soft(capsule((x, bend), *ends, order.between(0.9, 1.7)), 2.6)
        tissue += order.between(5, 14) * band * np.clip(1.15 - np.abs(x - x0) / (1.1 * length), 0, 1)
    change = replace(FilmChange.none(), tissue=tissue * np.clip(a.lung / 40, 0, 1))
    return FilmLesion(change, (_circle(a, "atelectasis", x0, z0 + 3, length + 8),), {"side": SIDES[side]})


def hiatal_hernia(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Stomach behind the heart, with an air-fluid level."""
    t = a.thorax
    x, z = axes(t)
    radius = order.between(20, 38)
    x0, z0 = rng.uniform(4, 16), rng.uniform(6, 16) + 0.3 * radius
    away = ellipsoid((x, z), (x0, z0), (radius, 0.9 * radius))
    sack = soft(away, 2.0)
    wall = 5 * np.exp(-((away / 1.8) ** 2))
    air = soft(away + 2.5, 2.0) * soft(-(z - z0 - 0.15 * radius), 1.2)
    tissue = order.between(10, 22) * sack - order.between(20, 62) * air + wall
    change = replace(FilmChange.none(), tissue=tissue)
    size = {"size": f"{round(2 * radius / 10)}"}
    return FilmLesion(change, (_circle(a, "hiatal_hernia", x0, z0, radius + 3),), size)


def cardiomegaly(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """The heart of the anatomy is already large; this measures it."""
    del rng
    left, right, ratio = heart_span(a.thorax)
    place = _circle(a, "cardiomegaly", (left + right) / 2, 26, 0.5 * (right - left))
    words = ("borderline", "mild", "mild", "moderate", "marked")
    return FilmLesion(FilmChange.none(), (place,), {"ratio": f"{ratio:.2f}", "degree": order_word(order, words)})


def nipples(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Both nipple shadows: round, sharp at one side, at the same height."""
    del order
    x, z = axes(a.thorax)
    height, tissue = rng.uniform(26, 44), np.zeros((HEIGHT, WIDTH))
    for side in (-1, 1):
        x0, z0 = side * (0.62 * a.thorax.half_width + rng.normal(0, 2)), height + rng.normal(0, 2)
        tissue += rng.uniform(7, 10) * soft(np.hypot(x - x0, z - z0) - 4.2, 2.0)
    return FilmLesion(replace(FilmChange.none(), tissue=tissue), (), {})


def skin_fold(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """A fold of skin: a step in brightness, not a line, that runs on past the chest wall; vessels cross it."""
    del order
    side = int(rng.choice((-1, 1)))
    x, z = axes(a.thorax)
    border = side * x - (0.66 * a.thorax.half_width + 0.14 * (z - 90) + 5 * np.sin(z / 50 + rng.uniform(0, 6)))
    step = np.where(border < 0, np.exp(border / 11), 0.0) * np.clip((z - 5) / 40, 0, 1) * np.clip((200 - z) / 40, 0, 1)
    return FilmLesion(replace(FilmChange.none(), tissue=8 * step), (), {"side": SIDES[side]})


def fat_pad(a: FilmAnatomy, order: Order, rng: np.random.Generator) -> FilmLesion:
    """Fat in an angle between heart and diaphragm, with a soft outline."""
    del order
    side = int(rng.choice((-1, 1)))
    left, right, _ = heart_span(a.thorax)
    x, z = axes(a.thorax)
    x0 = (left if side < 0 else right) + side * 2
    z0 = 2.0 if side < 0 else a.thorax.left_dome + 2
    pad = soft(ellipsoid((x, z), (x0, z0), (rng.uniform(16, 22), rng.uniform(14, 19))), 9)
    return FilmLesion(
        replace(FilmChange.none(), tissue=20 * pad * np.clip(a.lung / 60, 0, 1)), (), {"side": SIDES[side]}
    )


FILM_LESIONS: Mapping[str, FilmLesionMaker] = {
    "nodule_mass": nodule,
    "pneumothorax": pneumothorax,
    "pleural_effusion": effusion,
    "consolidation": consolidation,
    "atelectasis": atelectasis,
    "hiatal_hernia": hiatal_hernia,
    "cardiomegaly": cardiomegaly,
    "nipple_shadows": nipples,
    "skin_fold": skin_fold,
    "fat_pad": fat_pad,
}


def make_chest_radiograph(order: Order, chance: Chance) -> Examination:
    ratio = order.between(0.535, 0.66) if order.finding == "cardiomegaly" else None
    a = film_anatomy(chance.anatomy, ratio)
    name = order.finding or order.variant
    lesion = FILM_LESIONS[name](a, order, chance.lesion) if name else FilmLesion(FilmChange.none(), (), {})
    pixels = film_image(a, lesion.change, chance.noise)
    sex, age = "F" if a.thorax.female else "M", int(a.thorax.age)
    return Examination((pixels,), lesion.places, lesion.facts, Geometry(PIXEL_MM), sex, age)
