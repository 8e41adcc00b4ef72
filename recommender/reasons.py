"""Sentences a reader is given: one for the whole set before it, one for each case after its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.finding import FindingCatalogue, Truth
from models.reading import Chance, Skills
from recommender.candidates import Candidate
from recommender.gap import gap_of
from recommender.request import Purpose
from recommender.situation import Situation
from recommender.tracer import GENERAL
from recommender.volumes import Basis, Monthly
from recommender.wording import in_sentence, starting

NOT_ENOUGH = "There are not enough cases of that kind."
"""Says nothing of which truth is lacking."""

LEVELS = ((0.85, "nearly always"), (0.7, "most of the time"), (0.55, "more often than not"), (0.45, "half the time"))


def percent(share: float) -> int:
    return round(100 * share)


def in_words(chance: Chance) -> str:
    """ "46 % (31–62 %)": the chance and its 80 % interval."""
    return f"{percent(chance.mean)} % ({percent(chance.low)}–{percent(chance.high)} %)"


def case_reason(candidate: Candidate, purpose: Purpose, situation: Situation) -> str:
    """Why this case, in one sentence with its numbers. It gives the answer away: shown only after it (wall 1)."""
    skills = Skills(Truth.NORMAL) if candidate.normal else Skills(Truth.ABNORMAL, candidate.finding)
    record = _record(candidate.normal, *situation.evidence(skills), situation.settings.judge_reads)
    parts = [f"{_opening(candidate, purpose, situation.findings)}: {record}"]
    if purpose is Purpose.GAP and candidate.finding:
        parts += _confused(candidate.finding, situation)
        parts.append(_factors(candidate.finding, situation))
    parts.append(f"chance of being right here {in_words(candidate.chance)}{_met(candidate, situation.now)}")
    return "; ".join(parts) + "."


def _factors(finding: str, situation: Situation) -> str:
    """The factors of the gap; an assumed volume is not shown as if it were known."""
    gap = gap_of(finding, situation)
    volume = _met_a_month(situation.volumes[finding]) if finding in situation.volumes else ""
    harm = f"harm if missed is {gap.harm} of 5" if finding in situation.findings else ""
    return ", ".join(filter(None, (f"a miss is expected in {percent(gap.miss)} % of such cases", volume, harm)))


def _confused(finding: str, situation: Situation) -> list[str]:
    """What the finding was taken for lately, or was said in place of."""
    for right, said in situation.confused:
        if finding in (right, said):
            named = [in_sentence(situation.findings.name(key)) for key in (said, right)]
            return [f"you said {named[0]} lately where {named[1]} was right: compare the two"]
    return []


def _met_a_month(volume: Monthly) -> str:
    """ "you meet this about 4 times a month", or what an average reader of the department meets."""
    number = f"{volume.reads:.0f}" if volume.reads >= 9.5 else f"{volume.reads:.2g}"
    often = "less than once a month" if volume.reads < 0.95 else f"about {number} times a month"
    if number == "1":
        often = "about once a month"
    if volume.basis is Basis.OWN:
        return f"you meet this {often}"
    return f"a reader of your department meets this {often}" if volume.basis is Basis.DEPARTMENT else ""


def _opening(candidate: Candidate, purpose: Purpose, findings: FindingCatalogue) -> str:
    name = findings.name(candidate.finding) if candidate.finding else ""
    if candidate.normal:
        return f"A normal case that can pass for {in_sentence(name)}" if name else "A normal case"
    name = starting(name) if name else "An abnormal case"
    if purpose is Purpose.EXPLORATION:
        return f"{name}, from outside your known gaps"
    return f"{name}, a check of what you do well" if purpose is Purpose.REVIEW else name


def _record(normal: bool, reads: int, right: int, judge_reads: int) -> str:
    if not reads:
        return "you have read none so far, so nothing can be judged yet"
    kind = " normal cases" if normal else ""
    record = f"you were right on {right} of {reads}{kind}"
    if reads >= judge_reads:
        return record
    return f"{record} ({reads} {'read is' if reads == 1 else 'reads are'} too few to judge)"


def _met(candidate: Candidate, now: datetime) -> str:
    if not candidate.met:
        return ""
    if candidate.last_at is None:
        return ", a case you met before at an unknown date"
    return f", a case you last met {(now - candidate.last_at).days} days ago"


def set_reason(chosen: Sequence[Candidate], wanted: int, hard: bool, situation: Situation) -> str:
    """Why this set. It names no finding, no truth and no mix, and so may stand before the first answer.

    In fewer than ``least_size`` cases not even a level is told: it would be each case's own.
    """
    if not chosen:
        return f"No case is left for you: you met all that fit within the last {situation.settings.repeat_days} days."
    general = situation.state.get(GENERAL)
    reads = general.reads if general else 0
    sentence = f"{_from(reads)}."
    if len(chosen) >= situation.settings.least_size:
        level = _level(chosen, situation.settings.numbers_from)
        sentence = f"{_from(reads)}: {level}, near the edge of what you do well, and a few from outside it."
    if hard and len(chosen) >= situation.settings.least_size:
        sentence += " Harder than usual, since few cases nearer your level are left."
    met = [candidate for candidate in chosen if candidate.met]
    if met:
        undated = any(candidate.last_at is None for candidate in met)
        when = "at an unknown date" if undated else f"at least {situation.settings.repeat_days} days ago"
        sentence += f" Some you met before, {when}."
    if len(chosen) < wanted:
        sentence += f" {len(chosen)} instead of {wanted}: too few others are left that fit and are not too recent."
    return sentence


def _from(reads: int) -> str:
    if not reads:
        return "Chosen without any read of yours so far"
    return f"Chosen from your {reads} {'read' if reads == 1 else 'reads'}"


def _level(chosen: Sequence[Candidate], numbers_from: int) -> str:
    """The mean of the middle half of the chances: to the nearest 10 % from ``numbers_from`` cases on, else in words.

    Finer figures would be a case's own, and sets asked for again would tell its truth by them.
    """
    chances = sorted(candidate.chance.mean for candidate in chosen)
    quarter = len(chances) // 4
    middle = chances[quarter : len(chances) - quarter]
    mean = sum(middle) / len(middle)
    if len(chances) >= numbers_from:
        return f"mostly cases you would get right about {10 * round(10 * mean)} % of the time"
    often = next((words for least, words in LEVELS if mean >= least), "less than half the time")
    return f"mostly cases you would get right {often}"
