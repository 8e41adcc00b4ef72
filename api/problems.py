"""How an error of the domain is told over HTTP (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from models.errors import (
    BadInput,
    Conflict,
    NotClean,
    NotCommitted,
    NotFound,
    NotPermitted,
    NotSignedIn,
    TooManyTries,
    Unavailable,
    WetreadError,
)

log = logging.getLogger("wetread")

STATUS: dict[type[WetreadError], tuple[int, str]] = {
    BadInput: (422, "Not understood"),
    NotFound: (404, "Not found"),
    NotPermitted: (403, "Not permitted"),
    NotSignedIn: (401, "Not signed in"),
    NotCommitted: (403, "Answer first"),
    NotClean: (409, "Not clean"),
    Conflict: (409, "Changed meanwhile"),
    TooManyTries: (429, "Too many tries"),
    Unavailable: (503, "Not available"),
}


def problem(status: int, title: str, detail: str) -> JSONResponse:
    return JSONResponse(
        {"title": title, "detail": detail, "status": status}, status, media_type="application/problem+json"
    )


def tell_problems(app: FastAPI, refused: Callable[[Request, WetreadError], None]) -> None:
    """Every error of the API becomes one problem document.

    ``refused`` is told of each error of the domain first, so that a door may put refusals into the audit.
    """

    @app.exception_handler(WetreadError)
    def wetread_error(request: Request, error: WetreadError) -> JSONResponse:
        refused(request, error)
        status, title = STATUS.get(type(error), (400, "Refused"))
        return problem(status, title, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(422, "Not understood", f"{where}: {first['msg']}; mend the request")

    @app.exception_handler(HTTPException)
    def http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, "Refused", str(error.detail))


def bug(request: Request, error: Exception) -> JSONResponse:
    """The answer to an error nobody foresaw. Its text may quote a report, so the log gets its type and place only."""
    steps = [f"{Path(step.filename).name}:{step.lineno}" for step in extract_tb(error.__traceback__)[-6:]]
    log.error("%s %s failed with %s at %s", request.method, request.url.path, type(error).__name__, " > ".join(steps))
    return problem(500, "Failed", "something went wrong here; the service log says where")
