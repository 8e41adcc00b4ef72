"""Who is at the door. A person arrives by a local account today; every other way will meet in ``sign_in`` too."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash

from models.errors import BadInput, NotFound, NotSignedIn
from models.reading import Reader
from store import accounts, readers
from store.accounts import Account, Session
from store.database import Transaction

SESSION_LENGTH = timedelta(hours=12)
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: ``token`` goes to the cookie and is kept nowhere else."""

    token: str
    session: Session
    account: Account


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _decoy_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """An argon2id hash. Raises BadInput for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput("password", f"shorter than {SHORTEST_PASSWORD} characters", "choose a longer one")
    return _hasher().hash(password)


def local_identity(tx: Transaction, login: str, password: str) -> Account:
    """The account of this login and password. One error for every cause, after the same work: nothing is told."""
    try:
        account = accounts.by_login(tx, login)
        expected = account.password_hash
    except NotFound:
        account, expected = None, _decoy_hash()
    matches = _hasher().verify(password, expected)
    if account is None or not matches or account.disabled:
        raise NotSignedIn("login or password is wrong, or the account is disabled")
    return account


def sign_in(tx: Transaction, account: Account, now: datetime) -> SignedIn:
    """Begin a session for a person whose identity is established."""
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        account_id=account.account_id,
        department_id=account.department_id,
        csrf=secrets.token_urlsafe(24),
        started_at=now,
        expires_at=now + SESSION_LENGTH,
    )
    accounts.begin_session(tx, session)
    return SignedIn(token, session, account)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NewAccount:
    account_id: str
    reader_id: str
    department_id: str
    login: str
    name: str
    password: str
    roles: tuple[str, ...]
    level: str = ""


def add_account(tx: Transaction, new: NewAccount) -> Account:
    """An account with its reader; the login also names that reader, so that imported reads of that name are theirs."""
    account = Account(
        account_id=new.account_id,
        department_id=new.department_id,
        login=new.login,
        name=new.name,
        password_hash=hash_password(new.password),
        reader_id=new.reader_id,
        roles=new.roles,
        disabled=False,
    )
    readers.add(tx, [Reader(new.reader_id, new.department_id, new.level)])
    readers.name(tx, new.department_id, {new.login: new.reader_id})
    accounts.add(tx, account)
    return account
