"""Reads a report and says what it observes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Observation, Region, Side
from models.report import Section, SectionedText, SectionName, Span
from nlp.assertion import assertion_of
from nlp.attributes import Others, severity_of, side_of, size_mm_of
from nlp.lexicon import Hit, Lexicon, Scan
from nlp.mentions import Mention, mentions
from nlp.rulebook import Rulebook, shipped_rules
from nlp.sections import find_sections
from nlp.sentences import sentences

_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)


class Miner:
    """Findings and diagnoses of reports. Building one takes about a second; it may then be used from one thread."""

    def __init__(
        self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook | None = None
    ) -> None:
        self._rules = rules or shipped_rules()
        self._findings = findings
        self._lexicon = Lexicon(findings, diagnoses, self._rules)

    def observations(self, sectioned: SectionedText) -> tuple[Observation, ...]:
        """What the report says of each finding it mentions, in reading order.

        What only history, technique or comparison mention is ``hypothetical`` or ``prior``, never present: a question
        is no finding. Sections called ``other`` are not read.
        """
        scan = self._lexicon.scan(sectioned.text)
        if not (scan.findings or scan.heads):
            return ()
        region = self._region(scan)
        starts = sorted(hit.start for hit in (*scan.findings, *scan.heads))
        found: list[Observation] = []
        for section in sectioned.sections:
            if section.name is not SectionName.OTHER:
                found += self._section(sectioned.text, section, scan, starts, region)
        return tuple(sorted(found, key=lambda observation: observation.span))

    def _section(
        self, text: str, section: Section, scan: Scan, starts: list[int], region: Region | None
    ) -> Iterator[Observation]:
        """The observations of one section; ``starts`` tells quickly which sentences hold any."""
        asked = section.name in _ASKED
        last_side: Side | None = None
        for span in sentences(text, section.span):
            if bisect_left(starts, span.start) < bisect_left(starts, span.end):
                sentence = scan.within(span.start, span.end)
                found = mentions(text, sentence, region)
                carried = last_side if text[span.start : span.end].lower().startswith(self._rules.carries_on) else None
                others = Others(found if sentence.sides else ())
                for mention in found:
                    side = side_of(text, sentence, mention, others) or carried
                    yield _observation(text, span, sentence, mention, side, asked)
                    last_side = side

    def diagnoses(self, source: SectionedText | str) -> tuple[tuple[str, Assertion, Span], ...]:
        """(key, assertion, span) of each diagnosis named in findings or impression, or anywhere in a plain text."""
        sectioned = source if isinstance(source, SectionedText) else _plain(source)
        scan = self._lexicon.scan(sectioned.text)
        found: list[tuple[str, Assertion, Span]] = []
        for section in sectioned.sections:
            if section.name not in _READ or not scan.diagnoses:
                continue
            for span in sentences(sectioned.text, section.span):
                sentence = scan.within(span.start, span.end)
                for hit in sentence.diagnoses:
                    found.append((hit.value, assertion_of(sentence, hit.start, hit.end)[0], Span(hit.start, hit.end)))
        return tuple(found)

    def named(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """Keys of all (findings, diagnoses) whose words stand in ``text``, whatever it says of them."""
        scan = self._lexicon.scan(text)
        found = mentions(text, scan, self._region(scan))
        return frozenset(mention.finding for mention in found), frozenset(hit.value for hit in scan.diagnoses)

    def region(self, text: str) -> Region | None:
        """The region of the body most places and findings of ``text`` belong to; None where it names none."""
        return self._region(self._lexicon.scan(text))

    def _region(self, scan: Scan) -> Region | None:
        votes = Counter(self._rules.regions[hit.value] for hit in scan.places)
        votes.update(self._findings[hit.value].region for hit in scan.findings if hit.value in self._findings)
        return votes.most_common(1)[0][0] if votes else None


def _plain(text: str) -> SectionedText:
    sectioned = find_sections(text)
    return sectioned if any(section.name in _READ for section in sectioned.sections) else SectionedText(text, ())


def _observation(
    text: str, span: Span, sentence: Scan, mention: Mention, side: Side | None, asked: bool
) -> Observation:
    assertion, cue = assertion_of(sentence, mention.head, mention.end)
    if asked and assertion in (Assertion.PRESENT, Assertion.UNCERTAIN):
        assertion = Assertion.HYPOTHETICAL
    return Observation(
        finding=mention.finding,
        assertion=assertion,
        span=Span(mention.start, mention.end),
        side=side,
        site=mention.place,
        severity=severity_of(sentence, mention),
        size_mm=size_mm_of(text, span.start, span.end, mention),
        attributes=_cue(text, cue),
    )


def _cue(text: str, cue: Hit | None) -> tuple[tuple[str, str], ...]:
    """The words the assertion rests on, for profiles and for people who ask why."""
    return (("cue", text[cue.start : cue.end].lower()),) if cue else ()
