"""Reads a report and says what it observes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Observation, Region
from models.report import Section, SectionedText, SectionName, Span
from nlp.lexicon import Lexicon
from nlp.memory import Memory
from nlp.plain import plain
from nlp.rulebook import Rulebook, shipped_rules
from nlp.sections import find_sections
from nlp.sentences import sentences
from nlp.statement import SILENT, Statement

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
_MOST = 20_000
"""Observations of a report; none has a tenth of it."""
_LONGEST = 4_000
"""Characters of a sentence. One that is longer is read in parts, so that reading takes time by length alone."""
_OPENING = 40
_in_reading_order = attrgetter("span.start", "span.end")

_Said = tuple[int, str, Statement]  # where a sentence begins, its words, and what it says


class Miner:
    """Findings and diagnoses of reports. Building one takes a moment; it may then be used from one thread.

    ``memory`` holds what sentences say, for reports repeat most of theirs; without any room it only costs time.
    """

    def __init__(
        self,
        findings: FindingCatalogue,
        diagnoses: DiagnosisCatalogue,
        rules: Rulebook | None = None,
        memory: Memory[Statement] | None = None,
    ) -> None:
        rules = rules or shipped_rules()
        self._carries_on = rules.carries_on
        self._lexicon = Lexicon(findings, diagnoses, rules)
        self._regions = {key: finding.region for key, finding in findings.items()}
        self._regions_of_places = rules.regions
        self._named = Memory[tuple[Region, ...]]()
        self.memory = Memory[Statement]() if memory is None else memory

    def observations(self, sectioned: SectionedText) -> tuple[Observation, ...]:
        """What the report says of each finding it mentions, in reading order.

        What only history, technique or comparison mention is ``hypothetical`` or ``prior``, never present: a question
        is no finding. Sections called ``other`` are not read.
        """
        text = plain(sectioned.text)
        sections = [section for section in sectioned.sections if section.name is not SectionName.OTHER]
        said = [self._said(text, section.span) for section in sections]
        regional = any(statement.regional for part in said for _, _, statement in part)
        region = self._region(text, sections, said) if regional else None
        found: list[Observation] = []
        for section, part in zip(sections, said, strict=True):
            is_asked, side = section.name in _ASKED, None
            for start, _, statement in part:
                if statement.speaks and len(found) < _MOST:
                    seen = statement.observations(start, region, is_asked=is_asked, before=side)
                    found += seen
                    side = seen[-1].side if seen else side
        return tuple(sorted(found, key=_in_reading_order))

    def diagnoses(self, source: SectionedText | str) -> tuple[tuple[str, Assertion, Span], ...]:
        """(key, assertion, span) of each diagnosis named in findings or impression, or anywhere in a plain text."""
        sectioned = source if isinstance(source, SectionedText) else _plain(source)
        text = plain(sectioned.text)
        return tuple(
            (key, assertion, Span(at + start, at + end))
            for section in sectioned.sections
            if section.name in _READ
            for at, _, statement in self._said(text, section.span)
            for key, assertion, start, end in statement.diagnoses
        )

    def named(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """Keys of all (findings, diagnoses) whose words stand in ``text``, whatever it says of them."""
        said = self._whole(text)
        region = self._most(said)
        findings = {finding for _, _, statement in said for finding, *_ in statement.observed(region)}
        return frozenset(findings), frozenset(key for _, _, statement in said for key, *_ in statement.diagnoses)

    def region(self, text: str) -> Region | None:
        """The region of the body most places and findings of ``text`` belong to; None where it names none."""
        return self._most(self._whole(text))

    def _whole(self, text: str) -> list[_Said]:
        """What a text without sections says."""
        return self._said(plain(text), Span(0, len(text))) if text else []

    def _said(self, text: str, within: Span) -> list[_Said]:
        """What each sentence says; those not remembered are read."""
        said: list[_Said] = []
        for span in sentences(text, within):
            start, end = span.start, span.end
            for first, last in ((start, end),) if end - start <= _LONGEST else _cut(text, start, end):
                words = text[first:last]
                said.append((first, words, self.memory.get(words) or self._read(words)))
        return said

    def _read(self, words: str) -> Statement:
        statement = SILENT
        if self._lexicon.tells(words):
            carries_on = words[:_OPENING].lower().startswith(self._carries_on)
            statement = Statement(words, self._lexicon.scan(words), carries_on)
        self.memory.keep(words, statement)
        return statement

    def _region(self, text: str, sections: Sequence[Section], said: Iterable[list[_Said]]) -> Region | None:
        """The region of a whole report: its parts vote, and so do headings and what else stands beside the sections."""
        beside = [self._said(text, gap) for gap in _gaps(text, sections)]
        return self._most([sentence for part in (*said, *beside) for sentence in part])

    def _most(self, said: Iterable[_Said]) -> Region | None:
        """The region with the most votes, of several the one named first."""
        votes = Counter[Region]()
        for _, words, _ in said:
            named = self._named.get(words)
            if named is None:
                named = self._votes(words)
                self._named.keep(words, named)
            votes.update(named)
        return votes.most_common(1)[0][0] if votes else None

    def _votes(self, words: str) -> tuple[Region, ...]:
        """The regions of the places and findings a sentence names."""
        scan = self._lexicon.scan(words)
        places = [self._regions_of_places[hit.value] for hit in scan.places]
        return (*places, *[self._regions[hit.value] for hit in scan.findings])


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A text that is longer than any sentence in parts, at blanks."""
    while end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        last = blank + 1 if blank > 0 else start + _LONGEST
        yield start, last
        start = last
    yield start, end


def _gaps(text: str, sections: Sequence[Section]) -> Iterator[Span]:
    """What lies before, between and after the sections."""
    start = 0
    for span in sorted(section.span for section in sections):
        if span.start > start:
            yield Span(start, span.start)
        start = max(start, span.end)
    if start < len(text):
        yield Span(start, len(text))


def _plain(text: str) -> SectionedText:
    sectioned = find_sections(text)
    return sectioned if any(section.name in _READ for section in sectioned.sections) else SectionedText(text, ())
