"""What a finding is taken for: the catalogue's mimics, and those that a department's own wrong answers show.

After an interpretive error (the reader saw it and named a mimic) the two belong side by side: comparing them teaches
more than either alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from scipy.special import bdtrc  # type: ignore[import-untyped, unused-ignore]

from models.finding import FindingCatalogue, Truth
from models.reading import Answer, Confusion
from models.teaching_case import CaseKey

LEAST_READS, LEAST_READERS = 5, 3
"""What one reader says is that reader's habit; what few reads say is chance."""

LEAST_OTHERS, LEAST_ELSEWHERE = 2, 20
"""Findings, and wrong answers to them, that an answer is compared with: from fewer, how often it falls is not known."""

CHANCE = 0.01
"""How often an answer given at random in place of a finding would still be learned as its mimic."""

MOST_LEARNED = 5

Pair = tuple[str, str]
"""What was right, and what was said."""


def learned_mimics(confusions: Iterable[Confusion]) -> dict[str, tuple[str, ...]]:
    """Answers given in place of a finding more often than in place of others, by finding, the most telling first.

    Binomial: of the wrong answers to a finding, those that name one key, against the share of that key elsewhere.
    """
    given: dict[str, Counter[str]] = defaultdict(Counter)
    readers: dict[Pair, int] = {}
    for each in confusions:
        given[each.finding][each.answered] += each.reads
        readers[each.finding, each.answered] = each.readers
    keys = len({answered for answers in given.values() for answered in answers})
    found: dict[str, tuple[str, ...]] = {}
    for finding, answers in given.items():
        lifts: list[tuple[float, str]] = []
        for answered, reads in answers.items():
            share = _elsewhere(finding, answered, given, keys)
            if share is None:
                continue
            beyond = float(bdtrc(reads - 1, answers.total(), share)) < CHANCE
            if reads >= LEAST_READS and readers[finding, answered] >= LEAST_READERS and beyond:
                # Ten answers as they fall elsewhere are added: a lift of few answers is mostly luck.
                lifts.append(((reads + 10 * share) / (answers.total() + 10) / share, answered))
        if lifts:
            found[finding] = tuple(answered for _, answered in sorted(lifts, reverse=True)[:MOST_LEARNED])
    return found


def _elsewhere(finding: str, answered: str, given: Mapping[str, Counter[str]], keys: int) -> float | None:
    """The share of an answer among the wrong ones to other findings; None where too little is known of them.

    Nobody is wrong by naming what is there: where the answer is the truth it cannot be given, and ``finding`` is no
    answer to itself. So cases of the answer, and answers that name ``finding``, stay out; left in, they would make any
    guess look like a mimic. Each key seen counts once more, so that no share is 0.
    """
    others = [answers for key, answers in given.items() if key not in (finding, answered)]
    total = sum(answers.total() - answers[finding] for answers in others)
    if len(others) < LEAST_OTHERS or total < LEAST_ELSEWHERE:
        return None
    return (sum(answers[answered] for answers in others) + 1) / (total + keys + 1)


def mimics_of(finding: str, learned: Mapping[str, Sequence[str]], findings: FindingCatalogue) -> tuple[str, ...]:
    """What the finding is taken for, the department's own experience first."""
    known = findings[finding].mimics if finding in findings else ()
    return tuple(dict.fromkeys((*learned.get(finding, ()), *known)))


def interpretive(
    mistaken: Iterable[Pair], learned: Mapping[str, Sequence[str]], findings: FindingCatalogue
) -> list[Pair]:
    """Those mistakes in which one of two look-alikes was said where the other was right, in their order, each once."""
    return [
        (right, said)
        for right, said in dict.fromkeys(mistaken)
        if said in mimics_of(right, learned, findings) or right in mimics_of(said, learned, findings)
    ]


def said_instead(answer: Answer, key: CaseKey) -> str | None:
    """The finding named where another was right; None where nothing was named, or nothing wrong, or it was normal."""
    if key.truth is not Truth.ABNORMAL or not key.findings or set(answer.findings) & set(key.findings):
        return None
    return answer.findings[0] if answer.findings else None
