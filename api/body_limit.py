"""How large a request may be."""

from __future__ import annotations

from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.uploads import FILE_ROUTE

LARGEST_BODY = 1_000_000
"""Bytes of a request; the largest honest one is an edited draft."""


class BodyLimit:
    """Bounds every body but that of a file of an upload, whose route counts while it writes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._limited = RequestBodyLimitMiddleware(app, max_body_size=LARGEST_BODY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_file = scope.get("method") == "PUT" and FILE_ROUTE.fullmatch(scope["path"])
        await (self._app if is_file else self._limited)(scope, receive, send)
