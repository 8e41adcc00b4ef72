"""Lossless JPEG: what an encoder written straight from ITU-T T.81 writes, the decoder reads back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLosslessSV1

from archive.jpeg_lossless import BadStream, decode

# How many codes there are of 1, 2 … 16 bits, for the 17 categories of differences.
COUNTS = [0, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]


def codes() -> dict[int, str]:
    """Canonical codes for categories 0 to 16 (T.81, C.2)."""
    found, code, category = {}, 0, 0
    for length, count in enumerate(COUNTS, start=1):
        for _ in range(count):
            found[category] = format(code, f"0{length}b")
            code, category = code + 1, category + 1
        code <<= 1
    return found


def guess(x, row, column, predictor, start):
    """Table H.1; the first line looks left, the first column up."""
    if row == start[0] and column == 0:
        return start[1]
    if row == start[0]:
        return x[row][column - 1]
    up = x[row - 1][column]
    if column == 0:
        return up
    left, corner = x[row][column - 1], x[row - 1][column - 1]
    return {
        1: left,
        2: up,
        3: corner,
        4: left + up - corner,
        5: left + ((up - corner) >> 1),
        6: up + ((left - corner) >> 1),
        7: (left + up) >> 1,
    }[predictor]


def encode(pixels, precision, predictor=1, shift=0, lines_between_restarts=0) -> bytes:
    """``pixels`` is (rows, columns, components)."""
    rows, columns, components = pixels.shape
    table = codes()
    planes = [(pixels[..., index] >> shift).tolist() for index in range(components)]
    step = lines_between_restarts or rows
    scan = b""
    for number, top in enumerate(range(0, rows, step)):
        bits = []
        for row in range(top, min(top + step, rows)):
            for column in range(columns):
                for plane in planes:
                    expected = guess(plane, row, column, predictor, (top, 1 << (precision - shift - 1)))
                    difference = (plane[row][column] - expected + 32767) % 65536 - 32767
                    size = abs(difference).bit_length()
                    bits.append(table[size])
                    if 0 < size < 16:
                        bits.append(format(difference if difference > 0 else difference + (1 << size) - 1, f"0{size}b"))
        text = "".join(bits)
        text += "1" * (-len(text) % 8)
        coded = bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)).replace(b"\xff", b"\xff\x00")
        scan += (bytes((0xFF, 0xD0 + (number - 1) % 8)) if number else b"") + coded
    return header(rows, columns, components, precision, predictor, shift, lines_between_restarts) + scan + b"\xff\xd9"


def header(rows, columns, components, precision, predictor, shift, lines_between_restarts) -> bytes:
    def segment(marker, body):
        return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + bytes(body)

    frame = [precision, *rows.to_bytes(2), *columns.to_bytes(2), components]
    scan = [components]
    for index in range(components):
        frame += [index + 1, 0x11, 0]
        scan += [index + 1, 0]
    restart = segment(0xDD, (lines_between_restarts * columns).to_bytes(2)) if lines_between_restarts else b""
    tables = segment(0xC4, [0, *COUNTS, *range(17)])
    comment = segment(0xFE, b"made for a test")
    return b"\xff\xd8" + comment + segment(0xC3, frame) + tables + restart + segment(0xDA, [*scan, predictor, 0, shift])


def picture(seed, rows, columns, components, precision, rough):
    chance = np.random.default_rng(seed)
    noise = chance.integers(0, 1 << precision, (rows, columns, components))
    smooth = np.arange(rows)[:, None, None] * 3 + np.arange(columns)[None, :, None] + np.arange(components)
    return noise if rough else smooth % (1 << precision)


@settings(deadline=None, max_examples=120, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    components=st.sampled_from([1, 3]),
    precision=st.integers(2, 16),
    predictor=st.integers(1, 7),
    restart=st.integers(0, 3),
    rough=st.booleans(),
)
def test_what_was_encoded_is_decoded(seed, rows, columns, components, precision, predictor, restart, rough):
    pixels = picture(seed, rows, columns, components, precision, rough)
    decoded, told = decode(encode(pixels, precision, predictor, lines_between_restarts=restart))
    assert told == precision
    assert np.array_equal(decoded, pixels)


def test_a_point_transform_loses_only_the_lowest_bits():
    pixels = picture(1, 7, 9, 1, 12, True)
    assert np.array_equal(decode(encode(pixels, 12, shift=2))[0], pixels >> 2 << 2)


def test_the_greatest_difference_has_no_further_bits():
    pixels = np.array([[[0], [32768], [0], [65535]]])
    assert np.array_equal(decode(encode(pixels, 16))[0], pixels)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(seed=st.integers(0, 2**32), damage=st.integers(0, 8), cut=st.integers(0, 400))
def test_damage_ends_in_an_error_or_a_picture_never_in_a_crash(seed, damage, cut):
    chance = np.random.default_rng(seed)
    stream = np.frombuffer(encode(picture(3, 9, 9, 1, 12, True), 12, 7), np.uint8).copy()
    stream[chance.integers(0, len(stream), damage)] = chance.integers(0, 256, damage)
    try:
        decoded = decode(stream.tobytes()[: max(len(stream) - cut, 0)])[0]
    except BadStream:
        return
    assert decoded.ndim == 3 and decoded.size > 0


def test_an_extent_the_data_cannot_fill_costs_nothing():
    stream = header(65535, 65535, 1, 16, 1, 0, 0) + bytes(100) + b"\xff\xd9"
    with pytest.raises(BadStream):
        decode(stream)


@pytest.mark.parametrize("signed", [False, True])
def test_an_archive_takes_it_in(archive, make_image, saved, signed):
    image = make_image(rows=12, columns=9, signed=signed)
    plain = image.PixelData
    pixels = np.frombuffer(plain, "<u2").reshape(12, 9, 1).astype(np.int64)
    image.PixelData = encapsulate([encode(pixels, 16)])
    image["PixelData"].VR = "OB"
    image.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    assert archive.frame(archive.add_file(saved(image)).image_id, 1) == plain


def test_an_archive_takes_colour_in(archive, make_image, saved):
    image = make_image(rows=12, columns=9, samples=3, bits=8)
    plain = image.PixelData
    image.PixelData = encapsulate([encode(np.frombuffer(plain, np.uint8).reshape(12, 9, 3).astype(np.int64), 8)])
    image.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    assert archive.frame(archive.add_file(saved(image)).image_id, 1) == plain
