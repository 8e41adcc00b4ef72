"""Whom and which study an image names, to be taken out of texts that belong to it; never to be stored."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from archive.dicom_files import text

_PEOPLE = (
    *("PatientName", "PatientBirthName", "PatientMotherBirthName", "OtherPatientNames", "ResponsiblePerson"),
    *("ReferringPhysicianName", "ConsultingPhysicianName", "PhysiciansOfRecord", "PerformingPhysicianName"),
    *("NameOfPhysiciansReadingStudy", "OperatorsName", "RequestingPhysician", "ScheduledPerformingPhysicianName"),
)
_NUMBERS = (
    *("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "StudyInstanceUID", "AdmissionID"),
    "PatientTelephoneNumbers",
)
_SEQUENCES = ("OtherPatientIDsSequence", "RequestAttributesSequence")
_LONGEST = 400


def named_in(dataset: Dataset) -> Iterator[str]:
    """The names of people and the numbers of patient and study that the image bears, as its attributes have them."""
    for keyword in (*_PEOPLE, *_NUMBERS):
        if said := text(dataset, keyword)[:_LONGEST]:
            yield said
    for keyword in _SEQUENCES:
        for item in _items(dataset, keyword):
            yield from (said[:_LONGEST] for name in _NUMBERS if (said := text(item, name)))


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    try:
        return list(dataset.get(keyword) or ())
    except Exception:  # a damaged value makes its conversion fail in any way
        return []
