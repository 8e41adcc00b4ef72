"""Random fields, their windows, and the filters that must not be told from the general ones they stand in for."""

import numpy as np
import pytest
from scipy import ndimage

from synth.blur import blurred
from synth.fields import field, finer, fractal


def test_a_field_is_smooth_at_the_wavelength_asked_for() -> None:
    smooth = field((64, 64), (32, 32), np.random.default_rng(0))
    rough = field((64, 64), (4, 4), np.random.default_rng(0))
    assert smooth.std() == pytest.approx(1, abs=1e-3)
    assert np.abs(np.diff(smooth, axis=1)).mean() < 0.3 * np.abs(np.diff(rough, axis=1)).mean()


def test_a_window_shows_its_part_of_the_whole_field() -> None:
    window = (slice(3, 20), slice(10, 70), slice(7, 88))
    whole_chance, window_chance = np.random.default_rng(1), np.random.default_rng(1)
    whole = fractal((24, 100, 90), (2.5, 9, 30), 3, whole_chance)
    seen = fractal((24, 100, 90), (2.5, 9, 30), 3, window_chance, window)
    assert seen.shape == (17, 60, 81)
    assert np.corrcoef(whole[window].ravel(), seen.ravel())[0, 1] > 0.998
    assert whole_chance.random() == window_chance.random()


@pytest.mark.parametrize("deviation", [0.5, 0.75, 1.0, 2.2])
def test_the_blur_is_gaussian(deviation: float) -> None:
    image = np.random.default_rng(2).standard_normal((50, 70)).astype(np.float32)
    expected = ndimage.gaussian_filter(image, deviation, mode="nearest", radius=9)
    assert np.abs(blurred(image, deviation) - expected).max() < 0.02
    assert np.allclose(blurred(np.ones((20, 20)), deviation), 1, atol=1e-5)


def test_a_finer_image_runs_through_the_coarse_one() -> None:
    rows, columns = np.arange(20.0)[:, None], np.arange(30.0)[None, :]
    coarse = np.sin(rows / 4) + np.cos(columns / 5)
    fine = finer(coarse, 4)
    assert fine.shape == (80, 120)
    expected = np.sin(((np.arange(80) + 0.5) / 4 - 0.5) / 4)[:, None] + np.cos(((np.arange(120) + 0.5) / 4 - 0.5) / 5)
    assert np.abs(fine - expected)[12:-12, 12:-12].max() < 5e-3
