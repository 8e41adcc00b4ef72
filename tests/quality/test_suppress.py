"""Nothing small leaves, nor anything it could be worked out from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.suppress import suppress, suppress_table

TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 40), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def test_a_small_cell_takes_a_second_with_it() -> None:
    assert suppress([5, 20, 30], readers=9) == ((None, None, 30), 55)


def test_where_nothing_can_cover_the_total_goes_too() -> None:
    assert suppress([5, 0, 0], readers=9) == ((None, 0, 0), None)


def test_two_small_cells_are_no_cover_for_each_other() -> None:
    cells, total = suppress([3, 4, 50], readers=9)
    assert cells == (None, None, None) and total == 57


def test_large_cells_and_zeros_stay() -> None:
    assert suppress([20, 30, 0], readers=9) == ((20, 30, 0), 50)


def test_a_small_group_shows_nothing() -> None:
    assert suppress([200, 300], readers=4) == ((None, None), None)
    assert suppress([200, 300], readers=5) == ((200, 300), 500)


@given(TABLES)
def test_no_small_count_can_be_read_or_subtracted_out(table: list[list[int]]) -> None:
    shown = suppress_table(table, readers=12)
    rows = [[*row, total] for row, total in zip(shown.cells, shown.row_totals, strict=True)]
    rows.append([*shown.column_totals, shown.total])
    for line in [*rows, *(list(column) for column in zip(*rows, strict=True))]:
        assert all(count is None or count == 0 or count >= 11 for count in line)
        *cells, total = line
        withheld = sum(count is None for count in cells)
        if withheld and total is not None:
            assert withheld > 1
            assert total - sum(count for count in cells if count is not None) >= 11
        if total is None:
            assert withheld > 0


@given(TABLES)
def test_what_is_shown_is_true(table: list[list[int]]) -> None:
    shown = suppress_table(table, readers=12)
    for row, cells in zip(table, shown.cells, strict=True):
        assert all(cell is None or cell == count for cell, count in zip(cells, row, strict=True))


def test_ragged_rows_and_negative_counts_are_refused() -> None:
    for table in ([[1, 2], [3]], [[-1, 20]]):
        with pytest.raises(ValueError, match="rows of one length"):
            suppress_table(table, readers=9)
