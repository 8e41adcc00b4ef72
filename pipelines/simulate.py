"""A department of simulated readers: believable reads, misses and peer reviews for a demonstration workspace.

Every figure that shapes it stands at the top. Chance and time are arguments: the same ones give the same department.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.finding import FindingCatalogue, Truth
from models.reading import Answer, LibraryCase, Reader, Reading, ReadingSource

DAYS = 182
LEVELS = (("R1", 0.14, 0.5), ("R2", 0.16, 0.8), ("R3", 0.17, 1.05), ("R4", 0.17, 1.3), ("fellow", 0.12, 1.55))
ATTENDING = ("attending", 1.75)  # the rest of the readers; abilities in logits at difficulty 0
SITES = ("Main", "North", "Harbour")
READS_LEAST, READS_MOST = 120, 250
CLINICAL_SHARE, CLINICAL_ABNORMAL = 0.3, 0.3
LATE_HOURS, LATE_PENALTY = 10.0, 0.45  # major errors peak 10 to 12 hours into a shift
PLANTED_PENALTY = 1.7  # logits that the whole group loses on the planted finding
REVIEWS_PER_READER = 52
DISCREPANT, DISCREPANT_PLANTED, DISCREPANT_NORMAL = 0.05, 0.24, 0.012  # of reviewed reads; in all a few percent
SIGNIFICANT = 0.17  # of discrepancies, so that .6 % of reviews are significant, as of 1,705 published ones
UNSAMPLED_REVIEWS = 36
MISSED_MORE = {"nodule_mass": 1.9, "subdural_hematoma": 1.7, "subarachnoid_hemorrhage": 1.6, "pulmonary_embolus": 1.5}
ERROR_CLASSES = (
    (ErrorClass.PERCEPTUAL, 0.75),
    (ErrorClass.INTERPRETIVE, 0.16),
    (ErrorClass.COMMUNICATION, 0.05),
    (ErrorClass.TECHNIQUE_OR_SYSTEM, 0.04),
)


@dataclass(frozen=True, slots=True)
class Simulated:
    """``planted`` is the finding the whole group misses beyond chance, None where no case shows one."""

    readers: tuple[Reader, ...]
    readings: tuple[Reading, ...]
    reviews: tuple[Discrepancy, ...]
    planted: str | None


@dataclass(frozen=True, slots=True)
class _Ability:
    """One reader in logits: being right on abnormal and on normal cases, and what is added for single findings."""

    sensitivity: float
    specificity: float
    findings: Mapping[str, float]
    pace: float


def simulate_department(
    cases: Sequence[LibraryCase],
    findings: FindingCatalogue,
    readers: int,
    now: datetime,
    rng: np.random.Generator,
    department_id: str = "demo",
    planted: str | None = None,
) -> Simulated:
    """``readers`` people with about 120 to 250 reads each of ``cases`` in the half year before ``now`` (aware, UTC).

    ``planted`` names the finding the group misses; by default the one with most cases among the deadlier half. Raises
    ValueError where ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone: give an aware time, in UTC")
    shown = sorted({case.skills.finding for case in cases if _abnormal(case) and case.skills.finding})
    planted = planted or _to_plant(cases, shown, findings)
    people = [_reader(number, readers, department_id, rng) for number in range(readers)]
    abilities = {person.reader_id: _ability(person, shown, findings, planted, rng) for person in people}
    readings: list[Reading] = []
    for person in people:
        readings += _reads(person, abilities[person.reader_id], cases, findings, now, rng)
    reviews = _reviews(people, abilities, shown, findings, planted, now, rng)
    return Simulated(tuple(people), tuple(readings), tuple(reviews), planted)


def _abnormal(case: LibraryCase) -> bool:
    return case.skills.truth is Truth.ABNORMAL


def _to_plant(cases: Sequence[LibraryCase], shown: Sequence[str], findings: FindingCatalogue) -> str | None:
    def weight(key: str) -> tuple[int, int, str]:
        harm = findings[key].harm if key in findings else 2
        return int(harm >= 4), sum(case.skills.finding == key and _abnormal(case) for case in cases), key

    return max(shown, key=weight, default=None)


def _reader(number: int, readers: int, department_id: str, rng: np.random.Generator) -> Reader:
    share, level = (number + 0.5) / readers, ATTENDING[0]
    for name, part, _ in LEVELS:
        if share < part:
            level = name
            break
        share -= part
    site = SITES[int(rng.choice(len(SITES), p=(0.5, 0.3, 0.2)))]
    return Reader(f"simulated-{number + 1:02d}", department_id, level, site)


def _ability(
    person: Reader, shown: Sequence[str], findings: FindingCatalogue, planted: str | None, rng: np.random.Generator
) -> _Ability:
    """Abilities by level, with an answer bias that trades sensitivity for specificity, weak and strong findings."""
    level = {name: mean for name, _, mean in LEVELS} | dict([ATTENDING])
    base, bias = level[person.level] + rng.normal(0, 0.3), rng.normal(0, 0.3)
    own = {key: float(rng.normal(0, 0.3)) for key in shown}
    for key in rng.permutation(list(shown))[: max(1, len(shown) // 6)]:
        own[str(key)] -= float(rng.uniform(0.9, 1.6))
    for key in shown:
        prior = findings[key].prior_miss if key in findings else None
        own[key] -= 1.5 * min((prior if prior is not None else 0.1) - 0.1, 0.3)
    if planted is not None:
        own[planted] = own.get(planted, 0.0) - PLANTED_PENALTY
    return _Ability(base + bias, base + 0.55 - bias, own, float(rng.lognormal(0, 0.25)))


def _times(count: int, now: datetime, rng: np.random.Generator) -> list[tuple[datetime, float]]:
    """When each read happened, in order, and how many hours into a shift. Shifts start at 8 or, one in four, at 20."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    drawn = []
    for _ in range(count):
        day, start = int(rng.integers(2, DAYS)), 20 if rng.random() < 0.25 else 8
        hours = 12 * float(rng.beta(1.2, 1.3))
        at = midnight - timedelta(days=day) + timedelta(hours=start + hours)
        drawn.append((at.replace(microsecond=0), hours))
    return sorted(drawn)


def _reads(
    person: Reader,
    ability: _Ability,
    cases: Sequence[LibraryCase],
    findings: FindingCatalogue,
    now: datetime,
    rng: np.random.Generator,
) -> list[Reading]:
    if not cases:
        return []
    seen: dict[str, int] = {}
    sequences = {ReadingSource.PRACTICE: 0, ReadingSource.CLINICAL: 0}
    deck: list[LibraryCase] = []
    readings = []
    for number, (at, hours) in enumerate(_times(int(rng.integers(READS_LEAST, READS_MOST + 1)), now, rng)):
        source = ReadingSource.CLINICAL if rng.random() < CLINICAL_SHARE else ReadingSource.PRACTICE
        if source is ReadingSource.PRACTICE:
            deck = deck or [cases[int(i)] for i in rng.permutation(len(cases))]
            case = deck.pop()
        else:
            case = _worklist_case(cases, rng)
        skill = case.skills.finding or "normal"
        chance = _chance(ability, case, seen.get(skill, 0), number, hours)
        seen[skill] = seen.get(skill, 0) + 1
        correct = bool(rng.random() < chance)
        sequences[source] += 1
        readings.append(
            Reading(
                reading_id=f"{person.reader_id}-{source.value}-{sequences[source]:04d}",
                department_id=person.department_id,
                reader_id=person.reader_id,
                case_id=case.case_id,
                source=source,
                sequence=sequences[source],
                correct=correct,
                skills=case.skills,
                answer=_answer(case, correct, chance, findings, rng),
                read_at=at,
                seconds=round(float(ability.pace * rng.lognormal(4.0, 0.5)), 1),
            )
        )
    return readings


def _worklist_case(cases: Sequence[LibraryCase], rng: np.random.Generator) -> LibraryCase:
    """A case at clinical prevalence: most are normal."""
    wanted = bool(rng.random() < CLINICAL_ABNORMAL)
    pool = [case for case in cases if _abnormal(case) == wanted] or list(cases)
    return pool[int(rng.integers(len(pool)))]


def _chance(ability: _Ability, case: LibraryCase, same: int, reads: int, hours: float) -> float:
    """Chance of a right read: ability, case, learning (steep at first, then slow), and a tired end of the shift."""
    logit = ability.sensitivity if _abnormal(case) else ability.specificity
    if _abnormal(case) and case.skills.finding:
        logit += ability.findings.get(case.skills.finding, 0.0)
    logit += 0.22 * np.log1p(same / 3) + 0.08 * np.log1p(reads / 20)
    logit -= case.difficulty + (LATE_PENALTY if hours >= LATE_HOURS else 0.0)
    return float(1 / (1 + np.exp(-logit)))


def _answer(
    case: LibraryCase, correct: bool, chance: float, findings: FindingCatalogue, rng: np.random.Generator
) -> Answer:
    """What was said: a miss is mostly "normal", an overcall names what the normal imitates or a mimic."""
    confidence = int(np.clip(rng.normal(60 + 20 * chance + 6 * correct, 14), 5, 99))
    own = case.skills.finding
    if correct:
        return Answer(not _abnormal(case), (own,) if _abnormal(case) and own else (), confidence=confidence)
    if _abnormal(case) and (own is None or rng.random() < 0.75):
        return Answer(True, confidence=confidence)
    named = own if not _abnormal(case) else None
    if named is None:
        alike = findings[own].mimics if own and own in findings else ()
        same_region = [key for key in findings if findings[key].region is case.skills.region and key != own]
        pool = list(alike) or same_region
        named = pool[int(rng.integers(len(pool)))] if pool else None
    return Answer(False, (named,) if named else (), confidence=confidence)


def _reviews(
    people: Sequence[Reader],
    abilities: Mapping[str, _Ability],
    shown: Sequence[str],
    findings: FindingCatalogue,
    planted: str | None,
    now: datetime,
    rng: np.random.Generator,
) -> list[Discrepancy]:
    """Mostly randomly sampled reviews, concurring ones included, and a handful that someone sent in."""
    reviews: list[Discrepancy] = []
    middle = float(np.mean([ability.sensitivity for ability in abilities.values()])) if people else 0.0
    for person in people:
        skill = float(np.exp(-0.35 * (abilities[person.reader_id].sensitivity - middle)))
        for _ in range(REVIEWS_PER_READER + int(rng.integers(-6, 7))):
            finding = shown[int(rng.integers(len(shown)))] if shown and rng.random() < 0.5 else None
            odds = _review_odds(finding, planted) * skill
            reviews.append(
                _review(len(reviews), person, finding, bool(rng.random() < odds), Sampling.RANDOM, findings, now, rng)
            )
    ways = (Sampling.TRIGGERED, Sampling.SUBMITTED, Sampling.ADDENDUM)
    for _ in range(UNSAMPLED_REVIEWS if people and shown else 0):
        person, finding = people[int(rng.integers(len(people)))], shown[int(rng.integers(len(shown)))]
        way = ways[int(rng.choice(3, p=(0.4, 0.45, 0.15)))]
        reviews.append(_review(len(reviews), person, finding, bool(rng.random() < 0.85), way, findings, now, rng))
    return reviews


def _review_odds(finding: str | None, planted: str | None) -> float:
    if finding is None:
        return DISCREPANT_NORMAL
    return DISCREPANT_PLANTED if finding == planted else DISCREPANT * MISSED_MORE.get(finding, 0.8)


def _review(
    number: int,
    person: Reader,
    finding: str | None,
    discrepant: bool,
    sampling: Sampling,
    findings: FindingCatalogue,
    now: datetime,
    rng: np.random.Generator,
) -> Discrepancy:
    score, error = RadpeerScore.CONCUR, None
    if discrepant:
        score = _score(rng)
        error = ErrorClass.OVERCALL
        if finding is not None:
            error = ERROR_CLASSES[int(rng.choice(len(ERROR_CLASSES), p=[share for _, share in ERROR_CLASSES]))][0]
    modalities = findings[finding].modalities if finding is not None and finding in findings else ("DX", "CT")
    return Discrepancy(
        discrepancy_id=f"review-{number + 1:05d}",
        department_id=person.department_id,
        reader_id=person.reader_id,
        source_key=f"simulated-review-{number + 1:05d}",
        score=score,
        sampling=sampling,
        modality=modalities[int(rng.integers(min(2, len(modalities))))],
        reviewed_at=(now - timedelta(days=float(rng.uniform(0.5, DAYS)))).replace(microsecond=0),
        finding=finding,
        error_class=error,
        reviewer=f"reviewer-{int(rng.integers(1, 9)):02d}",
    )


def _score(rng: np.random.Generator) -> RadpeerScore:
    """A discrepant RADPEER score; b (likely significant) as often as published."""
    significant, should = rng.random() < SIGNIFICANT, rng.random() < 0.35
    if should:
        return RadpeerScore.SHOULD_BE_MADE_B if significant else RadpeerScore.SHOULD_BE_MADE_A
    return RadpeerScore.UNDERSTANDABLE_B if significant else RadpeerScore.UNDERSTANDABLE_A
