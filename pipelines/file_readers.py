"""People as files name them, as readers: the same name of the same source is the same reader at every import."""

from __future__ import annotations

from collections.abc import Mapping

from api.workspace import DEPARTMENT, Workspace
from models.reading import Reader
from pipelines.csv_values import person_name
from store import readers
from store.database import Transaction


def reader_ids(tx: Transaction, workspace: Workspace, source: str, levels: Mapping[str, str]) -> dict[str, str]:
    """Pseudonym by the file's name of a reader; ``levels`` holds each name's level of training, "" where unknown.

    A name that is known already, a login say, keeps its reader.
    """
    labels = {name: label_of(source, name) for name in levels}
    held = readers.by_labels(tx, DEPARTMENT)
    # A label may have been stored before names had one spelling.
    known = {person_name(label): reader for label, reader in held.items()} | held
    found = {name: known.get(label) or workspace.opaque("reader", DEPARTMENT, label) for name, label in labels.items()}
    readers.add(tx, [Reader(found[name], DEPARTMENT, level) for name, level in levels.items()])
    readers.name(tx, DEPARTMENT, {labels[name]: reader for name, reader in found.items()})
    return found


def label_of(source: str, name: str) -> str:
    """What a source calls a reader. A slash of the name is doubled: only a source stands before a single one."""
    plain = name.replace("/", "//")
    return f"{source}/{plain}" if source else plain
