"""What a file's words for findings mean: the catalogue's key, and what an answer says against the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from models.errors import BadInput
from models.finding import FindingCatalogue, Region, Truth
from models.reading import Skills
from pipelines.reads_file import ReadRow
from pipelines.truth_words import is_abnormal, is_missing, is_normal, is_unclear

LONGEST_KEY = 80
MOST_HELD = 10_000
"""Words whose key is remembered; a file repeats few, and free text many."""


class FindingWords:
    """The catalogue's keys by what a file may call a finding: key, name or phrase, whatever their case."""

    def __init__(self, findings: FindingCatalogue) -> None:
        self._keys: dict[str, str] = {}
        self._regions = {key: finding.region for key, finding in findings.items()}
        for key, finding in findings.items():
            for words in (key, finding.name, *finding.phrases):
                self._keys.setdefault(words.lower(), key)
        self.key = lru_cache(MOST_HELD)(self._key)
        self._skills = lru_cache(MOST_HELD)(self._skills_of)

    def _key(self, words: str) -> str:
        """The catalogue's key; the words themselves as a key where it has none."""
        return self._keys.get(words.strip().lower()) or plain_key(words)

    def skills(self, row: ReadRow) -> Skills:
        """What the row's case asks of a reader."""
        return self._skills(row.truth, row.diagnosis, row.modality)

    def _skills_of(self, truth: Truth, diagnosis: str, modality: str) -> Skills:
        finding = self.key(diagnosis) if diagnosis else None
        region = self._regions.get(finding, Region.OTHER) if finding else Region.OTHER
        return Skills(truth, finding or None, modality, region)

    def answered(self, row: ReadRow) -> str | None:
        """The key of the finding that the answer names where another one was right, or none at all."""
        if not _names(row.answer) or len(row.answer) > LONGEST_KEY:
            return None
        said = self.key(row.answer)
        if row.truth is Truth.NORMAL:
            return said or None
        right = self.key(row.diagnosis) if row.diagnosis else said
        return said if said != right and said else None

    def judged(self, row: ReadRow) -> ReadRow:
        """The row with ``correct``, which is as the file has it or, where it has no such column, as the answer shows.

        An answer that is plainly normal or abnormal is held against just that of the truth. Raises BadInput for one
        that does not tell.
        """
        if row.correct is not None:
            return row
        abnormal = row.truth is Truth.ABNORMAL
        if is_missing(row.answer):
            raise BadInput(row.where, "has no answer", "fill the column of answers, or add a column correct")
        if is_normal(row.answer):
            return replace(row, correct=not abnormal)
        if is_abnormal(row.answer):
            return replace(row, correct=abnormal)
        if not _names(row.answer):
            problem = "its answer is a number and not right or wrong, or a negation that may mean either"
            raise BadInput(row.where, problem, "add a column correct")
        same = not row.diagnosis or self.key(row.answer) == self.key(row.diagnosis)
        return replace(row, correct=abnormal and same)


def _names(answer: str) -> bool:
    """Whether an answer names something: it is neither empty, a number, nor plainly normal or abnormal."""
    return not (is_missing(answer) or is_normal(answer) or is_abnormal(answer) or is_unclear(answer))


def plain_key(words: str) -> str:
    """The words themselves as a key."""
    return "_".join("".join(c if c.isalnum() else " " for c in words.lower()).split())[:LONGEST_KEY]
