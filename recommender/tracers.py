"""The one list of tracers. To add one: a module beside this, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recommender.bayesian import BayesianTracer
from recommender.counting import CountingTracer
from recommender.population import Population
from recommender.tracer import Tracer

TRACERS: Mapping[str, Callable[[Population, Mapping[str, str]], Tracer]] = {
    "bayesian": BayesianTracer,
    "counting": CountingTracer,
}
"""Name to factory: ``TRACERS[name](population, parents)``, ``parents`` mapping a finding to its parent."""
