"""Soft-edged shapes: what phantoms are made of. Lengths are mm unless a name says pixels.

Numbers that meet a field of voxels are Python floats: a NumPy float64 would double its memory and time. Sums are made
in place: on a volume, fresh memory costs more than the arithmetic.
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
    t = np.asarray(distance * (-1.0 / edge))
    t += 0.5
    np.clip(t, 0.0, 1.0, out=t)
    share = t * -2.0
    share += 3.0
    share *= t
    share *= t
    return share


def ellipsoid(points: Sequence[Array], centre: Sequence[float], radii: Sequence[float], turn: float = 0.0) -> Array:
    """Approximate signed distance (mm) to an ellipsoid. ``points`` are x, y(, z) arrays that broadcast together.

    ``turn`` is radians about z, from x towards y. Exact on the surface and close to it, which is where edges are drawn.
    """
    x, y = points[0] - centre[0], points[1] - centre[1]
    cosine, sine = math.cos(turn), math.sin(turn)
    along, across = (cosine * x + sine * y, cosine * y - sine * x) if turn else (x, y)
    square = (along / radii[0]) ** 2 + (across / radii[1]) ** 2
    steep = along**2 / radii[0] ** 4 + across**2 / radii[1] ** 4 + 1e-9
    if len(points) == 3:
        z = points[2] - centre[2]
        square = square + (z / radii[2]) ** 2
        steep = steep + z**2 / radii[2] ** 4
    distance: Array = square - np.sqrt(square)
    distance /= np.sqrt(steep)
    return distance


def capsule(points: Sequence[Array], start: Sequence[float], end: Sequence[float], radius: float) -> Array:
    """Signed distance (mm) to a straight tube with round ends, in as many dimensions as ``points`` has."""
    axis = [float(e) - float(s) for e, s in zip(end, start, strict=True)]
    offsets = [p - float(s) for p, s in zip(points, start, strict=True)]
    square = max(sum(step * step for step in axis), 1e-9)
    reach = np.asarray(sum(offset * (step / square) for offset, step in zip(offsets, axis, strict=True)))
    beyond = reach * (-2.0 * square)
    np.clip(reach, 0.0, 1.0, out=reach)
    beyond += reach * square
    beyond *= reach
    distance: Array = sum(offset**2 for offset in offsets) + beyond
    np.sqrt(np.maximum(distance, 0.0, out=distance), out=distance)
    distance -= radius
    return distance


def union(*distances: Array, blend: float = 0.0) -> Array:
    """Smallest of several signed distances; with ``blend`` mm the joints are rounded like tissue."""
    result = distances[0]
    for distance in distances[1:]:
        least = np.minimum(result, distance)
        if blend:
            overlap = np.abs(result - distance)
            np.clip(blend - overlap, 0.0, None, out=overlap)
            overlap *= overlap
            overlap *= 0.25 / blend
            least -= overlap
        result = least
    return result


def splat(points: Sequence[Array], weights: Array, shape: Sequence[int]) -> Array:
    """Points in pixel coordinates, an array (n,) an axis, added with linear weights into an image of ``shape``.

    A point within a pixel of the far border, or outside, is left out.
    """
    inside = np.ones(len(weights), bool)
    for place, size in zip(points, shape, strict=True):
        inside &= (place >= 0) & (place < size - 1)
    first, corners = np.zeros(int(inside.sum()), np.int64), [(0, weights[inside])]
    for axis, place in enumerate(points):
        place, stride = place[inside], int(np.prod(shape[axis + 1 :]))
        base = np.floor(place)
        part = place - base
        first += base.astype(np.int64) * stride
        if part.any():
            far = [(offset + stride, share * part) for offset, share in corners]
            corners = [(offset, share - more) for (offset, share), (_, more) in zip(corners, far, strict=True)] + far
    total = np.zeros(int(np.prod(shape)))
    for offset, share in corners:
        total += np.bincount(first + offset, share, minlength=total.size)
    return total.reshape(tuple(shape)).astype(np.float32)
