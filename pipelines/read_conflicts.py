"""Rows of reads that contradict what is stored: a read of that name, or the case it was a read of."""

from __future__ import annotations

from dataclasses import replace

from pipelines.finding_words import FindingWords, plain_key
from pipelines.reads_file import LONGEST_ANSWER, ReadRow
from pipelines.staged_reads import StagedRead
from store.history import Held


def told_otherwise(words: FindingWords, row: ReadRow, held: Held) -> str:
    """The problem of a row that says otherwise of a stored read, "" where it does not.

    A stored read is evidence that a reader's state rests on, so such a row changes nothing. A column that the file does
    not have, or had not, contradicts nothing; nor does a name that the catalogue has come to know since.
    """
    finding = words.skills(row).finding
    before, now = held.answer_text[:LONGEST_ANSWER], row.answer
    differs = {
        "correct": row.correct != held.correct,
        "truth": row.truth is not held.truth,
        "diagnosis": bool(finding and held.finding) and held.finding not in (finding, plain_key(row.diagnosis)),
        "answer": bool(before and now) and words.key(before) != words.key(now),
    }
    changed = [name for name, differ in differs.items() if differ]
    return f"its {' and '.join(changed)} differs from what is stored of this read, which stays" if changed else ""


def told_by_case(staged: StagedRead) -> StagedRead:
    """The read with the truth and the finding of its case, for a file that tells of neither."""
    finding = staged.case_finding
    row = replace(staged.row, truth=staged.case_truth, diagnosis=finding)
    return replace(staged, row=row, case_diagnosis=finding)


def told_by_read(row: ReadRow, held: Held) -> ReadRow:
    """The row with the truth and the finding that are stored of its read: what its case was when it came."""
    return replace(row, truth=held.truth, diagnosis=held.finding or "")


def contradicted(words: FindingWords, staged: StagedRead) -> str:
    """What a row says otherwise than its case: "truth", "diagnosis", or "" where they agree.

    The case is as it is stored; a file's own first rows say it where the workspace has none.
    """
    row = staged.row
    if row.truth is not staged.case_truth:
        return "truth"
    if not row.diagnosis:
        return ""
    key = words.key(row.diagnosis)
    stored = staged.case_finding
    if key != words.key(staged.case_diagnosis) or (stored and stored not in (key, plain_key(row.diagnosis))):
        return "diagnosis"
    return ""
