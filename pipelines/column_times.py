"""How the times of one column of a CSV file are written: said by whoever imports it, or told by the whole column."""

from __future__ import annotations

from pathlib import Path

from pipelines.columns import Header
from pipelines.csv_records import MOST_LINES_A_RECORD, csv_records
from pipelines.written_times import TimeEvidence, TimeFormat, parse_time_format

__all__ = ["times_of_column"]


def times_of_column(
    path: Path, header: Header, wanted: str, said: str, most_lines: int = MOST_LINES_A_RECORD, longest: int = 131_072
) -> TimeFormat:
    """The way to write times of the column that holds ``wanted``; the file is read through where nothing is ``said``.

    Raises BadInput where the column leaves open what is a day and what a month.
    """
    stated = parse_time_format(said)
    if stated or not header.columns[wanted]:
        return stated or TimeFormat()
    place = header.names.index(header.columns[wanted])
    evidence = TimeEvidence()
    records = csv_records(path, most_lines, longest)
    next(records, None)
    for record in records:
        if not record.error and len(record.fields) > place:
            evidence.saw(record.fields[place].strip())
    return evidence.settled(str(path))
