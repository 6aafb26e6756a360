"""The short way in for programs: no sessions, no cookies, no pages' middleware between the server and the door.

Everything below `/api/` leaves as JSON; every refusal, a missing path included, as a problem document.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import django.db
import psycopg
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import resolve

from wangge.base.errors import InvalidInput, MalformedInput, NotFound, Unavailable, WanggeError
from wangge.interfaces.api.decoding import stream
from wangge.interfaces.api.errors import MethodNotAllowed
from wangge.interfaces.web import problems

PREFIX = "/api/"
DOCS = "/api/v1/docs"
MOST_DRAINED = 32 * 1024 * 1024


class ApiDoor:
    """Stands before the middleware of pages and answers what lies below `/api/` itself, but the docs page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX) or request.path_info == DOCS:
            return self.get_response(request)
        response = answer(request)
        if response.status_code >= 400 and response.status_code != 401:  # who is unknown holds no thread by a slow body
            drain(request)
        if not response.streaming and "Content-Length" not in response:
            response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response["Cache-Control"] = response.get("Cache-Control") or "no-store"
        if rate := getattr(request, "rate", None):
            for name, value in rate.headers().items():
                response[name] = value
        return response


def drain(request: HttpRequest) -> None:
    """Read what a refusal left of the body, up to a bound: many clients do not look for an answer while they send."""
    left = MOST_DRAINED
    with suppress(OSError):
        while left > 0 and (piece := stream(request).read(64 * 1024)):
            left -= len(piece)


def answer(request: HttpRequest) -> HttpResponseBase:
    """Resolve and call the view; whatever is raised becomes a problem document."""
    try:
        request.get_host()
        match = request.resolver_match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    except Exception as error:  # noqa: BLE001 -- the outermost place: nothing may leave as a page or a trace
        return refusal(request, error)
    if response.status_code == 405 and response["Content-Type"] != problems.TYPE:
        allowed = response.get("Allow", "")
        response = problems.response(
            MethodNotAllowed(
                f"This path does not take {request.method}.",
                field="method",
                value=request.method,
                expected=f"one of {allowed}",
            )
        )
        response["Allow"] = allowed
    return response


def refusal(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """The problem document of any exception. What is nobody's fault but ours is logged and says only that."""
    if isinstance(error, WanggeError):
        return problems.response(error)
    if isinstance(error, Http404):
        return problems.response(NotFound("There is no such path.", field="path", expected="a path of openapi.json"))
    if isinstance(error, SuspiciousOperation | RequestDataTooBig | UnreadablePostError):
        return problems.response(MalformedInput("The request cannot be read.", field="request"))
    got_request_exception.send(sender=ApiDoor, request=request)
    if isinstance(error, psycopg.DataError | django.db.DataError):
        return problems.response(InvalidInput("A value is out of the range that can be kept."))
    if isinstance(error, psycopg.OperationalError | django.db.OperationalError):
        return problems.response(
            Unavailable("The database does not answer now; send it again.", extra={"retry_after": 5})
        )
    return problems.server_error(request)
