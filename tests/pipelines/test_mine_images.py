"""Images of mined reports: files beside them, studies of the PACS, and drafts that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from api.study_images import PATIENT_DIFFERS, fetch_images
from api.workspace import DEPARTMENT, Workspace
from archive.pacs import StudyName
from models.errors import Unavailable
from models.teaching_case import CaseStatus, TeachingCase
from pipelines.report_images import FETCHES, MOST_FAILURES
from store import cases, reports
from tests.building import Clock, ct_slice, workspace_at
from tests.pipelines.case_folders import archived, picture
from tests.pipelines.report_lines import NORMAL, held, mined, report, report_file


@dataclass
class FakePacs:
    """Studies by accession number or UID; ``down`` makes it fail as a server that does not answer."""

    studies: Mapping[str, str] = field(default_factory=dict)
    down: bool = False
    asked: list[StudyName] = field(default_factory=list)
    breaks: bool = False

    def find(self, study: StudyName) -> str | None:
        self.asked.append(study)
        if self.down:
            raise Unavailable("WETREAD_PACS: the server does not answer; check that it runs")
        return self.studies.get(study.study_uid) or self.studies.get(study.accession)

    def fetch(self, study_uid: str) -> Iterator[Dataset]:
        for number in (1, 2, 3):
            if self.breaks and number == 3:
                raise Unavailable("WETREAD_PACS: the answer was cut off; try again")
            image = ct_slice(number, study_uid)
            image.SeriesNumber, image.SeriesDescription = 3, "AXIAL Marzipan^Jane"
            yield image


def with_pacs(home: Path, pacs: FakePacs | None) -> Workspace:
    return replace(workspace_at(home, Clock()), pacs=pacs)


def case_of(workspace: Workspace, source_id: str) -> TeachingCase:
    with workspace.database.snapshot() as tx:
        case_id = reports.cases_bearing(tx, DEPARTMENT, "reports", [source_id])[source_id]
        return cases.get(tx, DEPARTMENT, case_id)


def test_files_that_reports_name_become_images(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = workspace_at(home, Clock())
    folder = tmp_path / "in"
    (folder / "images").mkdir(parents=True)
    picture(folder / "a.png", 1)
    ct_slice(1, "1.2.3.4").save_as(folder / "images" / "b.dcm", enforce_file_format=True)
    lines = [
        report("A1", images=["a.png"]),
        report("A2", NORMAL, images=[{"file": "b.dcm", "caption": "axial"}]),
        report("A3", images=["gone.png"]),
        report("A4", images=["../../secret.png"]),
    ]
    path = report_file(folder / "r.jsonl", lines)
    assert mined(workspace, path) == 0
    told = capsys.readouterr()
    assert "1 × image named by a report but not found" in told.out and "1 × image of a report could not" in told.out
    assert "leads out" in told.err and "4 reports added" in told.out
    one, two = case_of(workspace, "A1"), case_of(workspace, "A2")
    assert one.cleaning.clean and len(one.stem.images) == 1 and "no_image" not in one.flags
    assert two.status is CaseStatus.POOL and len(two.stem.images) == 1 and two.modality == "CT"
    assert archived(workspace) == 2
    picture(folder / "gone.png", 2)
    mined(workspace, path)
    assert len(case_of(workspace, "A3").stem.images) == 1 and archived(workspace) == 3
    rows = held(workspace)
    mined(workspace, path)
    assert held(workspace) == rows


def test_a_named_folder_holds_the_images(home: Path, tmp_path: Path) -> None:
    workspace = workspace_at(home, Clock())
    (tmp_path / "pictures").mkdir()
    picture(tmp_path / "pictures" / "a.png", 1)
    path = report_file(tmp_path / "in" / "r.jsonl", [report("A1", images=["a.png"])])
    mined(workspace, path, images=tmp_path / "pictures")
    assert len(case_of(workspace, "A1").stem.images) == 1


LINES = [
    report("A1", accession="S1", patient="MRN12345"),
    report("A2", study_uid="1.2.3.2", patient="another"),
    report("A3", accession="S3"),
    report("A4", NORMAL, accession="S1"),
    report("A5"),
]
STUDIES = {"S1": "1.2.3.1", "1.2.3.2": "1.2.3.2"}


def test_the_studies_of_drafts_are_fetched_and_unknown_ones_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pacs = FakePacs(STUDIES)
    workspace = with_pacs(home, pacs)
    path = report_file(tmp_path / "r.jsonl", LINES)
    mined(workspace, path, fetch=True)
    told = capsys.readouterr().out
    assert "1 × report names a study the PACS does not have" in told and "2 × draft was given the images" in told
    assert len(pacs.asked) == 3  # a normal is fetched when it is drawn from the pool
    one, two, three = (case_of(workspace, name) for name in ("A1", "A2", "A3"))
    assert len(one.stem.images) == len(two.stem.images) == 3 and one.cleaning.clean and one.modality == "CT"
    assert PATIENT_DIFFERS not in one.flags and PATIENT_DIFFERS in two.flags
    assert not three.stem.images and "no_image" in three.flags
    left = {row["accession"] for row in held(workspace, "study_identities")["study_identities"]}
    assert left == {"S3", "S1"}
    pacs.studies = {"S3": "1.2.3.3"}
    mined(workspace, path, fetch=True)
    assert len(case_of(workspace, "A3").stem.images) == 3


def test_a_normal_is_fetched_when_it_is_asked_for(home: Path, tmp_path: Path) -> None:
    workspace = with_pacs(home, FakePacs(STUDIES))
    mined(workspace, report_file(tmp_path / "r.jsonl", LINES))
    normal, nameless = case_of(workspace, "A4"), case_of(workspace, "A5")
    assert fetch_images(workspace, normal.case_id) and fetch_images(workspace, normal.case_id)
    fetched = case_of(workspace, "A4")
    assert len(fetched.stem.images) == 3 and fetched.status is CaseStatus.POOL
    assert fetched.patient == workspace.opaque("patient", "MRN12345")  # its report named none
    assert not fetch_images(workspace, nameless.case_id)
    assert not fetch_images(replace(workspace, pacs=None), case_of(workspace, "A1").case_id)


def test_without_a_pacs_or_with_one_that_is_down_drafts_wait_and_come_later(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [report(f"A{n}", accession=f"S{n}") for n in range(40)]
    path = report_file(tmp_path / "r.jsonl", lines)
    assert mined(with_pacs(home, None), path, fetch=True) == 0
    assert "40 × draft waits for images; name the PACS in WETREAD_PACS" in capsys.readouterr().out
    down = FakePacs(down=True)
    mined(with_pacs(home, down), path, fetch=True)
    told = capsys.readouterr()
    assert "40 × draft waits for images; they come when the command is run again" in told.out
    assert len([line for line in told.err.splitlines() if "does not answer" in line]) == 1
    assert len(down.asked) < MOST_FAILURES + FETCHES
    workspace = with_pacs(home, FakePacs({f"S{n}": f"1.2.3.{n + 1}" for n in range(40)}))
    mined(workspace, path, fetch=True)
    assert "40 × draft was given the images" in capsys.readouterr().out
    assert held(workspace, "study_identities")["study_identities"] == [] and archived(workspace) == 120


def test_a_study_that_breaks_off_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    workspace = with_pacs(home, FakePacs(STUDIES, breaks=True))
    mined(workspace, report_file(tmp_path / "r.jsonl", LINES), fetch=True)
    assert archived(workspace) == 0 and held(workspace, "case_images")["case_images"] == []


def test_no_images_leaves_the_pacs_alone(home: Path, tmp_path: Path) -> None:
    pacs = FakePacs(STUDIES)
    mined(with_pacs(home, pacs), report_file(tmp_path / "r.jsonl", LINES), fetch=False)
    assert pacs.asked == []


def test_a_point_shows_the_image_its_sentence_names(home: Path, tmp_path: Path) -> None:
    workspace = with_pacs(home, FakePacs({"S1": "1.2.3.1"}))
    named = "A 9 mm nodule sits in the right upper lobe (series 3, image 2). Left pleural effusion (series 8, image 2)."
    mined(workspace, report_file(tmp_path / "r.jsonl", [report("A1", named, accession="S1")]), fetch=True)
    case = case_of(workspace, "A1")
    shown = {point.finding: point.images for point in case.key.points}
    (meant,) = [image.image_id for image in case.stem.images if image.number == 2]
    assert shown == {"nodule_mass": (meant,), "pleural_effusion": ()}
    assert "Marzipan" not in str(held(workspace))  # a series' description is compared and forgotten
