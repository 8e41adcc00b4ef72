"""A reader's desk in the recommender's tests: everything a set is chosen from, and what can be seen of a set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from models.finding import FindingCatalogue, Truth
from models.reading import Exposure, LibraryCase, LibrarySnapshot, Reading
from recommender.choose import choose
from recommender.population import Population
from recommender.request import Choice, ChoiceSettings, SetRequest
from recommender.tracer import State, Tracer, replay
from recommender.tracers import TRACERS
from recommender.volumes import Monthly

MakeCase = Callable[..., LibraryCase]
MakeRead = Callable[..., Reading]
TRACER = TRACERS["bayesian"](Population(), {"rib_fracture": "fracture"})
RULES = ChoiceSettings()
FINDINGS = ("rib_fracture", "nodule", "pneumothorax", "effusion")


@dataclass(frozen=True)
class Desk:
    """Everything a set is chosen from, with what a test changes given by name."""

    cases: Sequence[LibraryCase]
    catalogue: FindingCatalogue
    now: datetime
    state: State = field(default_factory=dict)
    exposures: Mapping[str, Exposure] = field(default_factory=dict)
    volumes: Mapping[str, Monthly] = field(default_factory=dict)
    tracer: Tracer = TRACER
    confused: Sequence[tuple[str, str]] = ()
    circle: Collection[str] = ()

    def choose(
        self,
        size: int = 10,
        seed: int = 1,
        rules: ChoiceSettings = RULES,
        recent: tuple[int, int] = (0, 0),
        **request: object,
    ) -> Choice:
        return choose(
            LibrarySnapshot(1, tuple(self.cases)),
            self.state,
            self.tracer,
            self.exposures,
            SetRequest(size=size, **request),  # type: ignore[arg-type]
            rules,
            self.catalogue,
            self.volumes,
            self.now,
            np.random.default_rng(seed),
            recent,
            self.confused,
            self.circle,
        )

    def chosen(self, choice: Choice) -> list[LibraryCase]:
        by_id = {case.case_id: case for case in self.cases}
        return [by_id[item.case_id] for item in choice.items]

    def met(self, cases: Sequence[LibraryCase], days_ago: float | None) -> Desk:
        at = None if days_ago is None else self.now - timedelta(days=days_ago)
        own = {case.case_id: Exposure(case.case_id, case.patient, 1, at) for case in cases}
        return replace(self, exposures={**self.exposures, **own})


def shown(cases: Sequence[LibraryCase]) -> Counter[str | None]:
    return Counter(case.skills.finding for case in cases if case.skills.truth is Truth.ABNORMAL)


def normals(cases: Sequence[LibraryCase]) -> int:
    return sum(case.skills.truth is Truth.NORMAL for case in cases)


def history(library: Sequence[LibraryCase], make_read: MakeRead, weak: str) -> State:
    """A reader who is right two times in three, but never on ``weak``; three reads a finding and a dozen normals."""
    some = [case for case in library if case.case_id[-1] in "159"]
    reads = [make_read(case, n % 3 > 0 and case.skills.finding != weak, n) for n, case in enumerate(some)]
    return replay(TRACER, reads, {case.case_id: case for case in library})
