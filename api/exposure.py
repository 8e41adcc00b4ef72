"""What a department and its readers meet and confuse, from what the store has counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.replaying import PRACTICE_SOURCES
from models.reading import Reader
from recommender.mimics import learned_mimics
from recommender.volumes import DepartmentVolume, Monthly, department_volume
from store import history, volumes
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class Known:
    """Of a whole department: how often each finding is met, and what it is taken for.

    ``of_readers`` keeps what was worked out of single readers, for as long as this is kept.
    """

    volume: DepartmentVolume
    mimics: Mapping[str, tuple[str, ...]]
    of_readers: dict[str, dict[str, Monthly]] = field(default_factory=dict)


def known_of(tx: Transaction, department_id: str, parents: Mapping[str, str]) -> Known:
    """``mimics`` come from reads whose effect others may see (wall 3), or a set's reason could tell of a review."""
    span = volumes.department_span(tx, department_id)
    reports = volumes.department_reports(tx, department_id)
    return Known(
        department_volume(reports, span.readers, span.months, parents),
        learned_mimics(history.confusions(tx, department_id, PRACTICE_SOURCES)),
    )


def volumes_of_reader(tx: Transaction, reader: Reader, known: Known, parents: Mapping[str, str]) -> dict[str, Monthly]:
    """How often this reader meets each finding in a month, by finding."""
    held = known.of_readers.get(reader.reader_id)
    if held is None:
        reports = volumes.reports_of(tx, reader.department_id, reader.reader_id)
        stated = volumes.volumes_of(tx, reader.department_id, reader.reader_id)
        held = known.of_readers[reader.reader_id] = known.volume.of_reader(reports, stated, parents)
    return held
