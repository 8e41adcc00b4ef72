"""Finds the sections of a report: headings of every common style, or none at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.report import Section, SectionedText, SectionName, Span
from nlp.headings import LONGEST, MARKS, Headings, headings, same
from nlp.plain import plain
from nlp.section_reach import Mark, reach

_STOPS = ".;!?)]"
# What may stand before a heading on its line: blanks, marks of emphasis or of a list, a number.
_LEAD = re.compile(r"[ \t\xad]*+[\t #*_=~|>\[<(•·–-]{0,12}(?:\(?(?:\d{1,2}|[IVXivx]{1,4})[.)][ \t*_]{0,4})?")
# What may stand between a heading and the end of its line, or part the two where no colon does.
_ENDS_LINE = re.compile(r"[ \t*_=~|>\])#-]{0,80}(?=\n|$)")
_PARTS = re.compile(r"[ \t]*(?:[*_]{2,3}(?=[ \t])|[ \t][-–—]+>?(?=\s)|-(?=[ \t])|\t|[ ]{3}|\||\](?=\s)|=+(?=\s))")
_GAP = re.compile(r"[ \t*_]+(?=[^\s:*_–—-])")
# What may stand between an addendum's heading and its colon: "by Dr Reader on 3 May at 10:30:".
_ATTRIBUTED = re.compile(r"(?=[^\n]{0,70}(?:\d|\bby\b|\bDr\b))[^\n]{1,80}?:(?=\s)")
_OPENING = re.compile(_LEAD.pattern + r"([^\W\d_]+)")
_LEADING = 24
_BLANKS = 500
_SMALL = re.compile(r"[a-z\d]")
_NEXT = re.compile(r"[^\W\d_]+")
_NEAR = 40
"""Characters around a heading in capitals in which small letters must stand for it to be one."""
_LINE = 2_000
"""Characters that follow a heading on its line and are looked at."""
_MOST = 30_000
"""Headings. What follows that many is one section; a file of a thousand reports has fewer."""


def find_sections(text: str) -> SectionedText:
    """The sections of ``text`` with exact offsets; empty ones are left out.

    Text before the first heading is findings where no heading opens any, else ``other``. Text without headings is
    findings. An addendum counts to the impression, of which it is the last word. How far a heading reaches, see
    ``nlp.section_reach``.
    """
    told = plain(text)
    found: list[Section] = []
    for name, start, end in reach(told, _marks(told)):
        _append(found, told, name, start, end)
    return SectionedText(text, tuple(found))


def _append(found: list[Section], text: str, name: SectionName, start: int, end: int) -> None:
    body = text[start:end]
    stripped = body.strip()
    if stripped:
        if len(stripped) < len(body):
            start += len(body) - len(body.lstrip())
        found.append(Section(name, Span(start, start + len(stripped))))


def _marks(text: str) -> list[Mark]:
    """The headings of ``text`` in reading order."""
    known = headings()
    found = _at_colons(text, known)
    more = [*_at_lines(text, known, {mark.start for mark in found}), *_shouted(text, known)]
    if more:
        found = sorted([*found, *more])[:_MOST]  # each kind is whole up to there
    marks: list[Mark] = []
    body = 0
    for mark in found:
        if mark.start >= body:
            marks.append(mark)
            body = mark.body
    return marks


def _at_colons(text: str, known: Headings) -> list[Mark]:
    """Headings that a colon follows: at the start of a line, after the end of a sentence, or where ``_inside`` says."""
    found: list[Mark] = []
    colon = text.find(":")
    while colon >= 0 and len(found) < _MOST:
        low = max(0, colon - LONGEST)
        start = text.rfind("\n", low, colon) + 1
        line = text[start or low : colon]
        name = known.usual.get(line) if start or not low else None
        mark = Mark(colon - len(line), _past(text, colon + 1), name, True) if name else _led(text, line, colon, known)
        if mark:
            found.append(mark)
        colon = text.find(":", colon + 1)
    return found


def _led(text: str, line: str, colon: int, known: Headings) -> Mark | None:
    """The longest heading that ends ``line``, which goes up to ``colon``, and counts where it stands."""
    tokens = line[line.rfind(":") + 1 :].split()
    for heading in _ending(tokens, known) if tokens else ():
        written = tokens[-len(heading) :]
        start, leads = _start(text, written, colon)
        if leads or _stops(text, start) or _inside(text, start, written, known):
            return Mark(start, _past(text, colon + 1), known.names[heading], leads)
    return None


def _ending(tokens: list[str], known: Headings) -> Iterator[tuple[str, ...]]:
    """The headings the words end with, long ones first."""
    last = same(tokens[-1])
    numbers = known.last.get(last) or known.last.get(last.rpartition(".")[2])
    for number in numbers or ():
        if number <= len(tokens):
            words = (last,) if number == 1 else (*map(same, tokens[-number:-1]), last)
            words = (words[0].rpartition(".")[2], *words[1:])
            if words in known.names and not any(token[-1] in _STOPS for token in tokens[-number:-1]):
                yield words


def _start(text: str, written: list[str], end: int) -> tuple[int, bool]:
    """Where the words before ``end`` start, and whether they do so at the start of a line, then from its marks on."""
    place = end
    for word in reversed(written):
        place = text.rfind(word, 0, place)
    stop = written[0].rfind(".") + 1 if written[0][-1] != "." else 0
    lead = text[max(0, place - _LEADING) : place + stop]
    if lead.isspace() and "\n" not in lead:  # markup may leave many blanks
        lead = text[max(0, place - _BLANKS) : place + stop]
    line = lead.rfind("\n") + 1
    if (line or place <= len(lead)) and _LEAD.fullmatch(lead, line):
        return place + stop - len(lead) + line, True
    return place + stop, False


def _stops(text: str, start: int) -> bool:
    """Whether a sentence ends before ``start``."""
    return text[max(0, start - _NEAR) : start].rstrip(" \t*_")[-1:] in _STOPS


def _inside(text: str, start: int, written: list[str], known: Headings) -> bool:
    """Whether "cough Findings: …" begins a section: one in capitals does, a main one after any word."""
    if all(word.isupper() for word in written):
        return True
    return len(written) == 1 and written[0] in known.inside and not text[max(0, start - _NEAR) : start].isspace()


def _past(text: str, place: int) -> int:
    """Past the marks of emphasis that end with a heading."""
    while text[place : place + 1] in ("*", "_"):
        place += 1
    return place


def _at_lines(text: str, known: Headings, taken: set[int]) -> list[Mark]:
    """Headings at the start of a line that no colon follows, but the line's end, a dash, a column or small letters."""
    found: list[Mark] = []
    line = 0
    while line >= 0 and len(found) < _MOST:
        opening = _OPENING.match(text, line) if line not in taken else None
        if opening and opening[1].lower() in known.first:
            mark = _opened(text, line, opening.start(1), known)
            if mark:
                found.append(mark)
        line = text.find("\n", line) + 1 or -1
    return found


def _opened(text: str, line: int, start: int, known: Headings) -> Mark | None:
    tokens = text[start : start + LONGEST].partition("\n")[0].split()
    first = same(tokens[0])
    for number in known.first.get(first, ()):
        words = (first, *map(same, tokens[1:number]))
        if words in known.names:
            body = _body(text, start, tokens[:number], words, known)
            return Mark(line, body, known.names[words], True) if body else None
    return None


def _body(text: str, start: int, written: list[str], words: tuple[str, ...], known: Headings) -> int | None:
    """Where the body of the heading that is ``written`` at ``start`` begins; None where it is none."""
    end = start
    for word in written:
        end = text.find(word, end) + len(word)
    end -= len(written[-1]) - len(written[-1].rstrip(MARKS))
    if text[end : end + 1] == ":":
        return None  # found by its colon
    parts = _ENDS_LINE.match(text, end) or (_PARTS.match(text, end) if written[0][0].isupper() else None)
    if parts:
        return parts.end()
    if words in known.always and written[0][0].isupper() and not text[end : end + 1].isalnum():
        attributed = _ATTRIBUTED.match(text, end)
        return attributed.end() if attributed else end
    gap = _GAP.match(text, end) if words in known.bare else None
    return gap.end() if gap and _bare(text, written, gap.end(), known) else None


def _bare(text: str, written: list[str], body: int, known: Headings) -> bool:
    """Whether "FINDINGS The lungs …" is a heading: not "HISTORY of cough", nor one of a line all in capitals."""
    following = _NEXT.match(text, body)
    if not all(map(str.isupper, written)) or (following and _goes_on(following[0], known)):
        return False
    end = text.find("\n", body, body + _LINE)
    return bool(_SMALL.search(text, body, end if end >= 0 else body + _LINE))


def _goes_on(word: str, known: Headings) -> bool:
    """Whether a sentence goes on with ``word``; "In the interval …" begins one."""
    return word.lower() in known.goes_on and not (word[0].isupper() and word[1:].islower())


def _shouted(text: str, known: Headings) -> list[Mark]:
    """Headings in capitals among small letters inside a line, whatever follows."""
    blank = text.replace("\t", " ")
    found: list[Mark] = []
    for word in known.shouted:
        if word in blank:
            found += _written(text, blank, word, known)
    return found


def _written(text: str, blank: str, word: str, known: Headings) -> list[Mark]:
    """Those that end with ``word``, a blank on either side; ``blank`` is the text with blanks for tabs."""
    found: list[Mark] = []
    place = blank.find(word)
    while place >= 0 and len(found) < _MOST:
        end = place + len(word) - 1
        mark = _among_small(text, end, known)
        if mark:
            found.append(mark)
        place = blank.find(word, end)
    return found


def _among_small(text: str, end: int, known: Headings) -> Mark | None:
    before = text[max(0, end - LONGEST) : end]
    tokens = before[before.rfind("\n") + 1 :].split()
    heading = next(_ending(tokens, known), None)
    gap = _GAP.match(text, end)
    if heading is None or gap is None or heading not in known.bare:
        return None
    written = tokens[-len(heading) :]
    start, leads = _start(text, written, end)
    led = tokens[-len(written) - 1] if len(tokens) > len(written) else ""
    if leads or led in known.led_by or not _SMALL.search(led) or not _bare(text, written, gap.end(), known):
        return None
    return Mark(start, gap.end(), known.names[heading], False)
