"""Words that may stand beside a name or be one, and mean something else in a report."""

from __future__ import annotations

import re
from functools import lru_cache

from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from nlp.rulebook import read_rules, shipped_rules

_WORD = re.compile(r"[^\W\d_]+")
_ANSWERING = (
    "none",
    "nil",
    "unknown",
    "negative",
    "positive",
    "present",
    "clear",
    "intact",
    "unremarkable",
    "available",
)


@lru_cache(maxsize=1)
def no_names() -> frozenset[str]:
    """What stands beside a name and is none: titles and degrees."""
    words = read_rules("rules/identifiers")
    return frozenset(re.sub(r"[^\w]", "", word).lower() for name in ("titles", "degrees") for word in words[name])


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words of reports that are surnames too."""
    listed = read_rules("rules/common_surnames")["words"]
    return frozenset([*listed, *(word.lower() for word in read_rules("rules/identifiers")["not_names"])])


@lru_cache(maxsize=1)
def telling_words() -> frozenset[str]:
    """Words without which a report says something else: those of assertions, findings, diagnoses and anatomy.

    A surname that is written with a capital there ("Baker cyst") is not among them, nor one that is known as one.
    """
    rules = shipped_rules()
    cues = [*rules.plain, *_ANSWERING, *(word for cue in rules.cues for word in cue.words)]
    cues += [word for words in rules.ends.values() for word in words]
    named = [word for head in rules.heads for word in head.words]
    for table in (rules.places, rules.sides, rules.severities):
        named += [word for words in table.values() for word in words]
    named += [phrase for _, finding in shipped_findings().items() for phrase in finding.phrases]
    named += [phrase for _, diagnosis in shipped_diagnoses().items() for phrase in diagnosis.phrases]
    known = {word for text in named for word in _WORD.findall(text) if word.islower()}
    said = {word.lower() for text in cues for word in _WORD.findall(text)}
    return frozenset(said | (known - frozenset(read_rules("rules/common_surnames")["words"])))
