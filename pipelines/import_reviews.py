"""``wetread import-reviews``: peer reviews become the counts of the quality pages, the concurring ones their
denominator, and evidence that feeds each reader's private state alone.

Which review a row tells of, ``review_names`` says. A stored review is evidence: a file that now says otherwise changes
nothing, but for how it was chosen where nobody had said so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.errors import BadInput
from nlp.miner import Miner
from pipelines.case_names import cases_of_reads, checked_source
from pipelines.column_times import times_of_column
from pipelines.columns import ColumnWish
from pipelines.csv_values import Clock, time_zone
from pipelines.file_readers import reader_ids
from pipelines.imported_reads import FindingWords
from pipelines.intake import Intake, intake
from pipelines.learn import bring_up_to_date
from pipelines.mapped_file import MappedFile, mapped_file
from pipelines.review_names import NAMELESS, completed, other_keys, review_id, review_key, says_otherwise
from pipelines.reviews_file import COLUMNS, ReviewRow, RowReading, review_row
from pipelines.staging import staging
from pipelines.telling import out
from store import reviews

ROWS_A_TRANSACTION = 2_000
SAMPLING_KNOWN = "review stored before, whose sampling is known only now"
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
    """A row and which reviews it tells of: those numbered from ``first`` of the ``total`` that the file has of ``key``.

    ``other_keys`` are those that its reviews may be stored under, were more or less known of them then.
    """

    row: ReviewRow
    key: str
    first_line: int
    first: int
    total: int
    other_keys: Sequence[str]

    @property
    def again(self) -> bool:
        """Whether an earlier row tells of the same review."""
        return self.row.line != self.first_line and not self.key.startswith(NAMELESS)

    @property
    def ends(self) -> bool:
        """Whether the file tells of no more reviews of this key, and says how many there are."""
        named = not self.key.startswith(NAMELESS)
        return named or (self.row.counted and self.first + self.row.reviews == self.total)


@dataclass(frozen=True, slots=True)
class _Made:
    """A row's reviews, the keys each may be stored under instead, and that of one more, which the row denies."""

    staged: _Staged
    reviews: Sequence[Discrepancy]
    other_keys: Sequence[Sequence[str]]
    beyond: str


@dataclass
class _Sorted:
    """What becomes of some rows' reviews."""

    new: list[Discrepancy]
    mended: list[Discrepancy]
    refused: list[BadInput]
    known: int = 0


def import_reviews(workspace: Workspace, wanted: ReviewsImport) -> int:
    """Import every usable row; returns the exit code, 1 where a row was refused."""
    checked_source(wanted.source)
    with intake(workspace, "reviews", "reviews", wanted.path, wanted.source) as told, staging(workspace) as disk:
        file = mapped_file(workspace, "reviews", wanted.path, COLUMNS, wanted.wish, wanted.source)
        _stage(workspace, wanted, told, disk, file)
        counted = _store(workspace, wanted, told, disk)
        file.remember(told)
        if told.added or told.interrupted or SAMPLING_KNOWN in told.notices:
            bring_up_to_date(workspace, Learning(workspace.findings))
    out.print(f"{counted:,} reviews in the file")
    return told.finish()


def _stage(
    workspace: Workspace, wanted: ReviewsImport, told: Intake, disk: sqlite3.Connection, file: MappedFile
) -> None:
    """Every row that can be used onto the disk; the others are refused."""
    disk.execute("CREATE TABLE rows (line INTEGER PRIMARY KEY, key TEXT, reader TEXT, reviews INTEGER, row TEXT)")
    disk.execute("BEGIN")
    disk.executemany(
        "INSERT INTO rows VALUES (?, ?, ?, ?, ?)",
        (
            (row.line, review_key(workspace, wanted.source, row), row.reader, row.reviews, _packed(row))
            for row in _rows(wanted, told, file)
        ),
    )
    disk.execute("COMMIT")
    disk.execute("CREATE INDEX by_key ON rows (key, line)")


def _rows(wanted: ReviewsImport, told: Intake, file: MappedFile) -> Iterator[ReviewRow]:
    clock = Clock(wanted.now, time_zone(file.wish.time_zone))
    times = times_of_column(wanted.path, file.header, "reviewed_at", wanted.time_format)
    reading = RowReading(file.header.columns, clock, times, wanted.sampling)
    for row in file.rows(told, lambda where, line, values: review_row(where, line, values, reading)):
        if row.sampling is Sampling.UNKNOWN:
            told.notice(NO_SAMPLING, row.reviews)
        yield row


def _store(workspace: Workspace, wanted: ReviewsImport, told: Intake, disk: sqlite3.Connection) -> int:
    """Store what is new, a few thousand rows a transaction; returns how many reviews the usable rows stand for."""
    people = [name for (name,) in disk.execute("SELECT DISTINCT reader FROM rows ORDER BY reader")]
    with workspace.database.transaction() as tx:
        ids = reader_ids(tx, workspace, wanted.source, dict.fromkeys(people, ""))
    words = _Words(workspace)
    total = disk.execute("SELECT count(*) FROM rows").fetchone()[0]
    counted = 0
    part: list[_Staged] = []
    for staged in told.along(_staged(workspace, wanted, disk), "storing reviews", total):
        counted += staged.row.reviews
        part.append(staged)
        if len(part) >= ROWS_A_TRANSACTION:
            _store_part(workspace, wanted, told, ids, words, part)
            part = []
    _store_part(workspace, wanted, told, ids, words, part)
    return counted


def _staged(workspace: Workspace, wanted: ReviewsImport, disk: sqlite3.Connection) -> Iterator[_Staged]:
    """The rows in file order, each with the first line of its key and its place among those of the key."""

    @lru_cache(10_000)
    def absent(key: str) -> bool:
        return disk.execute("SELECT 1 FROM rows WHERE key = ? LIMIT 1", (key,)).fetchone() is None

    rows = disk.execute(
        "SELECT line, key, row, min(line) OVER (PARTITION BY key), sum(reviews) OVER (PARTITION BY key),"
        " sum(reviews) OVER (PARTITION BY key ORDER BY line ROWS UNBOUNDED PRECEDING) - reviews"
        " FROM rows ORDER BY line"
    )
    for line, key, packed, first_line, total, before in rows:
        row = _unpacked(line, packed)
        others = [other for other in other_keys(workspace, wanted.source, row) if absent(other)]
        yield _Staged(row, key, first_line, before if key.startswith(NAMELESS) else 0, total, others)


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
        names = sorted({s.row.case for s in part if s.row.case})
        case_ids, _ = cases_of_reads(tx, workspace, DEPARTMENT, wanted.source, names)
        made = [
            _made(workspace, staged, ids[staged.row.reader], words, case_ids.get(staged.row.case)) for staged in part
        ]
        done = _sorted_out(made, reviews.held(tx, DEPARTMENT, _keys(made)))
        added = reviews.add_many(tx, done.new)
        for review in done.mended:
            reviews.correct(tx, review)
    told.added += added
    told.known += done.known + len(done.new) - added  # another import was faster
    if done.mended:
        told.notice(SAMPLING_KNOWN, len(done.mended))
    for error in done.refused:
        told.refuse(error)


def _keys(made: Sequence[_Made]) -> list[str]:
    """Every key under which reviews may be stored that these rows speak of."""
    found = {review.source_key for each in made for review in each.reviews}
    found.update(key for each in made for keys in each.other_keys for key in keys)
    found.update(each.beyond for each in made if each.beyond)
    return sorted(found)


def _sorted_out(made: Sequence[_Made], held: Mapping[str, Discrepancy]) -> _Sorted:
    done = _Sorted([], [], [])
    seen = dict(held)
    for each in made:
        if error := _refusal(each, seen, held):
            done.refused.append(error)
            continue
        for review, others in zip(each.reviews, each.other_keys, strict=True):
            before = seen.get(review.source_key) or next((held[key] for key in others if key in held), None)
            if before is None:
                done.new.append(review)
                seen[review.source_key] = review
                continue
            done.known += 1
            if after := completed(before, review):
                done.mended.append(after)
    return done


def _refusal(made: _Made, seen: Mapping[str, Discrepancy], held: Mapping[str, Discrepancy]) -> BadInput | None:
    """Why a row cannot go in: an earlier row tells of its review, or what is stored of it is something else."""
    staged = made.staged
    where = staged.row.where
    before = [(seen[review.source_key], review) for review in made.reviews if review.source_key in seen]
    otherwise = any(says_otherwise(*pair) for pair in before)
    if staged.again and before:
        differs = otherwise or any(one.sampling is not other.sampling for one, other in before)
        more = " with another score, sampling, finding or error" if differs else ""
        problem = f"tells of the same review as line {staged.first_line}{more}"
        return BadInput(where, problem, "give each review its own id, or remove one")
    if otherwise:
        problem = "its score, date, sampling, finding or error differs from what is stored of this review, which stays"
        return BadInput(where, problem, "mend the row")
    if made.beyond in held:
        return BadInput(where, "stands for fewer reviews than are stored of it, which stay", "mend the row")
    return None


def _made(workspace: Workspace, staged: _Staged, reader_id: str, words: _Words, case_id: str | None) -> _Made:
    """The reviews a row stands for."""
    row = staged.row
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
    end = staged.first + row.reviews
    numbers = range(staged.first, end)
    keys = [workspace.opaque(staged.key, str(number)) for number in numbers]
    others = [[workspace.opaque(key, str(number)) for key in staged.other_keys] for number in numbers]
    many = [replace(one, discrepancy_id=review_id(workspace, key, row), source_key=key) for key in keys]
    return _Made(staged, many, others, workspace.opaque(staged.key, str(end)) if staged.ends else "")


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
