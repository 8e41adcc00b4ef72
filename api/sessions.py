"""Signing in and out."""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, Depends, Request, Response
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from pydantic import BaseModel, Field

from api import identity
from api.door import COOKIE, Anyone, Caller, OpenWorkspace, allow, note
from api.plain_text import PlainText
from api.rights import Permission, permissions
from api.workspace import Workspace
from models.errors import NotSignedIn, TooManyTries
from store import accounts, audit, departments
from store.accounts import Account
from store.audit import AuditEntry
from store.database import Transaction

router = APIRouter(prefix="/api/session", tags=["session"])

FAILURES_A_PLACE = parse("10 per 15 minutes")
FAILURES_A_LOGIN = parse("60 per 15 minutes")
FAILURES_AN_ADDRESS = parse("100 per 15 minutes")
"""Failed sign-ins borne from one address for one login, for one login from anywhere, and from one address for any."""


class Credentials(BaseModel):
    login: PlainText = Field(min_length=1, max_length=200)
    password: PlainText = Field(min_length=1, max_length=400)


class DepartmentView(BaseModel):
    department_id: str
    name: str


class Me(BaseModel):
    login: str
    name: str
    roles: list[str]
    permissions: list[str]
    department: DepartmentView
    demo: bool
    csrf: str


class Throttle:
    """Counts failed sign-ins of this process. Once a limit is reached nothing more is counted, or kept."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, login: str, address: str) -> None:
        """Raises TooManyTries where a limit is reached."""
        if not all(self._limiter.test(limit, *key) for limit, key in self._limits(login, address)):
            raise TooManyTries("too many failed sign-ins; wait a quarter of an hour, then try again")

    def failed(self, login: str, address: str) -> None:
        for limit, key in self._limits(login, address):
            self._limiter.hit(limit, *key)

    def _limits(self, login: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        hashed = sha256(login.encode()).hexdigest()
        return [
            (FAILURES_AN_ADDRESS, ("address", address)),
            (FAILURES_A_PLACE, ("place", address, hashed)),
            (FAILURES_A_LOGIN, ("login", hashed)),
        ]


@router.post("", dependencies=[Depends(Anyone())])
def sign_in(credentials: Credentials, request: Request, response: Response, workspace: OpenWorkspace) -> Me:
    """Sign in with a local account; sets the session's cookie."""
    throttle: Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    throttle.check(credentials.login, address)
    try:
        with workspace.database.snapshot() as tx:
            account = identity.local_identity(tx, credentials.login, credentials.password)
    except NotSignedIn:
        throttle.failed(credentials.login, address)
        _note_failure(workspace, credentials.login)
        raise
    with workspace.database.transaction() as tx:
        signed_in = identity.sign_in(tx, account, workspace.now())
        caller = Caller(account, signed_in.session, permissions(account.roles))
        note(tx, workspace, caller, "sign in", "session", subject=account.reader_id)
        me = _me(tx, account, signed_in.session.csrf)
    response.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=int(identity.SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=workspace.settings.secure_cookie,
        path="/",
    )
    return me


@router.get("")
def who_am_i(workspace: OpenWorkspace, caller: Caller = allow(Permission.SEE_OWN_ACCOUNT)) -> Me:
    """The person signed in."""
    with workspace.database.snapshot() as tx:
        return _me(tx, caller.account, caller.session.csrf)


@router.delete("", status_code=204)
def sign_out(response: Response, workspace: OpenWorkspace, caller: Caller = allow(Permission.SEE_OWN_ACCOUNT)) -> None:
    """End this session."""
    with workspace.database.transaction() as tx:
        accounts.end_session(tx, caller.session.token_hash)
        note(tx, workspace, caller, "sign out", "session", subject=caller.reader_id)
    response.delete_cookie(COOKIE, path="/")


def _me(tx: Transaction, account: Account, csrf: str) -> Me:
    department = departments.get(tx, account.department_id)
    return Me(
        login=account.login,
        name=account.name,
        roles=list(account.roles),
        permissions=sorted(permissions(account.roles)),
        department=DepartmentView(department_id=department.department_id, name=department.name),
        demo=department.demo,
        csrf=csrf,
    )


def _note_failure(workspace: Workspace, login: str) -> None:
    """The login that was tried is kept as an opaque id: a password typed into the wrong field must not be stored."""
    with workspace.database.transaction() as tx:
        department = departments.every(tx)[0]
        audit.record(
            tx,
            AuditEntry(
                department_id=department.department_id,
                at=workspace.now(),
                actor=workspace.opaque("login", login),
                action="sign in",
                resource="session",
                outcome="refused",
            ),
        )
