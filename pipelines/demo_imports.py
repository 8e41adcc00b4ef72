"""What came into the demonstration from files: a year of volumes, with the slips that real files have.

The files are written for it and imported by the command itself: first with its slips, then mended but for one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.workspace import Workspace
from pipelines.columns import ColumnWish
from pipelines.import_volumes import VolumesImport, import_volumes
from pipelines.telling import err, out

Row = tuple[str, str, str, object]
"""Reader, month, modality, reads."""

A_MONTH = {"DX": 310, "CT": 120, "MR": 45, "US": 60}
"""Studies that the learner reads a month, by modality."""

COLLEAGUES = ("hollis", "jordan", "marlow", "quinn")


def bring_in(workspace: Workspace, learner: str, rng: np.random.Generator) -> None:
    """Import a year of volumes of the learner and some colleagues."""
    year, month = workspace.now().year, workspace.now().month
    months = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(year * 12 + month - 13, year * 12 + month - 1)]
    good: list[Row] = [
        (reader, month, modality, int(rng.poisson(mean)))
        for reader in (learner, *COLLEAGUES)
        for month in months
        for modality, mean in A_MONTH.items()
    ]
    slips: list[Row] = [
        (COLLEAGUES[0], "first quarter", "CT", 350),
        (COLLEAGUES[0], "second quarter", "CT", 362),
        (COLLEAGUES[1], months[-1], "XA", "about 20"),
        (COLLEAGUES[2], f"{year + 1}-01", "MR", 41),
        good[-1],
    ]
    mended: list[Row] = [(COLLEAGUES[1], months[-1], "XA", 19), slips[3]]
    with TemporaryDirectory() as folder, _unheard():
        for name, rows in (("volumes-by-month.csv", good + slips), ("volumes-by-month-mended.csv", good + mended)):
            path = _written(Path(folder) / name, rows)
            import_volumes(workspace, VolumesImport(path, workspace.now(), ColumnWish({}), "ris"))


def _written(path: Path, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("reader", "month", "modality", "reads"))
        writer.writerows(rows)
    return path


@contextmanager
def _unheard() -> Iterator[None]:
    """Whoever starts a demonstration need not read of its refusals: they are on the admin page."""
    before = out.quiet, err.quiet
    out.quiet = err.quiet = True
    try:
        yield
    finally:
        out.quiet, err.quiet = before
