"""What each route asks of its caller: a session, a permission, and for changes the session's own token."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.identity import token_hash
from api.rights import Permission, permissions
from api.workspace import Workspace
from models.errors import NotClean, NotCommitted, NotFound, NotPermitted, NotSignedIn, WetreadError
from store import accounts, audit
from store.accounts import Account, Session
from store.audit import AuditEntry
from store.database import Transaction

COOKIE = "wetread_session"
CSRF_HEADER = "x-wetread-csrf"
VIEW_DRAFT = "view draft"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in person behind a request."""

    account: Account
    session: Session
    permissions: frozenset[Permission]

    @property
    def department_id(self) -> str:
        return self.account.department_id

    @property
    def reader_id(self) -> str:
        return self.account.reader_id

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def workspace_of(request: Request) -> Workspace:
    return cast(Workspace, request.app.state.workspace)


OpenWorkspace = Annotated[Workspace, Depends(workspace_of)]


@dataclass(frozen=True, slots=True)
class Allow:
    """A route's dependency: the caller must hold one of ``any_of``. A refusal is written to the audit."""

    any_of: tuple[Permission, ...]

    def __call__(self, request: Request) -> Caller:
        caller = _signed_in(request)
        request.state.caller = caller
        if not any(caller.may(permission) for permission in self.any_of):
            raise NotPermitted("your role does not allow this")
        if request.method not in SAFE_METHODS:
            given = request.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(given.encode(), caller.session.csrf.encode()):
                raise NotPermitted("the session's token is missing; load the page again")
        return caller


class Anyone:
    """The mark of a route that needs nobody signed in."""

    def __call__(self) -> None:
        return None


def allow(*any_of: Permission) -> Caller:
    """``caller: Caller = allow(Permission.PRACTISE)`` in a route's signature."""
    return cast(Caller, Depends(Allow(any_of)))


def _signed_in(request: Request) -> Caller:
    token = request.cookies.get(COOKIE)
    workspace = workspace_of(request)
    if token:
        with workspace.database.snapshot() as tx:
            found = accounts.session(tx, token_hash(token), workspace.now())
        if found:
            session, account = found
            return Caller(account, session, permissions(account.roles))
    raise NotSignedIn("sign in first")


def note_refusal(request: Request, error: WetreadError) -> None:
    """Put a refusal of something that exists, or might, into the audit: who asked for what."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or not isinstance(error, NotPermitted | NotFound | NotCommitted | NotClean):
        return
    if isinstance(error, NotFound) and request.method in SAFE_METHODS and not request.path_params:
        return  # nothing was named: "no set today" refuses nobody anything
    workspace = workspace_of(request)
    with workspace.database.transaction() as tx:
        note(tx, workspace, caller, f"{request.method.lower()} refused", request.url.path, "refused")


def note(
    tx: Transaction,
    workspace: Workspace,
    caller: Caller,
    action: str,
    resource: str,
    outcome: str = "done",
    subject: str | None = None,
) -> None:
    """Write an audit row in the request's own transaction. The view of a case's stem or draft stands for its images."""
    audit.record(
        tx,
        AuditEntry(
            department_id=caller.department_id,
            at=workspace.now(),
            actor=caller.account.account_id,
            action=action,
            resource=resource[:200],
            outcome=outcome,
            subject=subject,
        ),
    )
