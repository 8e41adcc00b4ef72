"""A folder imported again: what was missing comes in, what contradicts is told, what an educator did stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from api.app import create_app
from api.door import CSRF_HEADER
from api.workspace import DEPARTMENT, Workspace
from models.finding import Truth
from models.teaching_case import CaseStatus
from pipelines.csv_values import Clock as FileClock
from pipelines.import_cases import import_cases
from pipelines.import_reads import ReadsImport, import_reads
from store import cases, history, readers
from tests.building import NOW, PASSWORD, Clock, account, ct_slice, workspace_at
from tests.pipelines.case_folders import archived, folder_of, held, picture, row


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "home", Clock())


def reads(workspace: Workspace, case: str, source: str = "") -> int:
    path = workspace.settings.home / "reads.csv"
    path.write_text(f"reader,case,correct,sequence\na,{case},1,1\n")
    return import_reads(workspace, ReadsImport(path, FileClock(workspace.now()), source=source))


def refusals(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if line.startswith("refused")]


def test_another_collection_with_the_same_ids_is_told_and_goes_in_by_its_own_name(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their images have the same names too, and are others."""
    one = folder_of(tmp_path / "one", row(images=["p.png"]), pictures=("p.png",))
    other = folder_of(tmp_path / "other", row(title="Another one", images=["p.png"]))
    picture(other / "p.png", 7)
    assert import_cases(workspace, one) == 0
    assert import_cases(workspace, other) == 1
    [refused] = refusals(capsys)
    assert "cases.jsonl:1: differs from the case stored under this id" in refused and "--source" in refused
    assert (len(held(workspace)), archived(workspace)) == (1, 1)
    assert import_cases(workspace, other, "other") == 0
    assert import_cases(workspace, other, "other") == 0
    assert import_cases(workspace, one) == 0
    assert {(case.source, case.key.title) for case in held(workspace)} == {
        ("import", "Fluid at the base"),
        ("other", "Another one"),
    }
    assert archived(workspace) == 2


@pytest.mark.parametrize("changed", ["findings", "history", "diagnosis", "discussion", "title"])
def test_whatever_text_differs_is_noticed(workspace: Workspace, tmp_path: Path, changed: str) -> None:
    import_cases(workspace, folder_of(tmp_path / "in", row()))
    assert import_cases(workspace, folder_of(tmp_path / "in", row(**{changed: "Something else entirely."}))) == 1
    [case] = held(workspace)
    assert "Something else" not in str(case)


def test_what_an_educator_rewrote_is_no_other_case(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["p.png"]), pictures=("p.png",))
    import_cases(workspace, folder)
    account(workspace, "edu", "educator")
    client = TestClient(create_app(workspace.settings, workspace.now))
    signed_in = client.post("/api/session", json={"login": "edu", "password": PASSWORD})
    client.headers[CSRF_HEADER] = signed_in.json()["csrf"]
    [case] = held(workspace)
    draft = client.get(f"/api/drafts/{case.case_id}").json()
    kept = ("version", "region", "truth", "diagnosis", "diagnosis_text", "differential", "proof", "difficulty")
    wish = {name: draft[name] for name in kept} | {"title": "Rewritten", "history": "Rewritten too."}
    wish |= {"findings": [finding if isinstance(finding, str) else finding["key"] for finding in draft["findings"]]}
    assert client.put(f"/api/drafts/{case.case_id}", json=wish | {"points": [], "lesions": []}).status_code == 200
    assert import_cases(workspace, folder) == 0
    [case] = held(workspace)
    assert (case.key.title, case.stem.history) == ("Rewritten", "Rewritten too.")


def test_a_stub_becomes_the_case_and_its_reads_stay(workspace: Workspace, tmp_path: Path) -> None:
    reads(workspace, "T1")
    [stub] = held(workspace, CaseStatus.STUB)
    assert import_cases(workspace, folder_of(tmp_path / "in", row(images=["p.png"]), pictures=("p.png",))) == 0
    [case] = held(workspace)
    assert not held(workspace, CaseStatus.STUB)
    assert case.case_id == stub.case_id and case.key.findings and len(case.stem.images) == 1 and case.cleaning.clean
    with workspace.database.transaction() as tx:
        [read] = history.of_reader(tx, readers.by_label(tx, DEPARTMENT, "a").reader_id)
        assert read.case_id == case.case_id
        cases.decide(tx, DEPARTMENT, case.case_id, 1, cases.Decision(CaseStatus.APPROVED, "edu", NOW))
    assert reads(workspace, "T1") == 0
    with workspace.database.snapshot() as tx:
        assert history.count(tx, DEPARTMENT) == 1
    assert import_cases(workspace, tmp_path / "in") == 0


def test_a_named_collection_meets_the_reads_of_its_own_name(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reads(workspace, "T1", "north")
    folder = folder_of(tmp_path / "in", row())
    import_cases(workspace, folder, "south")
    assert len(held(workspace, CaseStatus.STUB)) == 1
    import_cases(workspace, folder, "north")
    assert not held(workspace, CaseStatus.STUB)
    assert reads(workspace, "T1", "north") == 0
    capsys.readouterr()
    assert reads(workspace, "T1") == 1
    assert "more than one collection" in refusals(capsys)[0]


def test_an_image_that_comes_later_joins_the_draft(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.png", "b.png"]), pictures=("b.png",))
    import_cases(workspace, folder)
    [before] = held(workspace)
    assert len(before.stem.images) == 1 and "image_missing" in before.flags
    picture(folder / "a.png", 5)
    assert import_cases(workspace, folder) == 0
    [after] = held(workspace)
    assert [image.number for image in after.stem.images] == [1, 2]
    assert after.cleaning.clean and not {"image_missing", "no_image"} & set(after.flags)
    assert import_cases(workspace, folder) == 0
    assert held(workspace) == [after] and archived(workspace) == 2


def test_a_first_image_that_comes_later_makes_the_draft_clean(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.png"]))
    import_cases(workspace, folder)
    assert not held(workspace)[0].cleaning.clean
    picture(folder / "a.png")
    import_cases(workspace, folder)
    [case] = held(workspace)
    assert case.cleaning.clean and "no_image" not in case.flags


def test_an_educator_with_the_old_page_cannot_approve_images_unseen(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.png"]))
    import_cases(workspace, folder)
    picture(folder / "a.png")
    import_cases(workspace, folder)
    with workspace.database.snapshot() as tx:
        assert cases.version(tx, held(workspace)[0].case_id) == 2


def test_a_decided_case_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.png", "b.png"]), pictures=("a.png",))
    import_cases(workspace, folder)
    [case] = held(workspace)
    with workspace.database.transaction() as tx:
        cases.decide(tx, DEPARTMENT, case.case_id, 1, cases.Decision(CaseStatus.APPROVED, "edu", NOW))
    picture(folder / "b.png")
    assert import_cases(workspace, folder) == 0
    assert len(held(workspace, CaseStatus.APPROVED)[0].stem.images) == 1 and archived(workspace) == 1


def broken_slice(path: Path, uid: str) -> None:
    """A slice whose header passes and whose pixels do not decode."""
    dataset = ct_slice(2, uid)
    dataset.PixelData = encapsulate([b"\x01\0\0\0" + b"\0" * 60 + b"junk"])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = RLELossless
    dataset.save_as(path, enforce_file_format=True)


def test_a_case_refused_at_its_second_image_leaves_none_behind(workspace: Workspace, tmp_path: Path) -> None:
    """An image that another case shows stays."""
    folder = folder_of(
        tmp_path / "in", row("T1", images=["shared.dcm"]), row("T2", images=["shared.dcm", "own.dcm", "bad"])
    )
    ct_slice(1, "1.2.3").save_as(folder / "shared.dcm", enforce_file_format=True)
    ct_slice(1, "1.2.4").save_as(folder / "own.dcm", enforce_file_format=True)
    broken_slice(folder / "bad", "1.2.5")
    assert import_cases(workspace, folder) == 1
    [case] = held(workspace)
    assert case.source_id == "T1" and archived(workspace) == 1
    assert workspace.archive.frame(case.stem.images[0].image_id, 1)


def test_an_image_changed_under_its_name_is_told(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.png", "b.png"]), pictures=("a.png",))
    import_cases(workspace, folder)
    picture(folder / "a.png", 11)
    picture(folder / "b.png", 12)
    assert import_cases(workspace, folder) == 1
    [refused] = refusals(capsys)
    assert "a.png: is another image" in refused
    assert archived(workspace) == 1


def test_two_files_that_are_one_image_are_shown_once(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row(images=["a.dcm", "b.dcm", "./a.dcm"]))
    for name in ("a.dcm", "b.dcm"):
        ct_slice(1, "1.2.3").save_as(folder / name, enforce_file_format=True)
    assert import_cases(workspace, folder) == 0
    assert import_cases(workspace, folder) == 0
    [case] = held(workspace)
    assert len(case.stem.images) == 1
    with workspace.database.snapshot() as tx:
        assert cases.version(tx, case.case_id) == 1


def test_nothing_of_a_file_that_could_name_a_person_is_shown(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", row("MRN 4711998 DOE JANE", images=["a.dcm"]))
    dataset = ct_slice(1, "1.2.9")
    dataset.Modality = "DOE JANE"
    dataset.save_as(folder / "a.dcm", enforce_file_format=True)
    import_cases(workspace, folder)
    [case] = held(workspace)
    assert case.modality == "OT"
    assert "DOE" not in str(case) and "4711998" not in str(case)
    assert import_cases(workspace, folder) == 0 and len(held(workspace)) == 1
    assert reads(workspace, "MRN 4711998 DOE JANE") == 0
    assert not held(workspace, CaseStatus.STUB)


def test_reads_that_tell_no_truth_take_it_from_their_case(workspace: Workspace, tmp_path: Path) -> None:
    import_cases(workspace, folder_of(tmp_path / "in", row("T1")))
    assert reads(workspace, "T1") == 0
    with workspace.database.snapshot() as tx:
        [read] = history.of_department(tx, DEPARTMENT)
    assert (read.skills.truth, read.skills.finding) == (Truth.ABNORMAL, "pleural_effusion")
    assert reads(workspace, "T1") == 0


@pytest.mark.parametrize("name", ["reads", "phantom", "two words", "a/b", "x" * 65])
def test_a_name_that_names_no_collection_is_refused(workspace: Workspace, tmp_path: Path, name: str) -> None:
    from models.errors import BadInput

    with pytest.raises(BadInput, match="--source"):
        import_cases(workspace, folder_of(tmp_path / "in", row()), name)
