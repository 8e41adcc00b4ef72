"""A PACS over DICOMweb (QIDO-RS, WADO-RS)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from pydicom.dataset import Dataset

from archive.dicomweb_access import LIMITS, Access, Limits
from archive.dicomweb_http import Absent
from archive.dicomweb_messages import InstanceName, is_uid
from archive.dicomweb_server import DicomwebServer
from archive.pacs import StudyName
from models.errors import BadInput

# Series that hold no image to read; what they look like is asked of the rest, image by image.
_NO_IMAGES = frozenset(
    ("ASMT", "AU", "DOC", "ECG", "FID", "KO", "PLAN", "PR", "REG", "RTDOSE", "RTPLAN", "RTRECORD", "RTSTRUCT")
    + ("RWV", "SEG", "SR", "SMR", "TEXTUREMAP", "M3D", "RTSEGANN", "EPS", "HD", "RESP", "EEG", "EMG", "EOG")
)
_SEGMENTATIONS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.481.2")

_FOREIGN = 20  # as many others show that the server does not search by what was asked


class DicomwebPacs:
    """A ``Pacs`` over DICOMweb (QIDO-RS, WADO-RS)."""

    def __init__(
        self,
        address: str,
        access: Access,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = DicomwebServer(address, access, limits, clock, sleep)

    def find(self, study: StudyName) -> str | None:
        uid, accession = study.study_uid.strip(" \0"), study.accession.strip(" \0")
        if is_uid(uid) and any(match.study_uid == uid for match in self._server.studies(StudyInstanceUID=uid)):
            return uid
        if not accession:
            return None
        # A server may take the number for a pattern, or not search by it at all: its answers are looked through.
        matches = self._server.studies(AccessionNumber=accession)
        found = {match.study_uid for match in matches if match.accession == accession}
        if not found and len(matches) >= _FOREIGN:
            raise self._server.unusable(f"answers a search by accession number with {len(matches)} other studies")
        if len(found) > 1:
            problem = f"names {len(found)} studies of the PACS by its accession number"
            raise BadInput("the report", problem, "name its study by Study Instance UID")
        return found.pop() if found else None

    def fetch(self, study_uid: str) -> Iterator[Dataset]:
        if not is_uid(study_uid):
            raise BadInput("the report's study", "has no valid Study Instance UID", "find it by its accession number")
        end = self._server.clock() + self._server.limits.study_seconds
        series = self._server.series(study_uid, end)
        if not series:
            raise BadInput("the report's study", "is not in the PACS", "check whether it was moved or merged there")
        for one in series:
            if one.modality not in _NO_IMAGES:
                for name in self._server.instances(study_uid, one.series_uid, end):
                    yield from self._image(name, end)

    def _image(self, name: InstanceName, end: float) -> Iterator[Dataset]:
        """The instance, or nothing where it is no image."""
        try:
            dataset = self._server.instance(name, end)
        except Absent:
            raise self._server.unusable("lists an image that it does not give") from None
        if str(dataset.get("SOPClassUID", "")) in _SEGMENTATIONS:
            return
        if "PixelData" in dataset:
            yield dataset
        elif "Rows" in dataset and "FloatPixelData" not in dataset and "DoubleFloatPixelData" not in dataset:
            raise self._server.unusable("gives an image without its pixels")
