"""Every image in one form: Explicit VR Little Endian, uncompressed; grey as stored, colour as interleaved 8-bit RGB.

Whoever reads the archive then meets one form only, and a frame is a slice of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels.processing import apply_color_lut
from pydicom.tag import BaseTag
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

from archive.codecs import decode
from archive.dicom_files import AGAIN, CONVERT, frame_count, integer, native_length, text, transfer_syntax
from models.errors import BadInput

_BYTES_OF_VR = {"OW": 2, "OL": 4, "OF": 4, "OD": 8, "OV": 8}
_PIXEL_GROUP = 0x7FE0
_RGB: dict[str, object] = {
    "SamplesPerPixel": 3,
    "PhotometricInterpretation": "RGB",
    "PlanarConfiguration": 0,
    "BitsAllocated": 8,
    "BitsStored": 8,
    "HighBit": 7,
    "PixelRepresentation": 0,
}


@dataclass(frozen=True, slots=True)
class NormalImage:
    """An image in normal form. ``attributes`` are all but the pixels, which are ``pixels``, without padding."""

    attributes: Dataset
    pixels: bytes


def normalised(dataset: Dataset, where: str) -> NormalImage:
    """The image in normal form. Raises BadInput, naming ``where``, when its pixels do not decode.

    Attributes behind the pixel data are left out: padding, and signatures that no longer hold.
    """
    syntax = transfer_syntax(dataset)
    pixels, changes = _pixels(dataset, syntax, where)
    attributes = _without_pixels(dataset, colour_made="SamplesPerPixel" in changes)
    if syntax == ExplicitVRBigEndian:
        _swap_words(attributes)
    attributes.file_meta = FileMetaDataset()
    attributes.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for keyword, value in changes.items():
        setattr(attributes, keyword, value)
    return NormalImage(attributes, pixels)


def encoded_header(image: NormalImage, where: str) -> bytes:
    """The file up to and including the pixel element's length: its pixels, then padding to even length, complete it."""
    buffer = BytesIO()
    try:
        pydicom.dcmwrite(buffer, image.attributes, enforce_file_format=True)
    except Exception as error:  # a damaged value makes its conversion fail in any way, in words that quote it
        raise BadInput(where, "has an attribute that cannot be written again", AGAIN) from error
    vr = b"OB" if integer(image.attributes, "BitsAllocated") <= 8 else b"OW"
    length = len(image.pixels) + len(image.pixels) % 2
    buffer.write(b"\xe0\x7f\x10\x00" + vr + b"\0\0" + length.to_bytes(4, "little"))
    return buffer.getvalue()


def _pixels(dataset: Dataset, syntax: UID, where: str) -> tuple[bytes, dict[str, object]]:
    """The pixels in normal form, and the attributes that this changes."""
    photometric = text(dataset, "PhotometricInterpretation")
    little = not syntax.is_compressed and syntax != ExplicitVRBigEndian
    if little and photometric.startswith("MONOCHROME") and _bits_in_use(dataset):
        return bytes(dataset.PixelData[: native_length(dataset)]), {}
    interleaved = integer(dataset, "PlanarConfiguration") == 0 and integer(dataset, "BitsAllocated") == 8
    if little and photometric == "RGB" and interleaved:
        return bytes(dataset.PixelData[: native_length(dataset)]), {}
    if not photometric.startswith("MONOCHROME"):
        return _joined(_rgb(frame, dataset, where) for frame in _decoded(dataset, syntax, where)), dict(_RGB)
    pixels = _joined(_little_endian(frame) for frame in _decoded(dataset, syntax, where))
    values = native_length(dataset) * 8 // integer(dataset, "BitsAllocated")
    bits: dict[str, object] = {
        "BitsAllocated": 8 * len(pixels) // values,
        "HighBit": integer(dataset, "BitsStored") - 1,
    }
    return pixels, bits


def _joined(frames: Iterable[bytes]) -> bytes:
    """All frames in one, without a second copy of them all."""
    whole = BytesIO()
    for frame in frames:
        whole.write(frame)
    return whole.getvalue()


def _bits_in_use(dataset: Dataset) -> bool:
    """Whether every allocated bit is stored: the others may hold an overlay, and with it a name burnt into it."""
    return integer(dataset, "BitsAllocated") == integer(dataset, "BitsStored")


def _decoded(dataset: Dataset, syntax: UID, where: str) -> Iterator[npt.NDArray[np.generic]]:
    """Stored values or, from YBR, RGB, frame by frame: (rows, columns[, 3]). Raises BadInput for too many or few."""
    samples = integer(dataset, "SamplesPerPixel", 1)
    expected = frame_count(dataset) * integer(dataset, "Rows") * integer(dataset, "Columns") * samples
    found, frames = 0, decode(dataset, syntax)
    while found <= expected:
        try:
            frame = next(frames, None)
        except Exception as error:  # damaged bytes make a codec fail in any way
            raise BadInput(where, f"has pixel data ({syntax.name}) that does not decode", CONVERT) from error
        if frame is None:
            break
        found += frame.size
        if found <= expected:
            yield frame
    if found != expected:
        raise BadInput(where, f"decodes to {found} values where its header tells of {expected}", AGAIN)


def _little_endian(array: npt.NDArray[np.generic]) -> bytes:
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def _rgb(array: npt.NDArray[np.generic], dataset: Dataset, where: str) -> bytes:
    """Colour or palette indices as interleaved RGB, 8 bits a sample: a screen shows no more."""
    bits = integer(dataset, "BitsStored")
    if text(dataset, "PhotometricInterpretation") == "PALETTE COLOR":
        try:
            array = apply_color_lut(array, dataset)
        except Exception as error:  # a damaged palette makes its use fail in any way
            raise BadInput(where, "has a colour palette that cannot be used", CONVERT) from error
        bits = 8 * array.dtype.itemsize
    return np.right_shift(array, max(bits - 8, 0)).astype(np.uint8).tobytes()  # type: ignore[no-any-return]


def _without_pixels(dataset: Dataset, colour_made: bool) -> Dataset:
    attributes = Dataset(parent_encoding=dataset.original_character_set or "iso8859")
    implicit, little = dataset.original_encoding
    attributes.set_original_encoding(implicit, little, dataset.original_character_set)
    for tag in sorted(dataset.keys()):
        if 0x0008 <= tag.group < _PIXEL_GROUP and tag.element != 0 and not (colour_made and _is_palette(tag)):
            attributes[tag] = dataset.get_item(tag)
    return attributes


def _is_palette(tag: BaseTag) -> bool:
    return tag.group == 0x0028 and (0x1100 <= tag.element <= 0x1103 or 0x1199 <= tag.element <= 0x1223)


def _swap_words(attributes: Dataset) -> None:
    """pydicom turns numbers round when it writes, but not the words of bulk data."""
    for element in list(attributes):
        if element.VR == "SQ":
            attributes[element.tag] = deepcopy(element)
            for item in attributes[element.tag].value:
                _swap_words(item)
        elif (size := _BYTES_OF_VR.get(element.VR)) and element.value:
            swapped = np.frombuffer(element.value, f">u{size}").astype(f"<u{size}").tobytes()
            attributes.add_new(element.tag, element.VR, swapped)
