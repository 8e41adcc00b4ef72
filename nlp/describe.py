"""Modality and region of an exam from its name or other free text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from models.finding import Finding, Region
from nlp.rulebook import read_rules, shipped_rules

_EXAM_VOTES = 3
_FINDING_VOTES = 2
_LOOKED_AT = 50_000
"""Characters from which modality and region are told."""


def _word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted({word.lower() for word in words}, key=len, reverse=True)
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?![a-z0-9])")


@cache
def _modalities() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, _word_pattern(words)) for code, words in read_rules("rules/exams")["modality"].items())


@cache
def _signs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, _word_pattern(words)) for code, words in read_rules("rules/exams")["signs"].items())


@cache
def _regions() -> tuple[tuple[Region, int, re.Pattern[str]], ...]:
    exams = [
        (Region(name), _EXAM_VOTES, _word_pattern(words)) for name, words in read_rules("rules/exams")["region"].items()
    ]
    rules = shipped_rules()
    places = [
        (
            region,
            1,
            _word_pattern(
                word for place, words in rules.places.items() if rules.regions[place] is region for word in words
            ),
        )
        for region in dict.fromkeys(rules.regions.values())
    ]
    return (*exams, *places)


def modality_code(text: str) -> str:
    """The DICOM modality code (PS3.3 C.7.3.1.1.1) an exam's name speaks of; ``OT`` where it names none.

    >>> modality_code("CT - noncontrast"), modality_code("Chest, 2 views"), modality_code("MRI brain with contrast")
    ('CT', 'DX', 'MR')
    """
    lowered = text[:_LOOKED_AT].lower()
    return next((code for code, pattern in _modalities() if pattern.search(lowered)), "OT")


def modality_said(text: str) -> str:
    """The code of the modality whose words a report's findings use most; ``OT`` where they use none.

    >>> modality_said("Hyperintense on T2, low signal on T1."), modality_said("Anechoic, no flow on Doppler.")
    ('MR', 'US')
    """
    lowered = text[:_LOOKED_AT].lower()
    votes = Counter({code: len(pattern.findall(lowered)) for code, pattern in _signs()})
    code, most = votes.most_common(1)[0]
    return code if most else "OT"


def region_of(text: str, findings: Iterable[Finding] = ()) -> Region:
    """The region most words of ``text`` and most of ``findings`` belong to; ``other`` where nothing tells."""
    lowered = text[:_LOOKED_AT].lower()
    votes: Counter[Region] = Counter()
    for region, weight, pattern in _regions():
        votes[region] += weight * len(pattern.findall(lowered))
    for finding in findings:
        votes[finding.region] += _FINDING_VOTES
    region, most = votes.most_common(1)[0]
    return region if most else Region.OTHER
