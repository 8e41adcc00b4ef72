"""A CSV file whose columns are known: which rows of it can be used, each of the others refused in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.workspace import Workspace
from models.errors import BadInput
from pipelines.columns import Column, ColumnWish, Header, mapped, remember
from pipelines.csv_records import csv_records
from pipelines.intake import Intake

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A file of ``kind`` ("reviews", "volumes"), its header, and what was said of it now or before."""

    workspace: Workspace
    kind: str
    path: Path
    source: str
    header: Header
    wish: ColumnWish

    def rows(self, told: Intake, row: Callable[[str, int, Mapping[str, str]], Row]) -> Iterator[Row]:
        """What ``row`` makes of each record (where it stands, its line, its values); what it refuses is told."""
        blank = True
        records = csv_records(self.path)
        next(records, None)
        for record in told.along(records, f"reading {self.path.name}"):
            blank = False
            where = f"{self.path}:{record.line}"
            try:
                self.header.check(where, record, whole=True)
                made = row(where, record.line, self.header.values(record))
            except BadInput as error:
                told.refuse(error)
                continue
            if record.note:
                told.notice(f"line {record.note}")
            yield made
        if blank:
            told.refuse(BadInput(str(self.path), f"holds no {self.kind}", "add one row each below the header"))

    def remember(self, told: Intake) -> None:
        """Keep what was said of the columns, once rows of the file have gone in."""
        if told.added or told.known:
            remember(self.workspace, self.kind, self.header, self.wish, self.source)


def mapped_file(
    workspace: Workspace, kind: str, path: Path, columns: Sequence[Column], wish: ColumnWish, source: str
) -> MappedFile:
    """Open the file. Raises BadInput where there is none, or its header lacks what is needed."""
    first = next(csv_records(path), None)
    header, said = mapped(workspace, kind, path, first, columns, wish, source)
    return MappedFile(workspace, kind, path, source, header, said)
