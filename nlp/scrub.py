"""Takes the identifiers out of a report before anybody but its department sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.report import Span
from nlp.identifiers import identifiers

SCRUB_VERSION = "scrub-3"

KINDS = (
    "name", "date", "birth_date", "id", "phone", "email", "url", "ssn", "address", "zip", "age", "institution", "ip",
)  # fmt: skip
_LONGEST_MARK = max(map(len, KINDS)) + 2
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|^(?:19|20)\d\d(?=\d{4}$)")


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """``text`` without identifiers; ``removed`` holds (kind, place in the original) of each, in reading order.

    A removed piece is replaced by its kind in brackets; of a date the year stays: "[date] 2019".
    """

    text: str
    removed: tuple[tuple[str, Span], ...]


def scrub(text: str) -> Scrubbed:
    """Removes the HIPAA Safe Harbor identifiers rules can find: see ``nlp/identifiers.py`` and ``nlp/names.py``.

    Scrubbing a scrubbed text changes nothing: it is repeated until it finds no more.
    """
    removed: list[tuple[str, Span]] = []
    while True:
        clean, origin = _render(text, removed)
        found = [(kind, origin.of(span)) for kind, span in identifiers(clean) if not _mark(clean, span)]
        if not found:
            return Scrubbed(clean, tuple(removed))
        removed = _merge([*removed, *found])


def _mark(clean: str, span: Span) -> bool:
    """Whether the span lies within a mark that scrub itself has written."""
    # A mark is short: looking no further keeps a text of many hits linear.
    opening = clean.rfind("[", max(0, span.start - _LONGEST_MARK), span.start + 1)
    closing = clean.find("]", opening, opening + _LONGEST_MARK) if opening >= 0 else -1
    return opening >= 0 and span.end <= closing + 1 and clean[opening + 1 : closing] in KINDS


def _merge(found: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Overlapping places become one, of the kind of the longest."""
    merged: list[tuple[str, Span]] = []
    for kind, span in sorted(found, key=lambda entry: (entry[1].start, -entry[1].end)):
        if merged and span.start < merged[-1][1].end:
            last_kind, last = merged[-1]
            longest = kind if span.end - span.start > last.end - last.start else last_kind
            merged[-1] = (longest, Span(last.start, max(last.end, span.end)))
        else:
            merged.append((kind, span))
    return merged


@dataclass(frozen=True, slots=True)
class _Origin:
    """For each character of a clean text, where the piece of the original that it stands for starts and ends."""

    starts: Sequence[int]
    ends: Sequence[int]

    def of(self, span: Span) -> Span:
        return Span(self.starts[span.start], self.ends[span.end - 1])


def _render(text: str, removed: list[tuple[str, Span]]) -> tuple[str, _Origin]:
    """The clean text and its origin."""
    if not removed:
        return text, _Origin(range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for kind, span in [*removed, ("", Span(len(text), len(text) + 1))]:
        pieces.append(text[position : span.start])
        starts += range(position, span.start)
        ends += range(position + 1, span.start + 1)
        if kind:
            mark = _replacement(kind, span.of(text))
            pieces.append(mark)
            starts += [span.start] * len(mark)
            ends += [span.end] * len(mark)
        position = span.end
    return "".join(pieces), _Origin(starts, ends)


def _replacement(kind: str, words: str) -> str:
    year = _YEAR.search(words) if kind == "date" else None
    return f"[{kind}] {year.group()}" if year else f"[{kind}]"
