"""Rows as a file for a spreadsheet, which must not take what came from outside for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would calculate."""


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which spreadsheets know it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def plain(cell: str) -> str:
    """The cell as text: one that would be a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
