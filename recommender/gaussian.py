"""One Gaussian step of assumed density filtering for a logistic observation.

Source: Minka, "Expectation propagation for approximate Bayesian inference" (UAI 2001), the single-pass form.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from models.reading import Chance

Z_80 = 1.2815515655446004
"""The 90 % point of the standard normal: an 80 % interval reaches this many standard deviations to each side."""

_NODES, _WEIGHTS = hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def logistic(x: float) -> float:
    """1 / (1 + e^−x), without overflow at either end."""
    return 1.0 / (1.0 + exp(-x)) if x >= 0 else 1.0 - 1.0 / (1.0 + exp(x))


def chance(mean: float, variance: float) -> Chance:
    """The chance of a right answer when its logit is normal with ``mean`` and ``variance``."""
    spread = sqrt(variance)
    logits = np.clip(mean + spread * _NODES, -500.0, 500.0)
    expected = float(_WEIGHTS @ (1.0 / (1.0 + np.exp(-logits))))
    return Chance(expected, logistic(mean - Z_80 * spread), logistic(mean + Z_80 * spread))


def chances(means: Sequence[float], variances: Sequence[float]) -> list[Chance]:
    """The same for many logits at once."""
    mean, spread = np.array(means), np.sqrt(np.array(variances))
    logits = np.clip(mean[:, None] + spread[:, None] * _NODES, -500.0, 500.0)
    expected = (1.0 / (1.0 + np.exp(-logits))) @ _WEIGHTS
    ends = np.clip(mean + np.array([[-Z_80], [Z_80]]) * spread, -500.0, 500.0)
    low, high = 1.0 / (1.0 + np.exp(-ends))
    return [Chance(*each) for each in zip(expected.tolist(), low.tolist(), high.tolist(), strict=True)]


def observe(mean: float, variance: float, correct: bool, weight: float) -> tuple[float, float]:
    """Mean and variance of the logit once the answer is known, by matching moments.

    ``weight`` tempers the likelihood: an answer of weight ½ counts as half an answer.
    """
    logits = mean + sqrt(variance) * _NODES
    signed = logits if correct else -logits
    likelihood = _WEIGHTS * np.exp(-weight * np.logaddexp(0.0, -signed))
    share = likelihood / likelihood.sum()
    posterior = float(share @ logits)
    return posterior, float(share @ (logits - posterior) ** 2)
