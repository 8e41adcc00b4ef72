"""Finds the sections of a report: headings of every common style, or none at all."""

from __future__ import annotations

import re
from functools import cache

from models.report import Section, SectionedText, SectionName, Span
from nlp.rulebook import shipped_rules

_COLON = re.compile(":")
_STOPS = (".", ";", "!", "?", ")", "]")
_LONGEST = 48


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
def _colon_pattern() -> re.Pattern[str]:
    """A heading that a colon follows, to be searched in the characters before the colon."""
    return re.compile(rf"(?<![A-Za-z])({_words()})[ \t]*$")


def _marks(text: str) -> list[tuple[int, int, SectionName]]:
    """(start of heading, start of body, section) of each heading.

    Inside a line, a heading with a colon counts after the end of a sentence, or in capitals anywhere.
    """
    found = {match.end(): (match.start(), match[1]) for match in _line_pattern().finditer(text)}
    for colon in _COLON.finditer(text):
        match = _colon_pattern().search(text[max(0, colon.start() - _LONGEST) : colon.start()])
        if match and not any(start <= colon.start() < end for end, (start, _) in found.items()):
            start = max(0, colon.start() - _LONGEST) + match.start(1)
            if match[1].isupper() or text[:start].rstrip(" \t")[-1:] in _STOPS:
                found[colon.end()] = (start, match[1])
    return [(start, end, _headings()[" ".join(words.lower().split())]) for end, (start, words) in sorted(found.items())]


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
