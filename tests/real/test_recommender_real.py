"""The recommender on real reads: predictions as good as they should be, and sets that follow each reader."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime
from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from benchmarks.next_read import main, read_reads
from models.finding import FindingCatalogue, Truth
from models.reading import Exposure, LibraryCase, LibrarySnapshot, Reading
from models.teaching_case import CaseOrigin
from recommender.bayesian import BayesianTracer
from recommender.choose import choose
from recommender.fit import fit
from recommender.population import Population
from recommender.request import Choice, ChoiceSettings, SetRequest
from recommender.tracer import replay

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
NOW = datetime(2031, 5, 1, tzinfo=UTC)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (DATA / "elbow_reads").exists(), reason="the real reads do not stand beside the project"),
]


def reads_of(name: str) -> Path:
    return DATA / f"{name}_reads" / "reads.csv"


@pytest.mark.parametrize(
    ("name", "least_auc", "most_log_loss"), [("elbow", 0.81, 0.48), ("ecg", 0.80, 0.54), ("viper", 0.825, 0.51)]
)
def test_next_reads_are_predicted(name: str, least_auc: float, most_log_loss: float, tmp_path: Path) -> None:
    main(reads_of(name), tmp_path / "predictions.csv")
    with (tmp_path / "predictions.csv").open(encoding="utf-8") as lines:
        p = np.array([float(row["probability"]) for row in csv.DictReader(lines)])
    right = np.array([read.correct for read in read_reads(reads_of(name))])
    positives, negatives = right.sum(), (~right).sum()
    auc = (rankdata(p)[right].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    log_loss = -sum(log(q) if y else log(1 - q) for q, y in zip(p, right, strict=True)) / len(p)
    assert auc > least_auc and log_loss < most_log_loss


class Department:
    """The elbow readers, each with a set of ten after all they read."""

    def __init__(self) -> None:
        self.reads: dict[str, list[Reading]] = defaultdict(list)
        for read in read_reads(reads_of("elbow")):
            self.reads[read.reader_id].append(read)
        every = [read for own in self.reads.values() for read in own]
        population = fit(every)
        self.tracer = BayesianTracer(population)
        self.cases = {read.case_id: self._case(read, population) for read in every}

    @staticmethod
    def _case(read: Reading, population: Population) -> LibraryCase:
        known = population.difficulty(read.case_id, read.skills)
        origin = CaseOrigin.IMPORTED
        return LibraryCase(read.case_id, read.case_id, read.skills, known.mean, known.sd, origin, has_images=False)

    def choose(self, reader: str) -> Choice:
        own = self.reads[reader]
        return choose(
            LibrarySnapshot(1, tuple(self.cases.values())),
            replay(self.tracer, own, self.cases),
            self.tracer,
            {read.case_id: Exposure(read.case_id, read.case_id, 1, None) for read in own},
            SetRequest(size=10),
            ChoiceSettings(),
            FindingCatalogue([]),
            {},
            NOW,
            np.random.default_rng(1),
        )

    def shares(self, choice: Choice) -> defaultdict[str, float]:
        """Shares of the set by finding shown, normals left out."""
        skills = [self.cases[item.case_id].skills for item in choice.items]
        shown = Counter(skill.finding or "" for skill in skills if skill.truth is Truth.ABNORMAL)
        return defaultdict(float, {finding: count / len(choice.items) for finding, count in shown.items()})

    def worst(self, reader: str) -> tuple[str, float]:
        """The finding with the highest miss rate among those of ten cases or more, and its lead over the next."""
        missed: dict[str, list[bool]] = defaultdict(list)
        for read in self.reads[reader]:
            if read.skills.truth is Truth.ABNORMAL and read.skills.finding:
                missed[read.skills.finding].append(not read.correct)
        rates = sorted(((sum(m) / len(m), finding) for finding, m in missed.items() if len(m) >= 10), reverse=True)
        return rates[0][1], rates[0][0] - rates[1][0]


@pytest.fixture(scope="module")
def department() -> Department:
    return Department()


def test_a_full_set_comes_out_although_every_case_was_read(department: Department) -> None:
    for reader in department.reads:
        choice = department.choose(reader)
        truths = [department.cases[item.case_id].skills.truth for item in choice.items]
        assert len(truths) == 10 and 1 <= truths.count(Truth.NORMAL) <= 7


def test_a_clearly_worst_finding_takes_its_share_and_less_of_a_reader_with_another(department: Department) -> None:
    clear = {reader: worst for reader in department.reads for worst, lead in [department.worst(reader)] if lead > 0.2}
    shares = {reader: department.shares(department.choose(reader)) for reader in clear}
    assert len(clear) >= 10 and len(set(clear.values())) >= 2
    for reader, worst in clear.items():
        assert shares[reader][worst] >= 0.3
        assert all(shares[other][worst] < 0.3 for other in clear if clear[other] != worst)
