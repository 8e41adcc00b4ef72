"""How hard a case is likely to be, from what its report says, until readers have shown it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from models.finding import Assertion, FindingCatalogue, Observation, Truth
from models.report import SectionedText
from nlp.rulebook import read_rules

_MOST_FURTHER = 2
_AROUND = 60


def first_difficulty(
    report: SectionedText,
    truth: Truth,
    main: Sequence[str],
    observations: Sequence[Observation],
    findings: FindingCatalogue,
) -> float:
    """Logits, 0 where an average reader is right half the time; greater is harder. Rules in difficulty.toml.

    An abnormal case starts at the published miss rate of its first main finding and moves with how large, severe, sure
    and hidden the report calls it. A normal one is easier, less so where its report tells of something doubtful or old.
    """
    rules = _rules()
    if truth is Truth.NORMAL:
        told = {seen.assertion for seen in observations}
        tempting = told & {Assertion.UNCERTAIN, Assertion.PRIOR, Assertion.PRESENT}
        value = _logit(rules["miss"]) + rules["normal"] + (rules["tempting"] if tempting else 0.0)
    else:
        value = _abnormal(report, main, observations, findings)
    return round(float(min(rules["greatest"], max(rules["least"], value))), 2)


def _abnormal(
    report: SectionedText, main: Sequence[str], observations: Sequence[Observation], findings: FindingCatalogue
) -> float:
    rules = _rules()
    if not main:
        return _logit(rules["miss"])
    published = findings.prior_miss(main[0])
    value = _logit(published[0] if published else rules["miss"])
    value += rules["further_finding"] * min(len(main) - 1, _MOST_FURTHER)
    shown = (Assertion.PRESENT, Assertion.UNCERTAIN)
    told = [seen for seen in observations if seen.finding == main[0] and seen.assertion in shown]
    if not told:
        return float(value)
    if all(seen.assertion is Assertion.UNCERTAIN for seen in told):
        value += rules["uncertain"]
    return float(value) + min(_subtlety(report.text, seen) for seen in told)


def _subtlety(text: str, seen: Observation) -> float:
    """What one mention adds: the plainest mention of a finding counts."""
    rules = _rules()
    value: float = max((rules["severity"].get(word, 0.0) for word in seen.severity), key=abs, default=0.0)
    if seen.size_mm is not None:
        value += next(step["logits"] for step in rules["size"] if seen.size_mm <= step["up_to"])
    around = text[max(0, seen.span.start - _AROUND) : seen.span.end + _AROUND].lower()
    return value + (rules["hidden"]["logits"] if _hidden().search(around) else 0.0)


def _logit(share: float) -> float:
    share = min(0.95, max(0.05, share))
    return math.log(share / (1 - share))


@cache
def _rules() -> Mapping[str, Any]:
    return read_rules("rules/difficulty")


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, _rules()["hidden"]["words"])) + r")\b")
