"""The doors and where they stand. A door that is not built yet is absent."""

from __future__ import annotations

from importlib.util import find_spec

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path

from wangge.interfaces.web import health
from wangge.interfaces.web.access import Who, open_to

CLOSED = ("signup", "email", "confirm-email", "password/reset")
"""What allauth would offer besides: accounts have no e-mail address, nobody signs up, and a way to reset a
password by mail would write its link to wherever mail goes. An administrator sets a new password."""


@open_to(Who.NOBODY)
def closed(request: HttpRequest, rest: str) -> HttpResponseBase:
    """No such page."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    *(re_path(rf"^accounts/{name}(?P<rest>/.*|)$", closed) for name in CLOSED),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("accounts/", include("allauth.urls")),
]
for prefix, door in (
    ("api/v1/", "wangge.interfaces.api.urls"),
    ("desk/", "wangge.interfaces.staff.urls"),
    ("screen/", "wangge.interfaces.screen.urls"),
    ("files/", "wangge.interfaces.web.urls"),
    ("", "wangge.interfaces.public.urls"),
):
    if find_spec(door):
        urlpatterns.append(path(prefix, include(door)))

handler400 = "wangge.interfaces.web.problems.bad_request"
handler403 = "wangge.interfaces.web.problems.permission_denied"
handler404 = "wangge.interfaces.web.problems.not_found"
handler500 = "wangge.interfaces.web.problems.server_error"
