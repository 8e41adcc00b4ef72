"""Rows as a file for a spreadsheet, which must not take what came from outside for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet would calculate; the last four are its signs in full width."""

_UNSEEN = "\0\x0b\x0c\xa0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u3000\ufeff"


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which spreadsheets know it."""
    file = io.StringIO(newline="")
    # Every cell in quotes: a spreadsheet that takes other separators would begin a cell, and a formula, inside one.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([plain(cell) for cell in header])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def plain(cell: str) -> str:
    """The cell as text: one that would be a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip(_UNSEEN).startswith(FORMULA) else cell
