"""One line of a case file: what it must hold, what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import BadInput
from pipelines.json_lines import json_object
from pipelines.report_files.file_bytes import TOO_LARGE, byte_lines
from pipelines.telling import Told

LONGEST_ID = 120
"""Characters of a case's id."""

LONGEST_FILE_NAME = 255
"""Bytes of one part of an image's path, on any file system in use."""

EMPTY_WORDS = ("n/a", "na", "none", "null", "-")


@dataclass(frozen=True, slots=True)
class ImageRow:
    """An image a case names; ``file`` is relative to the case folder or its ``images`` folder."""

    file: str
    modality: str
    caption: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One teaching case as its file tells it. ``where`` is file and line."""

    where: str
    source_id: str
    title: str
    history: str
    findings: str
    impression: str
    diagnosis: str
    diagnosis_by: str
    differential: tuple[str, ...]
    discussion: str
    region: str
    images: tuple[ImageRow, ...]


def case_files(folder: Path) -> list[Path]:
    """The JSON-lines files of a case folder. Raises BadInput where there is none."""
    if not folder.is_dir():
        raise BadInput(str(folder), "there is no such folder", "give a folder with a .jsonl file and its images")
    found = sorted([*folder.glob("*.jsonl"), *folder.glob("*.ndjson")])
    if not found:
        raise BadInput(
            str(folder), "holds no .jsonl file", "put one JSON object a line, one line a case, into cases.jsonl"
        )
    return found


def case_rows(path: Path, told: Told) -> Iterator[CaseRow]:
    """The rows of one file that can be read; the others are refused, one line each."""
    seen: dict[str, int] = {}
    blank = True
    for number, line in byte_lines(path):
        blank = False
        try:
            if line is None:
                raise BadInput(f"{path}:{number}", TOO_LARGE, "split the case, or take its long texts out")
            row = _case_row(f"{path}:{number}", line)
            if row.source_id in seen:
                raise BadInput(
                    row.where, f"this case id stands in line {seen[row.source_id]} too", "give each case its own id"
                )
        except BadInput as error:
            told.refuse(error)
            continue
        seen[row.source_id] = number
        yield row
    if blank:
        told.refuse(BadInput(str(path), "the file is empty", "put one JSON object a line into it"))


def _case_row(where: str, line: bytes) -> CaseRow:
    try:
        return _checked_row(where, json_object(where, line))
    except RecursionError as error:
        raise BadInput(where, "is nested too deeply", "write one flat {…} a line") from error


def _checked_row(where: str, row: Mapping[str, Any]) -> CaseRow:
    images = row.get("images") or []
    if not isinstance(images, list):
        raise BadInput(where, "images is not a list", 'write "images": [{"image": "file.png"}, …]')
    return CaseRow(
        where=where,
        source_id=_id(where, row),
        title=_text(row, "title"),
        history="\n".join(filter(None, [_text(row, "history", "indication"), _text(row, "exam")])),
        findings=_text(row, "findings"),
        impression=_text(row, "impression"),
        diagnosis=_text(row, "diagnosis"),
        diagnosis_by=_text(row, "diagnosis_by"),
        differential=_lines(_text(row, "differential")),
        discussion=_text(row, "discussion", "topic_discussion"),
        region=" ".join(_text(image, "location", "location_category") for image in images if isinstance(image, dict)),
        images=tuple(_image(where, image) for image in images),
    )


def _id(where: str, row: Mapping[str, Any]) -> str:
    for name in ("case", "id", "case_id", "uid"):
        if isinstance(row.get(name), bool | float | list | dict):
            raise BadInput(where, "the case's id is neither text nor a whole number", 'write "case": "…"')
        if len(_text(row, name)) > LONGEST_ID:
            raise BadInput(where, f"the case's id has more than {LONGEST_ID} characters", "give it a shorter one")
    found = _text(row, "case", "id", "case_id", "uid")
    if not found:
        raise BadInput(where, "the case has no id", 'add "case": "…", the same at every import')
    return found


def _image(where: str, image: object) -> ImageRow:
    if isinstance(image, str):
        image = {"image": image}
    if not isinstance(image, dict) or not _text(image, "image", "file"):
        raise BadInput(where, "an image has no file name", 'write "images": [{"image": "file.png"}, …]')
    name = _text(image, "image", "file")
    if any(len(part.encode()) > LONGEST_FILE_NAME for part in name.split("/")):
        raise BadInput(where, "an image's file name is too long to exist", "name a file inside the case folder")
    return ImageRow(name, _text(image, "modality"), _text(image, "caption"))


def _text(row: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something; "N/A" says nothing."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list):
            value = "\n".join(str(part) for part in value)
        text = str(value).strip() if value is not None else ""
        if text and text.lower() not in EMPTY_WORDS:
            return text
    return ""


def _lines(text: str) -> tuple[str, ...]:
    """A differential as its lines, without bullets and numbers."""
    stripped = (line.strip().lstrip("•*-–0123456789.)\t ").strip() for line in text.replace(";", "\n").splitlines())
    return tuple(line for line in stripped if line)
