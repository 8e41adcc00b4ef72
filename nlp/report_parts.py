"""A raw report in its parts, of which one, the history, may be seen before the answer: it must hold nothing else."""

from __future__ import annotations

import re

from models.report import Section, SectionedText, SectionName, Span
from nlp.sections import find_sections

_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_NEW_LINE = re.compile(r"\n(?=[ \t]*[A-Z])")  # a line that was only wrapped goes on in small letters
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"[.!?](?=\s)")

_ANSWERS = r"findings?|impressions?|conclusions?|opinions?|interpretation|assessment|summary|result|results"
# Any of these with a colon or dash, or in capitals among small letters, or with a capital at the start of a line.
_ANSWER = re.compile(
    rf"(?i:\b(?:{_ANSWERS})\b[ \t*_]*(?::|[-–—](?=\s)))"
    rf"|\b(?:{_ANSWERS.upper()})\b(?=[^\n]*[a-z])"
    rf"|^[ \t#*_]*(?:{'|'.join(word.capitalize() for word in _ANSWERS.split('|'))})\b[ \t*_]*(?=$|[A-Z0-9])",
    re.MULTILINE,
)


def report_parts(text: str) -> SectionedText:
    """The sections of a raw report.

    As ``find_sections``, but a report that names no findings is not taken to have none: what follows its last history,
    technique or comparison in a paragraph or line of its own is findings. Where it names no impression either, that
    part ends at the latest with its first sentence.
    """
    found = find_sections(text)
    names = {section.name for section in found.sections}
    asked = [section for section in found.sections if section.name in _ASKED]
    if SectionName.FINDINGS in names or not asked:
        return found
    last = asked[-1]
    whole = SectionName.IMPRESSION in names
    patterns = (_PARAGRAPH, _NEW_LINE) if whole else (_PARAGRAPH, _NEW_LINE, _LINE, _SENTENCE)
    for pattern in patterns:
        match = pattern.search(text, last.span.start, last.span.end)
        if match:
            return _split(found, last, match.end())
    return found


def history_of(sectioned: SectionedText) -> str:
    """The history as its reader may see it: it ends where a word opens findings or impression, whatever its style."""
    body = sectioned.body(SectionName.HISTORY)
    if not any(section.name in _READ for section in sectioned.sections):
        return ""
    answer = _ANSWER.search(body)
    return body[: answer.start()].strip() if answer else body


def _split(found: SectionedText, section: Section, at: int) -> SectionedText:
    """The text with findings from ``at`` to the end of ``section``."""
    start, end = section.span.start, section.span.end
    halves = (_trimmed(found.text, section.name, start, at), _trimmed(found.text, SectionName.FINDINGS, at, end))
    place = found.sections.index(section)
    whole = (*found.sections[:place], *(half for half in halves if half), *found.sections[place + 1 :])
    return SectionedText(found.text, whole)


def _trimmed(text: str, name: SectionName, start: int, end: int) -> Section | None:
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    end = start + len(body.strip())
    return Section(name, Span(start, end)) if end > start else None
