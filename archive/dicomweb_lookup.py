"""Looking for ids that this host has not met: all that can be done is to list what the server has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from archive.dicomweb_index import DicomwebIndex
from archive.dicomweb_server import DicomwebServer

_SECONDS_AFTER_NOTHING = 5.0

T = TypeVar("T")


class Lookup:
    """Lists the server's images into the index, one caller at a time.

    After a listing in vain the next waits a few seconds: ids that do not exist must not keep the server busy. Studies
    whose number of images has changed come first, which finds what another host added without listing all.
    """

    def __init__(self, server: DicomwebServer, index: DicomwebIndex, clock: Callable[[], float]) -> None:
        self._server, self._index, self._clock = server, index, clock
        self._one_at_a_time, self._in_vain_at = threading.Lock(), float("-inf")

    def search(self, found: Callable[[], T | None]) -> T | None:
        """What ``found`` finds in the index, now or after listing; None where the server does not list it."""
        with self._one_at_a_time:
            result = found()
            if result is not None or self._clock() - self._in_vain_at < _SECONDS_AFTER_NOTHING:
                return result
            counts = self._index.counts()
            studies = sorted(self._server.studies(), key=lambda study: study.instances == counts.get(study.study_uid))
            for study in studies:
                if study.instances == counts.get(study.study_uid) and (result := found()) is not None:
                    return result
                self._index.note(self._server.instances(study.study_uid))
            result = found()
            if result is None:
                self._in_vain_at = self._clock()
            return result
