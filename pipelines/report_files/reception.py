"""What every reader of report files is given: where refusals and notices go, the clock, what was said of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import BadInput
from pipelines.csv_values import Clock
from pipelines.report_files.file_bytes import BYTE_ORDER_MARK, SHORTEN, TOO_LARGE

ODD_TEXT = "text that is not UTF-8 was read as Windows-1252"


def unheard(text: str) -> None:
    """A notice that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Reception:
    """``columns`` is what was said of a CSV file's columns: what is wanted to the column that holds it.

    ``root`` is the folder that names of text files are relative to, ``number`` the file's in its order, from 1;
    ``time_format`` says how a CSV file writes times (see ``parse_time_format``).
    """

    refuse: Callable[[BadInput], None]
    clock: Clock
    notice: Callable[[str], None] = unheard
    columns: Mapping[str, str] = field(default_factory=dict)
    root: Path = Path()
    number: int = 0
    time_format: str = ""

    def place(self, path: Path) -> str:
        """Where a text file is: in a folder, whose files are often named after patients, by its number there."""
        return f"{self.root}: file {self.number}" if self.number else str(path)

    def text(self, where: str, raw: bytes) -> str:
        """Bytes as text: UTF-8, else Windows-1252, which is told. Raises BadInput for what is neither."""
        try:
            return raw.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
        except UnicodeDecodeError:
            pass
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise BadInput(where, "is neither UTF-8 nor Windows-1252", "save it as UTF-8") from error
        self.notice(ODD_TEXT)
        return text


def line_text(where: str, line: bytes | None, reception: Reception) -> str:
    """A line of ``byte_lines`` as text. Raises BadInput where it is too large or no text."""
    if line is None:
        raise BadInput(where, TOO_LARGE, SHORTEN)
    return reception.text(where, line.rstrip(b"\0\r\n"))
