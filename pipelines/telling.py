"""How a command tells what it does: progress with the time left, one line a refusal, a summary, an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from models.errors import BadInput

Item = TypeVar("Item")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

SHOWN_REFUSALS = 200


def printable(text: str) -> str:
    """The text on one line, safe for a terminal: file names may hold line ends, escapes and bytes that are no text."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass
class Told:
    """What an import did, to be told at its end. Refusals are shown as they happen."""

    thing: str
    added: int = 0
    known: int = 0
    refused: int = 0
    notices: dict[str, int] = field(default_factory=dict)

    def refuse(self, error: BadInput) -> None:
        self.refused += 1
        if self.refused <= SHOWN_REFUSALS:
            err.print(f"refused  {printable(str(error))}", style="yellow", markup=False)

    def notice(self, text: str, number: int = 1) -> None:
        """The same notice is told once, with how often it arose."""
        self.notices[text] = self.notices.get(text, 0) + number

    def finish(self) -> int:
        """Print the summary; the exit code is 1 where anything was refused."""
        if self.refused > SHOWN_REFUSALS:
            err.print(f"refused  … and {self.refused - SHOWN_REFUSALS} more", style="yellow")
        for text, number in self.notices.items():
            out.print(f"note     {number} × {text}", markup=False)
        parts = [f"{self.added:,} {self.thing} added", f"{self.known:,} known already"]
        if self.refused:
            parts.append(f"{self.refused:,} refused")
        out.print(", ".join(parts))
        return 1 if self.refused else 0


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Progress]:
    """A progress bar on a terminal, with elapsed time and time left; nothing elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        progress.add_task(what, total=total)
        yield progress


@contextmanager
def working(what: str) -> Iterator[None]:
    """A sign of life on a terminal during work of unknown length."""
    if not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


def along(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, one by one, under a progress bar."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    with bar(what, total) as progress:
        task = progress.task_ids[0]
        for item in items:
            yield item
            progress.advance(task)
