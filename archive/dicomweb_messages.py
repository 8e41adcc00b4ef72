"""What travels in DICOMweb's messages: multipart bodies (PS3.18, 8.7.1), and results in DICOM JSON (annex F).

Both are read strictly. A body without its closing boundary was cut short, whatever the server believes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from hashlib import blake2b
from typing import Any

_ACCESSION, _MODALITY, _SOP = "00080050", "00080060", "00080018"
_STUDY, _SERIES, _INSTANCES = "0020000D", "0020000E", "00201208"
_FAILED, _REFERENCED_SOP = "00081198", "00081155"
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")


class Unusable(Exception):
    """An answer that is not what was asked for. Its text is the problem in words, without a value of the answer."""


@dataclass(frozen=True, slots=True)
class InstanceName:
    """The three UIDs by which DICOMweb knows an instance."""

    study_uid: str
    series_uid: str
    sop_uid: str


@dataclass(frozen=True, slots=True)
class StudyMatch:
    """A study that a search found; ``instances`` is None where the server does not count them."""

    study_uid: str
    accession: str
    instances: int | None


@dataclass(frozen=True, slots=True)
class SeriesMatch:
    study_uid: str
    series_uid: str
    modality: str


def is_uid(text: str) -> bool:
    """Whether the text may stand in a path: digits and dots, as DICOM has it, leading zeros forgiven."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


def study_match(result: object) -> StudyMatch:
    count = _text(result, _INSTANCES)
    return StudyMatch(_uid(result, _STUDY), _text(result, _ACCESSION), int(count) if count.isdecimal() else None)


def series_match(result: object, study_uid: str) -> SeriesMatch:
    """A series of a study; a result that names another study is not what was asked for."""
    _check_same(result, _STUDY, study_uid)
    return SeriesMatch(study_uid, _uid(result, _SERIES), _text(result, _MODALITY))


def instance_match(result: object, study_uid: str = "", series_uid: str = "") -> InstanceName:
    """An instance of a study or series where one is given, of any otherwise."""
    _check_same(result, _STUDY, study_uid)
    _check_same(result, _SERIES, series_uid)
    return InstanceName(study_uid or _uid(result, _STUDY), series_uid or _uid(result, _SERIES), _uid(result, _SOP))


def refused_uids(answer: object) -> tuple[str, ...]:
    """The SOP Instance UIDs that a store answer lists as failed (PS3.18, 10.5.3); none where it cannot be read."""
    failed = answer.get(_FAILED) if isinstance(answer, Mapping) else None
    items = failed.get("Value") if isinstance(failed, Mapping) else None
    try:
        return tuple(_text(item, _REFERENCED_SOP) for item in items or ())
    except (TypeError, Unusable):
        return ()


def only_part(content: bytes, content_type: str) -> bytes:
    """The one DICOM part of a multipart body; a body that is DICOM itself, as some servers send it, is that part."""
    message = Message()
    message["Content-Type"] = content_type
    kind = message.get_content_type()
    if kind == "application/dicom":
        return content
    if kind != "multipart/related":
        raise Unusable("answers with a web page" if kind == "text/html" else "answers with something that is no DICOM")
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise Unusable("answers with parts that no boundary tells apart")
    parts = _parts(content, b"--" + boundary.encode("utf-8", "replace"))
    if len(parts) != 1:
        raise Unusable(f"answers with {len(parts)} images where one was asked for")
    return parts[0]


def one_part_body(content: bytes) -> tuple[bytes, str]:
    """A multipart body around a DICOM file, and its content type."""
    boundary = f"wetread-{blake2b(content, digest_size=16).hexdigest()}"  # what the content cannot foresee
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
    return b"".join((head, content, f"\r\n--{boundary}--\r\n".encode())), kind


def _parts(content: bytes, marker: bytes) -> list[bytes]:
    begin = 0 if content.startswith(marker) else content.find(b"\r\n" + marker) + 2
    if not content.startswith(marker, begin):
        raise Unusable("answers with parts that cannot be told apart")
    parts = []
    while not content.startswith(b"--", begin + len(marker)):
        end = content.find(b"\r\n" + marker, begin + len(marker))
        body = content.find(b"\r\n\r\n", begin, end) + 4
        if end < 0 or body < 4:
            raise Unusable("breaks off its answer")
        parts.append(content[body:end])
        begin = end + 2
    return parts


def _check_same(result: object, tag: str, asked: str) -> None:
    told = _text(result, tag)
    if asked and told and told != asked:
        raise Unusable("answers a search with what was not asked for")


def _uid(result: object, tag: str) -> str:
    uid = _text(result, tag)
    if not is_uid(uid):
        raise Unusable("answers a search without the UIDs that DICOM requires")
    return uid


def _text(result: object, tag: str) -> str:
    """The first value of an attribute as text; empty where there is none."""
    if not isinstance(result, Mapping):
        raise Unusable("answers a search with something that is no DICOM JSON")
    element: Any = result.get(tag) or {}
    values = element.get("Value") or [""] if isinstance(element, Mapping) else None
    if not isinstance(values, list) or not isinstance(values[0], str | int | float | None):
        raise Unusable("answers a search with something that is no DICOM JSON")
    return "" if values[0] is None else str(values[0]).strip(" \0")
