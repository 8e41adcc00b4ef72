"""A new case by form and upload: whole or not at all, nothing kept that names anybody, and zips read with distrust."""

from __future__ import annotations

import asyncio
import io
import logging
import stat
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.dataset import Dataset

from api import job_context, jobs, upload_folder, zip_entries
from api.job_context import Finish, JobContext
from api.jobs import STALE_AFTER, run, sweep, sweep_uploads
from api.stated_patients import StatedPatients
from api.upload_folder import UploadFolder, passed_over
from api.uploads import MOST_OPEN
from api.workspace import DEPARTMENT, Workspace
from archive.folder import FolderArchive
from models.errors import BadInput, Conflict
from models.teaching_case import CaseStatus
from store import audit, cases, uploads
from store import jobs as job_rows
from store.jobs import Job, JobStatus
from tests.api.conftest import Person
from tests.building import Clock, ct_slice

UID = "1.2.826.0.1.3680043.8.498.77"
FORM = {
    "title": "A nodule to find",
    "exam": "CT chest",
    "history": "Cough for six weeks.",
    "findings": "There is a spiculated nodule in the left upper lobe.",
    "impression": "Suspicious nodule.",
    "diagnosis": "Lung cancer",
    "differential": ["Granuloma", ""],
    "discussion": "Look behind the clavicle.",
    "proof": "pathology",
}
PATIENCE_SECONDS = 10
NAME = "DOE_JANE_MRN12345.dcm"


def dicom(number: int, uid: str = UID, **changes: Any) -> bytes:
    """A CT slice as a file's bytes."""
    dataset = ct_slice(number, uid)
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    return written(dataset)


def written(dataset: Dataset) -> bytes:
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def picture(seed: int = 0) -> bytes:
    target = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 50), np.uint8)
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


class Desk:
    """An educator who uploads."""

    def __init__(self, client: TestClient, workspace: Workspace, app: FastAPI) -> None:
        self.client, self.workspace, self.app = client, workspace, app

    def start(self, *files: tuple[str, bytes]) -> str:
        upload_id: str = self.client.post("/api/uploads").json()["upload_id"]
        for number, (name, content) in enumerate(files, 1):
            answer = self.put(upload_id, number, content, name)
            assert answer.status_code == 200, answer.text
        return upload_id

    def put(self, upload_id: str, number: int, content: bytes, name: str = NAME) -> Any:
        return self.client.put(
            f"/api/uploads/{upload_id}/files/{number}", content=content, headers={"X-Wetread-Name": name}
        )

    def ask(self, upload_id: str, **changes: Any) -> Any:
        held = self.client.get(f"/api/uploads/{upload_id}").json()["files"]
        return self.client.post(f"/api/uploads/{upload_id}/case", json={**FORM, "files": len(held), **changes})

    def work(self, job_id: str) -> dict[str, Any]:
        """Do the job, then what the page is told of it."""
        assert run(self.workspace, self.app.state.learning, job_id)
        told: dict[str, Any] = self.client.get(f"/api/jobs/{job_id}").json()
        return told

    def make(self, *files: tuple[str, bytes], **changes: Any) -> dict[str, Any]:
        asked = self.ask(self.start(*files), **changes)
        assert asked.status_code == 202, asked.text
        return self.work(asked.json()["job_id"])

    def folder(self, upload_id: str) -> UploadFolder:
        return UploadFolder.of(self.workspace.settings.home, upload_id)


@pytest.fixture
def desk(person: Person, workspace: Workspace, app: FastAPI) -> Desk:
    return Desk(person("edu", "educator"), workspace, app)


def archived(workspace: Workspace) -> int:
    return len(list(Path(workspace.settings.archive).rglob("*.dcm")))


def drafts(workspace: Workspace) -> int:
    with workspace.database.snapshot() as tx:
        return cases.counts(tx, DEPARTMENT)[CaseStatus.DRAFT]


SLICES = [(NAME, dicom(n)) for n in (1, 2, 3)]


def test_files_a_zip_and_a_picture_become_a_draft_that_can_be_approved(desk: Desk) -> None:
    beside = {"DICOMDIR": b"x", "__MACOSX/._a": b"x", "viewer/run.EXE": b"MZ", "a/b/IM4": dicom(4), "IM5": dicom(5)}
    upload_id = desk.start(*SLICES, ("study.zip", zipped(beside)), ("Thumbs.db", b"x"), ("film.png", picture()))
    kinds = [file["kind"] for file in desk.client.get(f"/api/uploads/{upload_id}").json()["files"]]
    assert kinds == ["dcm", "dcm", "dcm", "zip", "passed", "png"]
    asked = desk.ask(upload_id).json()
    done = desk.work(asked["job_id"])
    assert (done["status"], done["error"], done["passed"], done["left_out"]) == ("done", "", 4, 0)
    assert (done["done"], done["total"], done["case_id"]) == (6, 6, asked["case_id"])
    draft = desk.client.get(f"/api/drafts/{asked['case_id']}").json()
    assert (draft["origin"], draft["source"], draft["modality"], draft["region"]) == (
        "clinical",
        "upload",
        "CT",
        "chest",
    )
    assert draft["cleaning"]["clean"] and len(draft["images"]) == 6 and draft["proof"] == "pathology"
    assert "spiculated nodule" in draft["report"]["text"] and draft["differential"] == ["Granuloma"]
    assert not desk.folder(upload_id).exists(), "the files hold identifiers and must go with the case"
    approved = desk.client.post(f"/api/drafts/{asked['case_id']}/approval", json={"version": draft["version"]})
    assert approved.json()["status"] == "approved"


def test_nothing_that_names_anybody_is_kept(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bad = ("Doe_Jane_scan.dcm", b"Doe^Jane is no image" * 20)
    form = {"history": "Mr. Wintergreen, MRN: 4471923, fell."}
    files = (*SLICES, bad, ("Wintergreen.zip", zipped({"Doe^Jane/IM9": dicom(9)})))
    done = desk.make(*files, leave_out_bad=True, **form)
    assert done["status"] == "done" and done["left_out"] == 1
    failed = desk.make(bad, **form)
    assert failed["status"] == "failed"
    home = desk.workspace.settings.home
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and "uploads" not in path.parts)
    kept += caplog.text.encode() + str(sorted(home.rglob("*"))).encode()
    for secret in (b"Doe^Jane", b"Doe_Jane", b"DOE_JANE", b"MRN12345", b"Wintergreen", b"4471923"):
        assert secret not in kept, f"{secret!r} is kept"


def test_files_wait_for_their_owner_alone(desk: Desk, person: Person) -> None:
    upload_id = desk.start(*SLICES)
    path = desk.folder(upload_id).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o600}
    other = Desk(person("eve", "educator"), desk.workspace, desk.app)
    assert other.client.get(f"/api/uploads/{upload_id}").status_code == 404
    assert other.put(upload_id, 1, b"x").status_code == 404
    assert other.client.post(f"/api/uploads/{upload_id}/case", json={**FORM, "files": 3}).status_code == 404
    assert other.client.delete(f"/api/uploads/{upload_id}").status_code == 404
    assert desk.client.delete(f"/api/uploads/{upload_id}").status_code == 204
    assert not path.exists() and desk.client.get(f"/api/uploads/{upload_id}").status_code == 404


def test_a_file_sent_again_takes_the_place_of_the_first(desk: Desk) -> None:
    upload_id = desk.start(("a.png", picture(1)))
    assert desk.put(upload_id, 1, dicom(1)).json() == {"number": 1, "kind": "dcm", "size": len(dicom(1))}
    assert [file["kind"] for file in desk.client.get(f"/api/uploads/{upload_id}").json()["files"]] == ["dcm"]
    desk.client.delete(f"/api/uploads/{upload_id}/files/1")
    assert desk.client.get(f"/api/uploads/{upload_id}").json()["files"] == []


@pytest.mark.parametrize(
    ("limit", "value", "problem"),
    [
        ("LARGEST_FILE", 2_000_000, "larger than"),
        ("LARGEST_UPLOAD", 2_000_000, "makes the upload larger"),
        ("MOST_FILES", 1, "more than an upload takes"),
        ("DISK_RESERVE", 2**62, "does not fit on the disk"),
    ],
)
def test_what_is_too_much_is_refused_and_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, problem: str
) -> None:
    upload_id = desk.start(("a.dcm", b"\0" * 1_000_000))
    monkeypatch.setattr(upload_folder, limit, value)
    too_much = b"\0" * 2_500_000
    told = desk.put(upload_id, 2, too_much)
    assert told.status_code == 422 and problem in told.json()["detail"] and "file 2" in told.json()["detail"]
    unannounced = desk.client.put(f"/api/uploads/{upload_id}/files/2", content=iter([too_much[:9], too_much[9:]]))
    assert unannounced.status_code == 422, "a sender that does not say how much comes is counted while it sends"
    assert len(list(desk.folder(upload_id).path.iterdir())) == 1


def test_only_a_file_may_be_large(desk: Desk) -> None:
    upload_id = desk.start(("a.dcm", b"\0" * 3_000_000))
    large = {**FORM, "files": 1, "discussion": "x" * 3_000_000}
    assert desk.client.post(f"/api/uploads/{upload_id}/case", json=large).status_code == 413
    assert desk.client.put(f"/api/drafts/{upload_id}", content=b"x" * 3_000_000).status_code == 413
    assert desk.client.post(f"/api/uploads/{upload_id}/files/1", content=b"x" * 3_000_000).status_code == 413


def test_a_form_is_checked_before_anything_is_done(desk: Desk) -> None:
    upload_id = desk.start(*SLICES)
    for change in (
        {"title": "  "},
        {"exam": ""},
        {"files": 2},
        {"findings_named": ["no_such_finding"]},
        {"findings": "", "impression": " ", "diagnosis": ""},
        {"discussion": "x" * 20_001},
        {"proof": "rumour"},
    ):
        assert desk.ask(upload_id, **change).status_code == 422, change
    assert sweep(desk.workspace) == []


def test_findings_that_an_educator_names_are_the_answer(desk: Desk) -> None:
    done = desk.make(*SLICES, findings="", impression="", diagnosis="", findings_named=["pneumothorax"])
    draft = desk.client.get(f"/api/drafts/{done['case_id']}").json()
    assert ([one["key"] for one in draft["findings"]], draft["truth"]) == (["pneumothorax"], "abnormal")


def test_each_bad_file_is_told_in_one_line_by_its_number(desk: Desk, workspace: Workspace) -> None:
    files = [SLICES[0], ("cut.dcm", dicom(2)[:-500]), ("a.gif", b"GIF89a..."), ("p.png", picture()[:200])]
    asked = desk.ask(upload_id := desk.start(*files, ("z.zip", zipped({"a": dicom(5)[:900], "b": dicom(6)}))))
    told = desk.work(asked.json()["job_id"])
    lines = told["error"].split("\n")
    assert [line.split(":")[0] for line in lines] == ["file 2", "file 3", "file 4 (.png)", "file 5 (.zip), entry 1"]
    assert all(line.count(";") == 1 for line in lines)
    assert (told["status"], told["case_id"], drafts(workspace), archived(workspace)) == ("failed", None, 0, 0)
    for number in (2, 3, 4, 5):
        desk.client.delete(f"/api/uploads/{upload_id}/files/{number}")
    again = desk.ask(upload_id).json()
    assert again["job_id"] != asked.json()["job_id"]
    assert desk.work(again["job_id"])["status"] == "done" and archived(workspace) == 1


def test_bad_files_can_be_left_out(desk: Desk) -> None:
    done = desk.make(SLICES[0], ("cut.dcm", dicom(2)[:-500]), leave_out_bad=True)
    draft = desk.client.get(f"/api/drafts/{done['case_id']}").json()
    assert len(draft["images"]) == 1 and "image_missing" in draft["flags"]
    nothing = desk.make(("cut.dcm", dicom(2)[:-500]), leave_out_bad=True)
    assert nothing["status"] == "failed" and "holds no image" in nothing["error"]


def test_a_case_is_one_patient_of_any_number_of_studies(desk: Desk, workspace: Workspace) -> None:
    two = desk.make(SLICES[0], ("b.dcm", dicom(1, UID + ".5", PatientID="MRN999")))
    assert two["status"] == "failed" and "2 patients" in two["error"] and archived(workspace) == 0
    named = desk.make(("a.dcm", dicom(1, PatientID="")), ("b.dcm", dicom(2, PatientID="", PatientName="Roe^Ann")))
    assert named["status"] == "failed" and "2 patients" in named["error"]
    studies = desk.make(SLICES[0], ("b.dcm", dicom(1, UID + ".5")))
    assert studies["status"] == "done" and archived(workspace) == 2


JANE = {"PatientID": "MRN1", "PatientName": "Doe^Jane", "IssuerOfPatientID": "A"}


@pytest.mark.parametrize(
    ("changes", "patients"),
    [
        ({}, 1),
        ({"PatientName": "DOE^JANE^^=\u6bdb"}, 1),
        ({"PatientName": "Roe^Jane"}, 1),
        ({"PatientID": "", "IssuerOfPatientID": "", "PatientName": "DOE JANE"}, 1),
        ({"PatientID": "", "IssuerOfPatientID": "", "PatientName": ""}, 1),
        ({"IssuerOfPatientID": ""}, 1),
        ({"PatientID": "MRN2"}, 2),
        ({"IssuerOfPatientID": "B"}, 2),
        ({"IssuerOfPatientID": "", "PatientName": "Roe^Ann"}, 2),
        ({"PatientID": "", "IssuerOfPatientID": "", "PatientName": "Roe^Ann"}, 2),
    ],
)
def test_images_are_of_one_patient_by_number_issuer_and_name(changes: dict[str, str], patients: int) -> None:
    stated = StatedPatients()
    for state in (JANE, {**JANE, **changes}):
        image = ct_slice(1, UID)
        for keyword, value in state.items():
            setattr(image, keyword, value)
        stated.add(image)
    assert (stated.number(), stated.called()) == (patients, "MRN1")


def on_disk(desk: Desk) -> bytes:
    """All bytes of the database and its log, in small letters."""
    return b"".join(path.read_bytes().lower() for path in desk.workspace.settings.home.glob("wetread.db*"))


def test_names_that_the_images_state_leave_the_texts(desk: Desk) -> None:
    """No rule knows a bare name for one; the images beside it do."""
    stated = {
        "PatientName": "Quarrington^Zephyrine",
        "PatientID": "7788123",
        "OtherPatientNames": ["Wexcombe^Z", "Alderby^Z"],
        "ReferringPhysicianName": "Mossgrave^B",
    }
    typed = {
        "title": "The nodule of zephyrine QUARRINGTON",
        "history": "Wexcombe by birth, 7788123, coughs.",
        "findings": "There is a nodule. Alderby's film was seen by Mossgrave.",
        "differential": ["Quarrington disease"],
        "discussion": "7788123: look behind the clavicle.",
    }
    files = (("a.dcm", dicom(1, **stated)), ("b.dcm", dicom(2, **stated)))
    done = desk.make(*files, **typed)
    told = str(desk.client.get(f"/api/drafts/{done['case_id']}").json()).lower()
    for name in ("quarrington", "zephyrine", "7788123", "wexcombe", "alderby", "mossgrave"):
        assert name not in told, name
    assert "the nodule of [name] [name]" in told and "look behind the clavicle" in told
    assert b"zephyrine" not in on_disk(desk), "a page of the database remembers the form"
    failed = desk.make(*files, ("x.dcm", b"no image"), **typed)
    assert failed["status"] == "failed" and b"zephyrine" not in on_disk(desk)
    with desk.workspace.database.snapshot() as tx:
        rows = str(job_rows.latest(tx, DEPARTMENT, 9)).lower()
    assert "quarrington" not in rows, "the row of a job that failed stays"


def test_a_job_that_reads_for_too_long_frees_the_worker(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_add = FolderArchive.add

    def slow(archive: FolderArchive, dataset: Dataset, where: str = "image") -> Any:
        clock.forward(minutes=16)
        return whole_add(archive, dataset, where)

    monkeypatch.setattr(FolderArchive, "add", slow)
    told = desk.make(*SLICES)
    assert told["status"] == "failed" and "more than 30 minutes" in told["error"]
    assert archived(desk.workspace) == 0


def test_zips_are_measured_together(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may unpack to a little much; a thousand of them may not."""
    monkeypatch.setattr(zip_entries, "SMALL", 1_000_000)
    part = ("a.zip", zipped({"a": b"\0" * 900_000}))
    assert "is no DICOM file" in desk.make(part)["error"]
    told = desk.make(part, part)
    assert told["status"] == "failed" and told["error"].startswith("upload: unpacks to more than 100 times")


def test_a_report_beside_the_images_is_passed_over(desk: Desk) -> None:
    report = ct_slice(7, UID)
    del report.PixelData
    report.SOPClassUID = report.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.67"
    done = desk.make(SLICES[0], ("SR001", written(report)))
    assert (done["status"], done["passed"]) == ("done", 1)


@pytest.mark.parametrize(
    "name", ["DICOMDIR", "a\\b\\LOCKFILE", "x/.DS_Store", "Thumbs.db", "notes.TXT", "__MACOSX/._IM1", "AUTORUN.INF"]
)
def test_what_lies_beside_images_is_known_by_its_name(name: str) -> None:
    assert passed_over(name)


@pytest.mark.parametrize("name", ["IM0001", "1.2.840.113", "film.png", "dicomdir.dcm", "", "a.zip"])
def test_what_may_be_an_image_is_not(name: str) -> None:
    assert not passed_over(name)


# ---- zips ----


def encrypted() -> bytes:
    content = bytearray(zipped({"a": dicom(1)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(zipped({"a": dicom(1)}, zipfile.ZIP_STORED))
    content[2000] ^= 0xFF
    return bytes(content)


def with_endless_directory() -> bytes:
    """It claims a list of entries as long as the file, so that whoever believes it reads all of it at once."""
    names = {f"{n:0>200}": b"" for n in range(20_000)}
    return zipped(names, zipfile.ZIP_STORED)


def lying_about_size() -> bytes:
    """An entry that says it is small and unpacks to much."""
    content = bytearray(zipped({"a": b"\0" * 5_000_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1_000).to_bytes(4, "little")
    return bytes(content)


def overlapping() -> bytes:
    """One packed file under a hundred entries of the list."""
    content = zipped({"a": dicom(1)})
    start, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entries = content[start:end] * 100
    tail = bytearray(content[end:])
    tail[8:16] = (100).to_bytes(2, "little") * 2 + len(entries).to_bytes(4, "little")
    return content[:start] + entries + bytes(tail)


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nested": (lambda: zipped({"in.zip": zipped({"a": dicom(1)})}), "entry 1: is a zip inside a zip"),
    "encrypted": (encrypted, "is encrypted"),
    "bomb": (lambda: zipped({"a": b"\0" * 90_000_000}), "100 times its size"),
    "damaged entry": (damaged, "entry 1: does not unpack"),
    "lying entry": (lying_about_size, "entry 1: does not unpack"),
    "cut short": (lambda: zipped({"a": dicom(1)})[:-30], "is no zip that can be read"),
    "overlapping": (overlapping, "entries that share their bytes"),
    "long list": (with_endless_directory, "is no zip that can be read"),
    "other method": (lambda: zipped({"a": dicom(1)}, zipfile.ZIP_LZMA), "packed by a method"),
    "empty": (lambda: zipped({}), "holds no image"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_zip_is_read_with_distrust(desk: Desk, workspace: Workspace, attack: str) -> None:
    make, problem = ATTACKS[attack]
    told = desk.make(("study.zip", make()))
    assert told["status"] == "failed" and problem in told["error"], told["error"]
    assert archived(workspace) == 0


def test_a_zip_with_too_many_files_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_entries, "MOST_FILES", 2)
    told = desk.make(("study.zip", zipped({f"IM{n}": dicom(n) for n in (1, 2, 3)})))
    assert told["status"] == "failed" and "more files" in told["error"]


def test_names_in_a_zip_lead_nowhere_and_links_are_no_files(desk: Desk, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../../escaped.dcm", dicom(1))
        archive.writestr("/absolute.dcm", dicom(2))
        link = zipfile.ZipInfo("link.dcm")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    before = {path for path in tmp_path.rglob("*") if "archive" not in path.parts}
    done = desk.make(("study.zip", target.getvalue()))
    assert (done["status"], done["total"], done["passed"]) == ("done", 2, 1)
    new = {path for path in tmp_path.rglob("*") if "archive" not in path.parts} - before
    assert not [path for path in new if path.suffix == ".dcm"]


@settings(max_examples=150, deadline=None)
@given(junk=st.binary(max_size=400), at=st.integers(0, 10_000), length=st.integers(0, 40))
def test_a_damaged_zip_meets_no_bug(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, length: int
) -> None:
    content = zipped({"a": b"one" * 50, "b": b"two" * 90})
    at %= len(content)
    place = tmp_path_factory.mktemp("zip") / "00001.zip"
    place.write_bytes(content[:at] + junk + content[at + length :])
    file = upload_folder.UploadedFile(1, ".zip", place, place.stat().st_size)
    try:
        with zip_entries.open_zip(file) as opened:
            for entry in opened.entries:
                with opened.unpacked(entry) as unpacked:
                    assert unpacked.path.stat().st_size == unpacked.size
    except BadInput as error:
        assert str(error).startswith("file 1 (.zip)")
    assert [path.name for path in place.parent.iterdir()] == ["00001.zip"]


# ---- the stream ----


@contextmanager
def too_late() -> Iterator[None]:
    raise Conflict("too late")
    yield


def test_a_file_that_may_no_longer_take_its_place_leaves_the_other(tmp_path: Path) -> None:
    folder = UploadFolder(tmp_path)
    first = asyncio.run(folder.receive(1, "a", None, pieces(b"one", [], False)))
    with pytest.raises(Conflict):
        asyncio.run(folder.receive(1, "a.png", None, pieces(b"other", [], False), too_late))
    assert folder.files() == [first] and first.path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == [first.path.name]


def test_a_file_that_arrives_while_the_case_is_asked_for_comes_too_late(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = desk.start(*SLICES)
    whole_write, asked = upload_folder._write, list[int]()

    async def then_asked(*given: Any) -> None:
        await whole_write(*given)
        asked.append((await asyncio.to_thread(desk.ask, upload_id)).status_code)

    monkeypatch.setattr(upload_folder, "_write", then_asked)
    assert (desk.put(upload_id, 1, b"late").status_code, asked) == (409, [202])
    assert [file.size for file in desk.folder(upload_id).files()] == [len(content) for _, content in SLICES]


def test_files_that_arrive_together_stay_below_the_limit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under one number too: what arrives counts before it has taken its place."""
    monkeypatch.setattr(upload_folder, "LARGEST_UPLOAD", 30_000)
    monkeypatch.setattr(upload_folder, "_CHUNK", 1_000)
    monkeypatch.setattr(upload_folder, "_BETWEEN_CHECKS", 1_000)
    folder, most = UploadFolder(tmp_path), 0

    async def slow(n: int) -> AsyncIterator[bytes]:
        nonlocal most
        for _ in range(10):
            yield bytes([n]) * 1_000
            await asyncio.sleep(0)
            most = max(most, sum(entry.stat().st_size for entry in tmp_path.iterdir()))

    async def many() -> list[Any]:
        return await asyncio.gather(
            *(folder.receive(1 + n % 2, "a", None, slow(n)) for n in range(8)), return_exceptions=True
        )

    refused = [one for one in asyncio.run(many()) if isinstance(one, BadInput)]
    assert refused and most < 50_000, "eight of ten thousand bytes would be eighty thousand"


def test_only_so_many_files_of_an_upload_arrive_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_folder, "MOST_AT_ONCE", 2)
    folder = UploadFolder(tmp_path)
    for number in (1, 2):
        (tmp_path / f"{number:05d}.abcd.part").touch()
    with pytest.raises(BadInput, match="2 others of the upload arrive"):
        asyncio.run(folder.receive(3, "a", None, pieces(b"x", [], False)))
    (tmp_path / "00001.abcd.part").unlink()
    assert asyncio.run(folder.receive(3, "a", None, pieces(b"x", [], False))).size == 1


def test_an_upload_that_is_cancelled_while_a_file_arrives_is_no_bug(tmp_path: Path) -> None:
    folder = UploadFolder(tmp_path / "upload")
    folder.make()

    async def body() -> AsyncIterator[bytes]:
        yield b"x"
        folder.remove()
        yield b"y"

    with pytest.raises(BadInput, match="its files are gone"):
        asyncio.run(folder.receive(1, "a", None, body()))


def test_a_person_has_only_a_few_uploads_at_once(desk: Desk) -> None:
    held = [desk.start(SLICES[0]) for _ in range(MOST_OPEN)]
    refused = desk.client.post("/api/uploads")
    assert refused.status_code == 409 and "cancel one" in refused.json()["detail"]
    desk.client.delete(f"/api/uploads/{held[0]}")
    assert desk.client.post("/api/uploads").status_code == 201
    desk.work(desk.ask(held[1]).json()["job_id"])
    for _ in range(3):
        assert desk.client.post("/api/uploads").status_code == 201, "one that nothing was sent to makes way"
    for _ in range(MOST_OPEN):
        assert desk.make(("a.dcm", b"no image"))["status"] == "failed"
    assert desk.client.post("/api/uploads").status_code == 201, "so does one whose case failed"


def test_each_file_that_comes_and_goes_and_each_look_at_a_job_is_in_the_audit(desk: Desk, person: Person) -> None:
    upload_id = desk.start(*SLICES)
    desk.client.delete(f"/api/uploads/{upload_id}/files/3")
    job_id = desk.ask(upload_id).json()["job_id"]
    for _ in range(3):
        assert desk.client.get(f"/api/jobs/{job_id}").status_code == 200
    with desk.workspace.database.snapshot() as tx:
        rows = [(row.action, row.resource) for row in audit.latest(tx, DEPARTMENT, 100)]
    assert rows.count(("send file", f"{upload_id}/2")) == rows.count(("drop file", f"{upload_id}/3")) == 1
    assert rows.count(("view job", job_id)) == 1, "a page that looks again fills no audit"
    assert person("eve", "educator").get(f"/api/jobs/{job_id}").status_code == 404
    assert person("root", "admin", "educator").get(f"/api/jobs/{job_id}").status_code == 200


async def pieces(content: bytes, cuts: list[int], breaks_off: bool) -> AsyncIterator[bytes]:
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    for start, end in zip(edges, edges[1:], strict=False):
        yield content[start:end]
    if breaks_off:
        raise ConnectionError


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=5_000), cuts=st.lists(st.integers(0, 10_000), max_size=8), breaks_off=st.booleans())
def test_a_file_arrives_as_it_was_sent_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int], breaks_off: bool
) -> None:
    folder = UploadFolder(tmp_path_factory.mktemp("upload"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upload_folder, "_CHUNK", 700)
        receiving = folder.receive(7, "IM7", None, pieces(content, cuts, breaks_off))
        if breaks_off:
            with pytest.raises(ConnectionError):
                asyncio.run(receiving)
            assert list(folder.path.iterdir()) == []
        else:
            assert asyncio.run(receiving).path.read_bytes() == content
            assert [file.number for file in folder.files()] == [7]


def test_two_files_at_once_under_one_number_leave_one_whole(tmp_path: Path) -> None:
    folder = UploadFolder(tmp_path)

    async def both() -> None:
        await asyncio.gather(
            *(folder.receive(1, "a", None, pieces(bytes([n]) * 9_000, [10, 4_000], False)) for n in (1, 2))
        )

    asyncio.run(both())
    [left] = folder.files()
    assert left.path.read_bytes() in (b"\1" * 9_000, b"\2" * 9_000)


# ---- jobs ----


class Killed(BaseException):
    """What a kill looks like from inside: no handler of errors runs."""


@pytest.mark.parametrize("step", ["first image", "last image", "draft", "store", "tidy"])
def test_a_killed_job_is_done_again_and_once(
    desk: Desk, workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    asked = desk.ask(upload_id := desk.start(*SLICES)).json()
    added, whole_add = 0, FolderArchive.add

    def counting(archive: FolderArchive, dataset: Dataset, where: str = "image") -> Any:
        nonlocal added
        added += 1
        if added == {"first image": 1, "last image": 3}.get(step):
            raise Killed
        return whole_add(archive, dataset, where)

    def killed(*_args: object, **_named: object) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(FolderArchive, "add", counting)
        if step == "draft":
            patch.setattr("api.case_making.draft", killed)
        if step == "store":
            patch.setattr("api.jobs.jobs.finish", killed)
        if step == "tidy":
            patch.setattr(UploadFolder, "remove", killed)
        with pytest.raises(Killed):
            run(workspace, desk.app.state.learning, asked["job_id"])
    assert not run(workspace, desk.app.state.learning, asked["job_id"]), "its worker may still live"
    clock.forward(seconds=STALE_AFTER.total_seconds() + 1)
    for job_id in sweep(workspace):
        assert run(workspace, desk.app.state.learning, job_id)
    sweep_uploads(workspace)
    assert desk.client.get(f"/api/jobs/{asked['job_id']}").json()["status"] == "done"
    assert (drafts(workspace), archived(workspace), desk.folder(upload_id).exists()) == (1, 3, False)


def test_asking_again_is_the_same_job(desk: Desk) -> None:
    upload_id = desk.start(*SLICES)
    first, second = desk.ask(upload_id).json(), desk.ask(upload_id).json()
    assert first == second
    assert desk.put(upload_id, 4, b"late").status_code == 409, "the files of a case at work stay as they are"
    desk.work(first["job_id"])
    assert desk.client.post(f"/api/uploads/{upload_id}/case", json={**FORM, "files": 3}).json() == first
    assert desk.client.get(f"/api/uploads/{upload_id}").json()["case_id"] == first["case_id"]


def test_two_uploads_of_the_same_images_are_two_cases(desk: Desk, workspace: Workspace) -> None:
    one, two = desk.start(), desk.start()
    for number, (name, content) in enumerate(SLICES, 1):
        desk.put(one, number, content, name)
        desk.put(two, number, content, name)
    made = [desk.work(desk.ask(upload_id).json()["job_id"])["case_id"] for upload_id in (one, two)]
    assert len(set(made)) == 2 and drafts(workspace) == 2 and archived(workspace) == 3


def test_an_upload_goes_after_a_day_but_not_while_its_case_is_made(
    desk: Desk, workspace: Workspace, clock: Clock
) -> None:
    left, at_work = desk.start(*SLICES), desk.start(*SLICES)
    desk.ask(at_work)
    clock.forward(hours=23)
    sweep_uploads(workspace)
    assert desk.folder(left).exists()
    clock.forward(hours=2)
    sweep_uploads(workspace)
    assert not desk.folder(left).exists() and desk.folder(at_work).exists()


def add_job(workspace: Workspace, kind: str) -> None:
    with workspace.database.transaction() as tx:
        job_rows.add(tx, Job("job1", DEPARTMENT, kind, {"case_id": "case1"}, workspace.now()))


def the_job(workspace: Workspace) -> Job:
    with workspace.database.snapshot() as tx:
        found = job_rows.get(tx, DEPARTMENT, "job1")
    assert found
    return found


def test_a_long_job_is_not_taken_by_another_worker(
    desk: Desk, workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its heart beats from another thread, so that one long step does not look like a death."""
    monkeypatch.setattr(job_context, "BEAT_SECONDS", 0.01)
    learning, taken, begun = desk.app.state.learning, list[bool](), list[str]()

    @contextmanager
    def slow(context: JobContext) -> Iterator[Finish]:
        begun.append(context.job.job_id)
        if len(begun) > 1:  # a second worker has it
            yield lambda tx: None
            return
        clock.forward(minutes=11)
        end = time.monotonic() + PATIENCE_SECONDS
        while "job1" in sweep(workspace) and time.monotonic() < end:  # until the next beat
            pass
        taken.append(run(workspace, learning, "job1"))
        yield lambda tx: None

    monkeypatch.setitem(jobs.HANDLERS, "slow", slow)
    add_job(workspace, "slow")
    assert run(workspace, learning, "job1")
    assert taken == [False] and the_job(workspace).status is JobStatus.DONE


@pytest.mark.parametrize(
    ("error", "told"),
    [(BadInput("file 3", "is empty", "leave it out"), "file 3: is empty; leave it out"), (KeyError("Doe"), "KeyError")],
)
def test_a_failed_job_tells_what_can_be_acted_on_and_quotes_nothing_else(
    desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    @contextmanager
    def failing(_context: JobContext) -> Iterator[Finish]:
        raise error
        yield

    monkeypatch.setitem(jobs.HANDLERS, "failing", failing)
    add_job(workspace, "failing")
    assert run(workspace, desk.app.state.learning, "job1")
    assert (the_job(workspace).status, the_job(workspace).error) == (JobStatus.FAILED, told)


def test_jobs_about_readers_are_not_for_educators(desk: Desk, workspace: Workspace) -> None:
    add_job(workspace, jobs.REPLAY_READER)
    assert desk.client.get("/api/jobs/job1").status_code == 404


def test_others_may_write_while_images_are_taken_in(
    desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: a job that held it would stop every answer of every reader."""
    whole_add = FolderArchive.add
    wrote = []

    def writing(archive: FolderArchive, dataset: Dataset, where: str = "image") -> Any:
        with workspace.database.transaction() as tx:
            wrote.append(uploads.waiting(tx))
        return whole_add(archive, dataset, where)

    monkeypatch.setattr(FolderArchive, "add", writing)
    assert desk.make(*SLICES)["status"] == "done" and len(wrote) == 3
