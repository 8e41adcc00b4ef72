"""Whether an id tells whom or which study it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.folding import folded
from nlp.known_words import no_names

_FEWEST_SIGNS = 4
_FEWEST_LETTERS = 3
_NUMBERED = re.compile(r"[0-9]{7,}|[0-9]+(?:\.[0-9]+){3,}")
"""A bare number as long as a patient's or a study's, or a DICOM UID."""


def tells_of(uid: str, stated: Iterable[str]) -> bool:
    """Whether ``uid`` holds what is stated of a study or person, or is held by it, however the two are written.

    Letters and digits alone count, without zeros before a number. Of a name, a part of three letters is enough. An id
    that looks like the number of a patient or a study tells of one whatever was stated.
    """
    if _NUMBERED.fullmatch(uid.strip()):
        return True
    own = _signs(uid)
    return any(_tells(own, each) for each in stated if each)


def _tells(own: str, stated: str) -> bool:
    signs = _signs(stated)
    if signs and (signs in own or (len(own) >= _FEWEST_SIGNS and own in signs)):
        return True
    parts = (part for part in re.findall(r"[^\W\d_]+", folded(stated)[0]) if len(part) >= _FEWEST_LETTERS)
    return any(part in own for part in parts if part not in no_names())


def _signs(text: str) -> str:
    """Letters and digits, small; a number without the zeros before it."""
    return "".join(run.lstrip("0") or run[:1] for run in re.findall(r"[^\W\d_]+|[0-9]+", folded(text)[0]))
