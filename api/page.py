"""The web page: static files, and index.html for every address the page routes itself."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request

from api.door import Anyone
from api.problems import bug, problem

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PACKED = (".js", ".css", ".svg", ".json")
# Built files carry a hash of their content in their name.
FOREVER = "public, max-age=31536000, immutable"


def protect(app: FastAPI) -> None:
    """The same security headers on every answer; nothing of the API is kept by the browser unless its route says so."""

    async def add_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        # No id holds a NUL, and PostgreSQL takes none in a text: such an address leads nowhere.
        nowhere = "\x00" in request.url.path or b"%00" in request.scope.get("raw_path", b"")
        try:
            response = problem(404, "Not found", "no such address") if nowhere else await call_next(request)
        except Exception as error:  # told and logged here, or the server below would log its text
            response = bug(request, error)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.url.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.add_middleware(BaseHTTPMiddleware, dispatch=add_headers)


def serve_page(app: FastAPI, folder: Path | None) -> None:
    """Serve the built page, or say how to build it."""

    @app.get("/{path:path}", include_in_schema=False, dependencies=[Depends(Anyone())])
    def page(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            return problem(404, "Not found", "no such address")
        if folder is None:
            return PlainTextResponse("The web page is not built: run `make web`, then start again.", status_code=503)
        file = (folder / path).resolve()
        if path and file.is_file() and file.is_relative_to(folder.resolve()):
            return _file(file, request, FOREVER if path.startswith("assets/") else "no-cache")
        return FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})


def _file(file: Path, request: Request, cache: str) -> Response:
    """A file of the page, packed where the browser takes it so: the viewer's code is two megabytes unpacked."""
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    if file.suffix in PACKED and "gzip" in request.headers.get("accept-encoding", ""):
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Response(
            _packed(file, file.stat().st_mtime_ns), media_type=kind, headers={**headers, "Content-Encoding": "gzip"}
        )
    return FileResponse(file, headers=headers)


@lru_cache(maxsize=256)
def _packed(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)
