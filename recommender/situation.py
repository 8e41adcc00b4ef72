"""All that is known of one reader at the moment a set is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.finding import FindingCatalogue
from models.reading import Chance, Exposure, LibraryCase, Skills
from recommender.mimics import Pair
from recommender.request import ChoiceSettings
from recommender.tracer import State, Tracer
from recommender.volumes import Monthly


@dataclass(frozen=True, slots=True)
class Situation:
    """``exposures`` by case id; ``volumes`` maps a finding to this reader's reads a month; ``now`` is aware, UTC.

    ``confused``: look-alikes this reader took one for the other, the latest first.
    """

    state: State
    tracer: Tracer
    exposures: Mapping[str, Exposure]
    findings: FindingCatalogue
    volumes: Mapping[str, Monthly]
    settings: ChoiceSettings
    now: datetime
    confused: Sequence[Pair] = ()

    def chances(self, cases: Sequence[LibraryCase]) -> list[Chance]:
        return self.tracer.predict_many(self.state, cases, self.now)

    def ability(self, skills: Skills) -> Chance:
        return self.tracer.ability(self.state, skills)

    def evidence(self, skills: Skills) -> tuple[int, int]:
        """Reads of the skill and right ones."""
        return self.tracer.evidence(self.state, skills)
