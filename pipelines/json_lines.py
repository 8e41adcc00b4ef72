"""One line of a JSON-lines file as an object, or what is wrong with it in words that quote nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from models.errors import BadInput


def json_object(where: str, line: bytes | str) -> Mapping[str, Any]:
    """The object in the line; its strings are text that any database takes. Raises BadInput for anything else."""
    text = line if isinstance(line, str) else _utf8(where, line)
    try:
        row = _parsed(where, text)
        if not isinstance(row, dict):
            raise BadInput(where, "is JSON but no object", "write one {…} a line")
        # JSON can spell what is no text: half of a surrogate pair, and NUL, which databases and file systems refuse.
        if "\\u" in text and any(_no_text(value) for value in _strings(row)):
            raise BadInput(
                where, "holds a NUL or half of a surrogate pair, which is no text", "take it out of the line"
            )
    except RecursionError as error:
        raise BadInput(where, "is nested too deeply", "write one flat {…} a line") from error
    return row


def _utf8(where: str, line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(where, f"is not UTF-8 (byte {error.start + 1} of the line)", "save the file as UTF-8") from error


def _parsed(where: str, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(where, f"is not JSON ({error.msg}, column {error.colno})", "mend the line") from error
    except ValueError as error:  # Python reads no number of more than some thousand digits
        raise BadInput(where, "holds a number of too many digits", "write it as text, or take it out") from error


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def _no_text(value: str) -> bool:
    return "\0" in value or any("\ud800" <= character <= "\udfff" for character in value)
