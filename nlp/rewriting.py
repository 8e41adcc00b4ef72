"""A teaching point in other words, kept only where each claim of it stands in the report.

The words come from outside, by a callable that is handed in; nothing here calls out. What is refused is refused with
the claim that has no place in the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.finding import FindingCatalogue, Observation
from models.report import Section, SectionedText, SectionName, Span
from nlp.miner import Miner
from nlp.rulebook import read_rules
from nlp.sentences import sentences

Rewrite = Callable[[str], str]
"""A sentence in, the same in other words out. It is given scrubbed text alone."""

_LONGER = 2
_ROOM = 40
_STEM = 5
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """Words of a rewording, and the place in the report that says so."""

    words: Span
    source: Span


@dataclass(frozen=True, slots=True)
class Rewording:
    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a rewording is not used; ``words`` are those of it that the report does not say, where it is for them."""

    reason: str
    words: str = ""


def reworded(
    report: SectionedText, span: Span, rewrite: Rewrite, miner: Miner, findings: FindingCatalogue
) -> Rewording | Refused:
    """The sentence of ``report`` at ``span`` in other words, or why not.

    A rewording is kept where every finding it names is one of the sentence, as sure, and of its side, degree, size,
    count and change tells the same or nothing; where every number and every other word stands in the sentence, is a
    name of such a finding or only joins (rewriting.toml); and where it denies, doubts and dates as often as the
    sentence does.
    """
    source = span.of(report.text)
    text = " ".join(rewrite(source).split())
    if not text:
        return Refused("empty")
    if len(text) > _LONGER * len(source) + _ROOM:
        return Refused("longer than what it rewords")
    said, claimed = _read(miner, source), _read(miner, text)
    for claim in claimed:
        if not any(_covers(fact, claim, findings) for fact in said):
            return Refused("a finding the sentence does not tell so", claim.span.of(text))
    strange = _strange(text, source, said, findings)
    if strange:
        return Refused("words the sentence does not hold", strange)
    turned = _turned(text, source)
    if turned:
        return Refused("it denies, doubts or dates otherwise than the sentence", turned)
    return Rewording(text, tuple(_claims(text, span, claimed, said, findings)))


def _read(miner: Miner, text: str) -> tuple[Observation, ...]:
    return miner.observations(SectionedText(text, (Section(SectionName.FINDINGS, Span(0, len(text))),)))


def _covers(fact: Observation, claim: Observation, findings: FindingCatalogue) -> bool:
    return (
        findings.is_a(fact.finding, claim.finding)
        and fact.assertion is claim.assertion
        and claim.side in (None, fact.side)
        and set(claim.severity) <= set(fact.severity)
        and claim.size_mm in (None, fact.size_mm)
        and claim.count in (None, fact.count)
        and claim.change in (None, fact.change)
    )


def _strange(text: str, source: str, said: tuple[Observation, ...], findings: FindingCatalogue) -> str:
    """The first number or word of ``text`` that neither stands in the sentence nor claims nothing; "" if none."""
    numbers = {float(number) for number in _NUMBER.findall(source)}
    scaled = numbers | {round(n * 10, 3) for n in numbers} | {round(n / 10, 3) for n in numbers}
    told_sizes = {seen.size_mm for seen in said}
    for number in map(str, _NUMBER.findall(text)):
        if float(number) not in numbers and not (float(number) in scaled and float(number) in told_sizes):
            return number
    known = {_stem(word) for word in _words(source)} | _glue()
    known |= {_stem(word) for seen in said for word in _names(seen.finding, findings)}
    return next((word for word in _words(text) if _stem(word) not in known and not _parts_known(word, known)), "")


def _names(finding: str, findings: FindingCatalogue) -> Iterator[str]:
    for key in (finding, *findings.ancestors(finding)):
        if key in findings:
            for phrase in findings[key].phrases:
                yield from _words(phrase)


def _parts_known(word: str, known: set[str]) -> bool:
    parts = word.split("-")
    return len(parts) > 1 and all(_stem(part) in known for part in parts)


def _turned(text: str, source: str) -> str:
    """The kind of turning words of which text and sentence do not hold the same number; "" where none differs."""
    kinds: Mapping[str, list[str]] = _rules()["turning"]
    mine, theirs = Counter(_words(text)), Counter(_words(source))
    return next((k for k, words in kinds.items() if sum(mine[w] for w in words) != sum(theirs[w] for w in words)), "")


def _claims(
    text: str, span: Span, claimed: tuple[Observation, ...], said: tuple[Observation, ...], findings: FindingCatalogue
) -> Iterator[Claim]:
    """Each finding of the rewording with its words in the report; a sentence that names none stands for the whole."""
    for sentence in sentences(text, Span(0, len(text))):
        named = [claim for claim in claimed if sentence.overlaps(claim.span)]
        for claim in named:
            fact = next(fact for fact in said if _covers(fact, claim, findings))
            yield Claim(claim.span, Span(span.start + fact.span.start, span.start + fact.span.end))
        if not named:
            yield Claim(sentence, span)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    """Words of one stem ("effusion", "effusions"; "enlarged", "enlargement") count as one."""
    plain = word.removesuffix("s")
    return plain if len(plain) <= _STEM else plain[: max(_STEM, len(plain) - 4)]


@cache
def _glue() -> frozenset[str]:
    return frozenset(_stem(word) for word in _rules()["glue"])


@cache
def _rules() -> Mapping[str, Any]:
    return read_rules("rules/rewriting")
