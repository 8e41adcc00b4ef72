"""Which images of a study each teaching point belongs to, by what its sentence says and by what somebody selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from models.finding import Observation
from models.report import Span
from models.series import KeyImages, SeriesInfo
from models.teaching_case import TeachingPoint
from nlp.image_references import ImageReference, image_references
from nlp.image_words import BODY, KINDS, kinds_of, kinds_said

_LONGEST = 2_000
"""Characters of a sentence that are read for references; the rest of a longer one names too many to choose from."""

_NEXT = 60
_FEW = 4
"""Images of a series that words alone show whole; of a longer one they show the middle."""

_MOST_SERIES = 3


class Sureness(StrEnum):
    """What a link rests on, the surest first."""

    EXACT = "exact"
    KEY_IMAGE = "key_image"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class ImageLink:
    """Images of one point. ``span`` are the words that name them; None where the link rests on a selection."""

    images: tuple[str, ...]
    sureness: Sureness
    span: Span | None = None


class StudyImages:
    """The images a report may speak of. Numbers two series share name neither."""

    def __init__(self, series: Sequence[SeriesInfo], selected: Sequence[KeyImages] = ()) -> None:
        self.series = series
        self.selected = selected
        self._kinds = [kinds_of(one) for one in series]

    def exact(self, reference: ImageReference, said: dict[str, set[str]]) -> tuple[str, ...]:
        """The images of a reference that names numbers; empty unless each of them is one certain image."""
        if reference.series is not None:
            among = [one for one in self.series if one.number == reference.series]
        else:
            among = self.fitting(said) or self._agreeing(said)
        holding = [images for one in among if (images := _numbered(one, reference.numbers))]
        return holding[0] if len(holding) == 1 and (reference.series is None or len(among) == 1) else ()

    def _agreeing(self, said: dict[str, set[str]]) -> list[SeriesInfo]:
        """The series that nothing said speaks against."""
        return [
            one
            for one, kinds in zip(self.series, self._kinds, strict=True)
            if not any(name in said and kinds[name] and said[name].isdisjoint(kinds[name]) for name in KINDS)
        ]

    def fitting(self, said: dict[str, set[str]]) -> list[SeriesInfo]:
        """The series of which all that is said holds; empty where nothing is said that parts series."""
        wanted = [name for name in KINDS if name in said]
        if not wanted:
            return []
        fit = [
            (one, kinds)
            for one, kinds in zip(self.series, self._kinds, strict=True)
            if all(not said[name].isdisjoint(kinds[name]) for name in wanted)
        ]
        here = [pair for pair in fit if not said.get(BODY, set()).isdisjoint(pair[1][BODY])]
        fit = here or fit
        # "T2" fits a fat-saturated one too, but the plain one better: the fewest words more than were said.
        more = [sum(len(kinds[name] - said.get(name, set())) for name in KINDS) for _, kinds in fit]
        return [one for (one, _), extra in zip(fit, more, strict=True) if extra == min(more)]

    def by_words(self, said: dict[str, set[str]], number: int | None) -> tuple[str, ...]:
        """The images of the series that words fit, or of the one a report names by its number."""
        fit = [one for one in self.series if one.number == number] if number is not None else self.fitting(said)
        if not 0 < len(fit) <= (_MOST_SERIES if number is None else 1):
            return ()
        return tuple(image for one in fit for image in _shown(one))

    def key_images(self, finding: str, best: bool) -> tuple[str, ...]:
        """What was selected for the finding; what was selected for none in particular belongs to the best point."""
        known = {image.image_id for one in self.series for image in one.images}
        chosen = [one for one in self.selected if finding in one.findings or (best and not one.findings)]
        return tuple(dict.fromkeys(image for one in chosen for image in one.image_ids if image in known))


def linked(
    points: Sequence[TeachingPoint], text: str, observations: Sequence[Observation], study: StudyImages
) -> tuple[TeachingPoint, ...]:
    """The points, best first, each with the images it belongs to; those that have some already keep them."""
    if not study.series:
        return tuple(points)
    found = (image_links(point, text, observations, study, best=n == 0) for n, point in enumerate(points))
    return tuple(
        point
        if point.images
        else replace(point, images=tuple(dict.fromkeys(image for link in links for image in link.images)))
        for point, links in zip(points, found, strict=True)
    )


def image_links(
    point: TeachingPoint, text: str, observations: Sequence[Observation], study: StudyImages, best: bool = False
) -> tuple[ImageLink, ...]:
    """The images of a point, of the surest kind there is. ``best`` says that no point of the report ranks higher.

    A number that names no image of the study, or may name two, names none: other words are not tried for it.
    """
    sentence = Span(point.span.start, min(point.span.end, point.span.start + _LONGEST))
    references = _of_point(point, sentence, observations, _references(text, sentence))
    said = kinds_said(sentence.of(text))
    numbered = [one for one in references if one.numbers]
    exact = [ImageLink(images, Sureness.EXACT, one.span) for one in numbered if (images := study.exact(one, said))]
    if exact:
        return tuple(exact)
    selected = study.key_images(point.finding, best)
    if selected:
        return (ImageLink(selected, Sureness.KEY_IMAGE),)
    if numbered:
        return ()
    named = [one for one in references if one.series is not None]
    if named:
        links = [ImageLink(study.by_words({}, one.series), Sureness.WORDS, one.span) for one in named]
        return tuple(link for link in links if link.images)
    images = study.by_words(said, None)
    return (ImageLink(images, Sureness.WORDS, sentence),) if images else ()


def _references(text: str, sentence: Span) -> tuple[ImageReference, ...]:
    """Those of the sentence; where it has none, one that begins the next: "A small nodule. Series 3, image 45." """
    found = image_references(text, sentence)
    if found or sentence.end >= len(text):
        return _completed(found)
    after = image_references(text, Span(sentence.end, min(len(text), sentence.end + _NEXT)))
    return _completed(after[:1]) if after and not text[sentence.end : after[0].span.start].strip(" .([\n") else ()


def _completed(found: tuple[ImageReference, ...]) -> tuple[ImageReference, ...]:
    """A number alone belongs to the one series the sentence names: "series 3: cyst (image 12), stone (image 40)"."""
    series = {one.series for one in found if one.series is not None}
    if len(series) != 1:
        return found
    number = series.pop()
    whole = tuple(replace(one, series=number) for one in found)
    return tuple(one for one in whole if one.numbers) or whole


def _of_point(
    point: TeachingPoint, sentence: Span, observations: Sequence[Observation], references: tuple[ImageReference, ...]
) -> tuple[ImageReference, ...]:
    """Of several references in a sentence about several findings, those between this one and the next named."""
    here = [seen for seen in observations if sentence.start <= seen.span.start < sentence.end]
    own = [seen.span for seen in here if seen.finding == point.finding]
    others = [
        seen.span for seen in here if seen.finding != point.finding and all(not seen.span.overlaps(o) for o in own)
    ]
    if len(references) < 2 or not own or not others:
        return references
    end = min((span.start for span in others if span.start >= own[0].end), default=sentence.end)
    after = tuple(one for one in references if own[0].start <= one.span.start < end)
    return after or references


def _numbered(series: SeriesInfo, numbers: Sequence[int]) -> tuple[str, ...]:
    """The images of those numbers, if the series has each of them once; a lone file of many frames counts its own."""
    if len(series.images) == 1 and series.images[0].frames > 1:
        image = series.images[0]
        return (image.image_id,) if all(1 <= number <= image.frames for number in numbers) else ()
    held: dict[int, list[str]] = {}
    for image in series.images:
        held.setdefault(image.number, []).append(image.image_id)
    found = [held.get(number, []) for number in numbers]
    return tuple(ids[0] for ids in found) if all(len(ids) == 1 for ids in found) and 0 not in numbers else ()


def _shown(series: SeriesInfo) -> tuple[str, ...]:
    """A short series whole, of a longer one its middle."""
    ids = [image.image_id for image in series.images]
    return tuple(ids) if len(ids) <= _FEW else (ids[len(ids) // 2],)
