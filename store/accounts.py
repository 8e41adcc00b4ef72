"""Local accounts and the sessions of those signed in. Only hashes of passwords and tokens are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from models.errors import Conflict, NotFound
from store.database import Transaction
from store.tables import account_roles, accounts, sessions


@dataclass(frozen=True, slots=True)
class Account:
    account_id: str
    department_id: str
    login: str
    name: str
    password_hash: str
    reader_id: str
    roles: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session; ``token_hash`` is the SHA-256 of the cookie, so that the table opens no door."""

    token_hash: str
    account_id: str
    department_id: str
    csrf: str
    started_at: datetime
    expires_at: datetime


def add(tx: Transaction, account: Account) -> None:
    """Raises Conflict where the login is taken."""
    if tx.execute(select(accounts.c.account_id).where(accounts.c.login == account.login)).first():
        raise Conflict(f"the login {account.login} is taken; choose another, or reset its password")
    tx.execute(
        insert(accounts).values(
            account_id=account.account_id,
            department_id=account.department_id,
            login=account.login,
            name=account.name,
            password_hash=account.password_hash,
            reader_id=account.reader_id,
            disabled=account.disabled,
        )
    )
    set_roles(tx, account.account_id, account.department_id, account.roles)


def set_roles(tx: Transaction, account_id: str, department_id: str, roles: Iterable[str]) -> None:
    tx.execute(delete(account_roles).where(account_roles.c.account_id == account_id))
    rows = [{"account_id": account_id, "department_id": department_id, "role": role} for role in sorted(set(roles))]
    if rows:
        tx.execute(insert(account_roles), rows)


def by_login(tx: Transaction, login: str) -> Account:
    row = tx.execute(select(accounts).where(accounts.c.login == login)).one_or_none()
    if row is None:
        raise NotFound(f"no account has the login {login}; `wetread account add` makes one")
    return _account(tx, row)


def get(tx: Transaction, account_id: str) -> Account:
    row = tx.execute(select(accounts).where(accounts.c.account_id == account_id)).one_or_none()
    if row is None:
        raise NotFound("no such account")
    return _account(tx, row)


def every(tx: Transaction, department_id: str) -> list[Account]:
    rows = tx.execute(select(accounts).where(accounts.c.department_id == department_id).order_by(accounts.c.login))
    return [_account(tx, row) for row in rows.all()]


def set_password(tx: Transaction, account_id: str, password_hash: str) -> None:
    """A new password ends every session of the account."""
    tx.execute(update(accounts).where(accounts.c.account_id == account_id).values(password_hash=password_hash))
    tx.execute(delete(sessions).where(sessions.c.account_id == account_id))


def set_disabled(tx: Transaction, account_id: str, disabled: bool) -> None:
    tx.execute(update(accounts).where(accounts.c.account_id == account_id).values(disabled=disabled))
    tx.execute(delete(sessions).where(sessions.c.account_id == account_id))


def begin_session(tx: Transaction, session: Session) -> None:
    tx.execute(delete(sessions).where(sessions.c.expires_at < session.started_at))
    tx.execute(
        insert(sessions).values(
            token_hash=session.token_hash,
            account_id=session.account_id,
            department_id=session.department_id,
            csrf=session.csrf,
            started_at=session.started_at,
            expires_at=session.expires_at,
        )
    )


def end_session(tx: Transaction, token_hash: str) -> None:
    tx.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_all_sessions(tx: Transaction) -> None:
    """Sign everybody out, of every department: the cookies of a copied workspace must not open the copy."""
    tx.execute(delete(sessions))


def session(tx: Transaction, token_hash: str, now: datetime) -> tuple[Session, Account] | None:
    """The living session of that token and its account; None where it ended or the account is disabled."""
    row = tx.execute(select(sessions).where(sessions.c.token_hash == token_hash)).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    account = get(tx, row.account_id)
    if account.disabled:
        return None
    return (
        Session(row.token_hash, row.account_id, row.department_id, row.csrf, row.started_at, row.expires_at),
        account,
    )


def _account(tx: Transaction, row: Row[Any]) -> Account:
    account_id = row.account_id
    roles = tx.execute(
        select(account_roles.c.role).where(account_roles.c.account_id == account_id).order_by(account_roles.c.role)
    ).scalars()
    return Account(
        account_id=account_id,
        department_id=row.department_id,
        login=row.login,
        name=row.name,
        password_hash=row.password_hash,
        reader_id=row.reader_id,
        roles=tuple(roles),
        disabled=row.disabled,
    )
