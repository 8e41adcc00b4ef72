"""``wetread account``: local accounts are made, disabled and given new passwords here."""

from __future__ import annotations

import secrets

from api.identity import NewAccount, add_account, hash_password
from api.rights import Role
from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput, NotFound
from pipelines.telling import out
from store import accounts, audit, readers
from store.audit import AuditEntry
from store.database import Transaction


def add(workspace: Workspace, login: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Make an account. Without a password one is drawn and printed once."""
    known = [role.value for role in Role]
    unknown = [role for role in roles if role not in known]
    if unknown or not roles:
        raise BadInput("role", f"{', '.join(unknown) or 'none'} given", f"give one or more of {', '.join(known)}")
    chosen = password or secrets.token_urlsafe(12)
    with workspace.database.transaction() as tx:
        new = NewAccount(
            account_id=workspace.new_id(),
            reader_id=_reader(tx, workspace, login),
            department_id=DEPARTMENT,
            login=login,
            name=name or login,
            password=chosen,
            roles=roles,
        )
        account = add_account(tx, new)
        _note(tx, workspace, "add account", account.account_id)
    out.print(f"account {login} made ({', '.join(roles)})", markup=False)
    if password is None:
        out.print(f"password, shown this once: {chosen}", markup=False)


def disable(workspace: Workspace, login: str) -> None:
    """Shut an account and end its sessions. Its reads stay."""
    with workspace.database.transaction() as tx:
        account = accounts.by_login(tx, login)
        accounts.set_disabled(tx, account.account_id, True)
        _note(tx, workspace, "disable account", account.account_id)
    out.print(f"account {login} disabled and signed out", markup=False)


def reset(workspace: Workspace, login: str, password: str | None) -> None:
    """Give an account a new password, open it where it was disabled, and end its sessions."""
    chosen = password or secrets.token_urlsafe(12)
    with workspace.database.transaction() as tx:
        account = accounts.by_login(tx, login)
        accounts.set_password(tx, account.account_id, hash_password(chosen))
        accounts.set_disabled(tx, account.account_id, False)
        _note(tx, workspace, "reset account", account.account_id)
    out.print(f"account {login} has a new password and was signed out", markup=False)
    if password is None:
        out.print(f"password, shown this once: {chosen}", markup=False)


def _reader(tx: Transaction, workspace: Workspace, login: str) -> str:
    """The reader imported under this login, or a new pseudonym."""
    try:
        return readers.by_label(tx, DEPARTMENT, login).reader_id
    except NotFound:
        return workspace.new_id()


def _note(tx: Transaction, workspace: Workspace, action: str, account_id: str) -> None:
    audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", action, account_id))
