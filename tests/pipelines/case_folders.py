"""Case folders of invented cases, and what a workspace holds after their import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from api.workspace import DEPARTMENT, Workspace
from models.teaching_case import CaseStatus, TeachingCase
from store import cases


def row(name: str = "T1", **changes: Any) -> dict[str, Any]:
    return {
        "case": name,
        "title": "Fluid at the base",
        "history": "Breathless since Tuesday.",
        "findings": "There is a large left pleural effusion. No pneumothorax.",
        "diagnosis": "Pleural effusion",
        **changes,
    }


def folder_of(path: Path, *lines: object, pictures: tuple[str, ...] = ()) -> Path:
    """A case folder whose lines are written as they are where they are bytes, as JSON otherwise."""
    path.mkdir(parents=True, exist_ok=True)
    for n, name in enumerate(pictures):
        picture(path / name, n)
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (path / "cases.jsonl").write_bytes(b"\n".join(written) + b"\n")
    return path


def picture(path: Path, seed: int = 1) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 50), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def held(workspace: Workspace, status: CaseStatus = CaseStatus.DRAFT) -> list[TeachingCase]:
    """Every case of that status, whole."""
    with workspace.database.snapshot() as tx:
        lines = cases.search(tx, DEPARTMENT, status)[1]
        return [cases.get(tx, DEPARTMENT, line.case_id) for line in lines]


def archived(workspace: Workspace) -> int:
    return len(list((workspace.settings.home / "archive").rglob("*.dcm")))
