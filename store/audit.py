"""The audit trail: one row for each view, reveal, change, export and refusal, in the request's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from store.database import Transaction
from store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``actor`` is an account id or a command; ``subject`` the reader whose data was seen, where there is one."""

    department_id: str
    at: datetime
    actor: str
    action: str
    resource: str
    outcome: str = "done"
    subject: str | None = None


def record(tx: Transaction, entry: AuditEntry) -> None:
    tx.execute(
        insert(audit).values(
            department_id=entry.department_id,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            resource=entry.resource,
            outcome=entry.outcome,
            subject=entry.subject,
        )
    )


def did(tx: Transaction, actor: str, action: str, resource: str, since: datetime | None = None) -> bool:
    """Whether the trail holds such an entry; ``since`` that moment, where given."""
    asked = select(audit.c.audit_id).where(
        audit.c.actor == actor, audit.c.action == action, audit.c.resource == resource
    )
    if since is not None:
        asked = asked.where(audit.c.at > since)
    return tx.execute(asked.limit(1)).first() is not None


def latest(tx: Transaction, department_id: str, limit: int) -> list[AuditEntry]:
    """The newest entries first."""
    rows = tx.execute(
        select(audit).where(audit.c.department_id == department_id).order_by(audit.c.audit_id.desc()).limit(limit)
    )
    return [
        AuditEntry(row.department_id, row.at, row.actor, row.action, row.resource, row.outcome, row.subject)
        for row in rows
    ]
