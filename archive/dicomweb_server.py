"""A DICOMweb server as Wetread uses it: searches, single instances, frames, storing and deleting.

Instances are asked for one by one: each is then bounded, checked and tried again on its own. Whatever a server answers
becomes what was asked for, or one of the errors of ``archive.dicomweb_http``.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from dicomweb_client.web import DICOMwebClient
from pydicom.dataset import Dataset

from archive.dicom_files import text
from archive.dicomweb_access import LIMITS, Access, Limits, checked_address
from archive.dicomweb_http import Absent, NotOffered, ServerSession
from archive.dicomweb_messages import (
    InstanceName,
    SeriesMatch,
    StudyMatch,
    Unusable,
    instance_match,
    one_part_body,
    only_part,
    refused_uids,
    series_match,
    study_match,
)
from archive.parsing import parsed
from models.errors import BadInput, Unavailable

_PAGE = 500
_SHORT_PAGE = 20  # servers cap a page below what is asked for, but not below this: a shorter one is the last
_MOST_MATCHES = 2_000_000
_ONE_INSTANCE = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_JSON = "application/dicom+json"

M = TypeVar("M", StudyMatch, SeriesMatch, InstanceName)


class DicomwebServer:
    """Safe for several threads and across forks: each has its own connections. Nothing is sent before the first call.

    ``end`` is the moment, by ``clock``, at which a call gives up even if its own time is not over. Raises BadInput for
    an address, credentials or certificates that cannot be used.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address, self.limits, self.clock, self.sleep = checked_address(address, access), limits, clock, sleep
        self._access = access
        self._local = threading.local()

    def studies(self, **asked: str) -> list[StudyMatch]:
        """The studies that match; DICOM keywords as names. A server may answer with more than was asked for."""

        def page(offset: int) -> list[StudyMatch]:
            found = self._client().search_for_studies(limit=_PAGE, offset=offset, search_filters=dict(asked))
            return [study_match(result) for result in found]

        return self._all(page)

    def series(self, study_uid: str, end: float = float("inf")) -> list[SeriesMatch]:
        def page(offset: int) -> list[SeriesMatch]:
            found = self._client(end).search_for_series(study_uid, limit=_PAGE, offset=offset)
            return [series_match(result, study_uid) for result in found]

        return self._all(page)

    def instances(self, study_uid: str, series_uid: str = "", end: float = float("inf")) -> list[InstanceName]:
        """The instances of a study, or of one of its series."""

        def page(offset: int) -> list[InstanceName]:
            search = partial(self._client(end).search_for_instances, study_uid, series_uid or None)
            return [instance_match(found, study_uid, series_uid) for found in search(limit=_PAGE, offset=offset)]

        return self._all(page)

    def named(self, sop_uid: str) -> list[InstanceName]:
        """Where an instance is, in whatever study; empty where it is not there."""

        def page(offset: int) -> list[InstanceName]:
            asked = {"SOPInstanceUID": sop_uid}
            found = self._client().search_for_instances(limit=_PAGE, offset=offset, search_filters=asked)
            return [instance_match(result) for result in found]

        return [name for name in self._all(page) if name.sop_uid == sop_uid]

    def instance(self, name: InstanceName, end: float = float("inf")) -> Dataset:
        """The whole instance as it is stored, its pixels not decoded. Raises Absent where it is not there."""
        with self._understood(Absent):
            answer = self._session(end).get(self._place(name), headers={"Accept": _ONE_INSTANCE})
            dataset = _read(only_part(answer.content, answer.headers.get("Content-Type", "")))
            told = (text(dataset, each) for each in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"))
            if InstanceName(*told) != name:
                raise Unusable("answers with another image than was asked for")
            return dataset

    def frame(self, name: InstanceName, frame: int) -> bytes:
        """One frame (from 1) as it is stored. Raises Absent where it is not there."""
        with self._understood(Absent):
            frames = self._client().retrieve_instance_frames(
                name.study_uid,
                name.series_uid,
                name.sop_uid,
                [frame],
                media_types=(("application/octet-stream", "*"),),
            )
            if len(frames) != 1:
                raise Unusable(f"answers with {len(frames)} frames where one was asked for")
            return bytes(frames[0])

    def store(self, name: InstanceName, content: bytes) -> None:
        """Send a DICOM file. The server's word that it has it is worth a look at what it then gives back.

        The library is passed over here: it leaves out the preamble, and says nothing of an answer that it cannot read.
        """
        body, kind = one_part_body(content)
        headers = {"Content-Type": kind, "Accept": _JSON}
        with self._understood():
            answer = self._session().post(f"{self.address}/studies", data=body, headers=headers)
            if "json" in answer.headers.get("Content-Type", "") and name.sop_uid in refused_uids(answer.json()):
                raise Unusable("refuses to store an image")

    def delete(self, name: InstanceName) -> bool:
        """Whether the instance is gone; False where the server does not delete, or not for us."""
        with self._understood():
            try:
                self._client().delete_instance(name.study_uid, name.series_uid, name.sop_uid)
            except Absent:  # the instance or, where the server does not delete, the way to do it
                pass
            except NotOffered:
                return False
        return not self.named(name.sop_uid)

    def _place(self, name: InstanceName) -> str:
        return f"{self.address}/studies/{name.study_uid}/series/{name.series_uid}/instances/{name.sop_uid}"

    def _session(self, end: float = float("inf")) -> ServerSession:
        if getattr(self._local, "process", None) != os.getpid():
            session = ServerSession(self.address, self._access, self.limits, self.clock, self.sleep)
            client = DICOMwebClient(self.address, session, permissive_uid=True)
            client.set_http_retry_params(retry=False)  # the session does that, by our clock
            session.hooks["response"] = [_check_json]
            self._local.process, self._local.session, self._local.client = os.getpid(), session, client
        own: ServerSession = self._local.session
        own.end = end
        return own

    def _client(self, end: float = float("inf")) -> DICOMwebClient:
        self._session(end)
        client: DICOMwebClient = self._local.client
        return client

    def _all(self, page: Callable[[int], list[M]]) -> list[M]:
        """The matches of every page, each once."""
        found: dict[M, None] = {}
        while True:
            offset = len(found)
            with self._understood():
                matches = page(offset)
                found.update(dict.fromkeys(matches))
                if len(found) > _MOST_MATCHES:
                    raise Unusable(f"answers a search with more than {_MOST_MATCHES} matches")
                if len(matches) == _PAGE and len(found) == offset:
                    raise Unusable("answers every page of a search with the same one")
            if len(matches) < _SHORT_PAGE or len(found) == offset:
                return list(found)

    @contextmanager
    def _understood(self, *told: type[Unavailable]) -> Iterator[None]:
        """Every fault becomes Unavailable, but for the kinds that the caller is ``told`` of."""
        try:
            yield
        except told:
            raise
        except Unavailable as fault:
            raise Unavailable(str(fault)) from None
        except Unusable as fault:
            raise self.unusable(str(fault)) from None
        except (
            Exception
        ):  # an answer that is no DICOMweb makes library and parser fail in any way, in words that quote it
            raise self.unusable("answers with something that is no DICOM") from None

    def unusable(self, problem: str) -> Unavailable:
        """The error for an answer that cannot be used."""
        return Unavailable(f"{self._access.setting}: {problem}; check its address, and look into that server's log")


def _check_json(answer: Any, **_options: object) -> None:
    """A search that is answered by a login page, or by nothing at all, has found out nothing."""
    asked = answer.request.headers.get("Accept", "")
    if "json" not in asked or answer.request.method != "GET" or answer.status_code != 200:
        return
    kind = answer.headers.get("Content-Type", "").lower()
    if "json" not in kind:
        raise Unusable("answers a search with a web page" if "html" in kind else "answers a search without DICOM JSON")
    if not answer.content:
        raise Unusable("answers a search with nothing")


def _read(content: bytes) -> Dataset:
    """A DICOM file, with or without preamble: stored through the library above, an image has none."""
    try:
        dataset = parsed(content, "image")
    except BadInput as error:
        raise Unusable(f"answers with an image that {error.problem}") from error
    if "SOPInstanceUID" not in dataset:
        raise Unusable("answers with something that is no DICOM")
    return dataset
