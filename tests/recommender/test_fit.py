"""The population fit: what was put in comes out again, and better predictions with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log1p, sqrt, tanh

import numpy as np
import pytest

from models.errors import BadInput
from models.finding import Truth
from models.reading import LibraryCase, Reading, Skills
from recommender.fit import fit
from recommender.gaussian import chance, observe
from recommender.population import Population, population_from_json
from recommender.tracer import skill_key


@pytest.fixture(scope="module")
def population(department: Sequence[Reading]) -> Population:
    return fit(department)


def test_case_difficulties_come_back(population: Population, library: Sequence[LibraryCase]) -> None:
    true = np.array([case.difficulty for case in library])
    fitted = np.array([population.cases[case.case_id].mean for case in library])
    assert np.corrcoef(true, fitted)[0, 1] > 0.9
    assert np.abs(true - fitted).mean() < 0.35


def test_the_spread_of_readers_comes_back(population: Population) -> None:
    # What separates a reader's two abilities is the tendency and twice the truth's own part; 1.0 was put in.
    variances = population.variances
    assert 0.2 < variances["all"] < 0.6
    assert 0.5 < variances["tendency"] + 2 * variances["truth"] < 1.5


def test_a_case_read_once_stays_near_its_findings_mean(department: Sequence[Reading]) -> None:
    odd = replace(department[0], case_id="rare", skills=Skills(Truth.ABNORMAL, "nodule"), correct=False)
    fitted = fit([*department, odd])
    mean = fitted.averages["abnormal/nodule"]
    assert mean.mean < fitted.cases["rare"].mean < mean.mean + mean.sd
    assert fitted.cases["rare"].sd > 2 * fitted.cases["nodule 05"].sd


def test_an_unread_case_takes_its_findings_mean_and_an_unknown_finding_its_truths(population: Population) -> None:
    nodule, unknown = Skills(Truth.ABNORMAL, "nodule"), Skills(Truth.ABNORMAL, "never seen")
    assert population.difficulty("new", nodule) == population.averages["abnormal/nodule"]
    assert population.difficulty("new", unknown) == population.averages["abnormal"]
    assert population.averages["abnormal"].sd >= population.averages["abnormal/nodule"].sd


def test_learning_is_found_where_it_was_put(department: Sequence[Reading]) -> None:
    rng = np.random.default_rng(3)
    flat = [replace(read, correct=bool(rng.random() < 0.6)) for read in department]
    rising = [replace(read, correct=bool(rng.random() < min(0.95, 0.35 + 0.008 * read.sequence))) for read in flat]
    for reads, low, high in ((flat, -0.3, 0.3), (rising, 0.8, 6.0)):
        population = fit(reads)
        general, own = (population.gain(key, 100) - population.gain(key, 0) for key in ("all", "abnormal"))
        assert low < general + own < high
        assert (general > 0.3) is (reads is rising)


def test_the_order_of_the_reads_handed_in_plays_no_part(department: Sequence[Reading]) -> None:
    some = department[:1500]
    assert fit(some[::-1]).to_json() == fit(some).to_json()


def test_it_goes_into_json_and_back(population: Population) -> None:
    assert population_from_json(population.to_json(), "population.json") == population


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cases": {"a": {"mean": 1}}}'])
def test_a_damaged_file_is_one_clear_line(text: str) -> None:
    with pytest.raises(BadInput, match="population.json: not a fitted population"):
        population_from_json(text, "population.json")


def test_no_reads_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match="none to fit"):
        fit([])


def test_reads_of_no_weight_are_not_fitted(department: Sequence[Reading]) -> None:
    some = department[:280]
    ignored = [replace(read, weight=0.0) if n % 4 == 0 else read for n, read in enumerate(some)]
    assert fit(ignored).to_json() == fit([read for read in ignored if read.weight]).to_json()
    with pytest.raises(BadInput, match="none to fit"):
        fit([replace(some[0], weight=0.0)])


def test_one_read_is_enough_to_fit(department: Sequence[Reading]) -> None:
    lone = fit(department[:1])
    assert lone.reads == 1 and all(np.isfinite(value) for value in lone.variances.values())


def test_one_observation_matches_the_moments_of_the_exact_posterior() -> None:
    grid = np.linspace(-12, 12, 20001)
    weight = np.exp(-((grid - 0.4) ** 2) / (2 * 1.7)) / (1 + np.exp(-grid))
    mean = float((grid * weight).sum() / weight.sum())
    variance = float(((grid - mean) ** 2 * weight).sum() / weight.sum())
    assert observe(0.4, 1.7, True, 1.0) == pytest.approx((mean, variance), abs=1e-4)


def test_an_observation_of_no_weight_changes_nothing() -> None:
    assert observe(0.4, 1.7, True, 0.0) == pytest.approx((0.4, 1.7), abs=1e-9)


def test_a_chance_is_symmetric_and_survives_extremes() -> None:
    assert chance(0.0, 4.0).mean == pytest.approx(0.5)
    assert chance(2.0, 1.0).mean == pytest.approx(1 - chance(-2.0, 1.0).mean)
    for mean in (-900.0, 900.0):
        assert 0 <= chance(mean, 3.0).low <= chance(mean, 3.0).high <= 1


def plainly(reads: Sequence[Reading], steps: int) -> tuple[dict[str, float], dict[str, float]]:
    """The same ascent, family by family and member by member in plain loops: case difficulties and variances."""
    prior = Population().variances
    truth_of = [read.skills.truth.value for read in reads]
    key_of = [skill_key(read.skills) for read in reads]
    read, same, seen = [], [], Counter[tuple[str, ...]]()
    for each, key in zip(reads, key_of, strict=True):
        read.append(log1p(seen[each.reader_id,] / 10))
        same.append(log1p(seen[each.reader_id, key] / 2))
        seen.update([(each.reader_id,), (each.reader_id, key)])
    families = [  # name, members, loadings, variance, learned
        ["truth mean", truth_of, [1.0] * len(reads), 10.0, False],
        ["finding mean", key_of, [1.0] * len(reads), 0.3, True],
        ["case", [each.case_id for each in reads], [1.0] * len(reads), 1.0, True],
        ["all", [each.reader_id for each in reads], [1.0] * len(reads), prior["all"], True],
        [
            "tendency",
            [each.reader_id for each in reads],
            [0.5 if truth == "abnormal" else -0.5 for truth in truth_of],
            prior["tendency"],
            True,
        ],
        ["truth", list(zip((r.reader_id for r in reads), truth_of, strict=True)), [1.0] * len(reads), 0.1, True],
        ["finding", list(zip((r.reader_id for r in reads), key_of, strict=True)), [1.0] * len(reads), 0.3, True],
        ["practice", ["one"] * len(reads), [x - sum(read) / len(read) for x in read], 0.09, False],
    ]
    for truth in sorted(set(truth_of)):
        own = [x for x, t in zip(same, truth_of, strict=True) if t == truth]
        centred = [x - sum(own) / len(own) if t == truth else 0.0 for x, t in zip(same, truth_of, strict=True)]
        families.append([f"practice {truth}", ["one"] * len(reads), centred, 0.09, False])
    variance = {name: start for name, _, _, start, _ in families}
    mean = {name: dict.fromkeys(members, 0.0) for name, members, *_ in families}
    spread = {name: dict.fromkeys(members, start) for name, members, _, start, _ in families}

    def logit(n: int, without: str = "") -> float:
        return sum(load[n] * mean[name][of[n]] for name, of, load, *_ in families if name != without)

    for _ in range(steps):
        omega = []
        for n in range(len(reads)):
            second = sqrt(logit(n) ** 2 + sum(load[n] ** 2 * spread[f][of[n]] for f, of, load, *_ in families)) + 1e-9
            omega.append(tanh(second / 2) / (2 * second))
        for name, of, load, start, learned in families:
            precision, pull = dict.fromkeys(of, 1 / variance[name]), dict.fromkeys(of, 0.0)
            for n, each in enumerate(reads):
                precision[of[n]] += omega[n] * load[n] ** 2
                pull[of[n]] += load[n] * (each.correct - 0.5 - omega[n] * logit(n, without=name))
            mean[name] = {member: pull[member] / precision[member] for member in pull}
            spread[name] = {member: 1 / precision[member] for member in pull}
            if learned:
                sizes = sum(mean[name][member] ** 2 + spread[name][member] for member in pull)
                variance[name] = (sizes + 8 * start) / (len(pull) + 8)
    difficulty = {
        each.case_id: -mean["truth mean"][truth] - mean["finding mean"][key] - mean["case"][each.case_id]
        for each, truth, key in zip(reads, truth_of, key_of, strict=True)
    }
    return difficulty, variance


def test_the_fit_is_what_plain_loops_give_to_nine_digits(department: Sequence[Reading]) -> None:
    reads = sorted(
        (read for read in department if read.reader_id in {f"r{n}" for n in range(6)} and read.sequence < 45),
        key=lambda read: (read.reader_id, read.sequence),
    )
    fitted, (difficulty, variance) = fit(reads, steps=8), plainly(reads, steps=8)
    assert fitted.cases.keys() == difficulty.keys()
    for case, mean in difficulty.items():
        assert fitted.cases[case].mean == pytest.approx(mean, abs=1e-9)
    for level in ("all", "tendency", "truth"):
        assert fitted.variances[level] == pytest.approx(variance[level], abs=1e-9)
    assert fitted.variances["imitated"] == pytest.approx(variance["finding"], abs=1e-9)
