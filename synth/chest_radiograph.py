"""A posteroanterior chest radiograph: the thorax projected by attenuation, with scatter, noise and a film's curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy import ndimage

from synth.blur import blurred
from synth.fields import finer, fractal
from synth.shapes import Array, ellipsoid, soft, splat
from synth.skeleton import bones
from synth.thorax import (
    Thorax,
    airway_distance,
    draw_thorax,
    enlarged,
    lung_vessels,
    mediastinal_box,
    mediastinum,
    pleural_distance,
)

WIDTH, HEIGHT = 768, 816
PIXEL_MM = 0.48
COARSE = 4
TISSUE_PER_MM, BONE_PER_MM, LUNG_DENSITY = 0.0135, 0.058, 0.22


Coordinate = TypeVar("Coordinate", float, Array)


@dataclass(frozen=True, slots=True)
class FilmAnatomy:
    """Path lengths in mm through each tissue, all (HEIGHT, WIDTH); ``lung`` is air-filled lung, ``air`` open air."""

    thorax: Thorax
    body: Array
    lung: Array
    air: Array
    vessels: Array
    bone: Array


@dataclass(frozen=True, slots=True)
class FilmChange:
    """What a lesion does to the path lengths: ``tissue`` mm is added; vessels, lung and bone are multiplied.

    All broadcast to (HEIGHT, WIDTH).
    """

    tissue: Array
    vessels: Array
    lung: Array
    bone: Array

    @staticmethod
    def none() -> FilmChange:
        one = np.ones((1, 1), np.float32)
        return FilmChange(0 * one, one, one, one)


def axes(t: Thorax, coarse: int = 1) -> tuple[Array, Array]:
    """x (1, columns) and z (rows, 1) in mm of the pixel centres, every ``coarse`` pixels."""
    columns = (np.arange(WIDTH // coarse, dtype=np.float32) + 0.5) * coarse - 0.5
    rows = (np.arange(HEIGHT // coarse, dtype=np.float32) + 0.5) * coarse - 0.5
    x = (columns - WIDTH / 2) * PIXEL_MM
    return x[None, :], (t.lung_height + 78 - rows * PIXEL_MM)[:, None]


def to_pixel(t: Thorax, x: Coordinate, z: Coordinate) -> tuple[Coordinate, Coordinate]:
    """Column and row of a place given in mm."""
    return WIDTH / 2 + x / PIXEL_MM, (t.lung_height + 78 - z) / PIXEL_MM


def _body(t: Thorax, x: Array, z: Array, rng: np.random.Generator) -> Array:
    """Chord (mm) of the whole body, with neck, shoulders and breasts."""
    high = t.lung_height
    flank = t.half_width + t.wall + 10 * np.exp(-(((z - 0.62 * high) / 45) ** 2))
    slope = np.clip((z - (high + 2)) / 60, 0, 1)
    shoulder = t.half_width + 95 - (t.half_width + 95 - 60) * slope**0.55
    arm = np.clip((z - (high - 92 - 0.3 * t.wall)) / 55, 0, 1)
    width = np.where(z > high + 2, shoulder, flank + (t.half_width + 95 - flank) * arm**2.2)
    depth = np.interp(z, (-160, 0, high * 0.5, high, high + 60), (1.08, 1.04, 1.0, 0.76, 0.62))
    depth = depth * (t.half_depth + 0.9 * t.wall)
    inside = np.clip(1 - np.abs(x / width) ** 3.4, 0, 1)
    return 2 * depth * inside**0.55 + _breasts(t, x, z, rng)


def _breasts(t: Thorax, x: Array, z: Array, rng: np.random.Generator) -> Array:
    size = rng.uniform(0.75, 1.25) * (0.75 + t.wall / 60) if t.female else rng.uniform(0.2, 0.4)
    drop, total = rng.uniform(0, 22), np.zeros(np.broadcast_shapes(x.shape, z.shape))
    for side in (-1, 1):
        dx, dz = (x - side * 0.56 * t.half_width) / (58 * size), (z - 38 + drop + rng.normal(0, 3)) / (52 * size)
        dz = np.where(dz < 0, dz * 1.25, dz * 0.72)
        total += (25 if t.female else 12) * size * np.clip(1 - dx**2 - dz**2, 0, 1) ** 0.75
    return total


def _air_paths(t: Thorax, x: Array, z: Array) -> tuple[Array, Array]:
    """Path lengths (mm) through lung and through open air (trachea and main bronchi), summed over planes of y."""
    reach, step = t.half_depth + 22, 7.5
    shape = np.broadcast_shapes(x.shape, z.shape)
    lung, air = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    xt = x - t.rotation
    one, two = mediastinal_box(t)
    middle = slice(*np.searchsorted(xt[0], (one[0], two[0])).tolist())
    for place in np.arange(-reach, reach, step):
        y = np.array(place, np.float32)
        distance = pleural_distance(t, xt, y, z)
        between = mediastinum(t, xt[:, middle], y, z).outline
        distance[:, middle] = np.maximum(distance[:, middle], -between)
        lung += step * soft(distance, 2.6)
        if -5 < y < 45:
            air += step * soft(airway_distance(t, xt, y, z), 3.0)
    return lung, air


def _gas(t: Thorax, x: Array, z: Array, rng: np.random.Generator) -> Array:
    """Gas (mm) in the stomach and the colon under the left dome."""
    bubble = ellipsoid((x, z), (rng.uniform(48, 72), t.left_dome - rng.uniform(24, 34)), (rng.uniform(18, 30), 13))
    colon = ellipsoid((x, z), (rng.uniform(88, 104), t.left_dome - rng.uniform(40, 52)), (16, 12), 0.5)
    return np.asarray(38 * soft(bubble, 7) + 22 * soft(colon, 7))


def _project(t: Thorax, points: Array, volume: Array, sharpness: float) -> Array:
    columns, rows = to_pixel(t, points[:, 0], points[:, 2])
    lengths = splat((rows, columns), volume / PIXEL_MM**2, (HEIGHT, WIDTH))
    return blurred(lengths, sharpness)


def film_anatomy(rng: np.random.Generator, ratio: float | None = None) -> FilmAnatomy:
    """A chest drawn from ``rng``; with ``ratio`` the heart is scaled to that cardiothoracic ratio."""
    t = draw_thorax(rng)
    if ratio is not None:
        t = enlarged(t, ratio)
    x, z = axes(t, COARSE)
    body = _body(t, x, z, rng)
    gas = _gas(t, x, z, rng)
    lung, air = _air_paths(t, x, z)
    cloud = bones(t, 1.0, rng)
    bone = _project(t, cloud.points, cloud.volume, 1.0)
    bone *= 1 + 0.10 * fractal((HEIGHT, WIDTH), (7, 7), 2, rng)
    lung_fine = finer(lung, COARSE)
    vessels = np.zeros((HEIGHT, WIDTH), np.float32)
    for side in (-1, 1):
        points, volume = lung_vessels(t, side, 330, rng).points(0.75)
        vessels += _project(t, points + (t.rotation, 0, 0), volume, 0.9)
    vessels *= np.clip(lung_fine / 25, 0, 1)
    lung_fine *= 1 + 0.018 * fractal((HEIGHT, WIDTH), (30, 30), 4, rng)
    return FilmAnatomy(t, finer(body, COARSE), np.clip(lung_fine, 0, None), finer(air + gas, COARSE), vessels, bone)


def film_image(anatomy: FilmAnatomy, change: FilmChange, rng: np.random.Generator) -> Array:
    """12-bit pixels (HEIGHT, WIDTH) uint16, bright where dense.

    Scatter, noise scale and curve come from the unchanged chest, so that pixels beyond a lesion stay the same.
    """
    healthy = _attenuation(anatomy, FilmChange.none())
    primary = np.exp(-_attenuation(anatomy, change))
    small = np.exp(-healthy)[::8, ::8]
    scatter = 0.9 * finer(ndimage.gaussian_filter(small, 11), 8)
    signal = -np.log(primary + scatter)
    base = -np.log(np.exp(-healthy) + scatter)
    noise = blurred(rng.standard_normal(signal.shape), 0.55)
    signal += 0.0065 * noise * np.exp(0.42 * (base - 1.0))
    return _develop(blurred(signal, 0.5), base, anatomy)


def _attenuation(a: FilmAnatomy, change: FilmChange) -> Array:
    tissue = a.body - a.lung * (1 - LUNG_DENSITY * change.lung) - a.air + 1.5 * a.vessels * change.vessels
    return TISSUE_PER_MM * np.clip(tissue + change.tissue, 0, None) + BONE_PER_MM * a.bone * change.bone


def _develop(signal: Array, base: Array, a: FilmAnatomy) -> Array:
    """The characteristic curve: lungs in the lower middle, mediastinum bright but not white, open air black.

    Broad shading is halved first, as film processors do, so that ribs show over heart and lung alike.
    """
    inside, lung = a.body > 60, a.lung > 60
    broad = finer(ndimage.gaussian_filter(base[::8, ::8], 8), 8)
    broad = 0.5 * (broad - float(broad[lung].mean()))
    level, flat = signal - broad, base - broad
    low, high = np.percentile(flat[lung], 15), np.percentile(flat[inside & (a.lung < 5)], 70)
    u = (level - float(low)) / max(float(high - low), 0.3)
    grey = 0.18 + 0.56 * u
    grey = np.where(grey > 0.6, 0.6 + 0.31 * np.tanh((grey - 0.6) / 0.31), grey)
    grey = np.where(grey < 0.15, 0.15 * np.exp((grey - 0.15) / 0.15), grey)
    skin = np.clip(a.body / 25, 0, 1)
    return np.asarray(np.clip(np.rint(4095 * grey * skin + 6), 0, 4095).astype(np.uint16))
