"""How the words inside a JSON column are written down and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.finding import Assertion, Change, Detail, Observation, Side
from models.reading import Answer, Mark
from models.report import Section, SectionName, Span
from models.teaching_case import Lesion, Reason, TeachingPoint

Json = dict[str, Any]


def section_to_json(section: Section) -> Json:
    return {"name": section.name.value, "start": section.span.start, "end": section.span.end}


def section_from_json(row: Mapping[str, Any]) -> Section:
    return Section(SectionName(row["name"]), Span(row["start"], row["end"]))


def observation_to_json(observation: Observation) -> Json:
    return {
        "finding": observation.finding,
        "assertion": observation.assertion.value,
        "start": observation.span.start,
        "end": observation.span.end,
        "side": observation.side.value if observation.side else None,
        "site": observation.site,
        "severity": list(observation.severity),
        "size_mm": observation.size_mm,
        "attributes": [list(pair) for pair in observation.attributes],
        "count": observation.count,
        "change": observation.change.value if observation.change else None,
    }


def observation_from_json(row: Mapping[str, Any]) -> Observation:
    return Observation(
        finding=row["finding"],
        assertion=Assertion(row["assertion"]),
        span=Span(row["start"], row["end"]),
        side=Side(row["side"]) if row["side"] else None,
        site=row["site"],
        severity=tuple(row["severity"]),
        size_mm=row["size_mm"],
        attributes=tuple((name, value) for name, value in row["attributes"]),
        count=row.get("count"),  # rows written before count and change were read have neither
        change=Change(row["change"]) if row.get("change") else None,
    )


def detail_to_json(detail: Detail) -> Json:
    sides = sorted(side.value for side in detail.sides)
    return {"sides": sides, "severity": detail.severity, "size_mm": detail.size_mm}


def detail_from_json(row: Mapping[str, Any]) -> Detail:
    return Detail(frozenset(map(Side, row["sides"])), row["severity"], row["size_mm"])


def point_to_json(point: TeachingPoint) -> Json:
    return {
        "finding": point.finding,
        "text": point.text,
        "start": point.span.start,
        "end": point.span.end,
        "images": list(point.images),
        "wording": point.wording,
        "reasons": [list(reason) for reason in point.reasons],
    }


def point_from_json(row: Mapping[str, Any]) -> TeachingPoint:
    span, wording = Span(row["start"], row["end"]), row.get("wording", "")
    reasons = tuple(Reason(*reason) for reason in row.get("reasons", ()))  # points of older versions have none
    return TeachingPoint(row["finding"], row["text"], span, tuple(row["images"]), wording, reasons)


def lesion_to_json(lesion: Lesion) -> Json:
    return {
        "finding": lesion.finding,
        "image_id": lesion.image_id,
        "frame": lesion.frame,
        "x": lesion.x,
        "y": lesion.y,
        "radius": lesion.radius,
    }


def lesion_from_json(row: Mapping[str, Any]) -> Lesion:
    return Lesion(row["finding"], row["image_id"], row["frame"], row["x"], row["y"], row["radius"])


def answer_to_json(answer: Answer) -> Json:
    return {
        "normal": answer.normal,
        "findings": list(answer.findings),
        "diagnosis": answer.diagnosis,
        "marks": [{"image_id": m.image_id, "frame": m.frame, "x": m.x, "y": m.y} for m in answer.marks],
        "confidence": answer.confidence,
    }


def answer_from_json(row: Mapping[str, Any]) -> Answer:
    return Answer(
        normal=row["normal"],
        findings=tuple(row["findings"]),
        diagnosis=row["diagnosis"],
        marks=tuple(Mark(m["image_id"], m["frame"], m["x"], m["y"]) for m in row["marks"]),
        confidence=row["confidence"],
    )
