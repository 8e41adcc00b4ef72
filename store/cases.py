"""Teaching cases as educators and the command line keep them: added, edited, approved, rejected.

What a reader may see of a case is asked of ``store.library``, never of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, exists, func, insert, or_, select, update

from models.errors import Conflict, NotClean, NotFound
from models.finding import Region, Truth
from models.teaching_case import (
    CaseKey,
    CaseOrigin,
    CaseStatus,
    CaseStem,
    Cleaning,
    ImageRef,
    Proof,
    TeachingCase,
)
from store import departments, notation
from store.database import Transaction
from store.inserting import insert_new
from store.tables import case_images, case_keys, cases

_HAS_IMAGES = exists().where(case_images.c.case_id == cases.c.case_id)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    case_id: str
    title: str
    modality: str
    region: Region
    images: int
    flags: tuple[str, ...]
    clean: bool
    truth: Truth
    origin: CaseOrigin
    status: CaseStatus
    priority: float = 0.0


def add(tx: Transaction, case: TeachingCase, now: datetime) -> bool:
    """Store a case with its images and key. False, and nothing changed, where its source_id is there already.

    Raises Conflict for a phantom outside a demo workspace (wall 5).
    """
    if case.key.origin is CaseOrigin.PHANTOM and not departments.get(tx, case.department_id).demo:
        raise Conflict("phantoms may be stored in a demo workspace only; `wetread demo` makes one")
    new = insert_new(tx, cases, [{**case_row(case), "created_at": now}])
    if not new:
        return False
    put_images(tx, case)
    tx.execute(insert(case_keys).values(key_row(case.department_id, case.key)))
    departments.move_library(tx, case.department_id)
    return True


def add_stubs(tx: Transaction, stubs: Sequence[TeachingCase], now: datetime) -> int:
    """Store many cases without images; returns how many were new. The library is said to have moved once."""
    new = insert_new(tx, cases, [{**case_row(case), "created_at": now} for case in stubs])
    insert_new(tx, case_keys, [key_row(case.department_id, case.key) for case in stubs])
    if new:
        departments.move_library(tx, stubs[0].department_id)
    return new


def get(tx: Transaction, department_id: str, case_id: str) -> TeachingCase:
    """The whole case. For educators and the command line only."""
    row = (
        tx.execute(
            select(cases, case_keys)
            .join(case_keys, case_keys.c.case_id == cases.c.case_id)
            .where(cases.c.case_id == case_id, cases.c.department_id == department_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("no such case in this department")
    return _case(row, images(tx, case_id))


def version(tx: Transaction, case_id: str) -> int:
    found: int = tx.execute(select(cases.c.version).where(cases.c.case_id == case_id)).scalar_one()
    return found


def known(tx: Transaction, department_id: str, source_ids: Sequence[str]) -> dict[str, str]:
    """case_id by source_id, whichever source, for those of ``source_ids`` that the workspace holds."""
    found: dict[str, str] = {}
    for start in range(0, len(source_ids), 500):
        part = list(source_ids[start : start + 500])
        rows = tx.execute(
            select(cases.c.source_id, cases.c.case_id).where(
                cases.c.department_id == department_id, cases.c.source_id.in_(part)
            )
        )
        found.update({row.source_id: row.case_id for row in rows})
    return found


def images(tx: Transaction, case_id: str) -> tuple[ImageRef, ...]:
    rows = tx.execute(
        select(case_images)
        .where(case_images.c.case_id == case_id)
        .order_by(case_images.c.series_id, case_images.c.number, case_images.c.image_id)
    )
    return tuple(ImageRef(row.image_id, row.series_id, row.number, row.frames) for row in rows)


def search(
    tx: Transaction,
    department_id: str,
    status: CaseStatus,
    text: str = "",
    limit: int = 50,
    offset: int = 0,
    with_images: bool | None = None,
) -> tuple[int, list[CaseLine]]:
    """How many cases of that status hold ``text`` in title, report or source id, and one page of them.

    Drafts come by priority, others by age. ``with_images`` asks for those that have images, or have none yet.
    """
    where = [cases.c.department_id == department_id, cases.c.status == status.value]
    if with_images is not None:
        where.append(_HAS_IMAGES if with_images else ~_HAS_IMAGES)
    if text:
        like = f"%{text}%"
        where.append(or_(case_keys.c.title.ilike(like), case_keys.c.report.ilike(like), cases.c.source_id.ilike(like)))
    base = select(cases, case_keys).join(case_keys, case_keys.c.case_id == cases.c.case_id).where(*where)
    ids = base.with_only_columns(cases.c.case_id).subquery()
    total: int = tx.execute(select(func.count()).select_from(ids)).scalar_one()
    order = [cases.c.priority.desc()] if status is CaseStatus.DRAFT else []
    page = base.order_by(*order, cases.c.created_at, cases.c.source_id).limit(limit).offset(offset)
    return total, _lines(tx, page)


def counts(tx: Transaction, department_id: str) -> dict[CaseStatus, int]:
    rows = tx.execute(
        select(cases.c.status, func.count()).where(cases.c.department_id == department_id).group_by(cases.c.status)
    )
    found = {CaseStatus(status): number for status, number in rows}
    return {status: found.get(status, 0) for status in CaseStatus}


def drafts_with_images(tx: Transaction, department_id: str) -> tuple[int, int]:
    """How many drafts have images, and how many wait for them."""
    rows = tx.execute(
        select(_HAS_IMAGES, func.count())
        .where(cases.c.department_id == department_id, cases.c.status == CaseStatus.DRAFT.value)
        .group_by(_HAS_IMAGES)
    )
    found = {bool(has): number for has, number in rows}
    return found.get(True, 0), found.get(False, 0)


def edit(tx: Transaction, case: TeachingCase, seen_version: int) -> None:
    """Replace the editable part of a draft. Raises Conflict where somebody changed it since ``seen_version``."""
    changed = tx.execute(
        update(cases)
        .where(
            cases.c.case_id == case.case_id,
            cases.c.department_id == case.department_id,
            cases.c.version == seen_version,
            cases.c.status == CaseStatus.DRAFT.value,
        )
        .values(version=seen_version + 1, history=case.stem.history, region=case.region.value, flags=list(case.flags))
    ).rowcount
    if not changed:
        raise Conflict("this draft was changed or decided by somebody else; load it again, then repeat your edit")
    row = key_row(case.department_id, case.key)
    row.pop("case_id")
    tx.execute(update(case_keys).where(case_keys.c.case_id == case.case_id).values(row))


@dataclass(frozen=True, slots=True)
class Decision:
    """An educator's word on a draft; ``reason`` is required for a rejection."""

    status: CaseStatus
    by: str
    at: datetime
    reason: str = ""


def decide(tx: Transaction, department_id: str, case_id: str, seen_version: int, decision: Decision) -> None:
    """Approve or reject a draft.

    Raises NotClean where an approval would pass the gate without scrub and Basic Profile (wall 2), Conflict where the
    draft moved on.
    """
    row = tx.execute(
        select(cases).where(cases.c.case_id == case_id, cases.c.department_id == department_id)
    ).one_or_none()
    if row is None:
        raise NotFound("no such case in this department")
    if decision.status is CaseStatus.APPROVED:
        _gate(tx, row)
    changed = tx.execute(
        update(cases)
        .where(cases.c.case_id == case_id, cases.c.version == seen_version, cases.c.status == CaseStatus.DRAFT.value)
        .values(
            status=decision.status.value,
            version=seen_version + 1,
            decided_at=decision.at,
            decided_by=decision.by,
            decision_reason=decision.reason,
        )
    ).rowcount
    if not changed:
        raise Conflict("this draft was changed or decided by somebody else; load it again")
    departments.move_library(tx, department_id)


def _gate(tx: Transaction, row: Row[Any]) -> None:
    if not Cleaning(row.scrub_version, row.profile_version).clean:
        raise NotClean("this case may not be approved: its report was not scrubbed or its images not de-identified")
    if not images(tx, row.case_id):
        raise NotClean("this case may not be approved: it has no image; import its images, or reject it")


def case_row(case: TeachingCase) -> dict[str, Any]:
    """The columns of ``cases`` for a case that nobody has edited yet."""
    return {
        "case_id": case.case_id,
        "department_id": case.department_id,
        "source": case.source,
        "source_id": case.source_id,
        "status": case.status.value,
        "version": 1,
        "history": case.stem.history,
        "region": case.region.value,
        "modality": case.modality,
        "patient": case.patient,
        "twin_of": case.twin_of,
        "scrub_version": case.cleaning.scrub,
        "profile_version": case.cleaning.profile,
        "flags": list(case.flags),
        "worth": case.worth,
        "priority": case.worth,
    }


def key_row(department_id: str, key: CaseKey) -> dict[str, Any]:
    """The columns of ``case_keys``."""
    return {
        "case_id": key.case_id,
        "department_id": department_id,
        "title": key.title,
        "report": key.report,
        "sections": [notation.section_to_json(section) for section in key.sections],
        "truth": key.truth.value,
        "finding": key.findings[0] if key.findings else None,
        "findings": list(key.findings),
        "imitates": key.imitates,
        "observations": [notation.observation_to_json(observation) for observation in key.observations],
        "diagnosis": key.diagnosis,
        "diagnosis_text": key.diagnosis_text,
        "differential": list(key.differential),
        "discussion": key.discussion,
        "origin": key.origin.value,
        "proof": key.proof.value,
        "difficulty": key.difficulty,
        "points": [notation.point_to_json(point) for point in key.points],
        "lesions": [notation.lesion_to_json(lesion) for lesion in key.lesions],
    }


def put_images(tx: Transaction, case: TeachingCase) -> None:
    """Let the case have the images of its stem and no others."""
    tx.execute(delete(case_images).where(case_images.c.case_id == case.case_id))
    rows = [
        {
            "case_id": case.case_id,
            "department_id": case.department_id,
            "image_id": image.image_id,
            "series_id": image.series_id,
            "number": image.number,
            "frames": image.frames,
        }
        for image in case.stem.images
    ]
    if rows:
        tx.execute(insert(case_images), rows)


def key_of(row: Any) -> CaseKey:
    """A CaseKey out of a row that holds the columns of ``case_keys``."""
    return CaseKey(
        case_id=row["case_id"],
        title=row["title"],
        report=row["report"],
        sections=tuple(notation.section_from_json(section) for section in row["sections"]),
        truth=Truth(row["truth"]),
        findings=tuple(row["findings"]),
        observations=tuple(notation.observation_from_json(observation) for observation in row["observations"]),
        diagnosis=row["diagnosis"],
        diagnosis_text=row["diagnosis_text"],
        differential=tuple(row["differential"]),
        discussion=row["discussion"],
        origin=CaseOrigin(row["origin"]),
        proof=Proof(row["proof"]),
        difficulty=row["difficulty"],
        points=tuple(notation.point_from_json(point) for point in row["points"]),
        lesions=tuple(notation.lesion_from_json(lesion) for lesion in row["lesions"]),
        imitates=row["imitates"],
    )


def _case(row: Any, refs: tuple[ImageRef, ...]) -> TeachingCase:
    return TeachingCase(
        department_id=row["department_id"],
        source=row["source"],
        source_id=row["source_id"],
        status=CaseStatus(row["status"]),
        stem=CaseStem(row["case_id"], row["history"], refs),
        key=key_of(row),
        region=Region(row["region"]),
        modality=row["modality"],
        patient=row["patient"],
        cleaning=Cleaning(row["scrub_version"], row["profile_version"]),
        flags=tuple(row["flags"]),
        twin_of=row["twin_of"],
        worth=row["worth"],
    )


def _lines(tx: Transaction, page: Select[Any]) -> list[CaseLine]:
    rows = tx.execute(page).mappings().all()
    ids = [row["case_id"] for row in rows]
    counted = tx.execute(
        select(case_images.c.case_id, func.count().label("number"))
        .where(case_images.c.case_id.in_(ids))
        .group_by(case_images.c.case_id)
    )
    numbers: dict[str, int] = {row.case_id: row.number for row in counted}
    return [
        CaseLine(
            case_id=row["case_id"],
            title=row["title"],
            modality=row["modality"],
            region=Region(row["region"]),
            images=numbers.get(row["case_id"], 0),
            flags=tuple(row["flags"]),
            clean=Cleaning(row["scrub_version"], row["profile_version"]).clean,
            truth=Truth(row["truth"]),
            origin=CaseOrigin(row["origin"]),
            status=CaseStatus(row["status"]),
            priority=row["priority"],
        )
        for row in rows
    ]
