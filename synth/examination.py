"""What a phantom maker hands over, whatever the part of the body: pixels, places and the facts a report needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synth.shapes import Array


@dataclass(frozen=True, slots=True)
class Place:
    """A circle that holds a finding, in pixels from the upper left corner of slice ``slice_index`` (0: first)."""

    finding: str
    slice_index: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """``spacing_mm`` row and column; ``thickness_mm`` and ``step_mm`` of slices, 0 on a radiograph.

    ``first_mm`` is the patient position (x, y, z) of the first pixel of the first slice.
    """

    spacing_mm: float
    thickness_mm: float = 0.0
    step_mm: float = 0.0
    first_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Examination:
    """``slices`` are (rows, columns): uint16 of 12 bits on a radiograph, int16 Hounsfield units on CT, head end first.

    ``facts`` fills the gaps of the report's wording (side, site, size); ``sex`` is M or F, ``age`` in years.
    """

    slices: tuple[Array, ...]
    places: tuple[Place, ...]
    facts: Mapping[str, str]
    geometry: Geometry
    sex: str
    age: int


@dataclass(frozen=True, slots=True)
class Chance:
    """Three streams of chance, so that a lesion changes neither the anatomy nor the noise around it."""

    anatomy: np.random.Generator
    lesion: np.random.Generator
    noise: np.random.Generator

    @staticmethod
    def of(*seed: int) -> Chance:
        return Chance(*(np.random.default_rng([stream, *seed]) for stream in range(3)))


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a maker: a finding or none, a harmless look-alike or none, subtlety 1 (hard) to 5 (plain)."""

    finding: str | None
    variant: str | None
    subtlety: int

    @property
    def ease(self) -> float:
        """Subtlety as 0 (hard) to 1 (plain)."""
        return (self.subtlety - 1) / 4

    def between(self, hard: float, plain: float) -> float:
        return hard + (plain - hard) * self.ease


Maker = Callable[[Order, Chance], Examination]
