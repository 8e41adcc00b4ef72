"""``wetread findings check``: what it prints and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from pipelines.cli import app
from pipelines.findings import diagnoses_table, findings_table

EXTENSION = '[pneumothorax]\nextend = true\nphrases = ["visceral edge"]\n'
BROKEN = '# ours\n[pneumothorax]\nextend = true\nphrases = ["pleural effusion"]\n\n[b]\nharm = "high"\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("WETREAD_HOME", str(home))
    return home


def run(*options: object) -> Result:
    return CliRunner().invoke(app, ["findings", "check", *map(str, options)])


def test_what_is_shipped_is_consistent_and_counted(home: Path) -> None:
    done = run()
    assert done.exit_code == 0
    expected = (
        (findings_table(shipped_findings()), len(shipped_findings())),
        (diagnoses_table(shipped_diagnoses()), len(shipped_diagnoses())),
    )
    for table, entries in expected:
        cells = [[str(cell) for cell in column.cells] for column in table.columns]
        assert cells[0][-1] == "all" and cells[1][-1] == str(entries)
        assert all(sum(map(int, column[:-1])) == int(column[-1]) for column in cells[1:])
    assert list(home.iterdir()) == []


def test_an_extension_is_checked_with_what_is_shipped(home: Path) -> None:
    (home / "findings.toml").write_text(EXTENSION, "utf-8")
    assert run().exit_code == 0
    (home / "findings.toml").write_text(BROKEN, "utf-8")
    done = run()
    lines = [line for line in done.stderr.splitlines() if line]
    assert done.exit_code == 1
    assert len(lines) == 3
    assert lines[0].startswith(f"error    {home}/findings.toml:2 [pneumothorax]: phrase")
    assert all(line.startswith(f"error    {home}/findings.toml:6 [b]: ") for line in lines[1:])


def test_a_file_is_checked_before_it_is_put_in_place(home: Path, tmp_path: Path) -> None:
    (home / "findings.toml").write_text(BROKEN, "utf-8")
    (tmp_path / "next.toml").write_text(EXTENSION, "utf-8")
    assert run("--findings", tmp_path / "next.toml").exit_code == 0
    (tmp_path / "more.toml").write_text('[x]\nname = "X"\nregion = "moon"\nphrases = ["x sign"]\n', "utf-8")
    done = run("--findings", tmp_path / "next.toml", "--diagnoses", tmp_path / "more.toml")
    assert done.exit_code == 1 and "more.toml:1 [x]: region is not one of chest" in done.stderr


def test_a_warning_alone_does_not_fail(home: Path) -> None:
    (home / "findings.toml").write_text('[pneumothorax]\nextend = true\nmimics = ["gallstones"]\n', "utf-8")
    done = run()
    assert done.exit_code == 0 and done.stderr.startswith("warning  ")


@pytest.mark.parametrize("name", ["absent.toml", "folder"])
def test_a_file_that_cannot_be_read_is_one_line(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    done = run("--findings", tmp_path / name)
    assert done.exit_code == 1 and len([line for line in done.stderr.splitlines() if line]) == 1


def test_a_key_full_of_escapes_does_not_reach_the_terminal(home: Path) -> None:
    (home / "findings.toml").write_text('["\\u001b[2J\\n"]\nharm = 1\n', "utf-8")
    assert "\x1b" not in run().stderr
