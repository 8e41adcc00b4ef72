"""Takes out of a report what its source says beside it: the author's and patient's names, the study's numbers.

``nlp.scrub`` finds a name by what stands around it. Here the name is known, so it goes wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nlp.rulebook import read_rules

FEWEST_LETTERS = 3
"""Shorter parts of a name are initials, and words such as "no"."""

FEWEST_SIGNS = 4
"""A shorter number would take measurements out of the text."""

_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"[\w./-]*\d[\w./-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\]])[ \t\r\n\"'(*-]*$")


def without_known(text: str, known: Iterable[str]) -> str:
    """``text`` with "[name]" and "[id]" in the place of every name and number in ``known``.

    A name is known as its source writes it: "Last^First", "First Last MD". Its parts of three letters and more go
    as whole words, whatever their case. A part that is a common word ("Hill", "Young") goes where another part of the
    name stands beside it, or where it has a capital inside a sentence; at a sentence's start, or where the whole line
    is in capitals, it is taken for the word. Numbers (patient, accession, study) of four signs and more go as a whole.

    >>> without_known("Hill sign absent. Seen by jane HILL; agreed with Hill.", ["HILL^JANE"])
    'Hill sign absent. Seen by [name] [name]; agreed with [name].'
    """
    for words in known:
        numbers, names, common = _parts(words)
        if numbers:
            text = numbers.sub("[id]", text)
        if names:
            text = names.sub("[name]", text)
        if common:
            text = common.sub(lambda match: match[0] if _is_word(match) else "[name]", text)
    return text


@lru_cache(maxsize=4096)
def _parts(words: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None]:
    """Patterns of the numbers, the names and the names that are common words."""
    numbers = [number for number in _NUMBER.findall(words) if len(number) >= FEWEST_SIGNS]
    rest = _NUMBER.sub(" ", words)
    parts = dict.fromkeys(part.lower() for part in _PART.findall(rest) if len(part) >= FEWEST_LETTERS)
    named = [part for part in parts if part not in _no_names()]
    common = [part for part in named if part in _common_words()]
    return _any(numbers), _any([part for part in named if part not in common]), _any(common)


def _any(words: list[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?i)(?<![\w\[])(?:{'|'.join(map(re.escape, ordered))})(?![\w\]])")


def _is_word(match: re.Match[str]) -> bool:
    """Whether a common word is meant as the word it is, and not as the name."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    if re.search(r"\[name\][,.^ \t]{0,3}$", before) or re.match(r"[,.^ \t]{0,3}\[name\]", after):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    return match[0].islower() or not any(map(str.islower, line)) or bool(_SENTENCE_START.search(before))


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    """What stands beside a name and is none: titles and degrees."""
    words = read_rules("rules/identifiers")
    return frozenset(re.sub(r"[^\w]", "", word).lower() for name in ("titles", "degrees") for word in words[name])


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words of reports that are surnames too."""
    listed = read_rules("rules/common_surnames")["words"]
    return frozenset([*listed, *(word.lower() for word in read_rules("rules/identifiers")["not_names"])])
