"""Reads sections sentence by sentence, each sentence and each short section once: reports repeat most of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from models.diagnosis import DiagnosisCatalogue
from models.finding import FindingCatalogue, Region
from nlp.lexicon import Lexicon, Scan
from nlp.memory import Memory
from nlp.passage import Passage
from nlp.rulebook import Rulebook
from nlp.sentences import sentences_of
from nlp.statement import SILENT, Statement

_LONGEST = 4_000
"""Characters of a sentence. One that is longer is read in parts, so that reading takes time by length alone."""
_OPENING = 40


class Reader:
    """What sections say. It remembers sections and sentences, in memory alone and a bounded number of them."""

    def __init__(
        self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook, *, remembers: bool
    ) -> None:
        self.lexicon = Lexicon(findings, diagnoses, rules)
        self._carries_on = rules.carries_on
        self._regions = {key: finding.region for key, finding in findings.items()}
        self._regions_of_places = rules.regions
        longest = 400 if remembers else 0
        self._passages = Memory[Passage](entries=4_000, characters=400_000, longest=longest)
        self._statements = Memory[Statement](entries=16_000, characters=1_500_000, longest=longest)
        self._votes = Memory[tuple[Region, ...]](entries=16_000, characters=1_500_000, longest=longest)

    def forget(self) -> None:
        """Empty the memory. What a text says is the same with and without it."""
        for memory in (self._passages, self._statements, self._votes):
            memory.clear()

    def passage(self, text: str) -> Passage:
        """What the section ``text`` says, which is plain."""
        passage = self._passages.get(text)
        if passage is None:
            known = self._statements.get
            said = [(start, words, known(words) or self._read(words)) for start, words in self.sentences(text)]
            passage = Passage(said)
            self._passages.keep(text, passage)
        return passage

    def votes(self, passage: Passage) -> Iterator[Region]:
        """The region of each place and finding a section names."""
        for _, words, statement in passage.said:
            if statement is not SILENT:
                yield from statement.votes
                continue
            named = self._votes.get(words)
            if named is None:
                named = self._regions_in(self.lexicon.scan(words))
                self._votes.keep(words, named)
            yield from named

    def sentences(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each sentence of a plain text begins, and its words."""
        for span in sentences_of(text) if text else ():
            if span.end - span.start <= _LONGEST:
                yield span.start, text[span.start : span.end]
            else:
                yield from _parts(text, span.start, span.end)

    def carries_on(self, words: str) -> bool:
        """Whether a sentence goes on about the side of the one before it."""
        return words[:_OPENING].lower().startswith(self._carries_on)

    def _read(self, words: str) -> Statement:
        scan = self.lexicon.telling(words)
        statement = SILENT
        if scan is not None:
            statement = Statement(words, scan, self._regions_in(scan), self.carries_on(words))
        self._statements.keep(words, statement)
        return statement

    def _regions_in(self, scan: Scan) -> tuple[Region, ...]:
        places = [self._regions_of_places[hit.value] for hit in scan.places]
        return (*places, *[self._regions[hit.value] for hit in scan.findings if hit.value in self._regions])


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """What is longer than any sentence in parts, cut at blanks."""
    while end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        last = blank + 1 if blank > 0 else start + _LONGEST
        yield start, text[start:last]
        start = last
    yield start, text[start:end]
