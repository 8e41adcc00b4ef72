"""Phantom examinations as DICOM objects: CT Image Storage, and Digital X-Ray Image Storage - For Presentation.

Marked as PS3.3 C.7.6.1 and C.7.5.1 allow: Image Type DERIVED/SECONDARY, Synthetic Data (0008,001C) YES, a patient name
and description that begin with PHANTOM. Burned In Annotation is NO: the word PHANTOM in a corner identifies no patient,
which is what that attribute asks (PS3.3 C.7.6.1.1.11 speaks of patient and date).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, CTImageStorage, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from synth.examination import Examination
from synth.mark import marked
from synth.shapes import Array

IMPLEMENTATION_CLASS_UID = "2.25.217713364893573102245387115093746512349"
STUDY_DATE, STUDY_TIME = "20240101", "120000"

CT_INK_HU = 150
"""Light in a soft-tissue and a brain window, grey in a bone window: read at a glance, and no glare."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """How an examination is described: DICOM body part, words for the description, views, windows (centre, width)."""

    modality: str
    body_part: str
    description: str
    view: str
    windows: tuple[tuple[int, int, str], ...]
    region_code: tuple[str, str]
    kilovolts: int


def derived_uid(*parts: object) -> str:
    """A UID under 2.25 (a UUID as a number, PS3.5 B.2) that is the same whenever ``parts`` are the same."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def datasets(examination: Examination, protocol: Protocol, identity: str, laterality: str = "") -> tuple[Dataset, ...]:
    """One dataset a slice, each with ``file_meta``, ready for ``save_as(..., enforce_file_format=True)``.

    ``identity`` seeds UIDs and the patient's pseudonym; nothing of it can be read back from them.
    """
    made = []
    for number, image in enumerate(examination.slices):
        ds = _common(examination, protocol, identity, number)
        if protocol.modality == "CT":
            _ct(ds, examination, protocol, image, number)
        else:
            _radiograph(ds, examination, protocol, image, laterality)
        made.append(ds)
    return tuple(made)


def _common(examination: Examination, protocol: Protocol, identity: str, number: int) -> Dataset:
    ds = Dataset()
    ct = protocol.modality == "CT"
    ds.SOPClassUID = CTImageStorage if ct else DigitalXRayImageStorageForPresentation
    ds.SOPInstanceUID = derived_uid(identity, "instance", number)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = "WETREAD"
    ds.file_meta = meta
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["DERIVED", "SECONDARY", "AXIAL"] if ct else ["DERIVED", "SECONDARY", ""]
    ds.add_new(0x0008001C, "CS", "YES")
    pseudonym = hashlib.sha256(f"patient\x1f{identity}".encode()).hexdigest()[:8].upper()
    ds.PatientName, ds.PatientID = f"PHANTOM^{pseudonym}", f"PHA-{pseudonym}"
    ds.PatientBirthDate, ds.PatientSex = "", examination.sex
    ds.PatientAge = f"{examination.age:03d}Y"
    ds.StudyInstanceUID = derived_uid(identity, "study")
    ds.SeriesInstanceUID = derived_uid(identity, "series")
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = STUDY_DATE
    ds.StudyTime = ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = STUDY_TIME
    ds.AccessionNumber, ds.ReferringPhysicianName, ds.StudyID = "", "", "1"
    ds.Modality, ds.BodyPartExamined = protocol.modality, protocol.body_part
    ds.StudyDescription = ds.SeriesDescription = f"PHANTOM {protocol.description}"
    ds.SeriesNumber, ds.InstanceNumber, ds.AcquisitionNumber = 1, number + 1, 1
    ds.Manufacturer, ds.ManufacturerModelName = "Wetread", "phantom maker"
    ds.SoftwareVersions, ds.DeviceSerialNumber = "1", "1"
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "00"
    ds.DerivationDescription = "Computed phantom, no patient"
    return ds


def _pixels(ds: Dataset, image: Array) -> None:
    ds.Rows, ds.Columns = image.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.PixelData = np.ascontiguousarray(image, "<u2").tobytes()


def _windows(ds: Dataset, protocol: Protocol) -> None:
    centres, widths, names = zip(*protocol.windows, strict=True)
    ds.WindowCenter, ds.WindowWidth = list(centres), list(widths)
    ds.WindowCenterWidthExplanation = list(names)


def _ct(ds: Dataset, examination: Examination, protocol: Protocol, image: Array, number: int) -> None:
    """CT Image IOD, PS3.3 A.3: stored values are HU + 1024."""
    g = examination.geometry
    ds.FrameOfReferenceUID = derived_uid(ds.StudyInstanceUID, "frame")
    ds.PositionReferenceIndicator = ""
    ds.PatientPosition = "HFS"
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    z = g.first_mm[2] - number * g.step_mm
    ds.ImagePositionPatient = [round(g.first_mm[0], 3), round(g.first_mm[1], 3), round(z, 3)]
    ds.SliceLocation = round(z, 3)
    ds.PixelSpacing = [round(g.spacing_mm, 5), round(g.spacing_mm, 5)]
    ds.SliceThickness, ds.SpacingBetweenSlices = g.thickness_mm, round(g.step_mm, 4)
    ds.KVP = protocol.kilovolts
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = -1024, 1, "HU"
    _windows(ds, protocol)
    _pixels(ds, np.clip(marked(image, CT_INK_HU).astype(np.int32) + 1024, 0, 4095).astype(np.uint16))


def _radiograph(ds: Dataset, examination: Examination, protocol: Protocol, image: Array, laterality: str) -> None:
    """Digital X-Ray Image IOD, PS3.3 A.26."""
    spacing = examination.geometry.spacing_mm
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.ImageLaterality = laterality or "U"
    ds.AnatomicRegionSequence = Sequence([_code(protocol.region_code[0], "SCT", protocol.region_code[1])])
    view = _code("399348003", "SCT", "postero-anterior")
    view.ViewModifierCodeSequence = Sequence([])
    ds.ViewCodeSequence, ds.ViewPosition = Sequence([view]), protocol.view
    ds.PatientOrientation = ["L", "F"]
    ds.ImagerPixelSpacing = ds.PixelSpacing = [spacing, spacing]
    ds.DetectorType, ds.DetectorID = "DIRECT", "1"
    ds.PositionerType, ds.KVP = "NONE", protocol.kilovolts
    ds.PixelIntensityRelationship, ds.PixelIntensityRelationshipSign = "LOG", 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = 0, 1, "US"
    ds.PresentationLUTShape = "IDENTITY"
    ds.AcquisitionContextSequence = Sequence([])
    _windows(ds, protocol)
    _pixels(ds, marked(image, 2600))


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item
