"""Dates moved by a number of days and written as they stood."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from nlp.rulebook import read_rules

_MIDDLE = 15
"""Day of a month that is written without its day."""

_ANY_YEAR = 2001
"""Year of a day that is written without its year."""

_LATE = 68
"""Two digits up to this stand for 20xx (as POSIX has it)."""

_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})([/.-])(\d{1,2})\2(\d{2,4})(?!\d)")
_TWO = re.compile(r"(?<!\d)(\d{1,2})([/-])(\d{1,4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)")


def shifted(words: str, days: int) -> str | None:
    """``words`` with the date in them moved by ``days``; None where it is not of a form this knows.

    Of two numbers the first is the month, unless only the second can be or points part them. A month alone moves by the
    days from its middle.

    >>> shifted("March 14, 2019", -20), shifted("3/14/19", -20), shifted("Mar 2019", -20)
    ('February 22, 2019', '2/22/19', 'Feb 2019')
    """
    for form in (_in_words, _numbers, _compact, _two_numbers):
        try:
            moved = form(words, timedelta(days=days))
        except (ValueError, OverflowError):
            return None
        if moved is not None:
            return moved
    return None


def _numbers(words: str, by: timedelta) -> str | None:
    match = _NUMBERS.search(words)
    if not match:
        return None
    first, sign, second, third = match.groups()
    if len(first) == 4:
        moved = date(int(first), int(second), int(third)) + by
        width = min(len(second), len(third))
        text = f"{moved.year}{sign}{moved.month:0{width}d}{sign}{moved.day:0{width}d}"
    else:
        year = _year(third)
        day_first = int(first) > 12 or (sign == "." and int(second) <= 12)
        day, month = (first, second) if day_first else (second, first)
        moved = date(year, int(month), int(day)) + by
        width = min(len(day), len(month))
        pair = (f"{moved.day:0{width}d}", f"{moved.month:0{width}d}")
        text = sign.join((*(pair if day_first else pair[::-1]), _year_like(third, moved.year)))
    return words[: match.start()] + text + words[match.end() :]


def _compact(words: str, by: timedelta) -> str | None:
    match = _COMPACT.search(words)
    if not match:
        return None
    moved = date(*(int(part) for part in match.groups())) + by
    return f"{words[: match.start()]}{moved:%Y%m%d}{words[match.end() :]}"


def _two_numbers(words: str, by: timedelta) -> str | None:
    """A month and a day, or a month and a year."""
    match = _TWO.search(words)
    if not match:
        return None
    first, sign, second = match.groups()
    if len(second) == 4:
        moved = date(int(second), int(first), _MIDDLE) + by
        text = f"{_like(first, moved.month)}{sign}{moved.year}"
    else:
        moved = date(_ANY_YEAR, int(first), int(second)) + by
        text = f"{_like(first, moved.month)}{sign}{_like(second, moved.day)}"
    return words[: match.start()] + text + words[match.end() :]


def _in_words(words: str, by: timedelta) -> str | None:
    """A date whose month is a word: each of its parts is put in the place of the old one."""
    match = _month_word().search(words)
    if not match:
        return None
    numbers = [(number.start(), number.end()) for number in re.finditer(r"\d+", words)]
    if not numbers:
        return None
    years = [(start, end) for start, end in numbers if end - start == 4]
    days = [(start, end) for start, end in numbers if end - start < 3 and int(words[start:end]) <= 31]
    short_year = [span for span in days[1:] if not years and span[0] > match.end()]
    year_at = years[0] if years else short_year[0] if short_year else None
    day_at = days[0] if days else None
    old_year = _year(words[slice(*year_at)]) if year_at else _ANY_YEAR
    month = _months().index(match.group().lower()[:3]) + 1
    moved = date(old_year, month, int(words[slice(*day_at)]) if day_at else _MIDDLE) + by
    pieces: list[tuple[tuple[int, int], str]] = [(match.span(), _month_like(match.group(), moved))]
    if day_at:
        pieces += _day(words, day_at, moved.day)
    if year_at:
        pieces.append((year_at, _year_like(words[slice(*year_at)], moved.year)))
    for (start, end), text in sorted(pieces, reverse=True):
        words = words[:start] + text + words[end:]
    return words


def _day(words: str, at: tuple[int, int], day: int) -> list[tuple[tuple[int, int], str]]:
    ordinal = re.compile(r"(?i:st|nd|rd|th)(?!\w)").match(words, at[1])
    pieces = [(at, _like(words[slice(*at)], day))]
    if ordinal:
        pieces.append((ordinal.span(), _cased(ordinal.group(), _ORDINALS.get(day, "th"))))
    return pieces


@cache
def _months() -> tuple[str, ...]:
    return tuple(month[:3] for month in read_rules("rules/identifiers")["months"][:12])


@cache
def _month_word() -> re.Pattern[str]:
    """An English month, long or short; other languages' stay marks."""
    long = "|".join(read_rules("rules/identifiers")["months"][:12])
    return re.compile(rf"(?i:{long}|(?:{'|'.join(_months())})t?)(?![^\W\d_])")


def _month_like(word: str, moved: date) -> str:
    name: str = read_rules("rules/identifiers")["months"][moved.month - 1]
    return _cased(word, name if len(word) > 4 or word.lower() in ("june", "july") else name[:3])


def _cased(like: str, word: str) -> str:
    return word.upper() if like.isupper() else word.capitalize() if like[0].isupper() else word


def _like(old: str, number: int) -> str:
    """With a zero before it where the old one had one."""
    return f"{number:02d}" if old.startswith("0") else str(number)


def _year(words: str) -> int:
    number = int(words)
    return number if len(words) == 4 else number + (2000 if number <= _LATE else 1900)


def _year_like(old: str, year: int) -> str:
    return f"{year % 100:02d}" if len(old) == 2 else str(year)
