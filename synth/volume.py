"""A stack of axial CT slices in Hounsfield units, painted shape by shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synth.blur import blurred
from synth.examination import Geometry, Place
from synth.shapes import Array, soft, splat

CT_SIZE = 256


@dataclass(frozen=True, slots=True)
class Stack:
    """``hu`` (slices, rows, columns) with the mm of its voxel centres: ``x`` (1, 1, columns), ``y`` (1, rows, 1),
    ``z`` (slices, 1, 1) falling from the head. A warped stack has x and y of its full shape instead.

    ``window`` is the stack's place in the examination, whose shape is ``whole``.
    """

    hu: Array
    x: Array
    y: Array
    z: Array
    geometry: Geometry
    window: tuple[slice, slice, slice]
    whole: tuple[int, int, int]

    @property
    def points(self) -> tuple[Array, Array, Array]:
        return self.x, self.y, self.z

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.hu.shape[0], self.hu.shape[1], self.hu.shape[2]


def empty_stack(view_mm: float, top_mm: float, bottom_mm: float, slices: int, thickness_mm: float) -> Stack:
    """Air, ``view_mm`` wide, in ``slices`` from ``top_mm`` down to ``bottom_mm``."""
    spacing, step = view_mm / CT_SIZE, (top_mm - bottom_mm) / (slices - 1)
    along = ((np.arange(CT_SIZE) - CT_SIZE / 2 + 0.5) * spacing).astype(np.float32)
    z = (top_mm - step * np.arange(slices)).astype(np.float32)
    geometry = Geometry(spacing, thickness_mm, step, (float(along[0]), float(along[0]), top_mm))
    whole = (slices, CT_SIZE, CT_SIZE)
    hu, window = np.full(whole, -1000.0, np.float32), (slice(0, slices), slice(0, CT_SIZE), slice(0, CT_SIZE))
    return Stack(hu, along[None, None, :], along[None, :, None], z[:, None, None], geometry, window, whole)


def paint(stack: Stack, distance: Array, value: float | Array, edge: float = 1.6) -> None:
    """Blend ``value`` (HU, or an array that broadcasts to the stack) into a shape given by its signed distance (mm).

    The stack is changed: painting over is what a stack is for while it is being made.
    """
    mix(stack, soft(distance, edge), value)


def mix(stack: Stack, share: Array, value: float | Array) -> None:
    """Move every voxel towards ``value`` (HU) by its ``share``, 0 to 1."""
    change = value - stack.hu
    change *= share
    hu = stack.hu
    hu += change


def cut(stack: Stack, one: Sequence[float], two: Sequence[float], margin: float) -> tuple[slice, slice, slice]:
    """The slices, rows and columns within ``margin`` mm of the box between two places (mm)."""
    g, cuts = stack.geometry, []
    for axis, step in enumerate((g.spacing_mm, g.spacing_mm, -g.step_mm)):
        ends = [(place[axis] + sign * margin - g.first_mm[axis]) / step for place in (one, two) for sign in (-1, 1)]
        size = stack.hu.shape[2 - axis]
        cuts.append(slice(min(size, max(0, int(min(ends)))), max(0, min(size, int(max(ends)) + 2))))
    return cuts[2], cuts[1], cuts[0]


def part(stack: Stack, cuts: tuple[slice, slice, slice]) -> Stack:
    """The voxels of ``cuts`` as a stack that shares their memory: painting it paints the whole."""
    x, y, z = (
        axis[tuple(c if n > 1 else slice(None) for c, n in zip(cuts, axis.shape, strict=True))] for axis in stack.points
    )
    g = stack.geometry
    steps = (g.spacing_mm, g.spacing_mm, -g.step_mm)
    first = [place + step * c.start for place, step, c in zip(g.first_mm, steps, reversed(cuts), strict=True)]
    window = [slice(w.start + c.start, w.start + c.stop) for w, c in zip(stack.window, cuts, strict=True)]
    return replace(
        stack,
        hu=stack.hu[cuts],
        x=x,
        y=y,
        z=z,
        geometry=replace(g, first_mm=(first[0], first[1], first[2])),
        window=(window[0], window[1], window[2]),
    )


def near(stack: Stack, one: Sequence[float], two: Sequence[float], margin: float = 4.0) -> Stack:
    """The part of a stack within ``margin`` mm of the box between two places (mm)."""
    return part(stack, cut(stack, one, two, margin))


def filled(stack: Stack, points: Array, volume: Array) -> Array:
    """Share of each voxel that the cloud ``points`` (n, 3) mm, each of ``volume`` mm3, fills; slices are thin."""
    g = stack.geometry
    number = np.rint((g.first_mm[2] - points[:, 2]) / g.step_mm)
    met = np.abs(g.first_mm[2] - number * g.step_mm - points[:, 2]) < g.thickness_mm / 2
    chosen = points[met]
    columns, rows = (chosen[:, 0] - g.first_mm[0]) / g.spacing_mm, (chosen[:, 1] - g.first_mm[1]) / g.spacing_mm
    places, share = (number[met], rows, columns), volume[met] / (g.spacing_mm**2 * g.thickness_mm)
    return splat(places, share, (stack.shape[0] + 1, *stack.shape[1:]))[:-1]


def place_at(stack: Stack, finding: str, centre: Sequence[float], radius: float) -> Place:
    """A circle of ``radius`` mm on the slice of the examination nearest to ``centre`` (mm)."""
    g, (levels, rows, columns) = stack.geometry, stack.window
    number = int(np.clip(round((g.first_mm[2] - centre[2]) / g.step_mm), 0, stack.shape[0] - 1)) + levels.start
    column, row = ((float(centre[axis]) - g.first_mm[axis]) / g.spacing_mm for axis in (0, 1))
    return Place(finding, number, columns.start + column, rows.start + row, radius / g.spacing_mm)


def places_of(stack: Stack, finding: str, centre: Sequence[float], radius: float, margin: float) -> tuple[Place, ...]:
    """The circles a ball of ``radius`` mm makes on the slices it meets, each ``margin`` mm wider."""
    places = []
    for z in stack.z.ravel():
        square = radius**2 - float(z - centre[2]) ** 2
        if square > 0.1 * radius**2:
            places.append(place_at(stack, finding, (centre[0], centre[1], float(z)), square**0.5 + margin))
    return tuple(places)


def spot(stack: Stack, allowed: Array, rng: np.random.Generator) -> tuple[float, float, float]:
    """A random voxel centre (mm) among those ``allowed`` (slices, rows, columns)."""
    chosen = np.flatnonzero(allowed)
    if not chosen.size:
        raise ValueError("no voxel is allowed: the shape is larger than the organ")
    number, row, column = np.unravel_index(chosen[rng.integers(chosen.size)], allowed.shape)
    g = stack.geometry
    return (
        g.first_mm[0] + float(column) * g.spacing_mm,
        g.first_mm[1] + float(row) * g.spacing_mm,
        g.first_mm[2] - float(number) * g.step_mm,
    )


def scanned(stack: Stack, noise_hu: float, rng: np.random.Generator) -> tuple[Array, ...]:
    """The slices (rows, columns) int16 as a scanner shows them: blurred, with mottled noise of ``noise_hu``."""
    noise = rng.standard_normal(stack.shape).astype(np.float32)
    mottle = np.stack([blurred(piece, 0.75) - 0.7 * blurred(piece, 2.2) for piece in noise])
    centre = 1.15 - 0.5 * ((stack.x[0] / stack.x.max()) ** 2 + (stack.y[0] / stack.y.max()) ** 2)
    strength = np.clip(centre, 0.4, None) * (noise_hu / float(mottle.std()))
    slices = (blurred(piece, 0.55) + strength * grain for piece, grain in zip(stack.hu, mottle, strict=True))
    return tuple(np.clip(np.rint(piece), -1024, 3071).astype(np.int16) for piece in slices)
