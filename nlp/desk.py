"""A report laid out sentence by sentence, for components that each tell one thing of its findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.finding import Assertion, Side
from models.report import SectionedText, SectionName
from nlp.asking import asks, is_question
from nlp.attributes import Attributes, attributes_of
from nlp.lexicon import Hit, Scan
from nlp.mentions import Mention, mentions
from nlp.miner import ASKED, Miner, sections_read
from nlp.observing import asked, assertions_of, carried, cue_words
from nlp.plain import plain
from nlp.sections import find_sections

_REMEMBERED = 16


@dataclass(eq=False)
class Sentence:
    """The sentence ``text`` of a section, which begins at ``at`` in the report, and the findings it mentions."""

    section: SectionName
    at: int
    text: str
    scan: Scan
    found: Sequence[Mention]
    carries_on: bool
    before: str = ""
    """The words of the sentence before it in its section."""

    @property
    def is_asked(self) -> bool:
        """Whether its section reports nothing."""
        return self.section in ASKED

    @cached_property
    def asserted(self) -> Sequence[Assertion]:
        """What it says of each mention, as its section and the sentence before it have it."""
        told = assertions_of(self.text, self.scan, self.found)
        doubted = [said is Assertion.UNCERTAIN and is_question(_words(self.text, cue)) for said, cue in told]
        questions = not self.is_asked and any(doubted) and asks(self.text, self.before)
        return [
            asked(said) if self.is_asked or (questions and doubt) else said
            for (said, _), doubt in zip(told, doubted, strict=True)
        ]

    @cached_property
    def attributes(self) -> Sequence[Attributes]:
        """What it says of each mention, but for a side it carries on."""
        return attributes_of(self.text, self.found, tokens=self.scan.tokens)


class Report:
    """The sections of a report, and its sentences that mention findings."""

    def __init__(self, sectioned: SectionedText, sections: Sequence[Sequence[Sentence]]) -> None:
        self.sectioned = sectioned
        self._sections = sections

    @cached_property
    def mentions(self) -> list[tuple[Sentence, int]]:
        """Each mention in reading order: its sentence, and its place among the mentions there."""
        told = [(one, place) for section in self._sections for one in section for place in range(len(one.found))]
        return sorted(told, key=lambda each: (each[0].at + each[0].found[each[1]].start, _end(*each)))

    @cached_property
    def _sides(self) -> dict[int, Sequence[Side | None]]:
        """By sentence, the side of each mention."""
        told: dict[int, Sequence[Side | None]] = {}
        for section in self._sections:
            before: Side | None = None
            for sentence in section:
                own = [each.side for each in sentence.attributes]
                told[id(sentence)] = carried(own, before) if sentence.carries_on else own
                before = told[id(sentence)][-1]
        return told

    def side(self, sentence: Sentence, place: int) -> Side | None:
        """The side of a mention, its own or that of the sentence before."""
        return self._sides[id(sentence)][place]


def _end(sentence: Sentence, place: int) -> int:
    return sentence.at + sentence.found[place].end


def _words(text: str, cue: Hit | None) -> str:
    return next((words for _, words in cue_words(text, cue)), "")


class Desk:
    """Lays reports out, and keeps the last few there: each component asks for the same one."""

    def __init__(self, miner: Miner) -> None:
        self._miner = miner
        self._reports: dict[str, Report] = {}

    def report(self, text: str) -> Report:
        report = self._reports.get(text)
        if report is None:
            if len(self._reports) >= _REMEMBERED:
                self._reports.pop(next(iter(self._reports)))
            report = self._reports[text] = self._laid_out(text)
        return report

    def _laid_out(self, text: str) -> Report:
        sectioned = find_sections(text)
        region = self._miner.region_of(sectioned)
        reader, told = self._miner.reader, plain(text)

        def sentences(name: SectionName, start: int, end: int) -> Iterator[Sentence]:
            before = ""
            for at, words in reader.sentences(told[start:end]):
                scan = reader.lexicon.telling(words)
                found = mentions(words, scan, region) if scan is not None else ()
                if scan is not None and found:
                    yield Sentence(name, start + at, words, scan, found, reader.carries_on(words), before)
                before = words

        sections = sections_read(sectioned)
        return Report(sectioned, [list(sentences(each.name, each.span.start, each.span.end)) for each in sections])
