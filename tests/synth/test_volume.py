"""A stack of slices and its parts: one memory, one set of places."""

import numpy as np

from synth.shapes import ellipsoid
from synth.volume import cut, empty_stack, filled, near, paint, part, place_at

ONE, TWO = (-30.0, -40.0, -20.0), (50.0, 20.0, 30.0)
BALL = (12.0, -8.0, 5.0)


def test_painting_a_part_paints_the_whole() -> None:
    whole, other = (empty_stack(256, 60, -60, 25, 5.0) for _ in range(2))
    region = near(near(whole, ONE, TWO), BALL, BALL, 14)
    paint(region, ellipsoid(region.points, BALL, (10, 8, 9)), 40.0)
    paint(other, ellipsoid(other.points, BALL, (10, 8, 9)), 40.0)
    assert region.hu.size < 0.02 * whole.hu.size
    assert np.allclose(whole.hu, other.hu, atol=0.01)


def test_a_part_knows_its_window_and_its_places() -> None:
    whole = empty_stack(256, 60, -60, 25, 5.0)
    middle = near(whole, ONE, TWO)
    region = part(middle, cut(middle, BALL, BALL, 12))
    assert region.whole == whole.shape
    assert np.shares_memory(region.hu, whole.hu) and whole.hu[region.window].shape == region.shape
    assert np.array_equal(whole.x[..., region.window[2]], region.x)
    assert place_at(region, "nodule_mass", BALL, 6) == place_at(whole, "nodule_mass", BALL, 6)


def test_a_cloud_fills_the_same_voxels_of_a_part() -> None:
    whole = empty_stack(256, 60, -60, 25, 5.0)
    points = np.random.default_rng(3).uniform((-20, -30, -10), (40, 10, 20), (500, 3))
    share = filled(whole, points, np.ones(500))
    region = near(whole, ONE, TWO)
    assert share.sum() > 1
    assert np.allclose(share[region.window], filled(region, points, np.ones(500)), atol=1e-4)
