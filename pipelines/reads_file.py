"""A CSV of reads, whatever its columns are called: what each row says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.errors import BadInput
from models.finding import Truth
from pipelines.columns import Column, Header
from pipelines.csv_records import Record
from pipelines.csv_values import Clock, check_name, in_utc, person_name, right_or_wrong, seconds_of, whole
from pipelines.truth_words import is_abnormal, is_missing, is_normal, is_unclear
from pipelines.written_times import TimeEvidence, TimeFormat

COLUMNS = (
    Column("reader", ("reader", "reader_id", "user", "user_id", "radiologist"), needed=True),
    Column("case", ("case", "case_id", "item", "item_id", "accession"), needed=True),
    Column("correct", ("correct",)),
    Column("truth", ("truth", "ground_truth", "truth_diagnosis", "label")),
    Column("diagnosis", ("diagnosis", "truth_diagnosis", "finding", "skill")),
    Column("answer", ("answer", "answer_diagnosis", "response")),
    Column("sequence", ("sequence", "order", "trial")),
    Column("series", ("series", "session", "block")),
    Column("seconds", ("seconds", "time_seconds", "duration")),
    Column("read_at", ("read_at", "started_at", "timestamp", "date")),
    Column("level", ("level", "training")),
    Column("modality", ("modality", "modal")),
)
"""What is wanted of a row, and the names of columns that hold it. ``correct`` may be missing: see ``check_columns``."""

LONGEST_MODALITY = 16
LONGEST_ANSWER = 200

ISO = TimeFormat()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read of the file, which begins in its line ``line``. ``diagnosis`` is as written, "" for a normal case.

    ``correct`` is None where the file has no such column, until its answer is judged (``FindingWords.judged``).
    ``stated_time`` is the read's time as the file has it, whatever zone it is taken to be in; ``open_time`` that of one
    which only its whole column can tell. ``series_place`` counts the reader's series from 0, those of refused rows too,
    so that mending one moves no other.
    """

    where: str
    line: int
    reader: str
    case: str
    correct: bool | None
    truth: Truth
    diagnosis: str
    answer: str
    sequence: int | None
    series: str
    seconds: float | None
    stated_time: str
    read_at: datetime | None
    level: str
    modality: str
    open_time: str = ""
    series_place: int = 0


@dataclass(frozen=True, slots=True)
class ReadsReader:
    """Makes reads of a file's records. ``times``: how it writes them, None where its column is to tell."""

    path: Path
    header: Header
    clock: Clock
    times: TimeFormat | None
    evidence: TimeEvidence

    def row(self, record: Record) -> ReadRow:
        """The read of a record. Raises BadInput where the row cannot be used."""
        where = f"{self.path}:{record.line}"
        self.header.check(where, record, whole=True)
        values, columns = self._values(record), self.header.columns
        for needed in ("reader", "case"):
            check_name(where, needed, values[needed], columns[needed])
        if not (columns["correct"] or values["truth"] or values["diagnosis"]):
            raise BadInput(where, "has neither truth nor diagnosis", "fill one of them, or add a column correct")
        truth = self._truth(where, values)
        diagnosis = _named(values["diagnosis"], truth)
        stated, open_time = self._time(where, values["read_at"])
        return ReadRow(
            where=where,
            line=record.line,
            reader=values["reader"],
            case=values["case"],
            correct=right_or_wrong(where, values["correct"]) if columns["correct"] else None,
            truth=truth,
            diagnosis=diagnosis,
            answer=values["answer"][:LONGEST_ANSWER],
            sequence=whole(where, columns["sequence"], values["sequence"]),
            series=values["series"],
            seconds=seconds_of(where, values["seconds"]),
            stated_time=spelled(stated) if stated else "",
            read_at=in_utc(where, stated, self.clock) if stated else None,
            level=values["level"][:80],
            modality=values["modality"][:LONGEST_MODALITY],
            open_time=open_time,
        )

    def reader_and_series(self, record: Record) -> tuple[str, str]:
        """Whose read a row tells of, usable or not, and in which of their series; "" where it does not say."""
        values = self._values(record)
        return values["reader"], values["series"]

    def _values(self, record: Record) -> dict[str, str]:
        values = self.header.values(record)
        return values | {"reader": person_name(values["reader"])}

    def _truth(self, where: str, values: Mapping[str, str]) -> Truth:
        """What the case is; the diagnosis says it where the truth does not. Raises BadInput where neither does."""
        columns = self.header.columns
        stated = values["diagnosis"] if is_missing(values["truth"]) else values["truth"]
        if not stated and not columns["truth"]:
            return Truth.NORMAL  # no diagnosis, in a file whose diagnoses are its truths
        if is_missing(stated):
            remedy = f"fill the column {columns['truth'] or columns['diagnosis']}"
            raise BadInput(where, "does not say whether its case is normal or abnormal", remedy)
        if is_unclear(stated):
            problem = "its truth is a number other than 0 and 1, or a negation that may mean either"
            raise BadInput(where, problem, "write normal or abnormal")
        return Truth.NORMAL if is_normal(stated) else Truth.ABNORMAL

    def _time(self, where: str, text: str) -> tuple[datetime | None, str]:
        """A row's time, and the text of one that waits for what its column shows."""
        if not text:
            return None, ""
        if self.times is None and self.evidence.saw(text):
            return None, text
        return (self.times or ISO).stated(where, text), ""


def _named(diagnosis: str, truth: Truth) -> str:
    """The finding that a diagnosis names, "" where it names none."""
    if is_missing(diagnosis) or is_normal(diagnosis) or is_abnormal(diagnosis):
        return ""
    return "" if truth is Truth.NORMAL and is_unclear(diagnosis) else diagnosis


def spelled(stated: datetime) -> str:
    """A time as it names a read: one text for 10:00, 10:00Z and 10:00+00:00."""
    return (stated if stated.utcoffset() else stated.replace(tzinfo=None)).isoformat()


def check_columns(path: Path, header: Header) -> None:
    """Raises BadInput for a file that neither says what was right nor lets it be seen."""
    columns = header.columns
    if not columns["correct"] and not (columns["answer"] and (columns["truth"] or columns["diagnosis"])):
        remedy = "name it correct, or say which one holds it: --column correct=NAME (or answer=NAME and truth=NAME)"
        raise BadInput(f"{path}:1", "no column correct", remedy)
