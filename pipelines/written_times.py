"""Times as a file writes them: ISO 8601, day and month in either order, or seconds since 1970.

Whether 03/04/2026 is in March or in April no row can tell. The whole column can, where any of its times has a day
above 12; else whoever imports the file must say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from models.errors import BadInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "DMY", "MDY", "YMD"

_DATED = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:(?:,?\s+|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"(\d{9,14})(?:\.\d+)?", re.ASCII)
_STATED = re.compile(r"([DMY])\1*[^A-Z]*([DMY])\2*[^A-Z]*([DMY])\3*(?![DMY])", re.ASCII)
_SAY = "say how times are written: --time-format DD/MM/YYYY or --time-format MM/DD/YYYY"


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """How a column writes its times, ISO 8601 aside. ``orders`` has the order of day, month and year by what parts
    them, "" for whatever does; ``unit`` is that of times that are numbers, ``pattern`` one of strptime's."""

    orders: Mapping[str, str] = field(default_factory=dict)
    unit: timedelta | None = None
    pattern: str = ""

    def stated(self, where: str, text: str) -> datetime:
        """The time as the file has it, in a zone or in none. Raises BadInput for what is no time."""
        try:
            return self._stated(text)
        except (ValueError, OverflowError) as error:
            remedy = "write it as 2026-03-01 09:30:00, or say how times are written: --time-format"
            raise BadInput(where, "the time is not ISO 8601", remedy) from error

    def _stated(self, text: str) -> datetime:
        if self.pattern:
            return datetime.strptime(text, self.pattern)  # noqa: DTZ007 (the zone is the import's to say)
        if self.unit:
            return EPOCH + float(text) * self.unit
        if text[:9].isdigit() and (number := _NUMBER.fullmatch(text)):
            return _numbered(text, len(number[1]))
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            if match := _DATED.fullmatch(text):
                return self._dated(match)
            raise

    def _dated(self, match: re.Match[str]) -> datetime:
        first, mark, second, third, hours, minutes, seconds, half = match.groups()
        order = YEAR_FIRST if len(first) == 4 else self.orders.get(mark, self.orders.get("", ""))
        parts = dict(zip(order, (first, second, third), strict=True))
        year = int(parts["Y"]) + (2000 if "" in self.orders and len(parts["Y"]) == 2 else 0)
        hour = int(hours or 0)
        if half:
            if not 1 <= hour <= 12:
                raise ValueError("no hour of half a day")
            hour = hour % 12 + (12 if half in "Pp" else 0)
        date = datetime(year, int(parts["M"]), int(parts["D"]))  # noqa: DTZ001 (the zone is the import's to say)
        return date.replace(hour=hour, minute=int(minutes or 0), second=int(seconds or 0))


def _numbered(text: str, digits: int) -> datetime:
    """A time written as a number, which its digits tell: Unix seconds or milliseconds, or 20260321140500."""
    if digits <= 10:
        return EPOCH + timedelta(seconds=float(text))
    if digits == 13:
        return EPOCH + timedelta(milliseconds=float(text))
    pattern = "%Y%m%d%H%M%S" if digits == 14 else "%Y%m%d%H%M"
    return datetime.strptime(text, pattern)  # noqa: DTZ007 (the zone is the import's to say)


def parse_time_format(text: str) -> TimeFormat | None:
    """What ``--time-format`` says: DD/MM/YYYY in any order, unix, unix-ms, or a pattern such as %d.%m.%y %H:%M.

    None where nothing is said. Raises BadInput for anything else.
    """
    plain = text.strip().upper()
    if not plain:
        return None
    if "%" in plain:
        return TimeFormat(pattern=text.strip())
    units = {"UNIX": timedelta(seconds=1), "UNIX-MS": timedelta(milliseconds=1)}
    if plain in units:
        return TimeFormat(unit=units[plain])
    match = _STATED.match(plain)
    order = "".join(match.groups()) if match else ""
    if order not in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST):
        raise BadInput("--time-format", "is no way to write a time", "use DD/MM/YYYY, MM/DD/YYYY, unix or unix-ms")
    return TimeFormat({"": order})


class TimeEvidence:
    """What a whole column shows of how it writes its times."""

    def __init__(self) -> None:
        self._orders: dict[str, set[str]] = {}

    def saw(self, text: str) -> bool:
        """Whether the column decides how this time is to be read; what the time shows of that is kept."""
        match = _DATED.fullmatch(text)
        if not match or len(match[1]) == 4 or len(match[4]) != 4:
            return False
        first, second = int(match[1]), int(match[3])
        shown = self._orders.setdefault(match[2], set())
        if first > 12 >= second:
            shown.add(DAY_FIRST)
        elif second > 12 >= first:
            shown.add(MONTH_FIRST)
        elif first != second:
            shown.add("")
        return True

    def settled(self, where: str) -> TimeFormat:
        """The column's way to write times. Raises BadInput where it leaves open what is a day and what a month."""
        orders = {}
        for mark, shown in self._orders.items():
            orders[mark] = order = "".join(shown)
            if len(order) > 3:
                raise BadInput(where, "its times have the day first in some rows and the month in others", _SAY)
            if "" in shown and not order:
                raise BadInput(where, "its times leave open what is a day and what a month", _SAY)
        return TimeFormat({mark: order or DAY_FIRST for mark, order in orders.items()})
