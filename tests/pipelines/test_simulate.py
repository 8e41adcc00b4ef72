"""The simulated department is believable: levels, learning, tired hours, base rates, and one planted miss."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.discrepancy import ErrorClass, Sampling
from models.finding import FindingCatalogue, Region, Truth, shipped_findings
from models.reading import LibraryCase, Reading, ReadingSource, Skills
from models.teaching_case import CaseOrigin
from pipelines.simulate import Simulated, simulate_department

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
FINDINGS = ("nodule_mass", "pneumothorax", "pleural_effusion", "consolidation", "cardiomegaly", "atelectasis")


def cases() -> list[LibraryCase]:
    made = []
    for number in range(72):
        normal, finding = number % 12 < 5, FINDINGS[number % 6]
        skills = Skills(Truth.NORMAL if normal else Truth.ABNORMAL, finding, "DX", Region.CHEST)
        difficulty = 0.5 * (number % 5 - 2)
        made.append(
            LibraryCase(f"case-{number}", f"patient-{number}", skills, difficulty, 0.6, CaseOrigin.PHANTOM, True)
        )
    return made


@pytest.fixture(scope="module")
def catalogue() -> FindingCatalogue:
    return shipped_findings()


@pytest.fixture(scope="module")
def department(catalogue: FindingCatalogue) -> Simulated:
    return simulate_department(cases(), catalogue, 40, NOW, np.random.default_rng(5))


def share(readings: list[Reading], keep: Callable[[Reading], bool]) -> float:
    return float(np.mean([reading.correct for reading in readings if keep(reading)]))


def abnormal(reading: Reading) -> bool:
    return reading.skills.truth is Truth.ABNORMAL


def test_the_same_chance_gives_the_same_department(catalogue: FindingCatalogue) -> None:
    one, two, other = (
        simulate_department(cases(), catalogue, 8, NOW, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert one == two != other


def test_forty_readers_of_every_level_and_several_sites(department: Simulated) -> None:
    assert len({reader.reader_id for reader in department.readers}) == 40
    assert {reader.level for reader in department.readers} == {"R1", "R2", "R3", "R4", "fellow", "attending"}
    assert 2 <= len({reader.site for reader in department.readers}) <= 3


def test_reads_are_in_order_and_in_the_past_half_year(department: Simulated) -> None:
    by_reader: dict[tuple[str, ReadingSource], list[Reading]] = defaultdict(list)
    for reading in department.readings:
        by_reader[reading.reader_id, reading.source].append(reading)
    for series in by_reader.values():
        times = [reading.read_at for reading in series]
        assert all(at is not None and at.utcoffset() == timedelta(0) for at in times)
        assert times == sorted(times) and times[-1] < NOW and times[0] > NOW - timedelta(days=190)
        assert [reading.sequence for reading in series] == list(range(1, len(series) + 1))
    counts = [sum(r.reader_id == reader.reader_id for r in department.readings) for reader in department.readers]
    assert min(counts) >= 120 and max(counts) <= 250
    assert len({reading.reading_id for reading in department.readings}) == len(department.readings)


def test_answers_agree_with_what_was_right(department: Simulated) -> None:
    for reading in department.readings:
        assert reading.answer is not None
        named = reading.skills.finding in reading.answer.findings
        right = named if abnormal(reading) else reading.answer.normal
        assert right == reading.correct
        assert reading.answer.confidence is not None and 0 <= reading.answer.confidence <= 100


def test_experience_shows_and_normals_are_easier(department: Simulated) -> None:
    level = {reader.reader_id: reader.level for reader in department.readers}
    juniors, seniors = (
        share(list(department.readings), lambda reading, wanted=wanted: level[reading.reader_id] in wanted)
        for wanted in ({"R1", "R2"}, {"fellow", "attending"})
    )
    assert seniors > juniors + 0.04
    sensitivity = share(list(department.readings), abnormal)
    specificity = share(list(department.readings), lambda reading: not abnormal(reading))
    assert 0.5 < sensitivity < specificity < 0.95


def test_readers_learn_and_differ_in_their_weak_findings(department: Simulated) -> None:
    practised = [reading for reading in department.readings if reading.source is ReadingSource.PRACTICE]
    assert share(practised, lambda r: r.sequence > 90) > share(practised, lambda r: r.sequence <= 25)
    worst = set()
    for reader in department.readers:
        own = [r for r in department.readings if r.reader_id == reader.reader_id and abnormal(r)]
        rates = {
            key: share(own, lambda r, key=key: r.skills.finding == key) for key in FINDINGS if key != department.planted
        }
        worst.add(min(rates, key=rates.__getitem__))
    assert len(worst) >= 4


def test_the_planted_finding_is_missed_by_the_whole_group(department: Simulated, catalogue: FindingCatalogue) -> None:
    planted = department.planted
    assert planted in FINDINGS
    ill = [reading for reading in department.readings if abnormal(reading)]
    hit = share(ill, lambda reading: reading.skills.finding == planted)
    assert hit < share(ill, lambda reading: reading.skills.finding != planted) - 0.15
    reviews = [review for review in department.reviews if review.sampling is Sampling.RANDOM and review.finding]
    rate = {
        group: np.mean([review.score.discrepant for review in reviews if (review.finding == planted) == group])
        for group in (True, False)
    }
    assert rate[True] > 2 * rate[False]
    chosen = simulate_department(cases(), catalogue, 4, NOW, np.random.default_rng(0), planted="atelectasis")
    assert chosen.planted == "atelectasis"


def test_reviews_have_published_base_rates(catalogue: FindingCatalogue) -> None:
    many = [simulate_department(cases(), catalogue, 40, NOW, np.random.default_rng(seed)).reviews for seed in range(4)]
    random = [review for reviews in many for review in reviews if review.sampling is Sampling.RANDOM]
    assert 0.02 < np.mean([review.score.discrepant for review in random]) < 0.06
    assert 0.003 < np.mean([review.score.value.endswith("b") for review in random]) < 0.011
    handed_in = [review for reviews in many for review in reviews if review.sampling is not Sampling.RANDOM]
    assert 0 < len(handed_in) < 0.05 * len(random)
    errors = [review.error_class for review in random if review.score.discrepant and review.finding]
    assert 0.65 < errors.count(ErrorClass.PERCEPTUAL) / len(errors) < 0.85
    assert all((review.error_class is None) == (not review.score.discrepant) for review in random)
    assert all(review.reviewed_at < NOW and review.reviewer not in (None, review.reader_id) for review in random)


def test_a_time_without_zone_is_refused(catalogue: FindingCatalogue) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        simulate_department(cases(), catalogue, 2, NOW.replace(tzinfo=None), np.random.default_rng(0))


def test_a_department_without_cases_has_readers_and_no_reads(catalogue: FindingCatalogue) -> None:
    empty = simulate_department([], catalogue, 3, NOW, np.random.default_rng(0))
    assert len(empty.readers) == 3 and empty.readings == () and empty.planted is None
