"""The text of a report out of its OBX segments: raw, or in the parts that the segments name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pipelines.report_files.hl7_messages import Message

_TEXT_TYPES = frozenset({"TX", "FT", "ST"})
_DOCUMENT_TYPES = frozenset({"ED", "RP"})
_STUDY_UID = re.compile(r"113014|study instance uid", re.IGNORECASE)

_SUFFIXES = {
    "GDT": "findings",
    "MDT": "findings",
    "IMP": "impression",
    "REC": "recommendation",
    "ADT": "addendum",
    "CMS": "comparison",
}
_LOINC = {
    "59776-5": "findings",
    "18782-3": "findings",
    "19005-8": "impression",
    "18785-6": "indication",
    "11329-0": "indication",
    "18834-2": "comparison",
    "55111-9": "technique",
    "18783-1": "recommendation",
    "55107-7": "addendum",
}
_WORDS = re.compile(
    r"\b(?:(?P<impression>impression|conclusion)|(?P<findings>findings?)|(?P<comparison>comparison)|(?P<technique>technique)"
    r"|(?P<indication>indications?|history|reason for (?:exam|study))|(?P<addendum>addendum))\b",
    re.IGNORECASE,
)
_PARTS = frozenset({"indication", "comparison", "findings", "impression"})
_HEADED = re.compile(
    r"^[ \t]*(?:findings?|impression|conclusion|technique|comparison|(?:clinical )?(?:indication|history))[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class ReportText:
    """Either ``text``, or the parts after it; ``document`` says that there is a document which is no text."""

    text: str = ""
    indication: str = ""
    comparison: str = ""
    findings: str = ""
    impression: str = ""
    study_uid: str = ""
    document: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.text or self.indication or self.comparison or self.findings or self.impression)


def report_text(message: Message, lines: Iterable[list[str]]) -> ReportText:
    """The text of a request's OBX segments in their order, one line each.

    In parts where every segment names one of them; else as raw text under headings.
    """
    study_uid, document = "", False
    said: list[tuple[str, str]] = []
    for line in lines:
        kind, name, value = (line[number] if number < len(line) else "" for number in (2, 3, 5))
        if _STUDY_UID.search(name):
            study_uid = message.first(value)
        elif kind in _TEXT_TYPES:
            said.append((_part(message, name), _lines_of(message, value)))
        document = document or kind in _DOCUMENT_TYPES
    runs = [(part, "\n".join(text for _, text in run)) for part, run in groupby(said, lambda each: each[0])]
    runs = [("" if _HEADED.search(body) else part, body.strip()) for part, body in runs if body.strip()]
    if runs and all(part in _PARTS for part, _ in runs):
        parts = {name: "\n".join(body for part, body in runs if part == name) for name in _PARTS}
        return ReportText(study_uid=study_uid, document=document, **parts)
    raw = "\n\n".join(f"{part.upper()}:\n{body}" if part else body for part, body in runs)
    return ReportText(raw, study_uid=study_uid, document=document)


def _lines_of(message: Message, value: str) -> str:
    """A value's text; its repetitions are lines of their own."""
    return "\n".join(message.unescaped(line) for line in value.split(message.marks[2]))


def _part(message: Message, name: str) -> str:
    """The part of a report that OBX-3 names by suffix, code or words; "" where it names none, or several."""
    components = message.parts(name)
    code, *suffix = components[0].split(message.marks[4])
    if suffix and suffix[0].strip().upper() in _SUFFIXES:
        return _SUFFIXES[suffix[0].strip().upper()]
    if code.strip().upper() in _SUFFIXES:
        return _SUFFIXES[code.strip().upper()]
    if code.strip() in _LOINC:
        return _LOINC[code.strip()]
    found = {match.lastgroup or "" for match in _WORDS.finditer(" ".join(components[:2]))}
    return found.pop() if len(found) == 1 else ""
