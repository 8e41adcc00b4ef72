"""Small libraries, histories and readers for the recommender's tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.finding import Finding, FindingCatalogue, Region, Truth
from models.reading import LibraryCase, Reading, ReadingSource, Skills
from models.teaching_case import CaseOrigin
from tests.recommender.desk import Desk, MakeCase, MakeRead

NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)


def _case(
    case_id: str, finding: str | None = None, *, normal: bool = False, difficulty: float = -0.9, **changes: object
) -> LibraryCase:
    truth = Truth.NORMAL if normal else Truth.ABNORMAL
    row: dict[str, object] = {
        "case_id": case_id,
        "patient": f"patient of {case_id}",
        "skills": Skills(truth, finding, "DX", Region.CHEST),
        "difficulty": difficulty,
        "difficulty_sd": 0.5,
        "origin": CaseOrigin.CLINICAL,
        "has_images": True,
    }
    return LibraryCase(**(row | changes))  # type: ignore[arg-type]


def _read(
    case: LibraryCase, correct: bool, sequence: int, *, reader: str = "r1", days_ago: float | None = None
) -> Reading:
    return Reading(
        reading_id=f"{reader} {sequence}",
        department_id="d",
        reader_id=reader,
        case_id=case.case_id,
        source=ReadingSource.PRACTICE,
        sequence=sequence,
        correct=correct,
        skills=case.skills,
        read_at=None if days_ago is None else NOW - timedelta(days=days_ago),
    )


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def make_case() -> MakeCase:
    return _case


@pytest.fixture(scope="session")
def make_read() -> MakeRead:
    return _read


@pytest.fixture(scope="session")
def catalogue() -> FindingCatalogue:
    """Two families with a parent and its child in one of them."""

    def entry(key: str, family: str, parent: str | None = None, harm: int = 2) -> Finding:
        name = key.replace("_", " ")
        return Finding(key, name, Region.CHEST, family, ("DX",), (name,), parent=parent, harm=harm)

    return FindingCatalogue(
        [
            entry("fracture", "bone"),
            entry("rib_fracture", "bone", "fracture"),
            entry("nodule", "lung"),
            entry("pneumothorax", "pleura", harm=5),
            entry("effusion", "pleura"),
        ]
    )


@pytest.fixture(scope="session")
def library() -> Sequence[LibraryCase]:
    """Four findings of 20 cases and 60 normals, of graded difficulty."""
    cases = [
        _case(f"{finding} {n:02}", finding, difficulty=-2.2 + 0.15 * n)
        for finding in ("rib_fracture", "nodule", "pneumothorax", "effusion")
        for n in range(20)
    ]
    return [*cases, *(_case(f"normal {n:02}", normal=True, difficulty=-2.4 + 0.05 * n) for n in range(60))]


@pytest.fixture(scope="session")
def department(library: Sequence[LibraryCase]) -> Sequence[Reading]:
    """60 readers × the whole library, drawn from abilities of known spread."""
    rng = np.random.default_rng(11)
    reads = []
    for reader in range(60):
        general, tendency = rng.normal(0, 0.6), rng.normal(0, 1.0)
        for sequence, n in enumerate(rng.permutation(len(library))):
            case = library[n]
            lean = 0.5 if case.skills.truth is Truth.ABNORMAL else -0.5
            logit = general + lean * tendency - case.difficulty
            reads.append(_read(case, rng.random() < 1 / (1 + np.exp(-logit)), sequence, reader=f"r{reader}"))
    return reads


@pytest.fixture
def desk(library: Sequence[LibraryCase], catalogue: FindingCatalogue, now: datetime) -> Desk:
    return Desk(library, catalogue, now)
