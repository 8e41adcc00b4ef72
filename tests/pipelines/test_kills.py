"""Commands killed at random moments complete when they are run again; those with a test file of their own are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.teaching_case import CaseStatus
from tests.building import Clock, workspace_at
from tests.pipelines.case_folders import archived, folder_of, held, row
from tests.pipelines.killing import killed_and_completed

CASES = 40


@pytest.mark.heavy
def test_cases_and_their_images_are_there_once(home: Path, tmp_path: Path, heavy_share: float) -> None:
    names = [f"p{n}.png" for n in range(CASES)]
    lines = [row(f"T{n}", images=[{"image": name}]) for n, name in enumerate(names)]
    folder = folder_of(tmp_path / "cases", *lines, pictures=tuple(names))

    def check() -> None:
        workspace = workspace_at(home, Clock())
        found = held(workspace, CaseStatus.DRAFT)
        assert sorted(case.source_id for case in found) == sorted(f"T{n}" for n in range(CASES))
        assert all(len(case.stem.images) == 1 for case in found)
        assert archived(workspace) == CASES

    killed_and_completed(["import-cases", folder], home, max(2, round(20 * heavy_share)), check)
