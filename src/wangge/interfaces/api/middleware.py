"""The short way in for programs: no sessions, no cookies, no pages' middleware between the server and the door.

Everything below `/api/` leaves as JSON; every refusal, a missing path included, as a problem document.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import resolve

from wangge.base.errors import MalformedInput, NotFound, WanggeError
from wangge.interfaces.api.errors import MethodNotAllowed
from wangge.interfaces.web import problems

PREFIX = "/api/"
DOCS = "/api/v1/docs"


class ApiDoor:
    """Stands before the middleware of pages and answers what lies below `/api/` itself, but the docs page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX) or request.path_info == DOCS:
            return self.get_response(request)
        response = answer(request)
        response["Cache-Control"] = response.get("Cache-Control") or "no-store"
        if rate := getattr(request, "rate", None):
            for name, value in rate.headers().items():
                response[name] = value
        return response


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
    return problems.server_error(request)
