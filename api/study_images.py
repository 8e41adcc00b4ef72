"""The images of a case that was made of a report: its study is fetched from the PACS, de-identified and archived."""

from __future__ import annotations

from dataclasses import replace

from api.image_intake import ArchivedImages, archive_datasets, taken_back
from api.workspace import DEPARTMENT, Workspace
from archive.pacs import StudyName
from models.teaching_case import TeachingCase
from store import cases, reimports, reports
from store.reports import StudyIdentity

LACKING = ("image_missing", "no_image")
"""What a case is said to lack until its images come."""

PATIENT_DIFFERS = "patient_differs"
"""The flag of a case whose images bear another patient's id than its report does."""


def study_of(workspace: Workspace, accession: str, study_uid: str) -> str | None:
    """The pseudonym of a study; its accession number counts before its UID. None where it has neither."""
    named = accession or study_uid
    return workspace.opaque("study", named) if named else None


def patient_of(workspace: Workspace, patient: str, study: str | None, report: str) -> str:
    """The pseudonym of a report's patient: by the patient's id, else one for the study, else one for the report."""
    if patient:
        return workspace.opaque("patient", patient)
    return workspace.opaque("patient", "study", study) if study else workspace.opaque("patient", "report", report)


def fetch_images(workspace: Workspace, case_id: str) -> bool:
    """Fetch the images of a draft or pool case that has none; returns whether it has images now.

    False where there is no PACS, nobody said which study it is, or the PACS does not have it. Done twice, it has the
    effect of once. Raises Unavailable where the PACS fails, BadInput where its images cannot be taken, Conflict where
    the case was decided meanwhile.
    """
    with workspace.database.snapshot() as tx:
        case = cases.get(tx, DEPARTMENT, case_id)
        named = reports.identity(tx, DEPARTMENT, case_id)
    if case.stem.images or named is None or workspace.pacs is None:
        return bool(case.stem.images)
    study_uid = workspace.pacs.find(StudyName(named.accession, named.study_uid))
    if study_uid is None:
        return False
    fetched = enumerate(workspace.pacs.fetch(study_uid), 1)
    images = archive_datasets(workspace, ((f"image {number} of the study", image) for number, image in fetched))
    if not images.clean.refs:
        return False
    attach(workspace, case_id, images, named)
    return True


def attach(workspace: Workspace, case_id: str, images: ArchivedImages, named: StudyIdentity | None = None) -> None:
    """Give a case its images, which leave the archive again where that fails; then its study's names are forgotten."""
    with taken_back(workspace, images.clean.refs), workspace.database.transaction() as tx:
        case = cases.get(tx, DEPARTMENT, case_id)
        whole = _of_patient(workspace, with_images(case, images), images.patient, named)
        reimports.attach_images(tx, whole, cases.version(tx, case_id))
        reports.forget_identity(tx, case_id)


def with_images(case: TeachingCase, images: ArchivedImages) -> TeachingCase:
    """The case with these images, and with what their de-identification found; its texts stay."""
    flags = [flag for flag in case.flags if flag not in LACKING]
    return replace(
        case,
        stem=replace(case.stem, images=images.clean.refs),
        modality=case.modality if images.modality == "OT" else images.modality,
        cleaning=replace(case.cleaning, profile=images.clean.profile),
        flags=tuple(dict.fromkeys([*flags, *images.clean.flags])),
    )


def _of_patient(workspace: Workspace, case: TeachingCase, stated: str, named: StudyIdentity | None) -> TeachingCase:
    """The case under its images' patient where its report named none; flagged where the two differ."""
    if not stated or named is None:
        return case
    patient = workspace.opaque("patient", stated)
    study = study_of(workspace, named.accession, named.study_uid)
    if case.patient == patient_of(workspace, "", study, ""):
        return replace(case, patient=patient)
    return case if case.patient == patient else replace(case, flags=(*case.flags, PATIENT_DIFFERS))
