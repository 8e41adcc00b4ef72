"""Where sentences begin and end in dictated prose, lists and lines without full stops."""

from __future__ import annotations

import re

from models.report import Span
from nlp.plain import plain

# A full stop ends a sentence unless it stands inside a number or after an abbreviation; so does a line break before a
# bullet, a number, a capital or an empty line (a wrapped line goes on in lower case).
_ABBREVIATIONS = ("Dr", "Drs", "Mr", "Mrs", "Ms", "vs", "St", "e.g", "i.e", "approx", "cf", "No")
_END = re.compile(
    r"[.!?\n;](?:"
    r"(?<=[.!?])(?<![.!?][.!?])[.!?]*+(?=[\s\"')\]]|$|[A-Z])"
    + "".join(rf"(?<!\b{re.escape(word)}\.)" for word in _ABBREVIATIONS)
    + r"|(?<=\n)(?:[ \t\r]*(?=\n)|(?=[ \t]*(?:[-*•–·>]|\(?\d{1,2}[.)]|[A-Z])))"
    r"|(?<=;)\s+(?=\d\.\s))"
)
_STOPS = ".!?"
# Before a sentence: blanks, bullets, list numbers; most begin with one blank and a letter.
_LEAD = re.compile(r"(?:[\s\xad.;:,!?\-*_=~|#•–·>]+|\(?\d{1,2}[.)](?=\s|$))+")


def sentences(text: str, within: Span) -> tuple[Span, ...]:
    """The sentences of ``text`` inside ``within``, without bullets, list numbers or blanks around them.

    >>> text = "1. Small nodule. 2. No effusion."
    >>> [span.of(text) for span in sentences(text, Span(0, len(text)))]
    ['Small nodule.', 'No effusion.']
    """
    found: list[Span] = []
    text = plain(text)
    start = within.start
    for match in _END.finditer(text, within.start, within.end):
        end = match.end()
        first = start + 1 if text[start] == " " else start
        if first < end and text[first].isalpha() and text[end - 1] in _STOPS:  # most are: one blank, then words
            found.append(Span(first, end))
        else:
            _append(found, text, start, end)
        start = end
    _append(found, text, start, within.end)
    return tuple(found)


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    end = start + len(text[start:end].rstrip())
    if end > start:
        found.append(Span(start, end))
