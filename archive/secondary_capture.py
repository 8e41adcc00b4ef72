"""A teaching picture (PNG or JPEG) as a DICOM Secondary Capture image (PS3.3, A.8.1), and nothing invented about it."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from archive.geometry import MODALITIES
from archive.pseudonyms import pseudonymous_uid
from archive.raster import Raster, read_raster
from models.errors import BadInput

_EMPTY = (
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
    "PatientOrientation",
    "Laterality",
)


def secondary_capture(
    path: Path, *, modality: str, patient_id: str, source_id: str, secret: bytes, number: int = 1, series: str = ""
) -> Dataset:
    """The picture at ``path`` as a dataset, grey where it is grey, with no spacing since a picture has none.

    ``patient_id`` is a pseudonym. Pictures of one ``source_id`` (a case) share a study, and those of one ``series`` and
    modality in it a series. UIDs are keyed hashes of these and the file's name: the same picture imported again is the
    same image. Raises BadInput for a picture that cannot be read, or a modality that is none of DICOM's codes.
    """
    if modality not in MODALITIES:
        raise BadInput(str(path), "its modality is none of DICOM's codes", "give a code such as CT, MR, DX or OT")
    raster = read_raster(path)
    dataset = Dataset()
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = pseudonymous_uid(secret, "picture", source_id, path.name)
    dataset.StudyInstanceUID = pseudonymous_uid(secret, "study", source_id)
    dataset.SeriesInstanceUID = pseudonymous_uid(secret, "series", source_id, series, modality)
    for keyword in _EMPTY:
        setattr(dataset, keyword, None)
    dataset.PatientID = patient_id
    dataset.Modality, dataset.ConversionType = modality, "WSD"
    dataset.SeriesNumber, dataset.InstanceNumber = 1, number
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    _describe_pixels(dataset, raster)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def _describe_pixels(dataset: Dataset, raster: Raster) -> None:
    pixels = raster.pixels
    bits = 8 * pixels.dtype.itemsize
    colour = pixels.ndim == 3
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 3 if colour else 1
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = 0
    if raster.compression_ratio is not None:
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionRatio = f"{raster.compression_ratio:.2f}"
        dataset.LossyImageCompressionMethod = "ISO_10918_1"
    content = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()
    dataset.add_new("PixelData", "OB" if bits == 8 else "OW", content + b"\0" * (len(content) % 2))
