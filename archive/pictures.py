"""What compressed frames say of their own size, before a codec sets aside memory for it.

A codec believes the picture, not the DICOM header around it: a picture of a hundred bytes may tell of gigabytes.
"""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import UID, RLELossless

_START_OF_FRAME = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN = 0xDA
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers that no length follows
_JPEG = b"\xff\xd8"
_JPEG_2000_SIZE = b"\xff\x4f\xff\x51"
_SURELY_SMALL = 2**22  # bytes of run-length code: sixty-four times that is no danger
_RLE_HEADER = 64


class TooLarge(ValueError):
    """A picture that is larger than the header around it tells."""


def check_pictures(dataset: Dataset, syntax: UID) -> None:
    """Raises TooLarge where a frame would decode to more than one frame of this header, or not find its end."""
    samples = int(dataset.get("SamplesPerPixel", 1) or 1)
    most = dataset.Rows * dataset.Columns * samples
    table = (dataset.get("ExtendedOffsetTable"), dataset.get("ExtendedOffsetTableLengths"))
    frames = generate_frames(
        dataset.PixelData,
        number_of_frames=int(dataset.get("NumberOfFrames", 1) or 1),
        extended_offsets=table if all(table) else None,
    )
    size = _run_length if syntax == RLELossless else _picture_size
    scale = dataset.BitsAllocated // 8 if syntax == RLELossless else 1
    if any(size(frame) > most * scale + samples * scale for frame in frames):
        raise TooLarge("a picture is larger than its header tells")


def _picture_size(frame: bytes) -> int:
    """Values in a JPEG, JPEG-LS or JPEG 2000 picture, as it tells itself; 0 where it tells nothing."""
    if frame.startswith(_JPEG):
        return _jpeg_size(frame)
    # Boxes around the codestream may hold what looks like one: the largest counts.
    largest, at = 0, frame.find(_JPEG_2000_SIZE)
    while at >= 0:
        largest = max(largest, _jpeg_2000_size(frame[at + 4 : at + 42]))
        at = frame.find(_JPEG_2000_SIZE, at + 1)
    return largest


def _jpeg_size(frame: bytes) -> int:
    """By the markers before the scan (ITU-T T.81, B.2.2)."""
    largest, at = 0, 2
    while at + 4 <= len(frame):
        marker = frame[at + 1]
        if frame[at] != 0xFF or marker == 0xFF or marker in _ALONE:
            at += 1 if frame[at] != 0xFF or marker == 0xFF else 2
            continue
        if marker == _START_OF_SCAN:
            break
        if marker in _START_OF_FRAME:
            body = frame[at + 5 : at + 10]
            largest = max(largest, int.from_bytes(body[:2]) * int.from_bytes(body[2:4]) * max(body[4:5], default=0))
        at += 2 + int.from_bytes(frame[at + 2 : at + 4])
    return largest


def _jpeg_2000_size(body: bytes) -> int:
    """By the size segment (ITU-T T.800, A.5.1): ``body`` begins with its length."""
    right, bottom, left, top = (int.from_bytes(body[at : at + 4]) for at in (4, 8, 12, 16))
    return max(0, right - left) * max(0, bottom - top) * int.from_bytes(body[36:38])


def _run_length(frame: bytes) -> int:
    """Bytes that run-length code becomes (PS3.5, G.3.1); 0 for little code, which cannot become much."""
    if len(frame) <= _SURELY_SMALL:
        return 0
    total, at, end = 0, _RLE_HEADER, len(frame)
    while at < end:
        code = frame[at]
        if code < 128:
            total, at = total + code + 1, at + code + 2
        else:
            total, at = total + (257 - code if code > 128 else 0), at + (2 if code > 128 else 1)
    return total
