"""Soft-edged shapes and random fields: what phantoms are made of. Lengths are mm unless a name says pixels.

Numbers that meet a field of voxels are Python floats: a NumPy float64 would double its memory and time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def soft(distance: Array, edge: float) -> Array:
    """Occupancy 0 to 1 of a shape from its signed ``distance`` (mm, negative inside), blurred over ``edge`` mm."""
    t = np.clip(0.5 - distance / edge, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def ellipsoid(points: Sequence[Array], centre: Sequence[float], radii: Sequence[float], turn: float = 0.0) -> Array:
    """Approximate signed distance (mm) to an ellipsoid. ``points`` are x, y(, z) arrays that broadcast together.

    ``turn`` is radians about z, from x towards y. Exact on the surface and close to it, which is where edges are drawn.
    """
    x, y = points[0] - centre[0], points[1] - centre[1]
    cosine, sine = math.cos(turn), math.sin(turn)
    along, across = (cosine * x + sine * y, cosine * y - sine * x) if turn else (x, y)
    square = (along / radii[0]) ** 2 + (across / radii[1]) ** 2
    steep = along**2 / radii[0] ** 4 + across**2 / radii[1] ** 4
    if len(points) == 3:
        z = points[2] - centre[2]
        square = square + (z / radii[2]) ** 2
        steep = steep + z**2 / radii[2] ** 4
    length = np.sqrt(square)
    return length * (length - 1.0) / np.sqrt(steep + 1e-9)


def capsule(points: Sequence[Array], start: Sequence[float], end: Sequence[float], radius: float) -> Array:
    """Signed distance (mm) to a straight tube with round ends, in as many dimensions as ``points`` has."""
    axis = [float(e) - float(s) for e, s in zip(end, start, strict=True)]
    offsets = [p - float(s) for p, s in zip(points, start, strict=True)]
    reach = sum(offset * step for offset, step in zip(offsets, axis, strict=True)) / max(
        sum(step * step for step in axis), 1e-9
    )
    reach = np.clip(reach, 0.0, 1.0)
    square = sum((offset - reach * step) ** 2 for offset, step in zip(offsets, axis, strict=True))
    return np.sqrt(square) - radius


def union(*distances: Array, blend: float = 0.0) -> Array:
    """Smallest of several signed distances; with ``blend`` mm the joints are rounded like tissue."""
    result = distances[0]
    for distance in distances[1:]:
        if blend:
            h = np.clip(0.5 + 0.5 * (distance - result) / blend, 0.0, 1.0)
            result = distance * (1 - h) + result * h - blend * h * (1 - h)
        else:
            result = np.minimum(result, distance)
    return result


def field(shape: Sequence[int], wavelength: Sequence[float], rng: np.random.Generator) -> Array:
    """A smooth random field of unit deviation; ``wavelength`` is in pixels, one an axis.

    Drawn coarsely and interpolated with cubic B-splines, so that a long wavelength costs no more than a short one.
    """
    coarse = [int(2 * n / w) + 4 for n, w in zip(shape, wavelength, strict=True)]
    noise = rng.standard_normal(coarse).astype(np.float32)
    for axis in reversed(range(len(shape))):
        noise = _interpolated(noise, axis, shape[axis], 2 / wavelength[axis])
    return noise / (float(noise.std()) + 1e-6)


def _interpolated(coarse: Array, axis: int, size: int, step: float) -> Array:
    """One axis of a coarse field made ``size`` long. No BLAS, whose sums may differ between machines."""
    place = np.arange(size) * step
    base = place.astype(np.int64)
    u = (place - base).astype(np.float32)
    weights = ((1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3)
    along = [1] * coarse.ndim
    along[axis] = size
    parts = [np.take(coarse, base + k, axis) * (weight / 6).reshape(along) for k, weight in enumerate(weights)]
    return parts[0] + parts[1] + parts[2] + parts[3]


def fractal(shape: Sequence[int], wavelength: Sequence[float], octaves: int, rng: np.random.Generator) -> Array:
    """A sum of fields, each of half the wavelength and 0.55 of the height of the one before; unit deviation."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        total += 0.55**octave * field(shape, [max(2.5, w / 2**octave) for w in wavelength], rng)
    return total / (float(total.std()) + 1e-6)


def splat(points: Array, weights: Array, shape: Sequence[int]) -> Array:
    """Points (n, d) in pixel coordinates, added with linear weights into an image or volume of ``shape`` (d axes).

    A point within a pixel of the far border, or outside, is left out.
    """
    axes = range(len(shape))
    base = np.floor(points).astype(np.int64)
    inside = np.all((base >= 0) & (base < np.array(shape) - 1), axis=1)
    base, part, weights = base[inside], (points[inside] - base[inside]), weights[inside]
    strides = [int(np.prod(shape[axis + 1 :])) for axis in axes]
    first = sum(base[:, axis] * strides[axis] for axis in axes)
    total = np.zeros(int(np.prod(shape)))
    for corner in np.ndindex(*(2,) * len(shape)):
        share = weights
        for axis in axes:
            share = share * (part[:, axis] if corner[axis] else 1 - part[:, axis])
        offset = sum(c * stride for c, stride in zip(corner, strides, strict=True))
        total += np.bincount(first + offset, share, minlength=total.size)
    return total.reshape(tuple(shape)).astype(np.float32)
