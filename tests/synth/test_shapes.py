"""The parts phantoms are made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.shapes import capsule, ellipsoid, soft, splat, union
from synth.thorax import draw_thorax, enlarged, heart_span
from synth.vessels import grow


@given(st.floats(5, 40), st.floats(5, 40), st.floats(0, 3.1))
def test_an_ellipse_is_zero_on_its_border_and_negative_within(a: float, b: float, turn: float) -> None:
    angle = np.linspace(0, 6.28, 50)
    x, y = a * np.cos(angle), b * np.sin(angle)
    points = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    assert np.allclose(ellipsoid(points, (0, 0), (a, b), turn), 0, atol=1e-6)
    assert np.all(ellipsoid([0.5 * p for p in points], (0, 0), (a, b), turn) < 0)


def test_a_capsule_measures_millimetres() -> None:
    x, y = np.array([0.0, 5.0, 12.0]), np.array([3.0, 4.0, 0.0])
    assert np.allclose(capsule((x, y), (0, 0), (10, 0), 2.0), [1, 2, 0])


def test_soft_edges_run_from_one_to_zero_across_the_edge() -> None:
    assert soft(np.array([-1.0, 0.0, 1.0]), 2.0).tolist() == [1.0, 0.5, 0.0]


def test_a_blended_union_only_adds() -> None:
    one, two = np.linspace(-5, 5, 11), np.linspace(5, -5, 11)
    assert np.all(union(one, two, blend=3) <= np.minimum(one, two) + 1e-9)


@given(st.integers(0, 2**31))
def test_splatting_keeps_the_total_and_the_centre(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, weights = rng.uniform(2, 17, (40, 2)), rng.uniform(0, 1, 40)
    image = splat(points.T, weights, (20, 20))
    rows = np.arange(20)[:, None]
    assert image.sum() == pytest.approx(weights.sum(), rel=1e-5)
    assert (image * rows).sum() == pytest.approx((weights * points[:, 0]).sum(), rel=1e-4)


def test_a_tree_reaches_every_target_and_thins_outwards() -> None:
    rng = np.random.default_rng(1)
    targets = rng.uniform(-50, 50, (60, 3))
    tree = grow(np.zeros(3), [], targets, 5.0, rng)
    ends = np.linalg.norm(tree.end[:, None] - targets[None], axis=2).min(axis=0)
    assert np.allclose(ends, 0, atol=1e-6)
    assert tree.radius.max() <= 5.0 and tree.radius.min() < 2.0
    points, volume = tree.points(1.0)
    length = np.linalg.norm(tree.end - tree.start, axis=1)
    assert volume.sum() == pytest.approx((np.pi * tree.radius**2 * length).sum(), rel=1e-6)
    assert len(points) == len(volume)


@pytest.mark.parametrize("seed", range(30))
def test_hearts_are_normal_unless_enlarged_on_purpose(seed: int) -> None:
    chest = draw_thorax(np.random.default_rng([0, 0, seed]))
    assert 0.35 < heart_span(chest)[2] < 0.5
    for ratio in (0.54, 0.66):
        assert heart_span(enlarged(chest, ratio))[2] == pytest.approx(ratio, abs=0.012)
