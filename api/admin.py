"""For admins: the audit trail and the accounts."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow, note
from api.rights import Permission
from store import accounts, audit

router = APIRouter(prefix="/api", tags=["admin"])


class AuditLine(BaseModel):
    at: datetime
    actor: str
    action: str
    resource: str
    outcome: str


class AccountLine(BaseModel):
    login: str
    name: str
    roles: list[str]
    disabled: bool


@router.get("/audit")
def trail(
    workspace: OpenWorkspace,
    limit: int = Query(default=200, ge=1, le=1000),
    caller: Caller = allow(Permission.ADMINISTER),
) -> list[AuditLine]:
    """The newest entries first. Actors are named by login where they have an account here."""
    with workspace.database.transaction() as tx:
        note(tx, workspace, caller, "view audit", "audit")
        logins = {account.account_id: account.login for account in accounts.every(tx, caller.department_id)}
        entries = audit.latest(tx, caller.department_id, limit)
    return [
        AuditLine(
            at=entry.at,
            actor=logins.get(entry.actor, entry.actor),
            action=entry.action,
            resource=entry.resource,
            outcome=entry.outcome,
        )
        for entry in entries
    ]


@router.get("/accounts")
def every_account(workspace: OpenWorkspace, caller: Caller = allow(Permission.ADMINISTER)) -> list[AccountLine]:
    """The accounts of the department."""
    with workspace.database.transaction() as tx:
        note(tx, workspace, caller, "list accounts", "accounts")
        found = accounts.every(tx, caller.department_id)
    return [AccountLine(login=one.login, name=one.name, roles=list(one.roles), disabled=one.disabled) for one in found]
