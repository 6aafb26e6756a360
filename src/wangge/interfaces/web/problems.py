"""Problem documents (RFC 9457) and their pages: one wording of every refusal, whatever the door."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from wangge.base.errors import Forbidden, MalformedInput, NotFound, Unavailable, WanggeError
from wangge.runtime.logs import request_id

TYPE = "application/problem+json"
PLAIN = "text/plain; charset=utf-8"


def document(error: WanggeError) -> dict[str, Any]:
    """The members of the problem document: type, title, status, detail, and field, value, expected, request."""
    body: dict[str, Any] = {
        "type": f"urn:wangge:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    known = {"field": error.field, "value": error.value, "expected": error.expected, "request": request_id.get()}
    body.update({name: value for name, value in known.items() if value})
    body.update({name: value for name, value in error.extra.items() if name not in body})
    return body


def response(error: WanggeError) -> HttpResponse:
    """The JSON answer."""
    body = json.dumps(document(error), ensure_ascii=False, default=str)
    answer = HttpResponse(body, content_type=TYPE, status=error.status)
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="wangge"'
    if "retry_after" in error.extra:
        answer["Retry-After"] = str(error.extra["retry_after"])
    return answer


def wants_json(request: HttpRequest) -> bool:
    """Whether the asker is a program: the API's paths, or an Accept header that prefers JSON."""
    if request.path.startswith(("/api/", "/open311/")):
        return True
    return request.get_preferred_type(["text/html", "application/json", TYPE]) in ("application/json", TYPE)


def answer(request: HttpRequest, error: WanggeError) -> HttpResponse:
    """JSON for programs; for people the template `problem.html`, or plain words if there is none."""
    if wants_json(request):
        return response(error)
    try:
        page = render_to_string("web/problem.html", {"problem": document(error)}, request)
    except TemplateDoesNotExist:
        return HttpResponse(f"{error.title}\n{error.detail}\n", content_type=PLAIN, status=error.status)
    return HttpResponse(page, status=error.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return answer(request, MalformedInput("The request cannot be understood."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return answer(request, Forbidden("This is not allowed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return answer(request, NotFound("There is no such page."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: says that it is our fault and gives the request id to quote."""
    error = Unavailable("Something went wrong on our side; it has been logged under this request id.")
    body = {**document(error), "status": 500, "title": "Internal error", "type": "urn:wangge:problem:internal"}
    if wants_json(request):
        return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=TYPE, status=500)
    try:
        return HttpResponse(render_to_string("web/problem.html", {"problem": body}), status=500)
    except Exception:  # noqa: BLE001 -- a broken template must not hide the first error
        return HttpResponse(f"{body['detail']}\n{request_id.get()}\n", content_type=PLAIN, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without its token: usually a page left open over night."""
    return answer(request, Forbidden("The form is too old; load the page again and send it once more.", field="csrf"))
