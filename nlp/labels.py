"""Names after labels: "Dictated by", "Referring physician:", "discussed with"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.listed_names import of_medicine
from nlp.name_parts import Trust
from nlp.name_words import NAME, Words
from nlp.names import after, name_at, titled_pair
from nlp.person_rules import Label

_COLON = re.compile(r"[ \t]{0,30}(?:[:=]\s{0,30}|\n[ \t]{0,30})")
_SMALL_WORD = 4
_LONGEST_FIELD = 4
_FIELD_END = re.compile(r"\.?[ \t]{0,30}(?:\n|$|[\t|;])|[ ]{2}")
_AT_NUMBER = re.compile(r" (?i:at) [+(]?\d")
_AND = re.compile(r"[ \t]{0,3}[;,/&][ \t]{0,3}")


def after_label(words: Words, at: int, label: Label) -> Iterator[tuple[int, int]]:
    """(first word, count) of each name after a label that ends before word ``at``."""
    if at >= len(words):
        return
    end = words.ends[at - 1]
    if label.colon:
        match = _COLON.match(words.text, end)
        if not match or not re.fullmatch(
            r"[\s:=]{0,40}[\"'(]?(?:(?i:drs?|mrs?|ms|prof)\.?[ \t]{1,4})?", words.text[end : words.starts[at]]
        ):
            return
        if ":" not in match.group() and "=" not in match.group() and not words.starts_line(at - len(label.words)):
            return
    elif after(words, end, at) is None:
        return
    count = name_at(words, at, label.trust)
    if label.trust is Trust.SURE or label.colon:
        count = max(count, titled_pair(words, at), _field(words, at) if label.colon else 0)
    if not count and words.says[at] & NAME and _AT_NUMBER.match(words.text, words.ends[at]):
        count = 1
    # "With Quarrington": after so small a word one unknown word is not enough.
    if label.trust < Trust.SURE and count and of_medicine(words, at, count):
        return
    small = label.trust is Trust.WEAK and len(label.words) == 1 and len(label.words[0]) <= _SMALL_WORD
    if small and len(words.lows[at]) > 1 and words.word(at).isupper() and not words.says[at] & NAME:
        return
    if count > 1 or (count and (not small or words.says[at] & NAME)):
        yield at, count
        yield from _listed_after(words, at + count)


def _field(words: Words, at: int) -> int:
    """The number of words that fill a field, where all are listed names or initials, whatever they mean elsewhere."""
    count = 0
    while (
        at + count < len(words)
        and count < _LONGEST_FIELD
        and (not count or words.near(at + count) or words.gap(at + count) == ". ")
    ):
        place = at + count
        if len(words.lows[place]) > 1 and not words.says[place] & NAME:
            return 0
        count += 1
    filled = count and _FIELD_END.match(words.text, words.ends[at + count - 1])
    return count if filled and any(words.says[place] & NAME for place in range(at, at + count)) else 0


def _listed_after(words: Words, at: int) -> Iterator[tuple[int, int]]:
    """Further names after a first: "cc: Ada Hill; Ben Moor and Cy Wood"."""
    while at < len(words):
        joined = words.lows[at] == "and" and words.near(at)
        if joined:
            at += 1
        if at >= len(words) or not (joined and words.near(at) or _AND.fullmatch(words.gap(at))):
            return
        count = name_at(words, at, Trust.LIKELY) if words.capital(at) else name_at(words, at, Trust.WEAK)
        if not count or (count < 2 and not words.says[at] & NAME) or of_medicine(words, at, count):
            return
        yield at, count
        at += count
