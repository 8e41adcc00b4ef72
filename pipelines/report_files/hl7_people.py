"""Whom an HL7 v2 result names beside its text: the patient, their kin, and everybody who had to do with the exam.

Source: HL7 v2.5.1, chapters 3 (PID, NK1, PV1), 4 (ORC, OBR) and 7 (OBX); data types: chapter 2A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipelines.report_files.hl7_messages import Message

_XPN = {"PID": (5, 6, 9), "NK1": (2, 30)}
_XCN = {
    **{"PV1": (7, 8, 9, 17, 52), "PD1": (4,), "ORC": (10, 11, 12, 19)},
    **{"OBR": (10, 16, 28), "OBX": (16, 25)},
}
_NDL = {"OBR": (32, 33, 34, 35)}
_MOST_PEOPLE = 60
_LONGEST = 120


def people(message: Message, segments: Iterable[list[str]]) -> tuple[str, ...]:
    """The names and codes of all people in these segments, each once, in the order of the message."""
    found = (name for segment in segments if segment for name in _of_segment(message, segment))
    return tuple(dict.fromkeys(name for name in found if name))[:_MOST_PEOPLE]


def _of_segment(message: Message, segment: list[str]) -> Iterator[str]:
    kind = segment[0]
    for table, first, last in ((_XPN, 0, 5), (_XCN, 0, 6), (_NDL, 0, 4)):
        for number in table.get(kind, ()):
            value = segment[number] if number < len(segment) else ""
            for one in value.split(message.marks[2]):
                parts = one.split(message.marks[1])
                nested = table is _NDL and message.marks[4:] and message.marks[4] in parts[0]
                yield _joined(message, parts[:1] if nested else parts[first:last])


def _joined(message: Message, parts: list[str]) -> str:
    """The parts of a name as one text; subcomponents (a family name's prefix) are parts too."""
    small = message.marks[4:] or "&"
    words = (message.unescaped(part) for whole in parts for part in whole.split(small))
    return " ".join(word.strip() for word in words if word.strip(' "'))[:_LONGEST]
