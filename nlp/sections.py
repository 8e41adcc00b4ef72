"""Finds the sections of a report: headings of every common style, or none at all."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from models.report import Section, SectionedText, SectionName, Span
from nlp.rulebook import shipped_rules

_COLON = re.compile(":")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=[ \t]*$)")
_STOPS = (".", ";", "!", "?", ")", "]")
_LONGEST = 48
_BARE = (
    *("CLINICAL HISTORY", "HISTORY", "CLINICAL INDICATION", "INDICATION", "TECHNIQUE", "COMPARISON"),
    *("FINDINGS", "IMPRESSION", "CONCLUSION"),
)
_GOES_ON = (
    r"(?:AND|OF|and|or|of|is|are|was|were|with|for|on|in|from|to|suggest\w*|consistent|compatible|STUDY|STUDIES)\b"
)
_INSIDE = ("Comparison", "Findings", "Impression")
"""Headings that a colon alone makes one inside a line too, after any word; but not an impression of these."""

_OF_A_DOCTOR = ("clinical", "initial", "physical", "working", "admitting", "physician's")


@cache
def _headings() -> dict[str, SectionName]:
    return {word: SectionName(name) for name, words in shipped_rules().headings.items() for word in words}


@cache
def _words() -> str:
    ordered = sorted(_headings(), key=len, reverse=True)
    return "(?i:" + "|".join(re.escape(word).replace(r"\ ", r"[ \t]+") for word in ordered) + ")"


@cache
def _line_pattern() -> re.Pattern[str]:
    """A heading at the start of a line, before a colon, a dash or the line's end."""
    return re.compile(rf"^[ \t#*_]*({_words()})[ \t*_]*(?::[*_]*|[ \t][-–—](?=\s)|(?=\r?$))", re.MULTILINE)


@cache
def _bare_pattern() -> re.Pattern[str]:
    """A main heading in capitals, nothing after it, that opens a line of small letters: "FINDINGS The lungs …".

    "HISTORY of cough" goes on as a sentence, and a line all in capitals may be one.
    """
    heads = "|".join(_BARE)
    return re.compile(rf"^[ \t#*_]*({heads})[ \t*_]++(?!{_GOES_ON})(?=[^\s:–—-])(?=[^\n]*[a-z\d])", re.MULTILINE)


@cache
def _colon_pattern() -> re.Pattern[str]:
    """A heading that a colon follows, to be searched in the characters before the colon."""
    return re.compile(rf"(?<![A-Za-z])({_words()})[ \t]*$")


@cache
def _last_words() -> frozenset[str]:
    return frozenset(_LAST_WORD.search(heading)[0] for heading in _headings())  # type: ignore[index]


def _marks(text: str) -> list[tuple[int, int, SectionName]]:
    """(start of heading, start of body, section) of each heading.

    Inside a line, a heading with a colon counts after the end of a sentence, or in capitals anywhere, and the main ones
    after nearly any word.
    """
    patterns = (_line_pattern(), _bare_pattern())
    found = {match.end(): (match.start(), match[1]) for pattern in patterns for match in pattern.finditer(text)}
    ends = sorted(found)
    for colon in _COLON.finditer(text):
        before = text[max(0, colon.start() - _LONGEST) : colon.start()]
        word = _LAST_WORD.search(before)
        if not word or word[0].lower() not in _last_words():  # most colons: the long pattern is not tried
            continue
        match = _colon_pattern().search(before)
        place = bisect_right(ends, colon.start())
        if match and not (place < len(ends) and found[ends[place]][0] <= colon.start()):
            start = max(0, colon.start() - _LONGEST) + match.start(1)
            if match[1].isupper() or _stops(text, start) or _opens_inside(text, start, match[1]):
                found[colon.end()] = (start, match[1])
    return [(start, end, _headings()[" ".join(words.lower().split())]) for end, (start, words) in sorted(found.items())]


def _stops(text: str, start: int) -> bool:
    """Whether a sentence ends before ``start``."""
    return text[max(0, start - _LONGEST) : start].rstrip(" \t").endswith(_STOPS)


def _opens_inside(text: str, start: int, words: str) -> bool:
    """Whether "cough Findings: …" begins a section: not where a word before it makes one name of the two."""
    before = text[max(0, start - _LONGEST) : start].split()
    heading = words.split()[-1]
    named = heading == "Impression" and before and before[-1].lower() in _OF_A_DOCTOR
    return heading in _INSIDE and bool(before) and not named


def _section(text: str, name: SectionName, start: int, end: int) -> Section | None:
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    end = start + len(body.strip())
    return Section(name, Span(start, end)) if end > start else None


def find_sections(text: str) -> SectionedText:
    """The sections of ``text`` with exact offsets; empty ones are left out.

    Text before the first heading is findings where no heading opens any, else ``other``. Text without headings is
    findings.
    """
    marks = _marks(text)
    names = {name for _, _, name in marks}
    lead = SectionName.OTHER if SectionName.FINDINGS in names else SectionName.FINDINGS
    first = marks[0][0] if marks else len(text)
    found = [_section(text, lead, 0, first)]
    for index, (_, start, name) in enumerate(marks):
        end = marks[index + 1][0] if index + 1 < len(marks) else len(text)
        found.append(_section(text, name, start, end))
    return SectionedText(text, tuple(section for section in found if section))
