"""Where a sentence names images by number: "series 3, image 45", "images 12-15", "S3/I45", "series 601"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from models.report import Span
from nlp.rulebook import read_rules

_MOST_IN_A_RANGE = 40
_NOT_A_SIZE = r"(?!\d|\.\d|\s?(?:mm|cm|x|×)\b)"
_JOIN = r"\s?(?:-|–|to|through|and|&|,(?:\s?and)?)\s?"
_NUMBERS = rf"(?P<numbers>\d{{1,5}}(?:{_JOIN}\d{{1,5}}{_NOT_A_SIZE}){{0,12}})"
_SERIES = r"(?:series|ser\.?|se\.?)\s{0,2}(?:#|no\.?|number)?\s{0,2}:?(?P<series>\d{1,5})"
_IMAGE = r"(?:images?|imgs?\.?|im\.?|slices?)\s{0,2}(?:#|nos?\.?|numbers?)?\s{0,2}:?"
_OF = r"[\s,;(\[]{1,3}(?:(?:of|on|in|from)\s)?(?:the\s)?"
_START = r"(?<![a-z\d])"
_FORMS = tuple(
    re.compile(_START + form, re.IGNORECASE)
    for form in (  # the first that fits a place counts
        rf"{_SERIES}[\s,;:/(\[-]{{0,4}}(?:(?:on|and|at)\s)?{_IMAGE}{_NUMBERS}",
        rf"{_IMAGE}{_NUMBERS}{_OF}{_SERIES}",
        rf"s\s?(?P<series>\d{{1,5}})\s?[/,:-]?\s?(?:im|i)\s?{_NUMBERS}",
        r"(?:series/image|se/im|images?|im)\s{0,2}(?P<series>\d{1,5})\s?[/:]\s?(?P<numbers>\d{1,5})(?![\d/])",
        rf"{_IMAGE}{_NUMBERS}",
        _SERIES,
    )
)
_STEP = re.compile(r"\d{1,5}|-|–|to|through")
_CLAUSE = re.compile(r"[;.)\]]")
_BEFORE, _AFTER = 60, 30


@dataclass(frozen=True, slots=True)
class ImageReference:
    """Images a report names. ``series`` is None where it names none, ``numbers`` are empty where it names a series."""

    span: Span
    series: int | None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    elsewhere: re.Pattern[str]
    compared: re.Pattern[str]
    now: re.Pattern[str]


@cache
def _words() -> _Words:
    rules = read_rules("rules/image_links")
    elsewhere, here = ("|".join(map(re.escape, rules[name])) for name in ("elsewhere", "here"))
    compared = "|".join(map(re.escape, rules["compared"]))
    return _Words(
        re.compile(rf"\b(?:(?P<elsewhere>{elsewhere})|{here})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{compared})\s(?:\S{{1,20}}\s){{0,2}}$", re.IGNORECASE),
        re.compile(rf"\b(?:{'|'.join(map(re.escape, rules['now']))})\b", re.IGNORECASE),
    )


def image_references(text: str, within: Span) -> tuple[ImageReference, ...]:
    """The references between the two places, in order, without those that speak of another study's images.

    >>> [(one.series, one.numbers) for one in image_references("Nodule (series 3, images 45-47).", Span(0, 32))]
    [(3, (45, 46, 47))]
    """
    found = sorted(_found(text, within), key=lambda one: one.span)
    starts = [within.start, *(one.span.end for one in found)]
    kept: list[ImageReference] = []
    for one, start in zip(found, starts, strict=False):
        before = text[max(start, one.span.start - _BEFORE) : one.span.start]
        if _elsewhere(before, text[one.span.end : min(one.span.end + _AFTER, within.end)]):
            continue
        if _words().now.search(before):  # "was 8 mm (image 40), now 12 mm (image 45)": what stood before is the past
            kept.clear()
        kept.append(one)
    return tuple(kept)


def _found(text: str, within: Span) -> list[ImageReference]:
    found: list[ImageReference] = []
    taken = bytearray(within.end - within.start)
    for form in _FORMS:
        for match in form.finditer(text, within.start, within.end):
            start, end = match.start() - within.start, match.end() - within.start
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                held = match.groupdict()
                series = int(held["series"]) if held.get("series") else None
                found.append(
                    ImageReference(Span(match.start(), match.end()), series, _listed(held.get("numbers") or ""))
                )
    return found


def _listed(numbers: str) -> tuple[int, ...]:
    """The numbers of a list with ranges; a range that runs down or very far counts as its two ends."""
    steps = _STEP.findall(numbers.lower())
    listed = [int(step) for step in steps if step.isdigit()]
    for (before, step), (_, after) in pairwise(pairwise(steps)):
        if not step.isdigit() and int(before) < int(after) <= int(before) + _MOST_IN_A_RANGE:
            listed += range(int(before) + 1, int(after))
    return tuple(sorted(set(listed)))


def _elsewhere(before: str, after: str) -> bool:
    """Whether the images are another study's: the last word of time before the reference, or one after, says so."""
    words = _words()
    opened = before.rstrip().endswith(("(", "["))
    times = list(words.elsewhere.finditer(before))
    last = times[-1] if times else None
    if last and last["elsewhere"] and not (opened and words.compared.search(before[: last.start()])):
        return True
    return any(match["elsewhere"] for match in words.elsewhere.finditer(_CLAUSE.split(after, maxsplit=1)[0]))
