"""What may leave the peer-learning store: no small cell, no small group, and nothing they could be worked out from.

Sources: the CMS Cell Size Suppression Policy for the threshold (no count of 1 to 10); Willenborg & de Waal, "Elements
of Statistical Disclosure Control" (2001), for the second, complementary step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_CELL = 11
LEAST_READERS = 5

Cells = tuple[int | None, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SuppressedTable:
    """A table fit to leave: None where a count is withheld, in cells and margins alike."""

    cells: tuple[Cells, ...]
    row_totals: Cells
    column_totals: Cells
    total: int | None


def suppress(counts: Sequence[int], readers: int) -> tuple[Cells, int | None]:
    """One row and its total, with what must not leave as None; everything where the group has under 5 readers."""
    table = suppress_table([counts], readers)
    return table.cells[0], table.row_totals[0]


def suppress_table(table: Sequence[Sequence[int]], readers: int) -> SuppressedTable:
    """A table of counts with its margins, with what must not leave as None.

    Counts of 1 to 10 go; then, until nothing changes, whatever would let one be worked out from the rest of its row or
    column. Zeros stay, since they tell of nobody. Raises ValueError for a count below 0 or rows of different lengths.
    """
    if len({len(row) for row in table}) != 1 or any(count < 0 for row in table for count in row):
        raise ValueError("a table needs rows of one length and no count below 0")
    full = _with_margins(table)
    rows, columns = len(full), len(full[0])
    places = {(r, c) for r in range(rows) for c in range(columns)}
    hidden = places if readers < LEAST_READERS else _hidden(full, places)
    shown = [tuple(None if (r, c) in hidden else full[r][c] for c in range(columns)) for r in range(rows)]
    return SuppressedTable(
        cells=tuple(row[:-1] for row in shown[:-1]),
        row_totals=tuple(row[-1] for row in shown[:-1]),
        column_totals=shown[-1][:-1],
        total=shown[-1][-1],
    )


def _with_margins(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with its row totals as a last column and its column totals as a last row."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def _hidden(full: Sequence[Sequence[int]], places: set[Place]) -> set[Place]:
    hidden = {(r, c) for r, c in places if 0 < full[r][c] < LEAST_CELL}
    rows, columns = len(full), len(full[0])
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for line in lines:
            hidden |= _cover(line, full, hidden)
    return hidden


def _cover(line: Sequence[Place], full: Sequence[Sequence[int]], hidden: set[Place]) -> set[Place]:
    """Further places of one line to hide, the smallest first and its total last, until nothing can be worked out."""
    *cells, total = line
    more: set[Place] = set()
    covers = sorted((place for place in cells if place not in hidden and _at(full, place)), key=lambda p: _at(full, p))
    for place in [*covers, total]:
        withheld = [cell for cell in line if cell in hidden | more]
        if not withheld or _safe(withheld, total, full):
            break
        more.add(place)
    return more


def _safe(withheld: Sequence[Place], total: Place, full: Sequence[Sequence[int]]) -> bool:
    """Two or more withheld, and not known from the total to be few together."""
    return len(withheld) > 1 and (total in withheld or sum(_at(full, place) for place in withheld) >= LEAST_CELL)


def _at(full: Sequence[Sequence[int]], place: Place) -> int:
    return full[place[0]][place[1]]
