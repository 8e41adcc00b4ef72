"""A report as a text file of its own; its name, without the suffix, is its id.

Such files are often named after their patient: the name is shown to nobody, and a refusal in a folder gives the number.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from models.errors import BadInput
from pipelines.report_files.file_bytes import BYTE_ORDER_MARK, MOST_BYTES, SHORTEN, TOO_LARGE
from pipelines.report_files.reception import Reception
from pipelines.report_files.row import ReportRow
from pipelines.report_files.stated import checked

SUFFIXES = (".txt", ".text")


def recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in SUFFIXES


def rows(path: Path, reception: Reception) -> Iterator[ReportRow]:
    try:
        row = _row(path, reception)
    except BadInput as error:
        reception.refuse(error)
    else:
        yield row


def _row(path: Path, reception: Reception) -> ReportRow:
    where = reception.place(path)
    with path.open("rb") as stream:
        raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadInput(where, TOO_LARGE, SHORTEN)
    uid = path.relative_to(reception.root).with_suffix("").as_posix()
    return checked(ReportRow(where=where, uid=uid, text=_decoded(where, raw, reception).strip(), own_id=False))


def _decoded(where: str, raw: bytes, reception: Reception) -> str:
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return reception.text(where, raw)
    try:
        return raw.decode("utf-16").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        raise BadInput(where, "begins as UTF-16 but is none", "save the file as UTF-8") from error
