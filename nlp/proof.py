"""How a case's truth is known, as its report or its source tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import compress
from typing import Any

from models.report import SectionedText, SectionName, Span, overlapping
from models.teaching_case import Proof
from nlp.rulebook import read_rules
from nlp.sentences import sentences

_STRONGEST = (Proof.PATHOLOGY, Proof.CONSENSUS, Proof.FOLLOW_UP)
_READ = (SectionName.FINDINGS, SectionName.IMPRESSION, SectionName.OTHER)


def proof_of(sectioned: SectionedText, spans: Iterable[Span]) -> tuple[Proof, Span | None]:
    """The strongest proof the report tells of what stands at ``spans``, and the words that tell it.

    ``spans`` are the places of the case's diagnosis and main findings: only a sentence that holds one of them counts.
    ``REPORT_ONLY`` and None where none does. Planned or denied biopsies prove nothing.
    """
    read = [section.span for section in sectioned.sections if section.name in _READ]
    told = [sentence for span in read for sentence in sentences(sectioned.text, span)]
    found: dict[Proof, Span] = {}
    for sentence in compress(told, overlapping(spans, told)):
        for proof, span in _proofs(sectioned.text, sentence):
            found.setdefault(proof, span)
    return next(((proof, found[proof]) for proof in _STRONGEST if proof in found), (Proof.REPORT_ONLY, None))


def stated_proof(words: str) -> Proof:
    """The proof a source's own field ("Biopsy", "Follow-up CT") stands for.

    >>> stated_proof("Surgical pathology"), stated_proof("Radiologist's report")
    (<Proof.PATHOLOGY: 'pathology'>, <Proof.REPORT_ONLY: 'report_only'>)
    """
    small = words.lower()
    for proof in _STRONGEST:
        if any(stem in small for stem in _rules()["stated"][proof.value]):
            return proof
    return Proof.REPORT_ONLY


def _proofs(text: str, sentence: Span) -> Iterable[tuple[Proof, Span]]:
    words = text[sentence.start : sentence.end].lower()
    if _pattern("unless").search(words):
        return
    for proof in _STRONGEST:
        match = _pattern(proof.value).search(words)
        if match:
            yield proof, Span(sentence.start + match.start(), sentence.start + match.end())


@cache
def _rules() -> Mapping[str, Any]:
    return read_rules("rules/proof")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    ordered = sorted(_rules()[kind], key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w-])")
