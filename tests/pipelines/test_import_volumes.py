"""Files of volumes: each reader's reads a month and modality, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workspace import DEPARTMENT, Workspace
from models.errors import BadInput
from pipelines.columns import ColumnWish
from pipelines.import_volumes import VolumesImport, import_volumes, month_of
from store import readers, volumes
from tests.building import NOW, Clock, workspace_at
from tests.pipelines.killing import killed_and_completed


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return workspace_at(home, Clock())


def run(workspace: Workspace, path: Path, *rows: str, source: str = "") -> int:
    path.write_text("\n".join(["reader,month,modality,reads", *rows]) + "\n")
    return import_volumes(workspace, VolumesImport(path, NOW, ColumnWish({}), source))


def held(workspace: Workspace, name: str) -> list[tuple[str, str, int]]:
    with workspace.database.snapshot() as tx:
        reader = readers.by_label(tx, DEPARTMENT, name)
        found = volumes.volumes_of(tx, DEPARTMENT, reader.reader_id)
    return [(volume.month, volume.modality, volume.reads) for volume in found]


@pytest.mark.parametrize("month", ["2026-03", "2026-3", "2026-03-01", "2026/03", "03/2026", "Mar 2026", "march-2026"])
def test_a_month_is_a_month_however_it_is_written(month: str) -> None:
    assert month_of("f:2", month, NOW) == "2026-03"


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "0026-03", "13/2026", "Foo 2026", "2026-06", "=1+1"])
def test_what_is_no_month_or_not_yet_is_refused(month: str) -> None:
    with pytest.raises(BadInput, match="month"):
        month_of("f:2", month, NOW)


def test_volumes_go_in_once(workspace: Workspace, tmp_path: Path) -> None:
    rows = ("Quokka,2026-03,CT,120", "Quokka,2026-03,CT abdomen and MR,1", "Quokka,2026-04,CT,0")
    for _ in range(2):
        assert run(workspace, tmp_path / "v.csv", *rows[::2]) == 0
        assert held(workspace, "Quokka") == [("2026-03", "CT", 120), ("2026-04", "CT", 0)]


def test_numbers_that_contradict_are_told_and_change_nothing(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, tmp_path / "v.csv", "Quokka,2026-03,CT,120", "Quokka,2026-03,CT,5") == 1
    assert "same reader, month and modality as line 2" in capsys.readouterr().err
    assert run(workspace, tmp_path / "v.csv", "Quokka,2026-03,CT,7") == 1
    assert "differs from what is stored" in capsys.readouterr().err
    assert held(workspace, "Quokka") == [("2026-03", "CT", 120)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2026-03,CT,1", "no reader"),
        ("Quokka,2026-03,,1", "no modality"),
        ("Quokka,2026-03,CT,", "no number"),
        ("Quokka,2026-03,CT,-1", "negative"),
        ("Quokka,2026-03,CT,many", "whole number"),
        ("@SUM(A1),2026-03,CT,1", "formula"),
    ],
)
def test_a_bad_row_costs_itself_alone(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    assert run(workspace, tmp_path / "v.csv", row, "Quokka,2026-03,CT,1") == 1
    assert said in capsys.readouterr().err
    assert held(workspace, "Quokka") == [("2026-03", "CT", 1)]


@settings(max_examples=60)
@given(content=st.binary(max_size=300) | st.text(alphabet=',;"\n 0126-=@abc', max_size=200).map(str.encode))
def test_no_file_does_more_than_be_refused(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    workspace = workspace_at(folder / "home", Clock())
    path = folder / "v.csv"
    path.write_bytes(b"reader,month,modality,reads\n" + content)
    assert import_volumes(workspace, VolumesImport(path, NOW, ColumnWish({}))) in (0, 1)


@pytest.mark.heavy
def test_killed_at_any_moment_it_completes(home: Path, tmp_path: Path, heavy_share: float) -> None:
    path = tmp_path / "v.csv"
    rows = [f"Quokka {n % 500},2025-{1 + n // 500 % 12:02d},{m},{n % 90}" for n in range(6_000) for m in ("CT", "MR")]
    path.write_text("\n".join(["reader,month,modality,reads", *rows]) + "\n")

    def check() -> None:
        workspace = workspace_at(home, Clock())
        with workspace.database.snapshot() as tx:
            assert len(volumes.held_volumes(tx, DEPARTMENT, "")) == 12_000

    killed_and_completed(["import-volumes", path], home, max(2, round(20 * heavy_share)), check)
