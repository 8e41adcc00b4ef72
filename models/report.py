"""A radiology report and places in its text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class ReportStatus(StrEnum):
    """HL7 v2 OBX-11 / OBR-25 result status, as far as reports use it."""

    PRELIMINARY = "P"
    FINAL = "F"
    CORRECTED = "C"


class SectionName(StrEnum):
    HISTORY = "history"
    TECHNIQUE = "technique"
    COMPARISON = "comparison"
    FINDINGS = "findings"
    IMPRESSION = "impression"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` (included) to ``end`` (excluded) of a report's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}, {self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report. ``span`` covers its body, without the heading."""

    name: SectionName
    span: Span


@dataclass(frozen=True, slots=True)
class SectionedText:
    """A report's text with the place of each section in it."""

    text: str
    sections: tuple[Section, ...]

    def named(self, name: SectionName) -> Iterator[Section]:
        return (section for section in self.sections if section.name is name)

    def body(self, name: SectionName) -> str:
        """The text of every section of that name, in order, one a line."""
        return "\n".join(section.span.of(self.text) for section in self.named(name))


def overlapping(parts: Iterable[Span], spans: Iterable[Span]) -> list[bool]:
    """Whether each of ``spans`` shares a character with any of ``parts``, in time that grows with both by little more
    than their number."""
    ordered = sorted([(part.start, part.end) for part in parts])
    starts = [start for start, _ in ordered]
    reached = [0, *accumulate([end for _, end in ordered], max)]  # by the parts that begin before each place
    return [reached[bisect_left(starts, span.end)] > span.start for span in spans]


def join_sections(parts: tuple[tuple[SectionName, str], ...]) -> SectionedText:
    """A report that arrives as fields becomes one text with headings; empty fields are left out."""
    text, sections = "", []
    for name, body in parts:
        body = body.strip()
        if not body:
            continue
        text += ("\n\n" if text else "") + f"{name.value.upper()}: "
        sections.append(Section(name, Span(len(text), len(text) + len(body))))
        text += body
    return SectionedText(text, tuple(sections))
