"""The reads of a file on the disk, where SQL sorts and groups them, so that a file of any size takes little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from api.workspace import Workspace
from models.finding import Truth
from pipelines.clocks import steadied
from pipelines.csv_values import LONGEST_NAME
from pipelines.imported_reads import reading_id
from pipelines.reads_file import ReadRow
from pipelines.written_times import EPOCH

ROWS_AT_ONCE = 5_000
MOST_ALIKE = 100_000
"""Rows that nothing but their place tells apart; they are matched with stored reads in memory."""

_TABLES = """
CREATE TABLE rows (line INTEGER PRIMARY KEY, key TEXT, reader TEXT, stated_case TEXT, correct INTEGER, truth TEXT,
    diagnosis TEXT, answer TEXT, sequence INTEGER, series TEXT, seconds REAL, stated_time TEXT, read_at INTEGER,
    level TEXT, modality TEXT, open_time TEXT);
CREATE TABLE met (reader TEXT, series TEXT, line INTEGER, PRIMARY KEY (reader, series)) WITHOUT ROWID;
CREATE TABLE series (reader TEXT, series TEXT, place INTEGER, PRIMARY KEY (reader, series)) WITHOUT ROWID;
CREATE TABLE again (key TEXT PRIMARY KEY, line INTEGER, number INTEGER) WITHOUT ROWID;
CREATE TABLE placed (line INTEGER PRIMARY KEY, reading_id TEXT);
CREATE TABLE cases (stated TEXT PRIMARY KEY, line INTEGER, case_id TEXT, unclear INTEGER, truth TEXT, diagnosis TEXT,
    finding TEXT) WITHOUT ROWID;
"""
_ROW = (
    "line, reader, stated_case, correct, truth, diagnosis, answer, sequence, series, seconds, stated_time, read_at, "
    "level, modality, open_time"
)
_OF_ROWS = ", ".join("rows." + name for name in _ROW.split(", "))
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StagedRead:
    """A row with the read it tells of. ``first``: the line that tells of the same numbered read, its own as a rule.

    ``case_id`` is None where the workspace has no such case, or (``unclear``) more than one. ``case_truth`` is that of
    the case or, where the file alone knows it, of its first row; ``case_diagnosis`` the first that the file gives it,
    and ``case_finding`` the one finding that is stored of it, "" where none or several are.
    """

    row: ReadRow
    reading_id: str
    first: int
    case_id: str | None
    unclear: bool
    case_truth: Truth
    case_diagnosis: str
    case_finding: str


class StagedReads:
    """A file's reads, put in as they are read, and taken out once all are there. ``path`` is the file's."""

    def __init__(self, disk: sqlite3.Connection, workspace: Workspace, source: str, path: Path) -> None:
        self._disk, self._workspace, self._source, self._path = disk, workspace, source, path
        self._rows: list[tuple[Any, ...]] = []
        self._met: dict[tuple[str, str], int] = {}
        disk.executescript(_TABLES)

    def put(self, row: ReadRow) -> None:
        self._rows.append(
            (
                row.line,
                reading_id(self._workspace, self._source, row),
                *(row.reader, row.case, row.correct, row.truth.value, row.diagnosis, row.answer, row.sequence),
                *(row.series, row.seconds, row.stated_time, _microseconds(row), row.level, row.modality),
                row.open_time,
            )
        )
        if len(self._rows) >= ROWS_AT_ONCE:
            self.flush()

    def meet(self, reader: str, series: str, line: int) -> None:
        """A series of a reader is spoken of in this line, whether or not the row can be used."""
        if len(reader) <= LONGEST_NAME:
            self._met.setdefault((reader, series), line)
        if len(self._met) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self._many(f"INSERT INTO rows VALUES ({', '.join('?' * 16)})", self._rows)
        self._many("INSERT OR IGNORE INTO met VALUES (?, ?, ?)", [(*who, line) for who, line in self._met.items()])
        self._rows.clear()
        self._met.clear()

    def with_open_times(self) -> Iterator[list[ReadRow]]:
        """Rows whose time waits for its column, a few thousand at a time; ``settle`` those of one before the next."""
        wanted = f"SELECT {_ROW} FROM rows WHERE open_time != '' AND line > ? ORDER BY line LIMIT {ROWS_AT_ONCE}"
        last = 0
        while part := [self._row(values) for values in self._disk.execute(wanted, (last,)).fetchall()]:
            yield part
            last = part[-1].line

    def settle(self, rows: Iterable[ReadRow], refused: Iterable[ReadRow]) -> None:
        """Rows whose time is known now, and those that turned out to have none."""
        self._many("DELETE FROM rows WHERE line = ?", [(row.line,) for row in refused])
        self._many(
            "UPDATE rows SET key = ?, stated_time = ?, read_at = ?, open_time = '' WHERE line = ?",
            [
                (reading_id(self._workspace, self._source, row), row.stated_time, _microseconds(row), row.line)
                for row in rows
            ],
        )

    def steady_clocks(self) -> int:
        """Let each reader's numbered reads follow one another in time; returns how many had gone back."""
        wanted = """SELECT reader, series, sequence, line, read_at FROM rows
            WHERE sequence IS NOT NULL AND read_at IS NOT NULL ORDER BY reader, series, sequence, line"""
        back = 0
        changes: list[tuple[int, int]] = []
        for _, rows in groupby(self._disk.execute(wanted), key=itemgetter(0, 1)):
            numbers, lines, times = zip(*(row[2:] for row in rows), strict=True)
            if len(set(numbers)) < len(numbers):  # numbers that begin anew order nothing
                continue
            wrong, changed = steadied(times)
            back += wrong
            changes += [(time, lines[place]) for place, time in changed.items()]
        self._many("UPDATE rows SET read_at = ? WHERE line = ?", changes)
        return back

    def group(self) -> None:
        """Find rows that tell of one read, the place of each series, and the cases, once every row is in."""
        self._disk.execute(
            """INSERT INTO series
            SELECT reader, series, ROW_NUMBER() OVER (PARTITION BY reader ORDER BY line) - 1 FROM met"""
        )
        self._disk.execute(
            "INSERT INTO again SELECT key, MIN(line), COUNT(*) FROM rows GROUP BY key HAVING COUNT(*) > 1"
        )
        if self._disk.execute("SELECT 1 FROM again LIMIT 1").fetchone():
            self._disk.execute("CREATE INDEX rows_by_key ON rows (key, line)")
        self._disk.execute(
            """INSERT INTO cases SELECT stated_case, MIN(line), NULL, 0, truth, '', ''
            FROM rows GROUP BY stated_case ORDER BY 1"""
        )
        self._disk.execute(  # beside MIN, SQLite gives the other columns of the row that has it
            """UPDATE cases SET diagnosis = named.diagnosis FROM (SELECT stated_case, diagnosis, MIN(line) FROM rows
            WHERE diagnosis != '' GROUP BY stated_case) AS named WHERE named.stated_case = cases.stated"""
        )

    def too_many_alike(self) -> list[ReadRow]:
        """Take out, and return, rows of a group that is too large; call it until there are none."""
        found = self._disk.execute(
            f"""SELECT {_ROW} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY key ORDER BY line) AS place FROM rows
                WHERE sequence IS NULL AND key IN (SELECT key FROM again WHERE number > ?))
            WHERE place > ? LIMIT {ROWS_AT_ONCE}""",
            (MOST_ALIKE, MOST_ALIKE),
        ).fetchall()
        rows = [self._row(values) for values in found]
        self.settle((), rows)
        return rows

    def alike(self) -> Iterator[list[list[ReadRow]]]:
        """Groups of unnumbered rows that nothing but their place tells apart, some thousands of rows at a time."""
        wanted = f"""SELECT again.key, {_OF_ROWS} FROM again CROSS JOIN rows ON rows.key = again.key
            WHERE rows.sequence IS NULL ORDER BY again.key, rows.line"""
        groups: list[list[ReadRow]] = []
        size = 0
        for _, values in groupby(self._disk.execute(wanted), key=itemgetter(0)):
            groups.append([self._row(each[1:]) for each in values])
            size += len(groups[-1])
            if size >= ROWS_AT_ONCE:
                yield groups
                groups, size = [], 0
        yield groups

    def place(self, reading_ids: Iterable[tuple[int, str]]) -> None:
        """The reads that alike rows, by their lines, tell of."""
        self._many("INSERT INTO placed VALUES (?, ?)", reading_ids)

    def cases(self, unlinked: bool = False) -> Iterator[list[ReadRow]]:
        """The first row of each case (or of each that is linked to none), some thousands at a time, by its name.

        Cases may be linked between one and the next.
        """
        which = "AND case_id IS NULL AND NOT unclear" if unlinked else ""
        wanted = f"""SELECT {_OF_ROWS} FROM cases CROSS JOIN rows ON rows.line = cases.line
            WHERE cases.stated > ? {which} ORDER BY cases.stated LIMIT {ROWS_AT_ONCE}"""
        last = ""
        while part := [self._row(values) for values in self._disk.execute(wanted, (last,)).fetchall()]:
            yield part
            last = part[-1].case

    def link(self, case_ids: Iterable[tuple[str, str]], unclear: Iterable[str] = ()) -> None:
        """Which case of the workspace a stated one is, and which stated ones several may be."""
        self._many("UPDATE cases SET case_id = ? WHERE stated = ?", [(id, stated) for stated, id in case_ids])
        self._many("UPDATE cases SET unclear = 1 WHERE stated = ?", [(stated,) for stated in unclear])

    def tell_cases(self, told: Iterable[tuple[str, Truth, str]]) -> None:
        """What is stored of cases by their stated names: the truth, and the finding where it is one."""
        self._many(
            "UPDATE cases SET truth = ?, finding = ? WHERE stated = ?",
            [(truth.value, finding, stated) for stated, truth, finding in told],
        )

    def linked(self) -> int:
        """How many of the file's cases the workspace has."""
        return int(self._disk.execute("SELECT COUNT(case_id) FROM cases").fetchone()[0])

    def levels(self) -> dict[str, str]:
        """The readers of rows that can be stored, with the level of training that stands last."""
        rows = self._disk.execute(
            """SELECT reader, level, MAX(rows.line) FROM rows JOIN cases ON cases.stated = rows.stated_case
            WHERE case_id IS NOT NULL GROUP BY reader"""
        )
        return {reader: level for reader, level, _ in rows}

    def __len__(self) -> int:
        return int(self._disk.execute("SELECT COUNT(*) FROM rows").fetchone()[0])

    def __iter__(self) -> Iterator[StagedRead]:
        """Every row in the order of the file."""
        wanted = f"""SELECT {_OF_ROWS}, COALESCE(series.place, 0), COALESCE(placed.reading_id, rows.key),
                CASE WHEN rows.sequence IS NULL THEN rows.line ELSE COALESCE(again.line, rows.line) END,
                cases.case_id, cases.unclear, cases.truth, cases.diagnosis, cases.finding
            FROM rows CROSS JOIN cases ON cases.stated = rows.stated_case
            LEFT JOIN again ON again.key = rows.key LEFT JOIN placed ON placed.line = rows.line
            LEFT JOIN series ON series.reader = rows.reader AND series.series = rows.series ORDER BY rows.line"""
        for values in self._disk.execute(wanted):
            *row, place, read, first, case_id, unclear, truth, diagnosis, finding = values
            placed = replace(self._row(row), series_place=place) if place else self._row(row)
            yield StagedRead(placed, read, first, case_id, bool(unclear), Truth(truth), diagnosis, finding)

    def _row(self, values: Sequence[Any]) -> ReadRow:
        line, reader, case, correct, truth, diagnosis, answer, sequence, series, seconds, stated, at, *rest = values
        return ReadRow(
            f"{self._path}:{line}",
            *(line, reader, case, bool(correct), Truth(truth), diagnosis, answer, sequence, series, seconds, stated),
            None if at is None else EPOCH + at * _MICROSECOND,
            *rest,
        )

    def _many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._disk.execute("BEGIN")
        self._disk.executemany(statement, rows)
        self._disk.execute("COMMIT")


def _microseconds(row: ReadRow) -> int | None:
    return None if row.read_at is None else (row.read_at - EPOCH) // _MICROSECOND
