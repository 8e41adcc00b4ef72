"""Rows of a file as reads of the history: which read a row tells of, where it stands, what it asks of its reader.

Which read a row tells of decides what an import adds, so a row that is mended, put in or taken out makes no neighbour a
new read. Where a read stands only orders a replay.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from models.reading import Reading, ReadingSource
from pipelines.finding_words import FindingWords
from pipelines.reads_file import ReadRow
from store import history
from store.database import Transaction
from store.history import Held

__all__ = ["FindingWords", "alike_ids", "matched", "order", "reading_id", "reading_of"]

SERIES_LENGTH = 100_000
"""Numbers kept free for each series of a reader, so that a longer one shifts no other."""

MOST_SERIES = 20_000


def reading_id(workspace: Workspace, source: str, row: ReadRow, place: int = 0) -> str:
    """The id of the read a row tells of: the same at every import, whichever case of the workspace it is linked to.

    Source, reader, case and series name it with the number the file gives it or, where it gives none, with its
    modality, its time, and its ``place`` among reads that are alike in all this.
    """
    if row.sequence is not None:
        told_by: tuple[str, ...] = ("numbered", row.series, str(row.sequence))
    else:
        told_by = ("placed", row.series, row.modality, row.stated_time, str(place))
    return workspace.opaque("reading", DEPARTMENT, "imported", source, row.reader, row.case, *told_by)


def alike_ids(
    tx: Transaction, workspace: Workspace, source: str, words: FindingWords, groups: Sequence[Sequence[ReadRow]]
) -> dict[int, str]:
    """The id of each row's read, by its line, for groups of rows that nothing but their place tells apart.

    They are first matched with stored reads that say the same, so that a row put in above them is the new one,
    wherever it stands.
    """
    ids = [[reading_id(workspace, source, row, place) for place, row in enumerate(group)] for group in groups]
    held = history.held(tx, [each for of_group in ids for each in of_group])
    found: dict[int, str] = {}
    for group, of_group in zip(groups, ids, strict=True):
        told = [Held(bool(row.correct), row.truth, words.skills(row).finding, row.answer) for row in group]
        for row, place in zip(group, matched(told, [held.get(each) for each in of_group]), strict=True):
            found[row.line] = of_group[place]
    return found


def matched(told: Sequence[Held], held: Sequence[Held | None]) -> list[int]:
    """A place for each thing told, as many as there are: one that holds the same, else one that holds something else,
    else a free one."""
    pools: dict[Held | None, deque[int]] = {None: deque()}
    for place, each in enumerate(held):
        pools.setdefault(each, deque()).append(place)
    same = [pools[each].popleft() if pools.get(each) else None for each in told]
    free = pools.pop(None)
    rest = chain(*pools.values(), free)
    return [next(rest) if place is None else place for place in same]


def order(row: ReadRow) -> int:
    """A number that sorts a reader's undated reads: as the file numbers them, series after series, else by line.

    Raises BadInput where a file with series has more of them, or longer ones, than can be told apart.
    """
    if row.sequence is None:
        return row.line
    if not row.series:
        return row.sequence
    if row.sequence >= SERIES_LENGTH or row.series_place >= MOST_SERIES:
        limits = f"a reader may have {MOST_SERIES:,} series of {SERIES_LENGTH:,} reads"
        raise BadInput(row.where, "its series or sequence is out of range", limits)
    return row.series_place * SERIES_LENGTH + row.sequence


def reading_of(words: FindingWords, row: ReadRow, reading: str, case_id: str, reader_id: str) -> Reading:
    """The row as the read ``reading`` of that reader and case. Raises BadInput where it cannot be ordered."""
    return Reading(
        reading_id=reading,
        department_id=DEPARTMENT,
        reader_id=reader_id,
        case_id=case_id,
        source=ReadingSource.IMPORTED,
        sequence=order(row),
        correct=bool(row.correct),
        skills=words.skills(row),
        read_at=row.read_at,
        seconds=row.seconds,
        answer_text=row.answer,
        answered=words.answered(row),
    )
