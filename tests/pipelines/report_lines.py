"""Invented reports as JSON lines, mined in this process, and what a workspace then holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api.workspace import Workspace
from pipelines.csv_values import Clock as FileClock
from pipelines.mine import MiningWish, mine
from store import tables
from tests.building import NOW

EFFUSION = "There is a large left pleural effusion. The heart is normal in size. No pneumothorax."
NORMAL = "The lungs are clear. The heart is normal in size. No pneumothorax or pleural effusion."
NODULE = "A 9 mm nodule sits in the right upper lobe. No pleural effusion. No pneumothorax."


def report(uid: str, findings: str = EFFUSION, **changes: Any) -> dict[str, Any]:
    """A report as fields; ``changes`` adds or replaces some."""
    return {"uid": uid, "indication": "Breathless since Tuesday.", "findings": findings, "exam": "Chest PA", **changes}


def report_file(path: Path, lines: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def mined(workspace: Workspace, path: Path, **changes: Any) -> int:
    """Mine a file in this process; returns the exit code."""
    return mine(workspace, MiningWish(path, FileClock(NOW), **{"fetch": False, **changes}))


LEFT_OUT = {"created_at", "heartbeat_at", "finished_at", "job_id"}
TABLES = ("cases", "case_keys", "case_images", "reports", "report_counts", "readings", "readers", "identities")


def held(workspace: Workspace, *names: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of these tables (else of all that mining fills), in an order of their own, without times of storing."""
    found = {}
    with workspace.database.snapshot() as tx:
        for name in names or (*TABLES, "study_identities", "reader_states", "finding_gaps"):
            rows = [dict(row) for row in tx.execute(select(tables.metadata.tables[name])).mappings()]
            kept = [{key: value for key, value in row.items() if key not in LEFT_OUT} for row in rows]
            found[name] = sorted(kept, key=lambda row: json.dumps(row, default=str, sort_keys=True))
    return found
