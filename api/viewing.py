"""Pages that look again by themselves while something runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from api.door import Caller, note
from api.workspace import Workspace
from store import audit
from store.database import Transaction

ONE_VIEW = timedelta(minutes=10)
"""Looks of one person at one thing within so long are one view: else a page left open would fill the audit."""


@contextmanager
def viewing(workspace: Workspace, caller: Caller, action: str, resource: str) -> Iterator[Transaction]:
    """A transaction to read in, with the view in the audit. A look again only reads, and waits for no writer."""
    with workspace.database.snapshot() as tx:
        since = workspace.now() - ONE_VIEW
        if audit.did(tx, caller.account.account_id, action, resource, since):
            yield tx
            return
    with workspace.database.transaction() as tx:
        note(tx, workspace, caller, action, resource)
        yield tx
