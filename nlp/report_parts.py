"""A raw report in its parts, of which one, the history, may be seen before the answer: it must hold nothing else."""

from __future__ import annotations

import re
from bisect import bisect_left

from models.report import Section, SectionedText, SectionName, Span
from nlp.headings import headings, same
from nlp.sections import find_sections

_ASKED = (SectionName.HISTORY, SectionName.TECHNIQUE, SectionName.COMPARISON)
_READ = (SectionName.FINDINGS, SectionName.IMPRESSION)
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_NEW_LINE = re.compile(r"\n(?=[ \t]*[A-Z])")  # a line that was only wrapped goes on in small letters
_LINE = re.compile(r"\n")
_HEADING = 200
"""Characters before a section in which its headings stand."""
_SENTENCE = re.compile(r"[.!?](?=\s)")

_ANSWERS = (
    *("findings?", "impressions?", "conclusions?", "opinions?", "interpretations?", "assessment", "summary", "imp"),
    *("results?", "readings?", "diagnos[ie]s", "(?:radiology )?report", "wet read(?:ing)?", "(?:wet )?read"),
    *(
        "prelim(?:inary)?",
        "provisional",
        "(?:prelim(?:inary)?|provisional|final|verbal|interim) (?:report|read(?:ing)?)",
    ),
    *("befund", "beurteilung", "addendum"),
    # as they are mistyped
    *("imp?res+i?on", "impresss?ions?", "impession", "imprssion", "finidngs?", "findngs?", "fidnings?", "conlusions?"),
    *("conclusons?", "interpetation", "intrepretation", "diagnois", "resutls?"),
)
_WORD = "|".join(_ANSWERS).replace(" ", "[ \\t]+")
_SPACED_OUT = "|".join(
    r"[ \t]+".join(word) + r"(?:[ \t]+s)?" for word in ("impression", "finding", "conclusion", "report", "result")
)
_CAPITALS = "findings?|impressions?|conclusions?|opinions?|interpretation|assessment|summary|results?".upper()
_CAPITALISED = "|".join(word.capitalize() for word in _CAPITALS.lower().split("|"))
# Any of these with a colon, dash or sign of equality; spaced out, or as a kind of report, anywhere; or with a capital
# at the start of a line. Nothing here looks beyond the blanks after a word: it stays linear.
_ANSWER = re.compile(
    rf"(?i:\b(?:{_WORD})\b[ \t*_]*+(?:[:=：]|-+>|[-–—](?=\s)))"
    rf"|(?i:(?<![^\W\d_])(?:{_SPACED_OUT})(?![^\W\d_]))"
    r"|(?i:\b(?:prelim(?:inary)?|provisional|wet)[ \t]+(?:report|read(?:ing)?)\b)"
    rf"|^[ \t#*_]*+(?:{_CAPITALISED})\b[ \t*_]*+(?=$|[A-Z0-9])"
    rf"|(?:^|(?<=[.!?;]))[ \t#*_]*+(?i:{_WORD})[ \t*_]*+$",
    re.MULTILINE,
)
# In capitals among small letters, which must follow on the line.
_SHOUTED = re.compile(rf"\b(?:{_CAPITALS})\b")
_LAST_SMALL = re.compile(r"[a-z][^a-z\n]*$", re.MULTILINE)


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


def addenda(sectioned: SectionedText) -> tuple[Section, ...]:
    """The sections whose heading says that they were added to the report, or correct it, when it was done."""
    newest = headings().newest
    found: list[Section] = []
    start = 0
    for section in sectioned.sections:
        above = sectioned.text[max(start, section.span.start - _HEADING) : section.span.start]
        heading = [same(word) for word in above.split()]
        start = section.span.end
        if any(word in newest and "end" not in heading[:place] for place, word in enumerate(heading)):
            found.append(section)
    return tuple(found)


def history_of(sectioned: SectionedText) -> str:
    """The history as its reader may see it: it ends where a word opens findings or impression, whatever its style."""
    body = sectioned.body(SectionName.HISTORY)
    if not any(section.name in _READ for section in sectioned.sections):
        return ""
    return before_answer(body)


def before_answer(history: str) -> str:
    """A history up to the first word that opens findings or impression; what is given as history may hold them."""
    starts = [match.start() for match in (_ANSWER.search(history), _shouted(history)) if match]
    return history[: min(starts)].strip() if starts else history


def _shouted(text: str) -> re.Match[str] | None:
    small = [match.start() for match in _LAST_SMALL.finditer(text)]
    for match in _SHOUTED.finditer(text):
        end = text.find("\n", match.end())
        place = bisect_left(small, match.end())
        if place < len(small) and (end < 0 or small[place] < end):
            return match
    return None


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
