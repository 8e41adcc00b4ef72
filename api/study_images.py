"""The images of a case that was made of a report: its study is fetched from the PACS, de-identified and archived."""

from __future__ import annotations

from dataclasses import replace

from api.image_intake import ArchivedImages, archive_datasets, taken_back
from api.masking import without_names
from api.workspace import DEPARTMENT, Workspace
from archive.pacs import StudyName
from models.teaching_case import TeachingCase
from nlp.image_links import StudyImages, linked
from store import cases, reimports, reports
from store.reports import StudyIdentity

LACKING = ("image_missing", "no_image")
"""What a case is said to lack until its images come."""

PATIENT_DIFFERS = "patient_differs"
"""The flag of a case whose images bear another patient's id than its report does."""


def study_of(workspace: Workspace, accession: str, study_uid: str) -> str | None:
    """The pseudonym of a study; its accession number counts before its UID. None where it has neither.

    Two sources may give one number to two studies: only within a source does it tell which one.
    """
    named = accession or study_uid
    return workspace.opaque("study", named) if named else None


def patient_of(workspace: Workspace, patient: str, source: str, study: str | None, report: str) -> str:
    """The pseudonym of a report's patient: by the patient's id, else one for its source's study, else the report."""
    if patient:
        return workspace.opaque("patient", patient)
    named = ("study", source, study) if study else ("report", report)
    return workspace.opaque("patient", *named)


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
    """Give a case its images, which leave the archive again where that fails; then its study's names are forgotten.

    The images may name people whom the report's source did not: their names leave the case's texts.
    """
    with taken_back(workspace, images.clean.refs), workspace.database.transaction() as tx:
        case = cases.get(tx, DEPARTMENT, case_id)
        whole = _of_patient(workspace, with_images(case, images), images.patient, named)
        clean = without_names(whole, images.names)
        reimports.attach_images(tx, clean, cases.version(tx, case_id))
        if (clean.key, clean.stem.history) != (case.key, case.stem.history):
            reimports.put_texts(tx, clean)
        reports.forget_identity(tx, case_id)


def with_images(case: TeachingCase, images: ArchivedImages) -> TeachingCase:
    """The case with these images, its points' among them, and what de-identification found; its texts stay."""
    flags = [flag for flag in case.flags if flag not in LACKING]
    study = StudyImages(images.clean.series)
    return replace(
        case,
        stem=replace(case.stem, images=images.clean.refs),
        key=replace(case.key, points=linked(case.key.points, case.key.report, case.key.observations, study)),
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
    if case.patient == patient_of(workspace, "", case.source, study, ""):
        return replace(case, patient=patient)
    return case if case.patient == patient else replace(case, flags=(*case.flags, PATIENT_DIFFERS))
