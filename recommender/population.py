"""What is known of all readers and cases together: the prior a single reader starts from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import log1p

from models.errors import BadInput
from models.reading import Skills
from recommender.tracer import skill_key


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Difficulty in logits (0: an average reader is right half the time; greater is harder); ``sd`` its uncertainty."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Trend:
    """What practice itself brings: ``slope`` × (log(1 + reads / ``scale``) − ``centre``) logits."""

    slope: float
    scale: float
    centre: float

    def gain(self, reads: int) -> float:
        return self.slope * (log1p(reads / self.scale) - self.centre)


@dataclass(frozen=True, slots=True)
class Population:
    """Fitted by ``recommender.fit``; the defaults serve a department that has no reads yet.

    ``cases``: difficulty by case id, shrunk to its finding's mean. ``averages``: by skill key, the difficulty of a case
    of that skill nobody has read (its sd is the spread between cases). ``variances`` of readers in logits²: "all",
    "tendency" (to call a case abnormal), "truth", "finding" and "imitated" (the finding a normal case can pass for).
    ``trends``: by "all" and by truth (reads of the same
    skill). ``forgetting``: the share of what was learned of a skill that is uncertain again after a day without it.
    """

    averages: Mapping[str, Difficulty] = field(
        default_factory=lambda: {"abnormal": Difficulty(-0.5, 1.3), "normal": Difficulty(-1.0, 1.2)}
    )
    cases: Mapping[str, Difficulty] = field(default_factory=dict)
    variances: Mapping[str, float] = field(
        default_factory=lambda: {"all": 0.3, "tendency": 0.8, "truth": 0.1, "finding": 0.3, "imitated": 0.1}
    )
    trends: Mapping[str, Trend] = field(default_factory=dict)
    forgetting: float = 0.002
    reads: int = 0

    def average(self, skills: Skills) -> Difficulty:
        """Difficulty of an unknown case of that skill; of its truth where the finding was never seen."""
        return self.averages.get(skill_key(skills)) or self.averages[skills.truth.value]

    def difficulty(self, case_id: str, skills: Skills) -> Difficulty:
        """Difficulty of a case, or of an unknown one of its skill."""
        return self.cases.get(case_id) or self.average(skills)

    def gain(self, trend: str, reads: int) -> float:
        """What ``reads`` reads have brought by practice alone, in logits."""
        return self.trends[trend].gain(reads) if trend in self.trends else 0.0

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def population_from_json(text: str, where: str) -> Population:
    """The inverse of ``Population.to_json``. Raises BadInput naming ``where``."""
    try:
        table = json.loads(text)
        return Population(
            averages={key: Difficulty(**value) for key, value in table["averages"].items()},
            cases={key: Difficulty(**value) for key, value in table["cases"].items()},
            variances={str(key): float(value) for key, value in table["variances"].items()},
            trends={key: Trend(**value) for key, value in table["trends"].items()},
            forgetting=float(table["forgetting"]),
            reads=int(table["reads"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(where, f"not a fitted population ({error})", "fit it again from the reads") from error
