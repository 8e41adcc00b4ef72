"""What a truth, a diagnosis or an answer says in a word: normal, abnormal, nothing at all, or a finding's name.

A word that only begins like one of these says nothing of the kind: "Benign nodule" is no normal case, and what a
negation stands for ("No fracture seen") is not guessed.
"""

from __future__ import annotations

import re

NORMAL_WORDS = frozenset(
    ("normal", "0", "negative", "no", "false", "benign", "healthy", "none", "unremarkable", "no finding", "no findings")
    + ("no abnormality", "no abnormalities", "no acute finding", "no acute findings", "within normal limits")
)
"""What says normal as the whole value; "normal" does with words after it too ("Normal ECG")."""

ABNORMAL_WORDS = frozenset(("abnormal", "1", "positive", "yes", "true"))
MISSING_WORDS = frozenset(("nan", "na", "n/a", "n.a.", "null", "nil", "unknown", "missing", "?", "-", "--", "\u2013"))

_NOT_AFTER_NORMAL = frozenset(("but", "except", "apart", "pressure", "or"))
"""Words after which "normal" is no longer all there is: "Normal pressure hydrocephalus"."""

_NEGATIONS = frozenset(("no", "not", "none", "negative", "false", "without"))
_ZERO_OR_ONE = re.compile(r"([01])[.,]0+")


def is_normal(value: str) -> bool:
    """Whether a truth or diagnosis says that there is nothing to find ("Normal ECG", "0", "negative")."""
    plain = _plain(value)
    if plain in NORMAL_WORDS:
        return True
    words = re.findall(r"\w+", plain)
    return words[:1] == ["normal"] and _NOT_AFTER_NORMAL.isdisjoint(words)


def is_abnormal(value: str) -> bool:
    """Whether a value says that there is something to find, and no more than that."""
    return _plain(value) in ABNORMAL_WORDS


def is_missing(value: str) -> bool:
    """Whether a value is empty, or a word for that."""
    plain = _plain(value)
    return not plain or plain in MISSING_WORDS


def is_unclear(value: str) -> bool:
    """Whether a value is a number that means neither normal nor abnormal, or a negation of something."""
    plain = _plain(value)
    if is_normal(value) or is_abnormal(value):
        return False
    return not any(c.isalpha() for c in plain) or re.split(r"\W", plain, maxsplit=1)[0] in _NEGATIONS


def _plain(value: str) -> str:
    plain = " ".join(value.lower().replace("_", " ").split())
    number = _ZERO_OR_ONE.fullmatch(plain)
    return number[1] if number else plain
