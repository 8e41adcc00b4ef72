"""Takes the identifiers out of a report before anybody but its department sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.report import Span
from nlp.identifiers import identifiers

SCRUB_VERSION = "scrub-2"

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
        found = [(kind, _original(span, origin)) for kind, span in identifiers(clean) if not _mark(clean, span)]
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


def _render(text: str, removed: list[tuple[str, Span]]) -> tuple[str, list[Span]]:
    """The clean text, and for each of its characters the place in ``text`` it stands for."""
    pieces: list[str] = []
    origin: list[Span] = []
    position = 0
    for kind, span in [*removed, ("", Span(len(text), len(text) + 1))]:
        pieces.append(text[position : span.start])
        origin += [Span(place, place + 1) for place in range(position, span.start)]
        if kind:
            mark = _replacement(kind, span.of(text))
            pieces.append(mark)
            origin += [span] * len(mark)
        position = span.end
    return "".join(pieces), origin


def _replacement(kind: str, words: str) -> str:
    year = _YEAR.search(words) if kind == "date" else None
    return f"[{kind}] {year.group()}" if year else f"[{kind}]"


def _original(span: Span, origin: list[Span]) -> Span:
    return Span(origin[span.start].start, origin[span.end - 1].end)
