"""Makes the things tests need: DICOM images, cases of every origin, workspaces, people. Everything is invented here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from api.identity import NewAccount, add_account
from api.settings import Settings
from api.workspace import DEPARTMENT, Workspace
from models.discrepancy import Discrepancy, ErrorClass, RadpeerScore, Sampling
from models.finding import Assertion, Observation, Region, Side, Truth
from models.reading import Department, Reading, ReadingSource, Skills
from models.report import Span
from models.teaching_case import (
    CaseKey,
    CaseOrigin,
    CaseStatus,
    CaseStem,
    Cleaning,
    ImageRef,
    Lesion,
    Proof,
    TeachingCase,
    TeachingPoint,
)
from store import cases, departments
from store.accounts import Account
from store.database import Database

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECRET = bytes(range(32))
PASSWORD = "correct horse battery"


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def ct_slice(number: int, uid: str, size: int = 64, spot: tuple[int, int] | None = None) -> Dataset:
    """An axial CT slice of a soft-tissue disc, with a bright spot at (x, y) where asked for."""
    y, x = np.mgrid[:size, :size]
    pixels = np.where(np.hypot(x - size / 2, y - size / 2) < size * 0.4, 40, -1000).astype(np.int16)
    pixels += ((x * 7 + y * 13 + number * 5) % 11).astype(np.int16)
    if spot:
        pixels[np.hypot(x - spot[0], y - spot[1]) < size / 16] = 300
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = f"{uid}.1.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = uid, f"{uid}.1"
    dataset.Modality, dataset.InstanceNumber = "CT", number
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "MRN12345"
    dataset.Rows = dataset.Columns = size
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
    dataset.PixelSpacing, dataset.SliceThickness = [0.8, 0.8], 2.5
    dataset.ImagePositionPatient = [-25.6, -25.6, 2.5 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, 0
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    dataset.BurnedInAnnotation = "NO"
    dataset.PixelData = pixels.tobytes()
    return dataset


@dataclass(frozen=True)
class Story:
    """What one invented case says. The default is a case that no other test text resembles."""

    number: int = 1
    finding: str | None = "nodule_mass"
    diagnosis: str | None = "lung_cancer"
    diagnosis_text: str = "Bronchogenic carcinoma of the marzipan lobe"
    history: str = "Cough for six weeks."
    findings_sentence: str = "A spiculated quagga nodule sits in the left upper zone."
    impression: str = "Suspicious quagga nodule, tissue sampling advised."
    origin: CaseOrigin = CaseOrigin.CLINICAL
    status: CaseStatus = CaseStatus.APPROVED
    cleaning: Cleaning = Cleaning("scrub-1", "profile-1")
    region: Region = Region.CHEST
    modality: str = "CT"


def case_of(story: Story, images: tuple[ImageRef, ...], patient: str = "") -> TeachingCase:
    """A whole case out of a story, its spans exact."""
    report = f"FINDINGS: {story.findings_sentence}\n\nIMPRESSION: {story.impression}"
    start = report.index(story.findings_sentence)
    span = Span(start, start + len(story.findings_sentence))
    abnormal = story.finding is not None
    observed = Observation(story.finding or "nodule_mass", Assertion.PRESENT, span, Side.LEFT)
    case_id = f"case{story.number:04d}"
    lesions = (Lesion(story.finding or "", images[0].image_id, 1, 20.0, 24.0, 5.0),) if abnormal and images else ()
    key = CaseKey(
        case_id=case_id,
        title=f"Teaching case about {story.diagnosis_text}",
        report=report,
        sections=(),
        truth=Truth.ABNORMAL if abnormal else Truth.NORMAL,
        findings=(story.finding,) if story.finding else (),
        observations=(observed,) if abnormal else (),
        diagnosis=story.diagnosis if abnormal else None,
        diagnosis_text=story.diagnosis_text if abnormal else "",
        differential=("Wombat granuloma",) if abnormal else (),
        discussion="Platypus sign explained at length.",
        origin=story.origin,
        proof=Proof.PATHOLOGY,
        difficulty=0.2,
        points=(TeachingPoint(story.finding, span.of(report), span),) if story.finding else (),
        lesions=lesions,
    )
    return TeachingCase(
        department_id=DEPARTMENT,
        source="test",
        source_id=f"source-{story.number}",
        status=story.status,
        stem=CaseStem(case_id, story.history, images),
        key=key,
        region=story.region,
        modality=story.modality,
        patient=patient or f"patient{story.number}",
        cleaning=story.cleaning,
    )


def workspace_at(home: Path, clock: Clock, database: str | None = None, demo: bool = False) -> Workspace:
    """A fresh workspace in a folder."""
    settings = Settings(
        home=home,
        database=database or f"sqlite:///{home / 'wetread.db'}",
        archive=str(home / "archive"),
        embedded_worker=False,
    )
    return Workspace.open(settings, clock, demo=demo)


def add_case(workspace: Workspace, story: Story, slices: int = 3) -> TeachingCase:
    """A case with a small CT series in the archive and its rows in the store."""
    uid = f"1.2.826.0.1.3680043.8.498.{story.number}"
    spots = {1: (20, 24)} if story.finding else {}
    stored = [workspace.archive.add(ct_slice(n, uid, spot=spots.get(n))) for n in range(1, slices + 1)]
    case = case_of(story, tuple(image.ref for image in stored))
    with workspace.database.transaction() as tx:
        assert cases.add(tx, case, workspace.now())
    return case


def library_of(workspace: Workspace, number: int, start: int = 100) -> list[TeachingCase]:
    """``number`` approved cases, every other one normal, over three findings."""
    findings = ("nodule_mass", "pneumothorax", "pleural_effusion")
    stories = [
        Story(number=start + n, finding=findings[(n // 2) % 3] if n % 2 else None, diagnosis=None)
        for n in range(number)
    ]
    return [add_case(workspace, story, slices=1) for story in stories]


def account(workspace: Workspace, login: str, *roles: str) -> Account:
    """An account whose password is PASSWORD."""
    new = NewAccount(f"account-{login}", f"reader-{login}", DEPARTMENT, login, login.title(), PASSWORD, roles)
    with workspace.database.transaction() as tx:
        return add_account(tx, new)


def read_of(reader: str, case: TeachingCase, sequence: int, correct: bool, **changes: object) -> Reading:
    """One practice read."""
    finding = case.key.findings[0] if case.key.findings else None
    reading = Reading(
        reading_id=f"{reader}-{case.case_id}-{sequence}",
        department_id=DEPARTMENT,
        reader_id=reader,
        case_id=case.case_id,
        source=ReadingSource.PRACTICE,
        sequence=sequence,
        correct=correct,
        skills=Skills(case.key.truth, finding, case.modality, case.region),
        read_at=NOW + timedelta(minutes=sequence),
    )
    return replace(reading, **changes)  # type: ignore[arg-type]


def review_of(reader: str, score: str) -> Discrepancy:
    """One randomly sampled review of a read of a CT that shows a pneumothorax."""
    return Discrepancy(
        discrepancy_id=f"review-{reader}",
        department_id=DEPARTMENT,
        reader_id=reader,
        source_key=f"key-{reader}",
        score=RadpeerScore(score),
        sampling=Sampling.RANDOM,
        modality="CT",
        reviewed_at=NOW,
        finding="pneumothorax",
        error_class=ErrorClass.PERCEPTUAL,
        reviewer="colleague",
    )


def department(database: Database, demo: bool = False) -> None:
    with database.transaction() as tx:
        departments.ensure(tx, Department(DEPARTMENT, "Radiology", demo))


def words_of(text: str, length: int = 3) -> Iterable[str]:
    """Every run of ``length`` words of a text, for tests that look for leaks."""
    words = text.split()
    return (" ".join(words[n : n + length]) for n in range(len(words) - length + 1))
