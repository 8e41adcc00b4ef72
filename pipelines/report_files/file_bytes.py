"""The bytes of a report file in pieces and lines that are never too large to hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from models.errors import BadInput

MOST_BYTES = 4_000_000
"""Bytes of one report with all that comes with it; what is larger is refused without being held."""

TOO_LARGE = f"is larger than {MOST_BYTES:,} bytes"
SHORTEN = "leave the images out of it, or split it"

BYTE_ORDER_MARK = "\ufeff"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 18


def opened(path: Path, any_text: bool = False) -> BinaryIO:
    """The file, to be closed by the caller.

    Raises BadInput where it cannot be opened or, unless ``any_text`` will do, is UTF-16.
    """
    if not os.path.isfile(path):  # unlike Path's own, false too where a folder may not be searched
        raise BadInput(str(path), "there is no such file", "give a file of reports or a folder of them")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadInput(str(path), "cannot be opened", "check its permissions") from error
    if not any_text and stream.read(2) in _UTF16:
        stream.close()
        raise BadInput(str(path), "is UTF-16", "save the file as UTF-8")
    stream.seek(0)
    return stream


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of the stream, a quarter of a megabyte at a time."""
    while piece := stream.read(_CHUNK):
        yield piece


def byte_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, bytes) of each line that is not blank; None in place of a line that is too large."""
    with opened(path) as stream:
        number = 0
        while line := stream.readline(MOST_BYTES + 1):
            number += 1
            if len(line) > MOST_BYTES and not line.endswith(b"\n"):
                while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                    pass
                yield number, None
            elif line.strip(b"\0 \t\r\n"):  # a file that was cut off may end in NULs
                yield number, line
