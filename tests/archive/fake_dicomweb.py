"""A small DICOMweb server on 127.0.0.1 that is honest until a test gives it a fault."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pydicom
from pydicom.dataset import Dataset

DICOM_JSON = "application/dicom+json"
MULTIPART = 'multipart/related; type="application/dicom"; boundary=quagga'


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    @property
    def asked(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def answer(self, status: int, content: bytes = b"", kind: str = "", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def answer_json(self, results: object) -> None:
        self.answer(200, json.dumps(results).encode(), DICOM_JSON)

    def hang_up(self) -> None:
        self.close_connection = True

    def serve(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fake = self.server.fake
        fake.requests.append(f"{self.command} {self.route}")
        with suppress(ConnectionError):
            if not fake.fault(self):
                fake.honest(self)

    do_GET = do_POST = do_DELETE = serve  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeDicomweb

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what many tests are about."""


@dataclass
class FakeDicomweb:
    """``fault`` looks at each request first, and answers it or returns False."""

    address: str = ""
    images: list[Dataset] = field(default_factory=list)
    deletes: bool = False
    fault: Callable[[Exchange], bool] = lambda exchange: False
    requests: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    listener: Listener | None = None

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        assert self.listener is not None
        self.listener.socket = context.wrap_socket(self.listener.socket, server_side=True)
        self.address = self.address.replace("http:", "https:")

    def honest(self, exchange: Exchange) -> None:
        route = re.sub("^/dicom-web", "", exchange.route)
        if exchange.command == "POST" and route == "/studies":
            self._store(exchange)
        elif exchange.command == "DELETE":
            self._delete(exchange, route.rpartition("/")[2])
        elif match := re.fullmatch(r"/studies/[^/]+/series/[^/]+/instances/([^/]+)(?:/frames/(\d+))?", route):
            self._give(exchange, match[1], match[2])
        else:
            exchange.answer_json(self._page(exchange, self._matches(exchange, route)))

    def _store(self, exchange: Exchange) -> None:
        dataset = stored_by(exchange)
        if not self._named(dataset.SOPInstanceUID):
            self.images.append(dataset)
        exchange.answer_json({"00081199": {"vr": "SQ", "Value": [_item("00081155", dataset.SOPInstanceUID)]}})

    def _delete(self, exchange: Exchange, sop: str) -> None:
        if self.deletes:
            self.images = [image for image in self.images if image.SOPInstanceUID != sop]
        exchange.answer(204 if self.deletes else 405)

    def _give(self, exchange: Exchange, sop: str, frame: str | None) -> None:
        found = self._named(sop)
        if not found:
            exchange.answer(404)
        elif frame:
            size = found[0].Rows * found[0].Columns * found[0].BitsAllocated // 8
            pixels = found[0].PixelData[(int(frame) - 1) * size :][:size]
            exchange.answer(200, parts(pixels, kind="application/octet-stream"), MULTIPART)
        else:
            exchange.answer(200, parts(encoded(found[0])), MULTIPART)

    def _named(self, sop: str) -> list[Dataset]:
        return [image for image in self.images if image.SOPInstanceUID == sop]

    def _matches(self, exchange: Exchange, route: str) -> list[dict[str, object]]:
        study, series = ([*re.findall(r"/(?:studies|series)/([^/]+)", route), "", ""])[:2]
        wanted = [
            image
            for image in self.images
            if study in ("", image.StudyInstanceUID)
            and series in ("", image.SeriesInstanceUID)
            and all(str(image.get(name, value)) == value for name, value in exchange.asked.items() if name[0].isupper())
        ]
        results = {"studies": self._study, "series": series_result, "instances": instance_result}
        made = [results[route.rpartition("/")[2]](image) for image in wanted]
        return [result for n, result in enumerate(made) if result not in made[:n]]

    def _study(self, image: Dataset) -> dict[str, object]:
        alike = [each for each in self.images if each.StudyInstanceUID == image.StudyInstanceUID]
        return study_result(image.StudyInstanceUID, str(image.get("AccessionNumber", "")), len(alike))

    def _page(self, exchange: Exchange, results: list[dict[str, object]]) -> list[dict[str, object]]:
        offset = int(exchange.asked.get("offset", 0))
        return results[offset : offset + int(exchange.asked.get("limit", 1000))]


def study_result(study_uid: str, accession: str = "", images: int = 1) -> dict[str, object]:
    return {**_item("0020000D", study_uid), **_item("00080050", accession), **_item("00201208", images)}


def series_result(image: Dataset) -> dict[str, object]:
    names = {"0020000D": "StudyInstanceUID", "0020000E": "SeriesInstanceUID", "00080060": "Modality"}
    return {tag: value for tag, name in names.items() for value in _item(tag, image.get(name)).values()}


def instance_result(image: Dataset) -> dict[str, object]:
    return {**series_result(image), **_item("00080018", image.SOPInstanceUID)}


def _item(tag: str, value: object) -> dict[str, object]:
    return {tag: {"vr": "LO", "Value": [value]}}


def encoded(dataset: Dataset) -> bytes:
    """The dataset as a DICOM file."""
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def parts(*contents: bytes, kind: str = "application/dicom", closed: bool = True) -> bytes:
    """A multipart body, without its closing boundary where asked."""
    body = b"".join(b"\r\n--quagga\r\nContent-Type: %s\r\n\r\n%s" % (kind.encode(), each) for each in contents)
    return body[2:] + (b"\r\n--quagga--\r\n" if closed else b"")


def stored_by(exchange: Exchange) -> Dataset:
    """The one image of a store request."""
    _, _, rest = exchange.body.partition(b"\r\n\r\n")
    content, _, _ = rest.rpartition(b"\r\n--wetread-")
    return pydicom.dcmread(BytesIO(content))


@contextmanager
def listening() -> Iterator[FakeDicomweb]:
    """A fake server on a port of its own, until the block ends."""
    listener = Listener(("127.0.0.1", 0), Exchange)
    listener.fake = fake = FakeDicomweb(f"http://127.0.0.1:{listener.server_port}/dicom-web", listener=listener)
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        listener.shutdown()
        listener.server_close()
        thread.join()
