"""Whom images say they show, while they are taken in: one patient or several, and what must leave the texts beside.

Nothing here is ever stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pydicom.dataset import Dataset

from archive.dicom_files import text
from archive.people import named_in

_BETWEEN = re.compile(r"[\s^,.]+")


@dataclass(frozen=True, slots=True)
class StatedPatient:
    """One image's patient. ``name`` is the words of it, in any case and order; what is not stated is empty."""

    number: str
    issuer: str
    name: frozenset[str]

    def may_be(self, other: StatedPatient) -> bool:
        """Whether both may be one person: by their numbers or, where those do not tell, by their names."""
        if self.number and other.number:
            if self.number != other.number:
                return False
            if self.issuer == other.issuer:
                return True  # people change their names, and typists misspell them
            if self.issuer and other.issuer:
                return False
        return self.name <= other.name or other.name <= self.name


@dataclass(slots=True)
class StatedPatients:
    """All that images stated so far. ``known`` holds the names and numbers that no text may keep."""

    people: dict[StatedPatient, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def add(self, image: Dataset) -> None:
        number, name = text(image, "PatientID"), text(image, "PatientName")
        patient = StatedPatient(number, text(image, "IssuerOfPatientID"), _words(name))
        self.people.setdefault(patient, number or name)
        self.known.update(named_in(image))

    def number(self) -> int:
        """How many people these are at least."""
        groups: list[list[StatedPatient]] = []
        for patient in self.people:
            group = next((each for each in groups if all(patient.may_be(member) for member in each)), None)
            if group is None:
                groups.append(group := [])
            group.append(patient)
        return len(groups)

    def called(self) -> str:
        """The patient's number or, where no image states one, their name; empty where none states either."""
        numbers = sorted(patient.number for patient in self.people if patient.number)
        return numbers[0] if numbers else next((name for name in sorted(self.people.values()) if name), "")


def _words(name: str) -> frozenset[str]:
    """Of a name in several scripts, the first."""
    first = next((script for script in name.split("=") if script.strip("^ ")), "")
    return frozenset(word for word in _BETWEEN.split(first.casefold()) if word)
