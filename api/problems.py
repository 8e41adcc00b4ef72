"""How an error of the domain is told over HTTP (RFC 9457)."""

from __future__ import annotations

import logging

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
}


def problem(status: int, title: str, detail: str) -> JSONResponse:
    return JSONResponse(
        {"title": title, "detail": detail, "status": status}, status, media_type="application/problem+json"
    )


def tell_problems(app: FastAPI) -> None:
    """Every error of the API becomes one problem document; a bug tells its reader nothing of its insides."""

    @app.exception_handler(WetreadError)
    def wetread_error(_request: Request, error: WetreadError) -> JSONResponse:
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

    @app.exception_handler(Exception)
    def bug(request: Request, error: Exception) -> JSONResponse:
        # The path's ids are opaque; the error's text may quote a row, so only its type is logged.
        log.error("%s %s failed with %s", request.method, request.url.path, type(error).__name__)
        return problem(500, "Failed", "something went wrong here; the service log says where")
