"""Which cases may enter a set, each with its chance and its place in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from models.finding import Truth
from models.reading import Chance, Exposure, LibraryCase
from models.teaching_case import CaseOrigin
from recommender.narrowing import narrow
from recommender.request import SetRequest
from recommender.situation import Situation


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be given; ``last_at`` is None where it was never met or met at an unknown date."""

    case: LibraryCase
    chance: Chance
    met: bool
    last_at: datetime | None
    off_band: float
    lot: float

    @property
    def finding(self) -> str | None:
        return self.case.skills.finding

    @property
    def normal(self) -> bool:
        return self.case.skills.truth is Truth.NORMAL

    @property
    def synthetic(self) -> bool:
        return self.case.origin is CaseOrigin.SYNTHETIC

    @property
    def patient(self) -> str:
        return patient_of(self.case)

    @property
    def turn(self) -> tuple[bool, float, datetime, float]:
        """Sort key: cases never met first, near the band first, those met longest ago first, then by lot."""
        return (self.met, self.off_band, self.last_at or datetime.min.replace(tzinfo=UTC), self.lot)


def patient_of(case: LibraryCase) -> str:
    """A case of an unknown patient is a patient of its own."""
    return case.patient or f"case {case.case_id}"


def candidates(
    cases: Sequence[LibraryCase], request: SetRequest, situation: Situation, rng: np.random.Generator
) -> list[Candidate]:
    """Cases that fit the request and were not met lately, in their turn. The order of ``cases`` plays no part."""
    wanted = narrow(cases, request, situation.findings)
    since = situation.now - timedelta(days=situation.settings.repeat_days)
    recent_cases, recent_patients = _recent(situation.exposures, since)
    lots = rng.random(len(wanted)).tolist()
    left = [
        (case, lot)
        for case, lot in zip(wanted, lots, strict=True)
        if case.case_id not in recent_cases and case.patient not in recent_patients
    ]
    found = situation.chances([case for case, _ in left])
    made = [_candidate(case, chance, lot, situation) for (case, lot), chance in zip(left, found, strict=True)]
    return sorted(made, key=lambda candidate: candidate.turn)


def _candidate(case: LibraryCase, chance: Chance, lot: float, situation: Situation) -> Candidate:
    exposure = situation.exposures.get(case.case_id)
    off_band = _off_band(chance.mean, situation.settings.band)
    return Candidate(case, chance, exposure is not None, exposure.last_at if exposure else None, off_band, lot)


def _off_band(chance: float, band: tuple[float, float]) -> float:
    """Distance from the band in steps of .05: finer differences than that are not known, and lots may decide."""
    distance = max(band[0] - chance, chance - band[1], 0.0)
    return round(distance * 20) / 20


def _recent(exposures: Mapping[str, Exposure], since: datetime) -> tuple[set[str], set[str]]:
    """Cases and patients met after ``since``: a twin must not follow its base (wall 5)."""
    lately = [exposure for exposure in exposures.values() if exposure.last_at is not None and exposure.last_at > since]
    return {exposure.case_id for exposure in lately}, {exposure.patient for exposure in lately if exposure.patient}


def fewer_of_a_truth(pool: Sequence[Candidate]) -> int:
    """Patients with a normal case or with an abnormal one in ``pool``, whichever are fewer."""
    return min(len({candidate.patient for candidate in pool if candidate.normal is normal}) for normal in (True, False))
