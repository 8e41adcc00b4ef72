"""``wetread import-reviews``: peer reviews become the counts of the quality pages, the concurring ones their
denominator, and evidence that feeds each reader's private state alone.

A review is known by its source and what names it: its own id or, without one, reader, case, reviewer, date and
modality. Rows that name neither are told apart by their place among the rows that are alike in all they say.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.errors import BadInput
from nlp.miner import Miner
from pipelines.case_names import cases_of_reads, checked_source
from pipelines.column_times import times_of_column
from pipelines.columns import ColumnWish, mapped
from pipelines.csv_records import csv_records
from pipelines.csv_values import Clock, time_zone
from pipelines.file_readers import reader_ids
from pipelines.imported_reads import FindingWords
from pipelines.intake import Intake, intake
from pipelines.learn import bring_up_to_date
from pipelines.reviews_file import COLUMNS, ReviewRow, RowReading, review_row
from pipelines.staging import staging
from pipelines.telling import out
from store import reviews

ROWS_A_TRANSACTION = 2_000
NO_SAMPLING = "review whose sampling is unknown: counted, but in no rate (--sampling says how they were chosen)"


@dataclass(frozen=True, slots=True)
class ReviewsImport:
    """``sampling`` is that of rows that state none; ``source`` tells files apart whose readers share names;
    ``time_format``: see ``parse_time_format``."""

    path: Path
    now: datetime
    wish: ColumnWish
    source: str = ""
    sampling: Sampling = Sampling.UNKNOWN
    time_format: str = ""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A row and what tells its reviews from others: ``key`` names them, ``content`` is what they say."""

    row: ReviewRow
    key: str
    content: str
    first_line: int
    place: int


def import_reviews(workspace: Workspace, wanted: ReviewsImport) -> int:
    """Import every usable row; returns the exit code, 1 where a row was refused."""
    checked_source(wanted.source)
    with intake(workspace, "reviews", "reviews", wanted.path, wanted.source) as told, staging(workspace) as disk:
        _stage(workspace, wanted, told, disk)
        counted = _store(workspace, wanted, told, disk)
        if told.added or told.interrupted:
            bring_up_to_date(workspace, Learning(workspace.findings))
    out.print(f"{counted:,} reviews in the file")
    return told.finish()


def _stage(workspace: Workspace, wanted: ReviewsImport, told: Intake, disk: sqlite3.Connection) -> None:
    """Every row that can be used onto the disk; the others are refused."""
    disk.execute("CREATE TABLE rows (line INTEGER PRIMARY KEY, key TEXT, content TEXT, reader TEXT, row TEXT)")
    disk.execute("BEGIN")
    disk.executemany(
        "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
        (
            (row.line, *_names(workspace, wanted, row), row.reader, _packed(row))
            for row in _rows(workspace, wanted, told)
        ),
    )
    disk.execute("COMMIT")
    disk.execute("CREATE INDEX by_key ON rows (key, content, line)")


def _rows(workspace: Workspace, wanted: ReviewsImport, told: Intake) -> Iterator[ReviewRow]:
    path = wanted.path
    records = csv_records(path)
    first = next(records, None)
    header, wish = mapped(workspace, "reviews", path, first, COLUMNS, wanted.wish)
    clock = Clock(wanted.now, time_zone(wish.time_zone))
    times = times_of_column(path, header, "reviewed_at", wanted.time_format)
    reading = RowReading(header.columns, clock, times, wanted.sampling)
    blank = True
    for record in told.along(records, f"reading {path.name}"):
        blank = False
        where = f"{path}:{record.line}"
        try:
            header.check(where, record)
            row = review_row(where, record.line, header.values(record), reading)
        except BadInput as error:
            told.refuse(error)
            continue
        if record.note:
            told.notice(f"line {record.note}")
        if row.sampling is Sampling.UNKNOWN:
            told.notice(NO_SAMPLING, row.reviews)
        yield row
    if blank:
        told.refuse(BadInput(str(path), "holds no reviews", "add one row a review below the header"))


def _names(workspace: Workspace, wanted: ReviewsImport, row: ReviewRow) -> tuple[str, str]:
    """What names the row's reviews, and what they say, as opaque words."""
    who = (row.reader, row.case, row.reviewer, row.reviewed_at.isoformat(), row.modality)
    says = (row.score.value, row.sampling.value, row.finding, row.error_class or "", str(row.reviews))
    named = bool(row.review or row.case)
    key = workspace.opaque("review", DEPARTMENT, wanted.source, row.review, *who, *(() if named else says))
    return key if named else f"~{key}", workspace.opaque("content", *says)


def _store(workspace: Workspace, wanted: ReviewsImport, told: Intake, disk: sqlite3.Connection) -> int:
    """Store what is new, a few thousand rows a transaction; returns how many reviews the usable rows stand for."""
    people = [name for (name,) in disk.execute("SELECT DISTINCT reader FROM rows ORDER BY reader")]
    with workspace.database.transaction() as tx:
        ids = reader_ids(tx, workspace, wanted.source, dict.fromkeys(people, ""))
    words = _Words(workspace)
    total = disk.execute("SELECT count(*) FROM rows").fetchone()[0]
    counted = 0
    part: list[_Staged] = []
    for staged in told.along(_staged(disk), "storing reviews", total):
        counted += staged.row.reviews
        part.append(staged)
        if len(part) >= ROWS_A_TRANSACTION:
            _store_part(workspace, wanted, told, ids, words, part)
            part = []
    _store_part(workspace, wanted, told, ids, words, part)
    return counted


def _staged(disk: sqlite3.Connection) -> Iterator[_Staged]:
    """The rows in file order, each with the first line of its key and its place among rows that are alike."""
    rows = disk.execute(
        "SELECT line, key, content, row, min(line) OVER (PARTITION BY key),"
        " row_number() OVER (PARTITION BY key, content ORDER BY line) - 1 FROM rows ORDER BY line"
    )
    for line, key, content, row, first_line, place in rows:
        yield _Staged(_unpacked(line, row), key, content, first_line, place)


def _store_part(
    workspace: Workspace,
    wanted: ReviewsImport,
    told: Intake,
    ids: dict[str, str],
    words: _Words,
    part: list[_Staged],
) -> None:
    if not part:
        return
    with workspace.database.transaction() as tx:
        case_ids, _ = cases_of_reads(
            tx, workspace, DEPARTMENT, wanted.source, sorted({s.row.case for s in part if s.row.case})
        )
        made = [
            (staged, _reviews(workspace, staged, ids[staged.row.reader], words, case_ids.get(staged.row.case)))
            for staged in part
        ]
        held = reviews.held(tx, DEPARTMENT, [review.source_key for _, many in made for review in many])
        refused, new = _sorted_out(told, made, held)
        reviews.add_many(tx, new)
    told.added += len(new)
    for error in refused:
        told.refuse(error)


def _sorted_out(
    told: Intake, made: list[tuple[_Staged, list[Discrepancy]]], held: dict[str, Discrepancy]
) -> tuple[list[BadInput], list[Discrepancy]]:
    """What is refused and what is new. A stored review is evidence: a file that now says otherwise changes nothing."""
    refused: list[BadInput] = []
    new: list[Discrepancy] = []
    seen = dict(held)
    for staged, many in made:
        again = staged.row.line != staged.first_line and not staged.key.startswith("~")
        for review in many:
            before = seen.get(review.source_key)
            if before is None:
                new.append(review)
                seen[review.source_key] = review
            elif _says(before) != _says(review):
                refused.append(_otherwise(staged, again))
                break
            elif again:
                problem = f"tells of the same review as line {staged.first_line}"
                refused.append(BadInput(staged.row.where, problem, "give each review its own id, or remove one"))
                break
            else:
                told.known += 1
    return refused, new


def _otherwise(staged: _Staged, again: bool) -> BadInput:
    if again:
        problem = f"tells of the same review as line {staged.first_line} with another score, sampling, finding or error"
        return BadInput(staged.row.where, problem, "give each review its own id, or remove one")
    problem = "its score, sampling, finding or error differs from what is stored of this review, which stays"
    return BadInput(staged.row.where, problem, "mend the row, or import the file under its own --source")


def _says(review: Discrepancy) -> tuple[object, ...]:
    return (review.score, review.sampling, review.finding, review.error_class)


def _reviews(
    workspace: Workspace, staged: _Staged, reader_id: str, words: _Words, case_id: str | None
) -> list[Discrepancy]:
    """The reviews a row stands for."""
    row = staged.row
    nameless = staged.key.startswith("~")
    first = staged.place * row.reviews if nameless else 0
    one = Discrepancy(
        discrepancy_id="",
        department_id=DEPARTMENT,
        reader_id=reader_id,
        source_key="",
        score=row.score,
        sampling=row.sampling,
        modality=row.modality,
        reviewed_at=row.reviewed_at,
        finding=words.key(row.finding) if row.finding else None,
        error_class=row.error_class,
        reviewer=workspace.opaque("reviewer", DEPARTMENT, row.reviewer) if row.reviewer else None,
        case_id=case_id,
    )
    keys = [workspace.opaque(staged.key, str(number)) for number in range(first, first + row.reviews)]
    return [replace(one, discrepancy_id=key, source_key=key) for key in keys]


class _Words:
    """The catalogue's key for what a file calls a finding; where it is a sentence, the finding it names."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._words = FindingWords(workspace.findings)
        self._miner: Miner | None = None
        self._known: dict[str, str] = {}

    def key(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = self._found(text)
        return self._known[text]

    def _found(self, text: str) -> str:
        key = self._words.key(text)
        if key in self._workspace.findings:
            return key
        if self._miner is None:
            self._miner = Miner(self._workspace.findings, self._workspace.diagnoses)
        named, _ = self._miner.named(text)
        return min(named) if named else key


def _packed(row: ReviewRow) -> str:
    values: dict[str, Any] = asdict(row)
    return json.dumps(values | {"reviewed_at": row.reviewed_at.isoformat()})


def _unpacked(line: int, text: str) -> ReviewRow:
    values = json.loads(text)
    return ReviewRow(
        **values
        | {
            "line": line,
            "score": RadpeerScore(values["score"]),
            "sampling": Sampling(values["sampling"]),
            "reviewed_at": datetime.fromisoformat(values["reviewed_at"]),
            "error_class": ErrorClass(values["error_class"]) if values["error_class"] else None,
        }
    )
