"""Shapes that several resources share on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.plain_text import PlainText
from models.reading import Chance
from models.report import Section
from models.teaching_case import CaseStem, ImageRef, Lesion, TeachingPoint

Pixels = Annotated[float, Field(ge=-100_000, le=100_000)]


class ChanceView(BaseModel):
    """A probability with its 80 % interval, 0 to 1."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, chance: Chance) -> ChanceView:
        return cls(mean=chance.mean, low=chance.low, high=chance.high)


class ImageRefView(BaseModel):
    image_id: str
    series_id: str
    number: int
    frames: int

    @classmethod
    def of(cls, ref: ImageRef) -> ImageRefView:
        return cls(image_id=ref.image_id, series_id=ref.series_id, number=ref.number, frames=ref.frames)


class StemView(BaseModel):
    """All a reader may see before answering."""

    case_id: str
    history: str
    images: list[ImageRefView]

    @classmethod
    def of(cls, stem: CaseStem) -> StemView:
        return cls(case_id=stem.case_id, history=stem.history, images=[ImageRefView.of(ref) for ref in stem.images])


class Named(BaseModel):
    key: str
    name: str


class SectionView(BaseModel):
    name: str
    start: int
    end: int


class ReportView(BaseModel):
    """A report's text; sections give offsets of characters into it."""

    text: str
    sections: list[SectionView]

    @classmethod
    def of(cls, text: str, sections: tuple[Section, ...]) -> ReportView:
        places = [SectionView(name=s.name.value, start=s.span.start, end=s.span.end) for s in sections]
        return cls(text=text, sections=places)


class PointView(BaseModel):
    finding: str
    name: str
    text: str
    start: int
    end: int
    images: list[str] = Field(default_factory=list)
    wording: str = ""

    @classmethod
    def of(cls, point: TeachingPoint, name: str) -> PointView:
        return cls(
            finding=point.finding,
            name=name,
            text=point.text,
            start=point.span.start,
            end=point.span.end,
            images=list(point.images),
            wording=point.wording,
        )


class LesionView(BaseModel):
    """A circle around (x, y), in pixels of one frame."""

    finding: PlainText = Field(max_length=80)
    name: str = ""
    image_id: PlainText = Field(max_length=64)
    frame: int
    x: Pixels
    y: Pixels
    radius: Pixels

    @classmethod
    def of(cls, lesion: Lesion, name: str) -> LesionView:
        return cls(
            finding=lesion.finding,
            name=name,
            image_id=lesion.image_id,
            frame=lesion.frame,
            x=lesion.x,
            y=lesion.y,
            radius=lesion.radius,
        )


class MarkView(BaseModel):
    """A place marked by a reader, in pixels of one frame."""

    image_id: PlainText = Field(max_length=64)
    frame: int
    x: Pixels
    y: Pixels
