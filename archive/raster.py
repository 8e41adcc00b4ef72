"""Reading PNG and JPEG pictures: pixels only, without comments, EXIF, colour profile or transparency."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from models.errors import BadInput

LARGEST_PICTURE = 100_000_000  # pixels; a mammogram has 30 million
_LONGEST_SIDE = 65_535  # DICOM's Rows and Columns are 16 bits wide
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_AGAIN = "copy it again from its source"


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture's pixels: (rows, columns) of uint8 or uint16, or (rows, columns, 3) of uint8 in RGB.

    ``compression_ratio`` is that of a lossy file, None where nothing was lost.
    """

    pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    compression_ratio: float | None


def read_raster(path: Path) -> Raster:
    """The picture in a PNG or JPEG file; grey where red, green and blue agree everywhere.

    Raises BadInput for a file that is empty, neither PNG nor JPEG, named as the other, cut short or too large.
    """
    where = str(path)
    content = _content(path, where)
    kind = _format(content, path, where)
    try:
        with Image.open(BytesIO(content), formats=(kind,)) as image:
            _check_size(image.size, where)
            pixels = _pixels(image)
    except Image.DecompressionBombError as error:
        raise _too_large(where) from error
    except BadInput:
        raise
    except Exception as error:  # damaged bytes make the decoder fail in any way
        raise BadInput(where, f"is cut short or damaged: its {kind} data cannot be decoded", _AGAIN) from error
    return Raster(pixels, pixels.nbytes / len(content) if kind == "JPEG" else None)


def _content(path: Path, where: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(where, "cannot be opened", "check the path and its permissions") from error
    if not content:
        raise BadInput(where, "is empty", _AGAIN)
    return content


def _format(content: bytes, path: Path, where: str) -> str:
    found = next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), None)
    named = _FORMATS.get(path.suffix.lower())
    if found is None:
        raise BadInput(where, "is neither PNG nor JPEG inside", "save it as one of them, or name it as what it is")
    if named != found:
        ending = ".png" if found == "PNG" else ".jpg"
        raise BadInput(where, f"is {found} inside but not by its name", f"let its name end in {ending}")
    return found


def _check_size(size: tuple[int, int], where: str) -> None:
    if size[0] * size[1] > LARGEST_PICTURE or max(size) > _LONGEST_SIDE:
        raise _too_large(where)


def _too_large(where: str) -> BadInput:
    limit = f"{LARGEST_PICTURE // 1_000_000} million pixels and {_LONGEST_SIDE} a side"
    return BadInput(where, "is too large a picture once decoded", f"shrink it to at most {limit}")


def _pixels(image: Image.Image) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    upright = ImageOps.exif_transpose(image)  # the one thing EXIF says of the pixels themselves
    if upright.mode.startswith("I"):
        return np.asarray(upright).astype(np.uint16)
    if upright.mode in ("1", "L", "LA"):
        return np.asarray(upright.convert("L"))
    colour = np.asarray(upright.convert("RGBA").convert("RGB") if upright.mode == "P" else upright.convert("RGB"))
    red, green, blue = colour[..., 0], colour[..., 1], colour[..., 2]
    return red.copy() if np.array_equal(red, green) and np.array_equal(green, blue) else colour
