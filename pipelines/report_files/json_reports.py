"""Reports as JSON lines: one object a line, ``uid`` with ``text`` or with the parts of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import BadInput
from pipelines.csv_values import time_of
from pipelines.json_lines import json_object
from pipelines.report_files.file_bytes import byte_lines
from pipelines.report_files.reception import Reception, line_text
from pipelines.report_files.row import ReportImage, ReportRow
from pipelines.report_files.stated import checked, modality_of, status_of, study_uid_of

SUFFIXES = (".jsonl", ".ndjson")
_LONGEST_FILE_NAME = 255
_BODIES = ("text", "report", "findings", "impression")


def recognises(path: Path, head: bytes) -> bool:
    first, _, rest = head.lstrip().partition(b"\n")
    return path.suffix.lower() in SUFFIXES or (first.startswith(b"{") and (not rest or first.rstrip().endswith(b"}")))


def rows(path: Path, reception: Reception) -> Iterator[ReportRow]:
    blank = True
    for number, line in byte_lines(path):
        blank, where = False, f"{path}:{number}"
        try:
            row = _row(where, json_object(where, line_text(where, line, reception)), reception)
        except BadInput as error:
            reception.refuse(error)
        else:
            yield row
    if blank:
        reception.refuse(BadInput(str(path), "holds no reports", "put one JSON object a line into it"))


def _row(where: str, row: Mapping[str, Any], reception: Reception) -> ReportRow:
    return checked(
        ReportRow(
            where=where,
            uid=_id(where, row, "uid", "report_id", "id"),
            text=_text(where, row, "text", "report"),
            indication=_text(where, row, "indication", "history"),
            comparison=_text(where, row, "comparison"),
            findings=_text(where, row, "findings"),
            impression=_text(where, row, "impression"),
            status=status_of(where, _text(where, row, "status")),
            author=_id(where, row, "author"),
            patient=_id(where, row, "patient"),
            accession=_id(where, row, "accession"),
            study_uid=study_uid_of(_text(where, row, "study_uid"), reception),
            exam=_text(where, row, "exam", "image_desc"),
            modality=modality_of(_text(where, row, "modality")),
            read_at=time_of(where, _text(where, row, "read_at"), reception.clock),
            images=_images(where, row.get("images")),
        ),
        may_be_empty=any(name in row for name in _BODIES),
    )


def _text(where: str, row: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something; a list of lines is one text."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            value = "\n".join(value)
        if value is not None and not isinstance(value, str):
            raise BadInput(where, f"{name} is no text", f'write "{name}": "…"')
        if value and (text := value.strip()):
            return text
    return ""


def _id(where: str, row: Mapping[str, Any], *names: str) -> str:
    """As ``_text``; a whole number is an id too."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if text := _text(where, row, name):
            return text
    return ""


def _images(where: str, images: object) -> tuple[ReportImage, ...]:
    if not images:
        return ()
    if not isinstance(images, list):
        raise BadInput(where, "images is not a list", 'write "images": ["file.png", …]')
    return tuple(_image(where, image) for image in images)


def _image(where: str, image: object) -> ReportImage:
    said = {"file": image} if isinstance(image, str) else image
    if not isinstance(said, dict):
        raise BadInput(where, "an image is neither a name nor an object", 'write "images": ["file.png", …]')
    name = _text(where, said, "file", "image")
    if not name:
        raise BadInput(where, "an image has no file name", 'write "images": ["file.png", …]')
    if any(len(part.encode()) > _LONGEST_FILE_NAME for part in name.split("/")):
        raise BadInput(where, "an image's file name is too long to exist", "name a file beside the reports")
    return ReportImage(name, _text(where, said, "caption", "projection"))
