"""Whether a question is a reader's doubt, or what a film was asked for, where no heading tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.rulebook import read_rules
from nlp.tokens import words_of

_LONGEST = 300
"""Characters of a sentence that are looked at: an indication is short."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The words of ``asking.toml``, each phrase as its words with a blank on either side."""

    questions: frozenset[str]
    interrogatives: tuple[str, ...]
    patient: re.Pattern[str]
    imaging: re.Pattern[str]
    aged: re.Pattern[str]


def is_question(cue: str) -> bool:
    """Whether the words ``cue`` that an uncertain mention rests on may ask for it."""
    return cue in _rules().questions


def may_ask(sentence: str) -> bool:
    """Whether a question may stand in ``sentence`` at all."""
    small = sentence.lower()
    return any(word in small for word in _rules().questions)


def asks(sentence: str, before: str) -> bool:
    """Whether ``sentence``, which holds a question, asks what a film should show; ``before`` is the one before it.

    It asks where it tells of the patient and not of an image, or follows a sentence that does, or is put as a question.

    >>> asks("Fell on the stairs, ? fracture", ""), asks("Cortical step, ? fracture", "")
    (True, False)
    """
    rules = _rules()
    own = _spaced(sentence)
    if own.rstrip(" .").endswith("?") and own.startswith(rules.interrogatives):
        return True
    if rules.imaging.search(own):
        return False
    return _of_patient(rules, own) or _of_patient(rules, _spaced(before))


def _of_patient(rules: _Rules, spaced: str) -> bool:
    told = rules.patient.search(spaced) or rules.aged.search(spaced)
    return told is not None and not rules.imaging.search(spaced)


def _spaced(text: str) -> str:
    return f" {' '.join(words_of(text[-_LONGEST:]))} "


@cache
def _rules() -> _Rules:
    told = read_rules("rules/asking")
    return _Rules(
        questions=frozenset(told["questions"]),
        interrogatives=tuple(f" {' '.join(words_of(phrase))} " for phrase in told["interrogatives"]),
        patient=_any(told["patient"]),
        imaging=_any(told["imaging"]),
        aged=re.compile(told["aged"]),
    )


def _any(phrases: list[str]) -> re.Pattern[str]:
    spelt = sorted({" ".join(words_of(phrase)) for phrase in phrases}, key=len, reverse=True)
    return re.compile(rf" (?:{'|'.join(map(re.escape, spelt))})(?= )")
