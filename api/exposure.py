"""What a department and its readers meet and confuse, from what the store has counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.replaying import PRACTICE_SOURCES
from models.finding import FindingCatalogue
from models.reading import Reader, ReadingSource
from recommender.mimics import learned_mimics
from recommender.volumes import DepartmentVolume, Monthly, department_volume
from store import history, read_counts, volumes
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class Known:
    """Of a whole department: how often each finding is met, what it is taken for, and who read the same cases.

    ``circles``: by reader, the cases of no known modality that the reader or those who share such cases have read.
    ``of_readers`` keeps what was worked out of single readers, for as long as this is kept.
    """

    volume: DepartmentVolume
    mimics: Mapping[str, tuple[str, ...]]
    circles: Mapping[str, frozenset[str]]
    of_readers: dict[str, dict[str, Monthly]] = field(default_factory=dict)


def known_of(tx: Transaction, department_id: str, findings: FindingCatalogue, parents: Mapping[str, str]) -> Known:
    """``mimics`` come from reads whose effect others may see (wall 3), or a set's reason could tell of a review."""
    return Known(
        department_volume(
            volumes.department_reports(tx, department_id),
            volumes.department_reports(tx, department_id, dated=True),
            volumes.reader_months(tx, department_id),
            parents,
            {key: finding.modalities for key, finding in findings.items()},
        ),
        learned_mimics(read_counts.confusions(tx, department_id, PRACTICE_SOURCES)),
        circles_of(history.read_of_no_modality(tx, department_id, (ReadingSource.IMPORTED,))),
    )


def circles_of(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """By reader, the cases that whoever shares cases with them, directly or through others, has read.

    ``pairs``: reader and case of every read. Cases that came without modality and images are told apart by nothing
    else: a file of mammograms and one of electrocardiograms have no reader in common.
    """
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(node: tuple[str, str]) -> tuple[str, str]:
        while (up := above.setdefault(node, node)) != node:
            above[node] = above[up]
            node = up
        return node

    for reader, case in pairs:
        above[top(("case", case))] = top(("reader", reader))
    cases: dict[tuple[str, str], set[str]] = {}
    for kind, name in above:
        if kind == "case":
            cases.setdefault(top((kind, name)), set()).add(name)
    circles = {head: frozenset(members) for head, members in cases.items()}
    return {name: circles[top((kind, name))] for kind, name in above if kind == "reader"}


def volumes_of_reader(tx: Transaction, reader: Reader, known: Known, parents: Mapping[str, str]) -> dict[str, Monthly]:
    """How often this reader meets each finding in a month, by finding."""
    held = known.of_readers.get(reader.reader_id)
    if held is None:
        reports = volumes.reports_of(tx, reader.department_id, reader.reader_id)
        stated = volumes.volumes_of(tx, reader.department_id, reader.reader_id)
        held = known.of_readers[reader.reader_id] = known.volume.of_reader(reports, stated, parents)
    return held
