"""A decoder for lossless JPEG with Huffman coding (process 14 of ITU-T T.81, Annex H), in numpy alone.

Old archives are full of it, and the libraries that read it are under the GPL or end the whole process on damaged bytes.
Huffman codes must be followed one by one; all else is done for the whole image at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from archive.jpeg_prediction import predicted

_START_OF_FRAME, _HUFFMAN_TABLES, _START_OF_SCAN, _RESTART_INTERVAL = 0xC3, 0xC4, 0xDA, 0xDD
_START_OF_IMAGE = b"\xff\xd8"
_RESTARTS = range(0xD0, 0xD8)
_OTHER_FRAMES = {0xC0, 0xC1, 0xC2, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


class BadStream(ValueError):
    """The bytes are no lossless JPEG picture, or a damaged one."""


@dataclass(frozen=True, slots=True)
class _Table:
    """By the next 16 bits: the length of the code they begin with (0: none), and the category of its difference."""

    lengths: npt.NDArray[np.uint8]  # (65536,)
    categories: npt.NDArray[np.uint8]  # (65536,)


@dataclass(slots=True)
class _Picture:
    """What the markers before the scan told."""

    precision: int = 0
    rows: int = 0
    columns: int = 0
    components: tuple[int, ...] = ()
    restart_interval: int = 0
    tables: dict[int, _Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Scan:
    tables: tuple[_Table, ...]  # one a component
    predictor: int
    shift: int  # the point transform
    data: bytes


def decode(stream: bytes) -> tuple[npt.NDArray[np.uint16], int]:
    """The picture, (rows, columns, components), and its precision in bits. Raises BadStream."""
    try:
        picture, scan = _parsed(stream)
        parts = [_decoded_lines(picture, scan, part, lines) for part, lines in _intervals(picture, scan.data)]
    except (IndexError, ValueError) as error:
        raise BadStream("no whole lossless JPEG picture") from error
    return (np.concatenate(parts) << scan.shift).astype(np.uint16), picture.precision


def _parsed(stream: bytes) -> tuple[_Picture, _Scan]:
    if stream[:2] != _START_OF_IMAGE:
        raise BadStream("no JPEG picture")
    picture, at = _Picture(), 2
    while True:
        while stream[at] == 0xFF and stream[at + 1] == 0xFF:
            at += 1
        marker, length = stream[at + 1], int.from_bytes(stream[at + 2 : at + 4])
        body = stream[at + 4 : at + 2 + length]
        if stream[at] != 0xFF or length < 2 or marker in _OTHER_FRAMES:
            raise BadStream("not the lossless process")
        at += 2 + length
        if marker == _START_OF_SCAN:
            return picture, _scan(picture, body, stream[at:])
        _learn(picture, marker, body)


def _learn(picture: _Picture, marker: int, body: bytes) -> None:
    if marker == _START_OF_FRAME:
        picture.precision, count = body[0], body[5]
        picture.rows, picture.columns = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        picture.components = tuple(body[6 + 3 * index] for index in range(count))
        sampling = {body[7 + 3 * index] for index in range(count)}
        if sampling != {0x11} or not 2 <= picture.precision <= 16 or not picture.rows or not picture.columns:
            raise BadStream("an extent or a subsampling that DICOM does not use")
    elif marker == _RESTART_INTERVAL:
        picture.restart_interval = int.from_bytes(body[:2])
    elif marker == _HUFFMAN_TABLES:
        at = 0
        while at < len(body):
            counts = body[at + 1 : at + 17]
            values = body[at + 17 : at + 17 + sum(counts)]
            picture.tables[body[at] & 0x0F] = _table(counts, values)
            at += 17 + sum(counts)


def _table(counts: bytes, values: bytes) -> _Table:
    """Codes are numbered upwards within each length (T.81, C.2); each fills its share of all 16-bit patterns."""
    lengths, categories = np.zeros(65536, np.uint8), np.zeros(65536, np.uint8)
    code, at = 0, 0
    for length, count in enumerate(counts, start=1):
        for value in values[at : at + count]:
            share = slice(code << (16 - length), (code + 1) << (16 - length))
            if share.stop > 65536 or value > 16:
                raise BadStream("an impossible Huffman table")
            lengths[share], categories[share] = length, value
            code += 1
        at, code = at + count, code << 1
    return _Table(lengths, categories)


def _scan(picture: _Picture, body: bytes, data: bytes) -> _Scan:
    count = body[0]
    if not count or count != len(picture.components):
        raise BadStream("components in separate scans")
    selectors = [body[2 + 2 * index] >> 4 for index in range(count)]
    if any(selector not in picture.tables for selector in selectors):
        raise BadStream("a Huffman table is missing")
    predictor, shift = body[1 + 2 * count], body[3 + 2 * count] & 0x0F
    if not 1 <= predictor <= 7 or shift >= picture.precision:
        raise BadStream("an unknown predictor")
    return _Scan(tuple(picture.tables[selector] for selector in selectors), predictor, shift, data)


def _intervals(picture: _Picture, data: bytes) -> list[tuple[bytes, int]]:
    """The entropy-coded bytes between restarts, without stuffing, and the lines that each holds."""
    raw = np.frombuffer(data, np.uint8)
    after = raw[np.flatnonzero(raw[:-1] == 0xFF) + 1]
    places = np.flatnonzero(raw[:-1] == 0xFF)
    cuts, end = [0], len(data)
    for place, marker in zip(places[after != 0], after[after != 0], strict=True):
        if int(marker) in _RESTARTS and picture.restart_interval:
            cuts.append(int(place))
        elif int(marker) != 0xFF:
            end = int(place)
            break
    lines = picture.restart_interval // picture.columns if picture.restart_interval else picture.rows
    if lines == 0 or (picture.restart_interval and picture.restart_interval % picture.columns):
        raise BadStream("restarts within a line")
    pieces = [data[start + 2 * (index > 0) : stop] for index, (start, stop) in enumerate(_pairs([*cuts, end]))]
    counts = [min(lines, picture.rows - lines * index) for index in range(len(pieces))]
    if sum(counts) != picture.rows or min(counts) < 1:
        raise BadStream("restarts and lines that do not agree")
    return [(piece.replace(b"\xff\x00", b"\xff"), count) for piece, count in zip(pieces, counts, strict=True)]


def _pairs(values: list[int]) -> list[tuple[int, int]]:
    return list(zip(values[:-1], values[1:], strict=True))


def _decoded_lines(picture: _Picture, scan: _Scan, data: bytes, lines: int) -> npt.NDArray[np.int64]:
    count = len(scan.tables)
    differences = _differences(data, scan.tables, lines * picture.columns * count)
    first = 1 << (picture.precision - scan.shift - 1)
    planes = differences.reshape(lines, picture.columns, count)
    return np.stack([predicted(planes[..., index], scan.predictor, first) for index in range(count)], axis=-1)


def _differences(data: bytes, tables: tuple[_Table, ...], count: int) -> npt.NDArray[np.int64]:
    """``count`` differences (T.81, H.1.2.2). Where each begins follows from the one before: that alone is a loop."""
    if count > 8 * len(data):  # each takes a bit or more: an extent that the data cannot fill
        raise BadStream("the data end early")
    padded = np.frombuffer(data + bytes(8), np.uint8).astype(np.uint32)
    words = padded[:-3] << 24 | padded[1:-2] << 16 | padded[2:-1] << 8 | padded[3:]
    steps = [_steps(words, table) for table in tables]
    places, place = [0] * count, 0
    for index in range(count):
        places[index] = place
        place += steps[index % len(steps)][place]
    if place > 8 * len(data):
        raise BadStream("the data end early")
    at = np.asarray(places, np.int64)
    lengths, categories = np.empty(count, np.int64), np.empty(count, np.int64)
    for index, table in enumerate(tables):
        window = _bits(words, at[index :: len(tables)])
        lengths[index :: len(tables)], categories[index :: len(tables)] = (
            table.lengths[window],
            table.categories[window],
        )
    if not lengths.all():
        raise BadStream("a code that no table holds")
    return _extended(_bits(words, at + lengths), categories)


def _steps(words: npt.NDArray[np.integer], table: _Table) -> bytes:
    """For each bit of the data, how many bits the difference takes that would begin there."""
    taken = table.lengths + np.where(table.categories == 16, 0, table.categories)  # category 16 has no further bits
    steps = np.empty((len(words), 8), np.uint8)
    for offset in range(8):
        steps[:, offset] = taken[(words >> (16 - offset)) & 0xFFFF]
    return steps.tobytes()


def _bits(words: npt.NDArray[np.integer], places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The 16 bits that begin at each place."""
    window: npt.NDArray[np.int64] = words[places >> 3].astype(np.int64) >> (16 - (places & 7))
    return window & 0xFFFF


def _extended(window: npt.NDArray[np.int64], categories: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The signed difference out of the bits behind its code (T.81, F.2.2.1, EXTEND)."""
    value = window >> (16 - categories)
    low = (categories > 0) & (value < 1 << np.maximum(categories - 1, 0))
    value[low] -= (1 << categories[low]) - 1
    value[categories == 16] = 32768
    return value
