"""``wetread import-volumes``: how many studies each reader reads a month, by modality, so that gaps are weighed by what
a reader meets.

A volume is known by source, reader, month and modality.
"""

from __future__ import annotations

import re
import sqlite3
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.volume import Volume
from pipelines.case_names import checked_source
from pipelines.columns import Column, ColumnWish, Header
from pipelines.csv_values import check_name, person_name, whole
from pipelines.file_readers import reader_ids
from pipelines.intake import Intake, intake
from pipelines.mapped_file import mapped_file
from pipelines.reviews_file import modality_of
from pipelines.staging import staging
from pipelines.telling import out
from store import departments, volumes

COLUMNS = (
    Column("reader", ("reader", "reader_id", "radiologist", "user"), needed=True),
    Column("month", ("month", "period", "year_month", "date"), needed=True),
    Column("modality", ("modality", "exam_modality"), needed=True),
    Column("reads", ("reads", "volume", "studies", "exams", "count", "number"), needed=True),
)
"""What is wanted of a row, and the names of columns that hold it."""

ROWS_A_TRANSACTION = 5_000
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}){_TIME})?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED = re.compile(r"([a-z]{3})[a-z]*\.?[ -](\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VolumesImport:
    """``source`` tells files apart whose readers share names."""

    path: Path
    now: datetime
    wish: ColumnWish
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    reader: str
    month: str
    modality: str
    reads: int


def import_volumes(workspace: Workspace, wanted: VolumesImport) -> int:
    """Import every usable row; returns the exit code, 1 where a row was refused."""
    checked_source(wanted.source)
    with intake(workspace, "volumes", "volumes", wanted.path, wanted.source) as told, staging(workspace) as disk:
        disk.execute(
            "CREATE TABLE rows (line INTEGER PRIMARY KEY, reader TEXT, month TEXT, modality TEXT, reads INTEGER)"
        )
        file = mapped_file(workspace, "volumes", wanted.path, COLUMNS, wanted.wish, wanted.source)
        disk.execute("BEGIN")
        disk.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
            (
                (row.line, row.reader, row.month, row.modality, row.reads)
                for row in file.rows(
                    told, lambda where, line, values: _row(where, line, values, file.header, wanted.now)
                )
            ),
        )
        disk.execute("COMMIT")
        disk.execute("CREATE INDEX by_key ON rows (reader, month, modality, line)")
        people = _store(workspace, wanted, told, disk)
        file.remember(told)
    out.print(f"{people:,} readers in the file")
    return told.finish()


def _row(where: str, line: int, values: Mapping[str, str], header: Header, now: datetime) -> _Row:
    reader = person_name(values["reader"])
    check_name(where, "reader", reader, header.columns["reader"])
    if not values["modality"]:
        raise BadInput(where, "has no modality", "write a code such as CT")
    reads = whole(where, header.columns["reads"], values["reads"])
    if reads is None:
        raise BadInput(where, "has no number of reads", "write it as 120; 0 is a number")
    return _Row(line, reader, month_of(where, values["month"], now), modality_of(values["modality"]), reads)


def month_of(where: str, text: str, now: datetime) -> str:
    """A month as "2026-03", from 2026-03, 2026-03-01, 03/2026 or Mar 2026. Raises BadInput for others."""
    day = 1
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    elif found := _MONTH_FIRST.fullmatch(text):
        year, month = int(found[2]), int(found[1])
    elif (found := _NAMED.fullmatch(text)) and found[1].lower() in MONTHS:
        year, month = int(found[2]), MONTHS.index(found[1].lower()) + 1
    else:
        raise BadInput(where, "the month is none", "write it as 2026-03")
    if not (year >= 1900 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        raise BadInput(where, "the month lies outside the calendar", "write it as 2026-03")
    if (year, month) > (now.year, now.month):
        raise BadInput(where, "the month lies in the future", "mend the month")
    return f"{year:04d}-{month:02d}"


def _store(workspace: Workspace, wanted: VolumesImport, told: Intake, disk: sqlite3.Connection) -> int:
    """Store what is new; returns how many readers the usable rows name."""
    people = [name for (name,) in disk.execute("SELECT DISTINCT reader FROM rows ORDER BY reader")]
    with workspace.database.transaction() as tx:
        ids = reader_ids(tx, workspace, wanted.source, dict.fromkeys(people, ""))
        held = volumes.held_volumes(tx, DEPARTMENT, wanted.source)
    rows = disk.execute(
        "SELECT line, reader, month, modality, reads, min(line) OVER (PARTITION BY reader, month, modality)"
        " FROM rows ORDER BY line"
    )
    new: list[Volume] = []
    for line, reader, month, modality, reads, first_line in told.along(rows, "storing volumes"):
        volume = Volume(ids[reader], month, modality, reads)
        error = _known(f"{wanted.path}:{line}", volume, held, line, first_line)
        if error:
            told.refuse(error)
        elif (volume.reader_id, month, modality) in held:
            told.known += 1
        else:
            new.append(volume)
        if len(new) >= ROWS_A_TRANSACTION:
            _add(workspace, wanted, told, new)
            new = []
    _add(workspace, wanted, told, new)
    return len(people)


def _known(
    where: str, volume: Volume, held: Mapping[tuple[str, str, str], int], line: int, first_line: int
) -> BadInput | None:
    if line != first_line:
        problem = f"speaks of the same reader, month and modality as line {first_line}"
        return BadInput(where, problem, "add the two up in one row")
    before = held.get((volume.reader_id, volume.month, volume.modality))
    if before is not None and before != volume.reads:
        problem = "its number differs from what is stored of this reader, month and modality, which stays"
        return BadInput(where, problem, "mend the row")
    return None


def _add(workspace: Workspace, wanted: VolumesImport, told: Intake, new: list[Volume]) -> None:
    if not new:
        return
    with workspace.database.transaction() as tx:
        added = volumes.add_volumes(tx, DEPARTMENT, wanted.source, new)
        told.added += added
        told.known += len(new) - added  # another import was faster
        departments.move_library(tx, DEPARTMENT)  # what is met weighs what is chosen
