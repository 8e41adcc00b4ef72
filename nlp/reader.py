"""Reads sections sentence by sentence, each sentence and each short section once: reports repeat most of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.diagnosis import DiagnosisCatalogue
from models.finding import Assertion, FindingCatalogue, Region
from nlp.assertion import assertion_of
from nlp.lexicon import Lexicon
from nlp.memory import Memory
from nlp.normal_statements import Denial, NormalStatements
from nlp.passage import Passage
from nlp.rulebook import Rulebook
from nlp.sentences import sentences_of
from nlp.statement import NOTHING, SILENT, Statement
from nlp.tokens import tokens_of, words_of

_LONGEST = 4_000
"""Characters of a sentence. One that is longer is read in parts, so that reading takes time by length alone."""
_MOST = 1_000_000
"""Characters of a section that are read. No report is as long; what is said after them is not looked for."""
_OPENING = 40

Diagnosed = tuple[tuple[str, Assertion, int, int], ...]


class Reader:
    """What sections say. It remembers sections and sentences, in memory alone and a bounded number of them."""

    def __init__(
        self, findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, rules: Rulebook, *, remembers: bool
    ) -> None:
        self.lexicon = Lexicon(findings, diagnoses, rules)
        self._normals = NormalStatements(findings)
        self._carries_on = rules.carries_on
        self._regions = {key: finding.region for key, finding in findings.items()}
        self._regions_of_places = rules.regions
        short, longest = (120, 400) if remembers else (0, 0)
        self._passages = Memory(self._passage, entries=4_000, characters=200_000, longest=short)
        self._statements = Memory(self._statement, entries=16_000, characters=1_500_000, longest=longest)
        self._diagnoses = Memory(self._diagnoses_of, entries=16_000, characters=1_500_000, longest=longest)
        self._votes = Memory(self._votes_of, entries=16_000, characters=1_500_000, longest=longest)

    def forget(self) -> None:
        """Empty the memory. What a text says is the same with and without it."""
        for memory in (self._passages, self._statements, self._diagnoses, self._votes):
            memory.forget()

    def passage(self, text: str) -> Passage:
        """What the section ``text`` says, which is plain."""
        return self._passages[text]

    def diagnoses(self, words: str) -> Diagnosed:
        """Of each diagnosis the sentence names: its key, what is said of it, and where it stands in the sentence."""
        return self._diagnoses[words]

    def votes(self, passage: Passage) -> Iterator[Region]:
        """The region of each place and finding a section names."""
        for _, words, _ in passage.said:
            yield from self._votes[words]

    def sentences(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each sentence of a plain text begins, and its words."""
        for span in sentences_of(text[:_MOST]):
            start, end = span.start, span.end
            if end - start <= _LONGEST:
                yield start, text[start:end]
            else:
                yield from _parts(text, start, end)

    def carries_on(self, words: str) -> bool:
        """Whether a sentence goes on about the side of the one before it."""
        return words[:_OPENING].lower().startswith(self._carries_on)

    def _passage(self, text: str) -> Passage:
        statements = self._statements
        if len(text) > _LONGEST or not text:
            return Passage([(start, words, statements[words]) for start, words in self.sentences(text)])
        parts = [(span.start, text[span.start : span.end]) for span in sentences_of(text)]
        return Passage([(start, words, statements[words]) for start, words in parts])

    def _statement(self, words: str) -> Statement:
        spelt = words_of(words)
        scan = self.lexicon.telling(words, spelt)
        denied: Sequence[Denial] = ()
        if self._normals.may_stand_in(spelt):
            denied = self._normals.denials(scan.tokens if scan else tokens_of(words, spelt))
        if scan is None:
            return Statement("", NOTHING, False, denied) if denied else SILENT
        return Statement(words, scan, self.carries_on(words), denied)

    def _diagnoses_of(self, words: str) -> Diagnosed:
        scan = self.lexicon.diagnosing(words)
        if scan is None:
            return ()
        hits = scan.diagnoses
        return tuple([(key, assertion_of(scan, start, end, words)[0], start, end) for start, end, key in hits])

    def _votes_of(self, words: str) -> tuple[Region, ...]:
        places, findings = self.lexicon.named(words)
        named = [self._regions_of_places[place] for place in places]
        return (*named, *[self._regions[finding] for finding in findings if finding in self._regions])


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """What is longer than any sentence in parts, cut at blanks."""
    while end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        last = blank + 1 if blank > 0 else start + _LONGEST
        yield start, text[start:last]
        start = last
    yield start, text[start:end]
