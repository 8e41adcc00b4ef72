"""Departments of this workspace."""

from __future__ import annotations

from sqlalchemy import select, update

from models.errors import NotFound
from models.reading import Department
from store.database import Transaction
from store.inserting import insert_new
from store.tables import departments


def ensure(tx: Transaction, department: Department) -> None:
    """Add the department where it is not there yet."""
    row = {
        "department_id": department.department_id,
        "name": department.name,
        "demo": department.demo,
        "library_version": 1,
    }
    insert_new(tx, departments, [row])


def every(tx: Transaction) -> list[Department]:
    rows = tx.execute(select(departments).order_by(departments.c.department_id))
    return [Department(row.department_id, row.name, row.demo) for row in rows]


def get(tx: Transaction, department_id: str) -> Department:
    row = tx.execute(select(departments).where(departments.c.department_id == department_id)).one_or_none()
    if row is None:
        raise NotFound("no such department in this workspace")
    return Department(row.department_id, row.name, row.demo)


def library_version(tx: Transaction, department_id: str) -> int:
    version: int = tx.execute(
        select(departments.c.library_version).where(departments.c.department_id == department_id)
    ).scalar_one()
    return version


def move_library(tx: Transaction, department_id: str) -> None:
    """Say that the library index changed, so that every process rebuilds its snapshot."""
    tx.execute(
        update(departments)
        .where(departments.c.department_id == department_id)
        .values(library_version=departments.c.library_version + 1)
    )
