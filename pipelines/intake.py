"""An import as the workspace remembers it: begun, told of while it runs, and finished, or stopped by an error.

What is told goes into transactions of its own, never into one that stores rows, so that a refusal outlives a rollback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.telling import Told, along
from store import audit, imports
from store.audit import AuditEntry
from store.imports import ImportRun, ImportStatus

Item = TypeVar("Item")

TELL_EVERY = timedelta(seconds=2)
MOST_PROBLEMS = 200
"""Problems of one import that are counted by name: a problem may quote a value, and the counts are written often."""

OTHER_PROBLEMS = "other problems"
_OTHER_LINE = re.compile(r"\bline \d[\d,]*")


@dataclass
class Intake(Told):
    """What an import does, told to the terminal and kept for the admin page. Made by ``intake``.

    ``interrupted``: the last import of this kind did not reach its end, so what follows from its rows may be missing.
    """

    workspace: Workspace = field(kw_only=True)
    run: ImportRun = field(kw_only=True)
    interrupted: bool = field(default=False, kw_only=True)
    _untold: list[BadInput] = field(default_factory=list)
    _kept: int = 0
    _problems: dict[str, int] = field(default_factory=dict)
    _done: int = 0

    def refuse(self, error: BadInput) -> None:
        super().refuse(error)
        self._keep(error)

    def stop(self, error: BadInput) -> None:
        """What ends the import: kept as a refusal, and shown by whoever meets it."""
        self.refused += 1
        self._keep(error)

    def _keep(self, error: BadInput) -> None:
        refusal = _told(error)
        if self._keeps(refusal.problem):
            self._untold.append(refusal)
        named = refusal.problem in self._problems or len(self._problems) < MOST_PROBLEMS
        problem = refusal.problem if named else OTHER_PROBLEMS
        self._problems[problem] = self._problems.get(problem, 0) + 1

    def _keeps(self, problem: str) -> bool:
        """Whether a refusal is kept one by one: the last places are left to the first of each problem."""
        kept = self._kept + len(self._untold)
        limit = imports.MOST_REFUSALS
        return kept < limit - MOST_PROBLEMS or (kept < limit and problem not in self._problems)

    def along(self, items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
        """The items under a progress bar that the admin page shows too. Not for use inside a transaction."""
        self._done, self.run = 0, replace(self.run, total=total)
        for item in along(items, what, total):
            yield item
            self._done += 1
            self.tell()

    def tell(self, status: ImportStatus = ImportStatus.RUNNING) -> None:
        """Keep how the run stands, at most every few seconds while it runs."""
        now = self.workspace.now()
        if status is ImportStatus.RUNNING and now - self.run.heartbeat_at < TELL_EVERY:
            return
        self.run = replace(
            self.run,
            status=status,
            heartbeat_at=now,
            finished_at=now if status is ImportStatus.DONE else None,
            done=self._done,
            added=self.added,
            known=self.known,
            refused=self.refused,
            notices=dict(self.notices),
            problems=dict(self._problems),
        )
        with self.workspace.database.transaction() as tx:
            imports.refuse(tx, self.run, self._kept + 1, self._untold)
            imports.put(tx, self.run)
        self._kept += len(self._untold)
        self._untold.clear()


@contextmanager
def intake(workspace: Workspace, kind: str, thing: str, path: Path, source: str = "") -> Iterator[Intake]:
    """Run an import of ``kind`` ("reads", "reports" …) of the file or folder ``path``; ``thing`` is what it counts."""
    now = workspace.now()
    run = ImportRun(
        import_id=workspace.new_id(),
        department_id=DEPARTMENT,
        kind=kind,
        source=source,
        file=path.name or str(path),
        status=ImportStatus.RUNNING,
        started_at=now,
        heartbeat_at=now,
    )
    with workspace.database.transaction() as tx:
        imports.stop_stale(tx, DEPARTMENT, now - imports.QUIET_FOR)
        before = imports.last(tx, DEPARTMENT, kind)
        imports.begin(tx, run)
    interrupted = before is not None and before.status is not ImportStatus.DONE
    told = Intake(thing, workspace=workspace, run=run, interrupted=interrupted)
    try:
        yield told
    except BadInput as error:
        told.stop(error)
        told.tell(ImportStatus.STOPPED)
        raise
    except BaseException:  # a keyboard's interrupt too must not leave a run that seems to go on
        told.tell(ImportStatus.STOPPED)
        raise
    told.tell(ImportStatus.DONE)
    with workspace.database.transaction() as tx:
        done = f"{told.added} {thing}"
        audit.record(tx, AuditEntry(DEPARTMENT, workspace.now(), "command", f"import {kind}", done))


def _told(error: BadInput) -> BadInput:
    """The refusal as people look for it: the file's name and line, not where it lay.

    A line that the problem speaks of goes to the place, so that a thousand twins are one problem and not a thousand.
    """
    place, problem = error.where.rsplit("/", 1)[-1], error.problem
    if other := _OTHER_LINE.search(problem):
        place, problem = f"{place} (see {other[0]})", _OTHER_LINE.sub("another line", problem)
    return BadInput(place, problem, error.remedy)
