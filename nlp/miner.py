"""Reads a report and says what it observes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Observation, Region, Side
from models.report import Section, SectionedText, SectionName, Span
from nlp.lexicon import Lexicon, Scan
from nlp.memory import Memory
from nlp.plain import plain
from nlp.rulebook import Rulebook, shipped_rules
from nlp.sections import find_sections
from nlp.sentences import sentences
from nlp.statement import Statement, silent

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
_in_reading_order = attrgetter("span.start", "span.end")


class _Part(NamedTuple):
    """A section, where its sentences stand and what they say."""

    name: SectionName
    spans: tuple[Span, ...]
    statements: Sequence[Statement]


class Miner:
    """Findings and diagnoses of reports. Building one takes about a second; it may then be used from one thread.

    ``memory`` holds what sentences say, for reports repeat most of theirs; without any room it only costs time.
    """

    def __init__(
        self,
        findings: FindingCatalogue,
        diagnoses: DiagnosisCatalogue,
        rules: Rulebook | None = None,
        memory: Memory[Statement] | None = None,
    ) -> None:
        self._rules = rules or shipped_rules()
        self._regions = {key: finding.region for key, finding in findings.items()}
        self._lexicon = Lexicon(findings, diagnoses, self._rules)
        self.memory = Memory[Statement]() if memory is None else memory

    def observations(self, sectioned: SectionedText) -> tuple[Observation, ...]:
        """What the report says of each finding it mentions, in reading order.

        What only history, technique or comparison mention is ``hypothetical`` or ``prior``, never present: a question
        is no finding. Sections called ``other`` are not read.
        """
        sections = [section for section in sectioned.sections if section.name is not SectionName.OTHER]
        text = plain(sectioned.text)
        parts = self._parts(text, sections)
        regional = any(said.regional for part in parts for said in part.statements)
        region = self._region(text, sections, parts) if regional else None
        found: list[Observation] = []
        for name, spans, statements in parts:
            side: Side | None = None
            for span, said in zip(spans, statements, strict=True):
                if said.speaks:
                    seen = said.observations(span.start, region, is_asked=name in _ASKED, before=side)
                    side = seen[-1].side if seen else side
                    found += seen
        return tuple(sorted(found, key=_in_reading_order))

    def diagnoses(self, source: SectionedText | str) -> tuple[tuple[str, Assertion, Span], ...]:
        """(key, assertion, span) of each diagnosis named in findings or impression, or anywhere in a plain text."""
        sectioned = source if isinstance(source, SectionedText) else _plain(source)
        sections = [section for section in sectioned.sections if section.name in _READ]
        found: list[tuple[str, Assertion, Span]] = []
        for _, spans, statements in self._parts(plain(sectioned.text), sections):
            for span, said in zip(spans, statements, strict=True):
                for key, assertion, start, end in said.diagnoses:
                    found.append((key, assertion, Span(span.start + start, span.start + end)))
        return tuple(found)

    def named(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """Keys of all (findings, diagnoses) whose words stand in ``text``, whatever it says of them."""
        statements = self._whole(text)
        region = _most(statements)
        findings = {finding for said in statements for finding, *_ in said.observed(region)}
        return frozenset(findings), frozenset(key for said in statements for key, *_ in said.diagnoses)

    def region(self, text: str) -> Region | None:
        """The region of the body most places and findings of ``text`` belong to; None where it names none."""
        return _most(self._whole(text))

    def _region(self, text: str, sections: Sequence[Section], parts: Sequence[_Part]) -> Region | None:
        """The region of a whole report: its parts vote, and so do headings and what else stands beside the sections."""
        beside = self._statements([span.of(text) for gap in _gaps(text, sections) for span in sentences(text, gap)])
        return _most([*(said for part in parts for said in part.statements), *beside])

    def _whole(self, text: str) -> Sequence[Statement]:
        """What each sentence of a text without sections says."""
        spans = sentences(text, Span(0, len(text))) if text else ()
        text = plain(text)
        return self._statements([span.of(text) for span in spans])

    def _parts(self, text: str, sections: Sequence[Section]) -> list[_Part]:
        spans = [sentences(text, section.span) for section in sections]
        said = self._statements([text[span.start : span.end] for each in spans for span in each])
        parts, first = [], 0
        for section, each in zip(sections, spans, strict=True):
            parts.append(_Part(section.name, each, said[first : first + len(each)]))
            first += len(each)
        return parts

    def _statements(self, texts: Sequence[str]) -> Sequence[Statement]:
        """What each of the sentences says. Only those that are not remembered are read."""
        said = [self.memory.get(text) for text in texts]
        known = [each for each in said if each is not None]
        return known if len(known) == len(said) else self._read(texts, said)

    def _read(self, texts: Sequence[str], said: Sequence[Statement | None]) -> Sequence[Statement]:
        """Those that are known, in ``said``, and the others, read all at once and remembered."""
        new = list(dict.fromkeys(text for text, known in zip(texts, said, strict=True) if known is None))
        read = {text: self._statement(text, scan) for text, scan in zip(new, self._lexicon.scans(new), strict=True)}
        for text, each in read.items():
            self.memory.keep(text, each)
        return [known or read[text] for text, known in zip(texts, said, strict=True)]

    def _statement(self, text: str, scan: Scan) -> Statement:
        places = [self._rules.regions[hit.value] for hit in scan.places]
        votes = (*places, *(self._regions[hit.value] for hit in scan.findings))
        if not (scan.findings or scan.heads or scan.diagnoses):
            return silent(votes)
        return Statement(text, scan, votes, text.lower().startswith(self._rules.carries_on))


def _most(statements: Iterable[Statement]) -> Region | None:
    """The region with the most votes, of several the one named first."""
    votes = Counter(vote for said in statements for vote in said.votes)
    return votes.most_common(1)[0][0] if votes else None


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
