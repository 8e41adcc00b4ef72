"""Where sentences begin and end in dictated prose, lists and lines without full stops."""

from __future__ import annotations

import re

from models.report import Span

# A full stop ends a sentence unless it stands inside a number or after an abbreviation; so does a line break before a
# bullet, a number, a capital or an empty line (a wrapped line goes on in lower case).
_ABBREVIATIONS = ("Dr", "Drs", "Mr", "Mrs", "Ms", "vs", "St", "e.g", "i.e", "approx", "cf", "No")
_END = re.compile(
    r"[.!?](?<![.!?][.!?])[.!?]*+(?=[\s\"')\]]|$|[A-Z])"
    + "".join(rf"(?<!\b{re.escape(word)}\.)" for word in _ABBREVIATIONS)
    + r"|"
    r"\n[ \t\r]*(?=\n)|\n(?=[ \t]*(?:[-*•–·>]|\(?\d{1,2}[.)]|[A-Z]))|;\s+(?=\d\.\s)"
)
_LEAD = re.compile(r"(?:[\s.;:,!?\-*•–·>]+|\(?\d{1,2}[.)](?=\s|$))+")


def sentences(text: str, within: Span) -> tuple[Span, ...]:
    """The sentences of ``text`` inside ``within``, without bullets, list numbers or blanks around them.

    >>> text = "1. Small nodule. 2. No effusion."
    >>> [span.of(text) for span in sentences(text, Span(0, len(text)))]
    ['Small nodule.', 'No effusion.']
    """
    found: list[Span] = []
    start = within.start
    for match in _END.finditer(text, within.start, within.end):
        _append(found, text, start, match.end())
        start = match.end()
    _append(found, text, start, within.end)
    return tuple(found)


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    end = start + len(text[start:end].rstrip())
    if end > start:
        found.append(Span(start, end))
