"""The examples of docs/data.md go in as they stand there, and again add nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pipelines.case_folders import picture
from tests.pipelines.conftest import Command

TEXT = (Path(__file__).parents[2] / "docs" / "data.md").read_text()
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)


def example(heading: str, number: int = 0) -> str:
    """The ``number``-th code block below the heading that begins so."""
    below = TEXT[re.search(rf"^#+ {re.escape(heading)}", TEXT, re.MULTILINE).start() :]  # type: ignore[union-attr]
    return BLOCK.findall(below)[number]


@pytest.mark.parametrize(
    ("heading", "file", "command", "counted"),
    [
        ("JSON lines", "r.jsonl", "mine", "10 reports"),
        ("CSV", "r.csv", "mine", "8 reports"),
        ("Text files", "r.txt", "mine", "1 reports"),
        ("HL7 v2", "r.hl7", "mine", "2 reports"),
        ("FHIR R4B", "r.json", "mine", "2 reports"),
        ("Reads:", "r.csv", "import-reads", "9 reads"),
        ("Peer reviews:", "r.csv", "import-reviews", "10 reviews"),
        ("Volumes:", "r.csv", "import-volumes", "10 volumes"),
    ],
)
def test_a_documented_file_goes_in_once(
    wetread: Command, tmp_path: Path, heading: str, file: str, command: str, counted: str
) -> None:
    path = tmp_path / "in" / file
    path.parent.mkdir()
    path.write_text(example(heading))
    target = path.parent if file.endswith(".txt") else path
    assert f"{counted} added, 0 known already" in wetread(command, target).stdout
    number, thing = counted.split()
    assert f"0 {thing} added, {number} known already" in wetread(command, target).stdout


def test_the_documented_cases_go_in_without_the_images_that_are_not_there(wetread: Command, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(example("Cases:"))
    picture(tmp_path / "t01.png")
    done = wetread("import-cases", tmp_path)
    assert "10 cases added, 0 known already" in done.stdout and "1 images stored" in done.stdout


def test_the_documented_words_are_sound(wetread: Command, home: Path) -> None:
    home.mkdir()
    own, words = home / "findings.toml", example("Findings and diagnoses of your own")
    own.write_text(words)
    assert "retained_tampon" not in wetread("findings", "check").stderr
    own.write_text(words.replace('"vagina"', '"retained tampon"'))
    assert "retained_tampon" in wetread("findings", "check", code=1).stderr
