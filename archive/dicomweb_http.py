"""HTTP to a DICOMweb server that may be slow, failing or lying: an answer is whole, bounded and in time, or an error.

No error quotes an address: searches carry accession numbers. For the same reason the libraries below are kept quiet.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from requests.exceptions import ConnectionError, RequestException, SSLError, Timeout
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from archive.dicomweb_access import Access, Limits
from models.errors import Unavailable

_PIECE = 1 << 18
_MOST_REDIRECTS = 3
_PASSING = {429: "asks for fewer requests", 502: "", 503: "", 504: ""}

for _name in ("dicomweb_client", "retrying", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log addresses and UIDs


class Absent(Unavailable):
    """The server does not have what was asked for (404, 410)."""


class NotOffered(Unavailable):
    """The server does not do this, or not for us (400, 403, 405, 409, 501)."""


class _Passing(Exception):
    """A fault that may be gone in a moment. Its text is the problem in words."""

    def __init__(self, problem: str, wait_seconds: float = 0) -> None:
        super().__init__(problem)
        self.wait_seconds = wait_seconds


class ServerSession(requests.Session):
    """One thread's connections to one server.

    A request is tried again after connection errors and 429, 502, 503 and 504; all that Wetread sends can be repeated,
    since an image is stored under its own UID. ``end`` is the moment by ``clock`` at which all must be over.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        limits: Limits,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        super().__init__()
        self._origin, self._setting, self._limits = _origin(address), access.setting, limits
        self._clock, self._sleep = clock, sleep
        self.end = float("inf")
        self._over = self.end
        self.trust_env = False  # neither proxies nor passwords that another program's settings name
        self.max_redirects = _MOST_REDIRECTS
        self.auth = _authentication(access)
        self.verify = str(access.ca) if access.ca else True
        self.headers.update({"Accept-Encoding": "identity", "User-Agent": "Wetread"})
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self._check_piece))

    def request(self, method: str, url: str | bytes, *arguments: Any, **options: Any) -> requests.Response:
        """The answer, read to its end. Raises Unavailable or one of its children."""
        headers = {name: value for name, value in (options.pop("headers", None) or {}).items() if name != "Host"}
        patience = self._limits.connect_seconds, self._limits.read_seconds
        options |= {"headers": headers, "stream": False, "timeout": patience}
        self._over = min(self.end, self._clock() + self._limits.request_seconds)
        for attempt in range(self._limits.tries):
            if self._clock() >= self._over:
                raise self._too_long()
            try:
                return self._answer(method, url, options)
            except _Passing as fault:
                backoff = self._limits.first_wait_seconds * 2**attempt
                wait = min(max(fault.wait_seconds, backoff), self._limits.longest_wait_seconds)
                problem = str(fault)
            if attempt + 1 < self._limits.tries and self._clock() + wait < self._over:
                self._sleep(wait)
            else:
                break
        raise Unavailable(f"{self._setting}: {problem}; check its address and that the server runs") from None

    def _answer(self, method: str, url: str | bytes, options: dict[str, Any]) -> requests.Response:
        try:
            answer = super().request(method, url, **options)
        except SSLError:
            problem = "its certificate is not trusted"
            raise Unavailable(f"{self._setting}: {problem}; name its authority's file in {self._setting}_CA") from None
        except Timeout:
            raise _Passing("does not answer in time") from None
        except ConnectionError:
            raise _Passing("cannot be reached, or hangs up") from None
        except RequestException:  # a body that breaks off, an address that cannot be, too many redirects
            raise _Passing("breaks off its answer or sends us in circles") from None
        except OSError:
            raise Unavailable(f"{self._setting}_CA: holds no certificate; give a PEM file") from None
        self._check_status(answer)
        return answer

    def _check_status(self, answer: requests.Response) -> None:
        status = answer.status_code
        said = f"{self._setting}: answers with HTTP {status}"
        if status in _PASSING:
            raise _Passing(_PASSING[status] or f"answers with HTTP {status}", _retry_after(answer))
        if status in (404, 410):
            raise Absent(f"{said}; check that its address leads to DICOMweb, and that it still has the study")
        if status == 401 or (status == 403 and answer.request.method != "DELETE"):
            remedy = f"check {self._setting}_USER and {self._setting}_PASSWORD, or {self._setting}_TOKEN"
            raise Unavailable(f"{self._setting}: refuses our credentials (HTTP {status}); {remedy}")
        if status in (400, 403, 405, 409, 501):
            raise NotOffered(f"{said}; check that it offers DICOMweb and what our user may do there")
        if status >= 300:
            raise Unavailable(f"{said}; look into that server's log")

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where to go on; another host would be given our credentials, or give us another's images."""
        target: str | None = super().get_redirect_target(resp)
        if target is not None and _origin(urljoin(resp.url, target)) != self._origin:
            problem = "sends us to another host, which is not followed"
            raise Unavailable(f"{self._setting}: {problem}; give that address itself if it is right")
        return target

    def _check_piece(self, request: requests.PreparedRequest, so_far: int) -> None:
        """Called between the pieces of a body. Raises Unavailable where it is too long, in bytes or in seconds."""
        wants_text = "json" in request.headers.get("Accept", "")
        most = self._limits.text_bytes if wants_text else self._limits.instance_bytes
        if so_far > most:
            raise Unavailable(f"{self._setting}: answers with more than {most} bytes; look into that server's log")
        if self._clock() >= self._over:
            raise self._too_long()

    def _too_long(self) -> Unavailable:
        return Unavailable(f"{self._setting}: takes too long to answer; try again when it is less busy")


class _Adapter(HTTPAdapter):
    def __init__(self, check_piece: Callable[[requests.PreparedRequest, int], None]) -> None:
        self._check_piece = check_piece
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        answer = super().send(request, *arguments, **options)
        answer.raw = _Body(answer.raw, lambda so_far: self._check_piece(request, so_far))
        return answer


class _Body:
    """An answer's body. It is read as it comes: a server that dribbles would keep a longer read waiting for ever."""

    def __init__(self, body: Any, check: Callable[[int], None]) -> None:
        self._body, self._check = body, check

    def stream(self, _amount: int, decode_content: bool = True) -> Iterator[bytes]:
        so_far = 0
        try:
            while piece := self._body.read1(_PIECE, decode_content=decode_content):
                so_far += len(piece)
                self._check(so_far)
                yield piece
        except BaseException:
            self._body.close()  # what is left of it must not be taken for the next answer
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)


class _Watched:
    """A connection that hangs up where the head of an answer dribbles in for twice the longest silence."""

    sock: socket.socket | None
    timeout: Any

    def getresponse(self) -> Any:
        watch = threading.Timer(2 * float(self.timeout), _hang_up, (self.sock,))
        watch.daemon = True
        watch.start()
        try:
            return super().getresponse()  # type: ignore[misc]
        finally:
            watch.cancel()


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _authentication(access: Access) -> AuthBase | None:
    given = access.credentials
    if given.token:
        return _Bearer(given.token)
    return HTTPBasicAuth(given.user.encode(), given.password.encode()) if given.user else None


def _hang_up(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)  # TLS's own would talk to the server first


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _retry_after(answer: requests.Response) -> float:
    """The seconds the server asks us to wait; the form with a date is rare and would need a second clock."""
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
