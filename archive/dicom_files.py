"""Reading DICOM files and telling in one line what is wrong with those that cannot be taken.

No message quotes an attribute's value: it could name the patient.
"""

from __future__ import annotations

from pathlib import Path

import pydicom.config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import parse_fragments
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGExtended12Bit,
)

from archive.codecs import can_decode
from archive.parsing import looks_like_dicom, parsed
from models.errors import BadInput

# pydicom's warnings about odd values quote them, and warnings end in logs.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

AGAIN = "export the file again from its source"
CONVERT = "convert it to an uncompressed DICOM image and try again"
_UIDS = {
    "SOPClassUID": "SOP Class UID",
    "SOPInstanceUID": "SOP Instance UID",
    "StudyInstanceUID": "Study Instance UID",
    "SeriesInstanceUID": "Series Instance UID",
}
_MONOCHROME = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT", "YBR_PARTIAL_422", "YBR_PARTIAL_420")
_LARGEST_PIXEL_DATA = 2**32 - 2  # bytes: the greatest even length of one element (PS3.5, 7.1.1)
MOST_DECODED = 2**30
"""Bytes that compressed pixels may become. Pixels that are not compressed are bounded by their file's own length."""


def read_dicom(path: Path) -> Dataset:
    """The image in a DICOM file, with or without preamble, its pixels not decoded yet.

    Raises BadInput for a file that is empty, no DICOM, cut short, without UIDs or pixel data, of no extent, or in a
    transfer syntax that cannot be decoded.
    """
    where = str(path)
    _check_not_empty(path, where)
    no_dicom = BadInput(where, "is no DICOM file", "leave it out, or name it as the image it is (.png, .jpg)")
    if not looks_like_dicom(path):
        raise no_dicom
    try:
        dataset = parsed(path, where)
        preamble = getattr(dataset, "preamble", None) is not None
    except BadInput:
        raise
    except Exception as error:  # damaged bytes make the parser fail in any way
        raise BadInput(where, "is no DICOM file, or is damaged", AGAIN) from error
    if not preamble and "SOPClassUID" not in dataset:
        raise no_dicom
    if not dataset:
        raise BadInput(where, "is cut short: it ends before its data", AGAIN)
    check_image(dataset, where)
    return dataset


def _check_not_empty(path: Path, where: str) -> None:
    try:
        if not path.is_file():
            raise BadInput(where, "is no file", "check the path")
        if path.stat().st_size == 0:
            raise BadInput(where, "is empty", AGAIN)
    except OSError as error:
        raise BadInput(where, "cannot be opened", "check the path and its permissions") from error


def check_image(dataset: Dataset, where: str) -> None:
    """Raises BadInput, naming ``where``, unless the dataset is an image and decodable, as far as its header tells."""
    for keyword, name in _UIDS.items():
        if not text(dataset, keyword):
            raise BadInput(where, f"has no {name}", AGAIN)
    if "PixelData" not in dataset:
        raise BadInput(where, "has no pixel data, or is cut short before it", AGAIN)
    _check_shape(dataset, where)
    syntax = transfer_syntax(dataset)
    _check_syntax(dataset, syntax, where)
    _check_pixel_length(dataset, syntax, where)


def transfer_syntax(dataset: Dataset) -> UID:
    """The named transfer syntax or, where none is, that of the dataset's encoding."""
    meta: FileMetaDataset | None = getattr(dataset, "file_meta", None)
    named = meta.get("TransferSyntaxUID") if meta is not None else None
    if named:
        return UID(str(named))
    implicit, little = dataset.original_encoding
    if little is False:
        return ExplicitVRBigEndian
    return ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian


def text(dataset: Dataset, keyword: str) -> str:
    """An attribute's value as text; empty where it is missing or cannot be read."""
    try:
        value = dataset.get(keyword)
    except Exception:  # a damaged value makes its conversion fail in any way
        return ""
    return "" if value is None else str(value).strip(" \0")


def integer(dataset: Dataset, keyword: str, default: int = 0) -> int:
    """An attribute's value as a whole number; ``default`` where it is missing or none."""
    try:
        return int(text(dataset, keyword) or default)
    except ValueError:
        return default


def frame_count(dataset: Dataset) -> int:
    return integer(dataset, "NumberOfFrames", 1) or 1


def native_length(dataset: Dataset) -> int:
    """The bytes that all frames take uncompressed, without padding (PS3.5, 8.1.1)."""
    samples = integer(dataset, "SamplesPerPixel", 1)
    pixels = integer(dataset, "Rows") * integer(dataset, "Columns") * frame_count(dataset)
    length = pixels * samples * integer(dataset, "BitsAllocated") // 8
    subsampled = text(dataset, "PhotometricInterpretation") in ("YBR_FULL_422", "YBR_PARTIAL_422")
    return length // 3 * 2 if subsampled else length


def _check_shape(dataset: Dataset, where: str) -> None:
    rows, columns, frames = integer(dataset, "Rows"), integer(dataset, "Columns"), frame_count(dataset)
    if rows < 1 or columns < 1 or frames < 1:
        raise BadInput(where, f"has no extent: {rows} rows, {columns} columns, {frames} frames", AGAIN)
    allocated, stored = integer(dataset, "BitsAllocated"), integer(dataset, "BitsStored")
    if allocated not in (8, 16, 32) or not 1 <= stored <= allocated:
        raise BadInput(where, f"keeps {stored} of {allocated} bits a sample, no viewable image", "leave it out")
    samples, photometric = integer(dataset, "SamplesPerPixel", 1), text(dataset, "PhotometricInterpretation")
    if photometric not in {1: _MONOCHROME, 3: _COLOUR}.get(samples, ()):
        raise BadInput(where, f"has a colour model that cannot be shown, with {samples} samples a pixel", CONVERT)
    if native_length(dataset) > _LARGEST_PIXEL_DATA:
        raise BadInput(where, "is larger than DICOM allows once uncompressed (4 GiB)", "split it into several files")


def _check_syntax(dataset: Dataset, syntax: UID, where: str) -> None:
    if syntax == JPEGExtended12Bit and integer(dataset, "BitsStored") > 8:
        raise BadInput(where, "is compressed as JPEG Extended with 12 bits, which cannot be decoded", CONVERT)
    if not can_decode(syntax):
        name = syntax.name if syntax.is_transfer_syntax else "an unknown transfer syntax"
        raise BadInput(where, f"is compressed as {name}, which cannot be decoded", CONVERT)


def _check_pixel_length(dataset: Dataset, syntax: UID, where: str) -> None:
    if syntax.is_compressed:
        if native_length(dataset) > MOST_DECODED:
            problem = f"becomes more than {MOST_DECODED / 2**20:,.0f} MiB once uncompressed"
            raise BadInput(where, problem, "split it into several files, or send it uncompressed")
        _check_fragments(dataset, where)
        return
    held, needed = len(dataset.PixelData or b""), native_length(dataset)
    if held < needed:
        raise BadInput(where, f"is cut short: {held} of {needed} bytes of pixel data", AGAIN)


def _check_fragments(dataset: Dataset, where: str) -> None:
    try:
        items, _ = parse_fragments(dataset.PixelData or b"")
    except Exception as error:  # damaged bytes make the parser fail in any way
        raise BadInput(where, "is cut short or damaged in its compressed pixel data", AGAIN) from error
    frames, fragments = frame_count(dataset), items - 1  # the first item is the offset table (PS3.5, A.4)
    if fragments < frames:
        raise BadInput(where, f"is cut short: {fragments} compressed pieces for {frames} frames", AGAIN)
