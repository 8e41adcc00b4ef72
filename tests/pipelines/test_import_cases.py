"""Case folders: what is good goes in once and whole, what is bad is one line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.workspace import DEPARTMENT
from models.teaching_case import CaseStatus, Cleaning
from store import cases
from store.database import Database
from tests.building import Clock, ct_slice, workspace_at
from tests.pipelines.conftest import Command, environment


def picture(path: Path, seed: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 50), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def row(number: int, **changes: object) -> dict[str, object]:
    return {
        "case": f"T{number}",
        "title": "Fluid at the base",
        "history": "Breathless since Tuesday. Patient: Hilda Quarrington, MRN: 5529104.",
        "findings": "There is a large left pleural effusion. No pneumothorax.",
        "diagnosis": "Pleural effusion",
        "images": [{"image": f"t{number}.png", "modality": "XR - plain film", "caption": "Frontal view"}],
        **changes,
    }


def folder_of(path: Path, *lines: object) -> Path:
    """A case folder whose lines are written as they are where they are bytes, as JSON otherwise."""
    (path / "images").mkdir(parents=True)
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (path / "cases.jsonl").write_bytes(b"\n".join(written) + b"\n")
    return path


def counted(home: Path) -> tuple[int, int]:
    """(drafts, images in the archive) of a workspace."""
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        drafts = cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT]
    return drafts, len([p for p in (home / "archive").rglob("*.dcm") if p.is_file()])


def test_a_case_becomes_a_clean_draft_with_findings_and_dicom(wetread: Command, tmp_path: Path, home: Path) -> None:
    folder = folder_of(tmp_path / "in", row(1))
    picture(folder / "images" / "t1.png")
    wetread("import-cases", folder)
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        [line] = cases.search(tx, DEPARTMENT, CaseStatus.DRAFT)[1]
        case = cases.get(tx, DEPARTMENT, line.case_id)
    assert case.key.findings[0] == "pleural_effusion"
    assert case.cleaning.clean and case.modality in ("CR", "DX")
    assert "Quarrington" not in str(case) and "5529104" not in str(case)
    for point in case.key.points:
        assert point.span.of(case.key.report) == point.text
    dataset = workspace.archive.dataset(case.stem.images[0].image_id)
    assert dataset.PatientIdentityRemoved == "YES" and (dataset.Rows, dataset.Columns) == (40, 50)


@pytest.mark.parametrize(("diagnosis", "flagged"), [("Normal chest", False), ("Zebra syndrome", True)])
def test_an_unknown_diagnosis_is_flagged_but_not_a_normal_one(
    wetread: Command, tmp_path: Path, home: Path, diagnosis: str, flagged: bool
) -> None:
    case = {"case": "N1", "findings": "The lungs are clear and the heart is small.", "diagnosis": diagnosis}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    wetread("import-cases", tmp_path)
    with workspace_at(home, Clock()).database.snapshot() as tx:
        [line] = cases.search(tx, DEPARTMENT, CaseStatus.DRAFT)[1]
    assert ("nothing_recognised" in line.flags) == flagged


def test_a_history_that_goes_on_with_findings_is_flagged(wetread: Command, tmp_path: Path, home: Path) -> None:
    case = {
        "case": "N1",
        "history": "Cough. FINDINGS: quagga at the apex.",
        "findings": "Lungs.",
        "diagnosis": "Normal",
    }
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    wetread("import-cases", tmp_path)
    with workspace_at(home, Clock()).database.snapshot() as tx:
        [line] = cases.search(tx, DEPARTMENT, CaseStatus.DRAFT)[1]
    assert "history_gives_answer" in line.flags


def test_importing_again_adds_nothing(wetread: Command, tmp_path: Path, home: Path) -> None:
    folder = folder_of(tmp_path / "in", row(1), row(2))
    for n in (1, 2):
        picture(folder / "images" / f"t{n}.png", n)
    wetread("import-cases", folder)
    again = wetread("import-cases", folder)
    assert "0 cases added, 2 known already" in again.stdout
    assert counted(home) == (2, 2)


def truncated(path: Path) -> None:
    ct_slice(1, "1.2.3").save_as(path, enforce_file_format=True)
    path.write_bytes(path.read_bytes()[:-3000])


def without_uids(path: Path) -> None:
    dataset = ct_slice(1, "1.2.3")
    del dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID
    dataset.save_as(path, enforce_file_format=False)


BAD_IMAGES = {
    "t1.dcm": [
        truncated,
        without_uids,
        lambda p: p.write_bytes(b"no DICOM at all" * 100),
        lambda p: p.write_bytes(b""),
    ],
    "t1.png": [
        lambda p: Image.new("L", (20, 20)).save(p, format="JPEG"),
        lambda p: p.write_bytes(b"GIF89a nothing"),
        lambda p: p.write_bytes(picture(p.with_suffix(".tmp.png")).read_bytes()[:80]),
        lambda p: p.write_bytes(b""),
    ],
}


@pytest.mark.parametrize(
    ("name", "number"), [(name, n) for name, makers in BAD_IMAGES.items() for n in range(len(makers))]
)
def test_a_bad_image_refuses_its_case_and_no_other(
    wetread: Command, tmp_path: Path, home: Path, name: str, number: int
) -> None:
    good = row(2)
    folder = folder_of(tmp_path / "in", row(1, images=[{"image": name}, {"image": "fine.png"}]), good)
    picture(folder / "images" / "fine.png", 3)
    picture(folder / "images" / "t2.png", 2)
    BAD_IMAGES[name][number](folder / "images" / name)
    done = wetread("import-cases", folder, code=1)
    refused = [line for line in done.stderr.splitlines() if line.startswith("refused")]
    assert len(refused) == 1 and name in refused[0] and refused[0].count(";") >= 1
    assert counted(home) == (1, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"case": "T1", "title": ', "not JSON"),
        (b'["T1"]', "no object"),
        (b'{"title": "no id"}', "no id"),
        ('{"case": "T1", "title": "Lungenöl"}'.encode("latin-1"), "UTF-8"),
        (b'{"case": "T1", "images": "t1.png"}', "not a list"),
        (b'{"case": "T1", "images": [{"image": "../../secret.png"}]}', "out of the case folder"),
        (b'{"case": "T2", "title": "same id again"}', "stands in line"),
    ],
)
def test_a_bad_line_is_told_with_its_place_and_the_rest_goes_in(
    wetread: Command, tmp_path: Path, home: Path, line: bytes, said: str
) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    (tmp_path.parent / "secret.png").write_bytes(b"")
    folder = folder_of(tmp_path / "in", row(2, images=[]), line, row(3, images=[]))
    done = wetread("import-cases", folder, code=1)
    refused = [text for text in done.stderr.splitlines() if text.startswith("refused")]
    assert len(refused) == 1 and "cases.jsonl:2" in refused[0] and said in refused[0]
    assert counted(home)[0] == 2


def test_an_empty_file_and_a_missing_folder_are_told(wetread: Command, tmp_path: Path) -> None:
    (folder_of(tmp_path / "in") / "cases.jsonl").write_bytes(b"")
    assert "empty" in wetread("import-cases", tmp_path / "in", code=1).stderr
    assert "no such folder" in wetread("import-cases", tmp_path / "nowhere", code=2).stderr
    (tmp_path / "bare").mkdir()
    assert ".jsonl" in wetread("import-cases", tmp_path / "bare", code=2).stderr


def test_a_case_whose_image_is_missing_is_a_draft_nobody_can_approve(
    wetread: Command, tmp_path: Path, home: Path
) -> None:
    folder = folder_of(tmp_path / "in", row(1))
    assert "not in the folder" in wetread("import-cases", folder).stdout
    workspace = workspace_at(home, Clock())
    with workspace.database.snapshot() as tx:
        [line] = cases.search(tx, DEPARTMENT, CaseStatus.DRAFT)[1]
    assert line.images == 0 and not line.clean and "no_image" in line.flags


def test_an_import_that_is_killed_completes_without_duplicates(wetread: Command, tmp_path: Path, home: Path) -> None:
    """Killed at several moments, then run to its end: every case once, every image once, each key beside its stem."""
    folder = folder_of(tmp_path / "in", *[row(n, images=[f"t{n}.png"]) for n in range(1, 41)])
    for n in range(1, 41):
        picture(folder / "images" / f"t{n}.png", n)
    command = [sys.executable, "-m", "pipelines.cli", "import-cases", str(folder)]
    partial = 0
    for enough in (1, 8, 20):
        process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and stored(home) < enough:
            time.sleep(0.005)
        process.kill()
        process.wait()
        partial += 0 < stored(home) < 40
    assert partial, "no kill hit the middle of the import"
    wetread("import-cases", folder)
    assert counted(home) == (40, 40)


def stored(home: Path) -> int:
    path = home / "wetread.db"
    if not path.exists():
        return 0
    database = Database(f"sqlite:///{path}")
    try:
        with database.snapshot() as tx:
            return cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT]
    except Exception:  # the tables are being made at this very moment
        return 0
    finally:
        database.close()


def test_nothing_counts_as_clean_without_both_versions() -> None:
    assert not Cleaning("s", None).clean and not Cleaning(None, "p").clean and Cleaning("s", "p").clean
