"""The DICOM parser on a leash: what a small file makes of itself in memory is bounded before it is there.

The parser inflates a deflated file in one go, and makes an object of every eight bytes that look like an attribute, so
that a file of megabytes could end the whole process. Whatever reads DICOM from outside reads it through here.
"""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.uid import ExplicitVRLittleEndian

from models.errors import BadInput

MOST_INFLATED = 512 * 2**20
"""Bytes that a deflated file may inflate to; above SMALL, no more than MOST_INFLATION times its own either."""

MOST_INFLATION = 100
SMALL = 64 * 2**20
MOST_READS = 1_000_000
"""Pieces that the parser may ask for: two or three an attribute, so a thousand frames with their groups are 200,000."""

LARGEST_SEQUENCE = 32 * 2**20
"""Bytes of a sequence that is parsed later, in one go; and how many items it may have."""

MOST_ITEMS = 200_000

_ITEM = b"\xfe\xff\x00\xe0"
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")
_PIECE = 2**20
_REMEDY = "export it again, uncompressed or in several files"


def looks_like_dicom(path: Path) -> bool:
    """Whether a file bears DICOM's mark or, without a preamble, begins with an attribute that begins an image."""
    with path.open("rb") as file:
        first = file.read(132)
    return first[128:] == b"DICM" or first.startswith(_FIRST_GROUPS)


def parsed(source: Path | bytes, where: str, pixels: bool = True) -> Dataset:
    """A DICOM file, with or without preamble, its pixels not decoded; without ``pixels`` only what stands before them.

    A deflated file comes as if it had never been deflated. Raises BadInput, naming ``where``, for a file that would
    take more memory than an image does, and whatever the parser raises where it is damaged.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb", buffering=0) as raw:
        file = _Leashed(raw, where)
        try:
            dataset: Dataset = pydicom.dcmread(file, force=True, stop_before_pixels=not pixels)
        except _Deflated:
            dataset = _inflated(file, where)
    for element in dataset.values():
        if isinstance(element, RawDataElement) and element.VR in ("SQ", "UN", None):
            _check_sequence(element.value, where)
    return dataset


class _Deflated(Exception):
    """The parser asks for all the rest at once, as it does of a deflated file alone."""


class _Leashed(io.BufferedReader):
    """A file that gives the parser so many pieces, none longer than the file, and never all the rest."""

    name = ""

    def __init__(self, raw: io.RawIOBase | io.BytesIO, where: str) -> None:
        self._length = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        super().__init__(raw)
        self._where, self._reads = where, 0

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            raise _Deflated
        self._reads += 1
        if self._reads > MOST_READS:
            raise BadInput(self._where, "has more attributes than an image does", "leave it out")
        # A length that damaged bytes claim would be set aside before it is found that so much is not there.
        return super().read(size if size < _PIECE else min(size, max(0, self._length - self.tell())))

    def rest(self) -> bytes:
        return super().read()


def _inflated(file: _Leashed, where: str) -> Dataset:
    """The dataset of a deflated file (PS3.5, A.5) that was read up to there."""
    packed = file.rest()
    most = min(MOST_INFLATED, max(SMALL, MOST_INFLATION * len(packed)))
    inflater, whole = zlib.decompressobj(-zlib.MAX_WBITS), io.BytesIO()
    while packed and not inflater.eof:
        whole.write(inflater.decompress(packed, _PIECE))
        packed = inflater.unconsumed_tail
        if whole.tell() > most:
            raise BadInput(where, f"inflates to more than {most / 2**20:.0f} MiB", _REMEDY)
    whole.write(inflater.flush())
    dataset = read_dataset(_Leashed(whole, where), is_implicit_VR=False, is_little_endian=True)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def _check_sequence(value: object, where: str) -> None:
    """Raises BadInput for bytes of a sequence that would become more objects than an image has."""
    if isinstance(value, bytes) and (len(value) > LARGEST_SEQUENCE or value.count(_ITEM) > MOST_ITEMS):
        raise BadInput(where, "has a longer sequence of attributes than an image does", "leave it out")
