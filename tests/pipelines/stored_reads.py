"""What an import of reads left in a workspace."""

from __future__ import annotations

from api.workspace import DEPARTMENT, Workspace
from models.reading import Reading
from store import history


def every_read(workspace: Workspace) -> list[Reading]:
    """Every stored read, a reader's together, in the order of their numbers."""
    with workspace.database.snapshot() as tx:
        return list(history.of_department(tx, DEPARTMENT))
