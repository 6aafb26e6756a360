"""Every request has an id and leaves one log line; every refusal leaves as one kind of document.

The line holds method, route, status and duration: no query string, no body, no address, and of the path only
the pattern that matched, since paths may hold tracking codes.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wangge.base.errors import WanggeError
from wangge.base.ids import new_id
from wangge.interfaces.web import problems
from wangge.runtime.logs import request_id

log = logging.getLogger("wangge.request")
Handler = Callable[[HttpRequest], HttpResponseBase]
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog:
    """Gives the request an id (a well-formed X-Request-ID of the proxy is kept) and logs its end."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        identifier = given if _ID.fullmatch(given) else new_id().hex
        token = request_id.set(identifier)
        started = time.perf_counter()
        try:
            response = self._respond(request)
            response["X-Request-ID"] = identifier
            if request.path not in _QUIET:
                _write(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            request_id.reset(token)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; a fault of Django's own error handling must not reach the server's console with its values."""
        try:
            return self.get_response(request)
        except Exception:
            log.error("unhandled", exc_info=True)
            return problems.server_error(request)


class Problems:
    """Turns a `WanggeError` that a view lets pass into its problem document or page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for any other exception: Django answers 500 and `log_unhandled` names type and place."""
        if isinstance(error, WanggeError):
            return problems.answer(request, error)
        return None


def log_unhandled(sender: object, **_: Any) -> None:
    """Receiver of `got_request_exception`: type and place of the fault, never its message."""
    log.error("unhandled", exc_info=True)


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": match.route if match else "-",
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
