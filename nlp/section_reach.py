"""How far each heading of a report reaches: mostly to the next one, not always.

"Comparison: May 2019." inside the findings is one line of them, "Date: 3 May" one line of a letter's head; and where no
heading opens the findings, they are what follows the history or technique in a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from models.report import SectionName

_BESIDE = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON, SectionName.OTHER)
_NUMBERED = re.compile(r"\W{0,12}\d{1,2}[.)]")
_PARAGRAPH = re.compile(r"\S[ \t]*+\n[ \t\xad]*+\n")
# A line's end after which something new begins, not one where a sentence was wrapped.
_NEW_LINE = re.compile(r"\S[ \t]*+\n(?=[ \t\xad]*+[A-Z•*#(-])")
_SENTENCE = re.compile(r"(?<=[^\d\s])[.](?=\s)|\d[.](?=\s+[A-Z])")
# How a letter begins; the lines above hold names and addresses.
_SALUTATION = re.compile(r"^[ \t]{0,8}(?:[Dd]ear|DEAR)\b", re.MULTILINE)
_HEAD_OF_LETTER = 2_000
_TOLD = 60
"""Characters of a text before all headings that may be a title; what is longer tells something."""

Piece = tuple[SectionName, int, int]


class Mark(NamedTuple):
    """A heading at ``start``, whose body begins at ``body``; ``leads`` where it stands at the start of a line."""

    start: int
    body: int
    name: SectionName
    leads: bool


def reach(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """(section, start, end) of all parts of ``text``, in order; some may be blank."""
    marks = _of_letter(text, marks)
    if not marks:
        return [(SectionName.FINDINGS, 0, len(text))]
    last = _last_findings(marks)
    name = SectionName.OTHER if last >= 0 else SectionName.FINDINGS
    pieces: list[Piece] = [(name, 0, marks[0].start)]
    after = len(marks) - 1
    for place, (start, body, named, leads) in enumerate(marks):
        end = marks[place + 1].start if place < after else len(text)
        if named is SectionName.OTHER:
            if name is SectionName.IMPRESSION and _NUMBERED.match(text, start):  # an item, "2. Recommendation: CT"
                pieces[-1] = (pieces[-1][0], pieces[-1][1], end)
                continue
            inside = not leads
        else:
            inside = named is SectionName.COMPARISON and name is SectionName.FINDINGS and place > last
        if inside and name is not SectionName.OTHER:
            held = _held(text, body, end)
            pieces += [(named, body, held), (name, held, end)]
        else:
            pieces.append((named, body, end))
            name = named
    return pieces if last >= 0 else _with_findings(text, pieces)


def _of_letter(text: str, marks: Sequence[Mark]) -> Sequence[Mark]:
    """The marks of a letter, which begins with thanks for a patient: one sentence of history, then what was found."""
    if not marks or marks[0].name is not SectionName.OTHER or _last_findings(marks) >= 0:
        return marks
    start = marks[0].start
    if not _SALUTATION.search(text, 0, min(start, _HEAD_OF_LETTER)):
        return marks
    end = marks[1].start if len(marks) > 1 else len(text)
    ends = (_SENTENCE.search(text, start, end), _PARAGRAPH.search(text, start, end))
    told = min((match.end() for match in ends if match), default=end)
    if not text[told:end].strip():
        return marks
    return [Mark(start, start, SectionName.HISTORY, True), Mark(told, told, SectionName.FINDINGS, True), *marks[1:]]


def _last_findings(marks: Sequence[Mark]) -> int:
    for place in range(len(marks) - 1, -1, -1):
        if marks[place].name is SectionName.FINDINGS:
            return place
    return -1


def _held(text: str, body: int, end: int) -> int:
    """Where the section goes on that a heading stands inside: after the first sentence that follows, or the line."""
    found = (_SENTENCE.search(text, body, end), _NEW_LINE.search(text, body, end))
    return min((match.end() for match in found if match), default=end)


def _with_findings(text: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces of a report without a heading of findings, which stand under another one, or before all."""
    lead = text[: pieces[0][2]].strip()
    if len(lead) > _TOLD or "." in lead[:-1]:
        return pieces
    closing = next((place for place, piece in enumerate(pieces) if piece[0] is SectionName.IMPRESSION), len(pieces))
    place = closing - 1
    while place > 1 and pieces[place][0] is SectionName.OTHER and _SALUTATION.search(lead):
        place -= 1  # how a letter ends
    if place < 1 or pieces[place][0] not in _BESIDE:
        return pieces
    name, start, end = pieces[place]
    patterns = (_PARAGRAPH, _NEW_LINE, _SENTENCE) if name is SectionName.COMPARISON else (_PARAGRAPH, _NEW_LINE)
    for pattern in patterns:
        match = pattern.search(text, start, end)
        if match and text[match.end() : end].strip():
            before = [(SectionName.OTHER, *pieces[0][1:]), *pieces[1:place]]
            return [*before, (name, start, match.end()), (SectionName.FINDINGS, match.end(), end), *pieces[place + 1 :]]
    return pieces
