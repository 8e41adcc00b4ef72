"""Where a hospital's own studies come from. They bear the patient's name, and are only ever read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydicom.dataset import Dataset

from archive.dicomweb_access import NO_CREDENTIALS, Access, Credentials

SETTING = "WETREAD_PACS"


@dataclass(frozen=True, slots=True)
class StudyName:
    """What a report says of its study. Both are identifiers, and stay out of its repr."""

    accession: str = field(default="", repr=False)
    study_uid: str = field(default="", repr=False)


class Pacs(Protocol):
    """Raises Unavailable, in any call, where the PACS does not answer, refuses us, or gives what was not asked for."""

    def find(self, study: StudyName) -> str | None:
        """The Study Instance UID; None where the PACS has no such study, or the report names none.

        The report's UID counts before its accession number. Raises BadInput where several studies bear that number.
        """
        ...

    def fetch(self, study_uid: str) -> Iterator[Dataset]:
        """Every image of the study, one at a time, each once; reports, marks and segmentations are passed over.

        An error in between leaves the study incomplete: keep nothing of it. Raises BadInput for a UID that is none,
        or whose study is not there.
        """
        ...


def open_pacs(address: str, credentials: Credentials = NO_CREDENTIALS, ca: Path | None = None) -> Pacs | None:
    """The PACS at an address such as ``https://host/dicom-web``, None for an empty one; nothing is sent yet.

    ``ca`` is a file of certificates to trust. Raises BadInput for what cannot be used.
    """
    if not address:
        return None
    from archive.dicomweb_pacs import DicomwebPacs  # with its HTTP client, which a laptop's service need not load

    return DicomwebPacs(address, Access(SETTING, credentials, ca))
