"""Branching vessel trees that fill an organ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.shapes import Array


@dataclass(frozen=True, slots=True)
class Tree:
    """Short straight pieces of a vessel tree: ``start`` and ``end`` (n, 3) in mm, ``radius`` (n,) in mm."""

    start: Array
    end: Array
    radius: Array

    def points(self, step: float) -> tuple[Array, Array]:
        """The tree's volume as points (m, 3) about ``step`` mm apart, and the volume (m,) in mm3 each stands for."""
        axis = self.end - self.start
        length = np.linalg.norm(axis, axis=1)
        places, volumes = [], []
        for rings in range(1, int(np.ceil(self.radius.max() / step)) + 1):
            chosen = np.flatnonzero(np.ceil(self.radius / step).astype(int) == rings)
            if chosen.size:
                place, volume = _fill(self, chosen, axis, length, rings, step)
                places.append(place)
                volumes.append(volume)
        return np.concatenate(places), np.concatenate(volumes)


def _fill(tree: Tree, chosen: Array, axis: Array, length: Array, rings: int, step: float) -> tuple[Array, Array]:
    """Points of the pieces that need the same number of rings across."""
    counts = np.maximum(1, np.ceil(length[chosen] / step)).astype(int)
    piece = np.repeat(chosen, counts)
    along = (np.concatenate([np.arange(n) + 0.5 for n in counts]) / np.repeat(counts, counts))[:, None]
    centre = tree.start[piece] + along * axis[piece]
    direction = axis[piece] / (length[piece, None] + 1e-9)
    side = np.cross(direction, np.where(np.abs(direction[:, 2:]) < 0.9, (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    up = np.cross(direction, side)
    disc = np.array([(r, t) for r in range(rings) for t in np.arange(6 * r or 1) * 2 * np.pi / (6 * r or 1)])
    reach = disc[:, 0] / rings
    x, y = reach * np.cos(disc[:, 1]), reach * np.sin(disc[:, 1])
    radius = tree.radius[piece, None, None]
    places = centre[:, None] + radius * (x[None, :, None] * side[:, None] + y[None, :, None] * up[:, None])
    volume = np.pi * tree.radius[piece] ** 2 * length[piece] / np.repeat(counts, counts)
    return places.reshape(-1, 3), np.repeat(volume / len(disc), len(disc))


def grow(
    root: Array,
    trunks: list[Array],
    targets: Array,
    root_radius: float,
    rng: np.random.Generator,
    thinning: float = 2.3,
) -> Tree:
    """A tree from ``root`` (3,) along each of ``trunks`` (k, 3) that reaches every target (n, 3), nearer ones first.

    A branch leaves the node that costs least way in all, a trunk being cheaper; radii follow Murray's law with exponent
    ``thinning``.
    """
    nodes = [root[None], *trunks]
    parents = [0]
    for trunk in trunks:
        first = len(parents)
        parents += [0, *range(first, first + len(trunk) - 1)]
    trunk_nodes = len(parents)
    order = np.argsort(np.linalg.norm(targets - root, axis=1))
    places = np.vstack([*nodes, targets[order]])
    way = np.zeros(len(places))
    for i in range(1, trunk_nodes):
        way[i] = way[parents[i]] + 0.6 * float(np.linalg.norm(places[i] - places[parents[i]]))
    for i in range(trunk_nodes, len(places)):
        gap = np.linalg.norm(places[:i] - places[i], axis=1)
        parents.append(int(np.argmin(gap + 0.7 * way[:i])))
        way[i] = way[parents[i]] + gap[parents[i]]
    load = np.ones(len(places))
    for i in range(len(places) - 1, 0, -1):
        load[parents[i]] += load[i]
    radius = root_radius * (load[1:] / load[0]) ** (1 / thinning)
    return _bend(places[parents[1:]], places[1:], radius, rng)


def _bend(start: Array, end: Array, radius: Array, rng: np.random.Generator, pieces: int = 4) -> Tree:
    """Each straight branch becomes a shallow curve, since no vessel is a ruler."""
    length = np.linalg.norm(end - start, axis=1, keepdims=True)
    middle = (start + end) / 2 + 0.13 * length * rng.standard_normal(start.shape)
    t = np.linspace(0, 1, pieces + 1)[:, None, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
    return Tree(curve[:-1].reshape(-1, 3), curve[1:].reshape(-1, 3), np.tile(radius, pieces))
