"""Decoding compressed pixels: pydicom's plugins, and two of our own for what those leave undecoded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import jpeg_ls  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import UID, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless

from archive import jpeg_lossless
from archive.pictures import check_pictures

_LABEL = "wetread"
_JPEG_LOSSLESS = (JPEGLossless, JPEGLosslessSV1)
_JPEG_LS = (JPEGLSLossless, JPEGLSNearLossless)
_END_OF_IMAGE = b"\xff\xd9"
_MOST_PADDING = 8  # bytes

DECODER_DEPENDENCIES = dict.fromkeys((*_JPEG_LOSSLESS, *_JPEG_LS), ("numpy", "pyjpegls"))


def can_decode(syntax: UID) -> bool:
    """Whether pixels in this transfer syntax can be decoded."""
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:
        return False


def decode(dataset: Dataset, syntax: UID) -> Iterator[npt.NDArray[np.generic]]:
    """Stored values or, from YBR, RGB, frame by frame: (rows, columns[, 3]).

    Raises whatever the codec raises when the bytes are damaged.
    """
    if syntax.is_compressed:
        check_pictures(dataset, syntax)
    plugin = _LABEL if is_available(syntax) else ""
    for array, _ in get_decoder(syntax).iter_array(dataset, decoding_plugin=plugin):
        yield array


def is_available(syntax: str) -> bool:
    """What pydicom asks of a plugin."""
    return syntax in DECODER_DEPENDENCIES


def decode_jpeg_lossless(source: bytes, runner: DecodeRunner) -> bytes:
    """One frame of lossless JPEG, colour by pixel."""
    pixels, precision = jpeg_lossless.decode(source)
    bits = 8 if precision <= 8 else 16
    runner.set_option("bits_allocated", bits)
    runner.set_option("planar_configuration", 0)
    return pixels.astype(np.uint8 if bits == 8 else "<u2").tobytes()


def decode_jpeg_ls(source: bytes, runner: DecodeRunner) -> bytes:
    """One frame of JPEG-LS, even with zero bytes between its data and its end, as some old encoders leave them.

    CharLS looks for the end marker right behind the data, so they are taken out one by one until it finds it.
    """
    pixels, header = _decoded_jpeg_ls(source)
    runner.set_option("bits_allocated", 8 if header["bits_per_sample"] <= 8 else 16)
    runner.set_option("planar_configuration", 1 if header["interleave_mode"] == 0 else 0)
    return bytes(pixels)


def _decoded_jpeg_ls(source: bytes) -> tuple[bytearray, dict[str, int]]:
    data, _, _ = source.rpartition(_END_OF_IMAGE)
    attempts = [source] + [data[: len(data) - count] + _END_OF_IMAGE for count in range(1, _zeros_behind(data) + 1)]
    for attempt in attempts[:-1]:
        with suppress(RuntimeError):
            return jpeg_ls.decode_pixel_data(attempt)  # type: ignore[no-any-return]
    return jpeg_ls.decode_pixel_data(attempts[-1])  # type: ignore[no-any-return]


def _zeros_behind(data: bytes) -> int:
    return min(len(data) - len(data.rstrip(b"\0")), _MOST_PADDING)


for _syntax, _function in (
    *((syntax, "decode_jpeg_lossless") for syntax in _JPEG_LOSSLESS),
    *((syntax, "decode_jpeg_ls") for syntax in _JPEG_LS),
):
    get_decoder(_syntax).add_plugin(_LABEL, (__name__, _function))
