"""The library as readers meet it: stems before commit, keys after, and the index the recommender chooses from.

The first wall stands here: ``key`` asks for a committed read of that very case.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, exists, or_, select, update

from models.errors import NotCommitted, NotFound
from models.finding import Region, Truth
from models.reading import LibraryCase, LibrarySnapshot, Reading, ReadingSource, Skills
from models.teaching_case import CaseKey, CaseOrigin, CaseStatus, CaseStem
from store import cases as whole_cases
from store import departments
from store.database import Transaction
from store.tables import case_images, case_keys, cases, practice_set_cases, practice_sets, readings

REVEALING = (ReadingSource.PRACTICE, ReadingSource.ASSESSMENT)
"""Sources whose reads were answers given to Wetread; an imported or reviewed read opens no key."""


def stem(tx: Transaction, reader_id: str, case_id: str) -> CaseStem:
    """What this reader may see of a case before answering: only of a case in one of their own sets."""
    row = tx.execute(
        select(cases.c.history).where(
            cases.c.case_id == case_id,
            cases.c.status == CaseStatus.APPROVED.value,
            exists().where(
                practice_set_cases.c.case_id == case_id,
                practice_set_cases.c.set_id == practice_sets.c.set_id,
                practice_sets.c.reader_id == reader_id,
            ),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("this case is in none of your practice sets")
    return CaseStem(case_id, row.history, whole_cases.images(tx, case_id))


def key(tx: Transaction, case_id: str, reading: Reading) -> CaseKey:
    """The answer to a case, for the committed read of it.

    Raises NotCommitted where ``reading`` is of another case, is not stored, or was no answer given to Wetread.
    """
    row = None
    if reading.case_id == case_id:
        row = (
            tx.execute(
                select(case_keys)
                .join(readings, readings.c.case_id == case_keys.c.case_id)
                .where(
                    case_keys.c.case_id == case_id,
                    readings.c.reading_id == reading.reading_id,
                    readings.c.reader_id == reading.reader_id,
                    readings.c.source.in_([source.value for source in REVEALING]),
                )
            )
            .mappings()
            .one_or_none()
        )
    if row is None:
        raise NotCommitted("a case's key is shown after its answer was committed; commit an answer first")
    return whole_cases.key_of(row)


def key_to_grade(tx: Transaction, department_id: str, case_id: str) -> CaseKey:
    """The key for grading inside the transaction that commits the read. It must never leave that transaction."""
    row = (
        tx.execute(select(case_keys).where(case_keys.c.case_id == case_id, case_keys.c.department_id == department_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("no such case in this department")
    return whole_cases.key_of(row)


def may_see_image(tx: Transaction, department_id: str, image_id: str, reader_id: str | None) -> bool:
    """Whether an image may be served: to a reader where it is in one of their sets, to educators (None) any here."""
    where = [case_images.c.image_id == image_id, case_images.c.department_id == department_id]
    if reader_id is not None:
        where += [
            cases.c.status == CaseStatus.APPROVED.value,
            exists().where(
                practice_set_cases.c.case_id == case_images.c.case_id,
                practice_set_cases.c.set_id == practice_sets.c.set_id,
                practice_sets.c.reader_id == reader_id,
            ),
        ]
    found = tx.execute(
        select(case_images.c.image_id).join(cases, cases.c.case_id == case_images.c.case_id).where(*where).limit(1)
    ).first()
    return found is not None


def snapshot(tx: Transaction, department_id: str) -> LibrarySnapshot:
    """The library index: every approved case, and the stubs that only the command line practises."""
    # Read before the cases: a version that moves meanwhile then makes the next look rebuild the index.
    version = departments.library_version(tx, department_id)
    has_images = exists().where(case_images.c.case_id == cases.c.case_id)
    rows = tx.execute(
        select(
            cases.c.case_id,
            cases.c.patient,
            cases.c.modality,
            cases.c.region,
            case_keys.c.truth,
            case_keys.c.finding,
            case_keys.c.imitates,
            case_keys.c.difficulty,
            case_keys.c.difficulty_sd,
            case_keys.c.origin,
            has_images.label("has_images"),
        )
        .join(case_keys, case_keys.c.case_id == cases.c.case_id)
        .where(
            cases.c.department_id == department_id,
            or_(
                and_(cases.c.status == CaseStatus.APPROVED.value, has_images),
                cases.c.status == CaseStatus.STUB.value,
            ),
        )
        .order_by(cases.c.case_id)
    )
    found = tuple(
        LibraryCase(
            case_id=row.case_id,
            patient=row.patient,
            skills=Skills(
                Truth(row.truth),
                row.finding if row.truth == Truth.ABNORMAL.value else row.imitates,
                row.modality,
                Region(row.region),
            ),
            difficulty=row.difficulty,
            difficulty_sd=row.difficulty_sd,
            origin=CaseOrigin(row.origin),
            has_images=bool(row.has_images),
        )
        for row in rows
    )
    return LibrarySnapshot(version, found)


def set_difficulties(tx: Transaction, department_id: str, fitted: Iterable[tuple[str, float, float]]) -> None:
    """Store (case_id, difficulty, sd), in logits, as learned from reads; the library is said to have moved."""
    rows = [{"fitted": case_id, "mean": difficulty, "sd": sd} for case_id, difficulty, sd in fitted]
    if rows:
        tx.execute(
            update(case_keys)
            .where(case_keys.c.case_id == bindparam("fitted"), case_keys.c.department_id == department_id)
            .values(difficulty=bindparam("mean"), difficulty_sd=bindparam("sd")),
            rows,
        )
    departments.move_library(tx, department_id)
