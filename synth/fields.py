"""Smooth random fields, and coarse images made fine, both by cubic B-splines. Wavelengths are in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from synth.shapes import Array

EDGE = 3
CACHED_PIXELS = 65536


def field(
    shape: Sequence[int], wavelength: Sequence[float], rng: np.random.Generator, window: Sequence[slice] | None = None
) -> Array:
    """A smooth random field of unit deviation; ``wavelength`` is in pixels, one an axis.

    Drawn coarsely and interpolated, so that a long wavelength costs no more than a short one. ``window`` names the part
    of ``shape`` that is wanted: chance is drawn for all of it, pixels are made for that part alone.
    """
    coarse = [int(2 * n / w) + 4 for n, w in zip(shape, wavelength, strict=True)]
    noise = rng.standard_normal(coarse).astype(np.float32)
    places = [np.arange(n) * (2 / w) for n, w in zip(shape, wavelength, strict=True)]
    if window:
        places = [place[cut] for place, cut in zip(places, window, strict=True)]
        noise = noise[tuple(slice(int(place[0]), int(place[-1]) + 4) for place in places)]
        places = [place - int(place[0]) for place in places]
    for axis in reversed(range(len(shape))):
        noise = _interpolated(noise, axis, places[axis])
    noise *= 1 / (_deviation(noise) + 1e-6)
    return noise


def fractal(
    shape: Sequence[int],
    wavelength: Sequence[float],
    octaves: int,
    rng: np.random.Generator,
    window: Sequence[slice] | None = None,
) -> Array:
    """A sum of fields, each of half the wavelength and 0.55 of the height of the one before; unit deviation."""
    total = field(shape, wavelength, rng, window)
    for octave in range(1, octaves):
        finer = field(shape, [max(2.5, w / 2**octave) for w in wavelength], rng, window)
        finer *= 0.55**octave
        total += finer
    total *= 1 / (_deviation(total) + 1e-6)
    return total


def _deviation(image: Array) -> float:
    """Standard deviation without a copy of the image."""
    flat = image.ravel()
    square = float(np.einsum("i,i->", flat, flat)) / flat.size
    return math.sqrt(max(0.0, square - float(flat.mean()) ** 2))


def finer(image: Array, factor: int) -> Array:
    """``image`` (rows, columns) with ``factor`` pixels a side for every one, float32, through its values."""
    knots: Array = ndimage.spline_filter(np.pad(image, EDGE, mode="edge"), order=3, output=np.float32)
    for axis in (1, 0):
        pixels = (np.arange(image.shape[axis] * factor) + 0.5) / factor - 0.5
        knots = _interpolated(knots, axis, pixels + EDGE - 1)
    return knots


def _interpolated(coarse: Array, axis: int, place: Array) -> Array:
    """One axis of a coarse field at each ``place``, in runs that stay in the processor's cache.

    The last axis is turned to the front meanwhile: whole rows are gathered faster than pixels.
    """
    if axis == coarse.ndim - 1 > 0:
        turned = _interpolated(np.ascontiguousarray(np.moveaxis(coarse, -1, 0)), 0, place)
        return np.ascontiguousarray(np.moveaxis(turned, 0, -1))
    size = coarse.size // coarse.shape[axis] * len(place)
    runs = np.array_split(place, -(-size // CACHED_PIXELS))
    return np.concatenate([_run(coarse, axis, run) for run in runs], axis)


def _run(coarse: Array, axis: int, place: Array) -> Array:
    """Four weighted neighbours of each ``place``. No BLAS, whose sums may differ between machines."""
    base = place.astype(np.int64)
    u = (place - base).astype(np.float32)
    weights = ((1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3)
    along = [1] * coarse.ndim
    along[axis] = len(place)
    total = np.take(coarse, base, axis)
    total *= (weights[0] / 6).reshape(along)
    for k in (1, 2, 3):
        share = np.take(coarse, base + k, axis)
        share *= (weights[k] / 6).reshape(along)
        total += share
    return total
