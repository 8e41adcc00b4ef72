"""All that is known of one reader at the moment a set is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.finding import FindingCatalogue
from models.reading import Chance, Exposure, LibraryCase, Skills
from recommender.request import ChoiceSettings
from recommender.tracer import State, Tracer


@dataclass(frozen=True, slots=True)
class Situation:
    """``exposures`` by case id; ``volumes`` maps a finding to this reader's reads a month; ``now`` is aware, UTC."""

    state: State
    tracer: Tracer
    exposures: Mapping[str, Exposure]
    findings: FindingCatalogue
    volumes: Mapping[str, float]
    settings: ChoiceSettings
    now: datetime

    def chance(self, case: LibraryCase) -> Chance:
        return self.tracer.predict(self.state, case, self.now)

    def ability(self, skills: Skills) -> Chance:
        return self.tracer.ability(self.state, skills)

    def evidence(self, skills: Skills) -> tuple[int, int]:
        """Reads of the skill and right ones."""
        return self.tracer.evidence(self.state, skills)
