"""The values of a CSV field; each reader of one raises BadInput in words for who made the file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.errors import BadInput

LONGEST_NAME = 120
"""Characters of a name in a file: a reader's, a case's; a source's name may come before it in a column of 200."""

GREATEST_WHOLE = 2_000_000_000
"""What a database's whole number holds, with room to go on counting."""

_FORMULA = ("=", "@", "＝", "＠")
_SIGNS = ("+", "-", "＋", "－")


@dataclass(frozen=True, slots=True)
class Clock:
    """What times in a file are held against: the present, and the zone of times that name none."""

    now: datetime
    zone: tzinfo = UTC


def time_zone(name: str) -> tzinfo:
    """The zone called ``name`` ("" is UTC). Raises BadInput where there is none."""
    try:
        return UTC if name in ("", "UTC") else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput("--time-zone", "is no time zone", "write it as Europe/Berlin") from error


def check_name(where: str, what: str, value: str, column: str) -> None:
    """Raises BadInput for a name that is missing, too long, or a spreadsheet's formula."""
    if not value:
        raise BadInput(where, f"has no {what}", f"fill the column {column}")
    if len(value) > LONGEST_NAME:
        raise BadInput(where, f"its {what} has more than {LONGEST_NAME} characters", "give it a shorter name")
    if is_formula(value):
        raise BadInput(where, f"its {what} is a spreadsheet's formula", "export the value, not the formula")


def person_name(text: str) -> str:
    """A person's name in one spelling: composed letters, single blanks, nothing that cannot be seen."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split())


def is_formula(value: str) -> bool:
    """Whether a spreadsheet would calculate this text: it begins as a formula does, or with a sign and is no number."""
    if value.startswith(_SIGNS):
        return not value[1:].replace(".", "").replace(",", "").replace("-", "").isdigit()
    return value.startswith(_FORMULA)


def whole(where: str, column: str, text: str) -> int | None:
    """A whole number from 0; None where the field is empty."""
    if not text:
        return None
    try:
        number = _number(text)
        if not number.is_integer():
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise BadInput(where, f"{column} is no whole number", "write it as 12") from error
    if not 0 <= number <= GREATEST_WHOLE:
        raise BadInput(where, f"{column} is negative or beyond {GREATEST_WHOLE:,}", "write it as 12")
    return int(number)


def _number(text: str) -> float:
    """Raises ValueError for what is no number, 1_000 too, which Python takes for one."""
    if "_" in text:
        raise ValueError("no number")
    return float(text)


_RIGHT = ("1", "true", "yes", "right", "correct", "t", "y", "1.0")
_WRONG = ("0", "false", "no", "wrong", "incorrect", "f", "n", "0.0")


def right_or_wrong(where: str, text: str) -> bool:
    """Whether a read was right, as 1 or 0 or in words."""
    word = text.lower()
    if word not in _RIGHT and word not in _WRONG:
        remedy = "write 1 or true for a right answer, 0 or false for a wrong one"
        raise BadInput(where, "correct is neither 0 nor 1", remedy)
    return word in _RIGHT


def seconds_of(where: str, text: str) -> float | None:
    """Seconds, with a decimal point or comma; None where the field is empty."""
    if not text:
        return None
    try:
        seconds = _number(text.replace(",", "."))
    except ValueError as error:
        raise BadInput(where, "seconds is no number", "write seconds as 12.5, or leave it empty") from error
    if not 0 <= seconds < float("inf"):
        raise BadInput(where, "seconds is negative or endless", "write seconds as 12.5, or leave it empty")
    return seconds


def stated_time(where: str, text: str) -> datetime:
    """The time as the file has it, in a zone or in none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(where, "the time is not ISO 8601", "write it as 2026-03-01 09:30:00") from error


def time_of(where: str, text: str, clock: Clock) -> datetime | None:
    """An aware time in UTC, not later than the clock's; None where the field is empty."""
    return in_utc(where, stated_time(where, text), clock) if text else None


def in_utc(where: str, time: datetime, clock: Clock) -> datetime:
    """A time as a file has it, aware and in UTC. Raises BadInput where it is later than the clock's."""
    try:
        time = (time if time.tzinfo else time.replace(tzinfo=clock.zone)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise BadInput(where, "the time lies outside the calendar", "mend the time or its zone") from error
    if time > clock.now:
        raise BadInput(where, "the time lies in the future", "mend the time or its zone (--time-zone)")
    return time
