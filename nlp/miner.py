"""Reads a report and says what it observes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Observation, Region
from models.report import Section, SectionedText, SectionName, Span
from nlp.passage import MOST, Passage
from nlp.plain import plain
from nlp.reader import Reader
from nlp.rulebook import Rulebook, shipped_rules
from nlp.sections import find_sections

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
"""Sections that report nothing, but ask, or tell of the past."""

_in_reading_order = attrgetter("span.start", "span.end")


class Miner:
    """Findings and diagnoses of reports. Building one takes about a second; it may then be used from one thread.

    Most sentences of reports are repeats: what each says is remembered, a bounded number of them, unless ``remembers``
    is false. What a report says is the same either way.
    """

    def __init__(
        self,
        findings: FindingCatalogue,
        diagnoses: DiagnosisCatalogue,
        rules: Rulebook | None = None,
        *,
        remembers: bool = True,
    ) -> None:
        self.reader = Reader(findings, diagnoses, rules or shipped_rules(), remembers=remembers)

    def forget(self) -> None:
        """Empty the memory of sentences."""
        self.reader.forget()

    def observations(self, sectioned: SectionedText) -> tuple[Observation, ...]:
        """What the report says of each finding it mentions, in reading order.

        What only history, technique or comparison mention is ``hypothetical`` or ``prior``, never present: a question
        is no finding. Sections called ``other`` are not read.
        """
        text = plain(sectioned.text)
        sections = sections_read(sectioned)
        passages = [self.reader.passage(text[section.span.start : section.span.end]) for section in sections]
        regional = any(passage.regional for passage in passages)
        region = self._region(text, sections, passages) if regional else None
        found: list[Observation] = []
        for section, passage in zip(sections, passages, strict=True):
            found += passage.observations(section.span.start, region, is_asked=section.name in ASKED)
        return tuple(sorted(found, key=_in_reading_order))

    def diagnoses(self, source: SectionedText | str) -> tuple[tuple[str, Assertion, Span], ...]:
        """(key, assertion, span) of each diagnosis named in findings or impression, or anywhere in a plain text."""
        sectioned = source if isinstance(source, SectionedText) else _plain(source)
        text = plain(sectioned.text)
        found: list[tuple[str, Assertion, Span]] = []
        for section in sectioned.sections:
            if section.name in _READ:
                most = len(found) + MOST
                for at, words in self.reader.sentences(section.span.of(text)):
                    if len(found) > most:
                        break
                    begin = section.span.start + at
                    for key, assertion, start, end in self.reader.diagnoses(words):
                        found.append((key, assertion, Span(begin + start, begin + end)))
        return tuple(found)

    def named(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """Keys of all (findings, diagnoses) whose words stand in ``text``, whatever it says of them."""
        passage = self.reader.passage(plain(text))
        region = self._most([passage])
        findings = {finding for _, _, statement in passage.said for finding, *_ in statement.observed(region)}
        diagnoses = {key for _, words, _ in passage.said for key, *_ in self.reader.diagnoses(words)}
        return frozenset(findings), frozenset(diagnoses)

    def region(self, text: str) -> Region | None:
        """The region of the body most places and findings of ``text`` belong to; None where it names none."""
        return self._most([self.reader.passage(plain(text))])

    def region_of(self, sectioned: SectionedText) -> Region | None:
        """The region of a whole report, as ``observations`` takes it."""
        text, sections = plain(sectioned.text), sections_read(sectioned)
        return self._region(text, sections, [self.reader.passage(section.span.of(text)) for section in sections])

    def _region(self, text: str, sections: Sequence[Section], passages: Sequence[Passage]) -> Region | None:
        """The region of a whole report: its sections vote, and so do headings and what else stands beside them."""
        return self._most([*passages, *[self.reader.passage(gap) for gap in _gaps(text, sections)]])

    def _most(self, passages: Iterable[Passage]) -> Region | None:
        """The region with the most votes, of several the one named first."""
        votes = Counter(vote for passage in passages for vote in self.reader.votes(passage))
        return votes.most_common(1)[0][0] if votes else None


def sections_read(sectioned: SectionedText) -> list[Section]:
    """The sections that may observe something."""
    return [section for section in sectioned.sections if section.name is not SectionName.OTHER]


def _gaps(text: str, sections: Sequence[Section]) -> Iterator[str]:
    """What lies before, between and after the sections."""
    start = 0
    for span in sorted([section.span for section in sections]):
        if span.start > start:
            yield text[start : span.start]
        start = max(start, span.end)
    if start < len(text):
        yield text[start:]


def _plain(text: str) -> SectionedText:
    sectioned = find_sections(text)
    return sectioned if any(section.name in _READ for section in sectioned.sections) else SectionedText(text, ())
