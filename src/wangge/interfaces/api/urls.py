"""Addresses below `/api/v1/`. Each is also a function of `views`; the whole is described by openapi.json."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from wangge import __version__
from wangge.interfaces.api.auth import Bearer
from wangge.interfaces.api.docs import Reference
from wangge.interfaces.api.door import Door
from wangge.interfaces.api.views import (
    answers,
    cases,
    files,
    findings,
    indicators,
    parts,
    patrols,
    places,
    runs,
    signals,
    spots,
    suggestions,
    tasks,
)

api = Door(
    title="Wangge 网格",
    version=__version__,
    description=(
        "Report problems, read and work cases, ask who answers for a place. Every refusal is a problem document"
        " (RFC 9457) that names the field at fault. Times are ISO 8601 in UTC, coordinates WGS 84."
    ),
    urls_namespace="api",
    auth=Bearer(),
    docs=Reference(),
    openapi_url="/openapi.json",
    docs_url="/docs",
)
for room in (
    cases, answers, files, places, parts, spots, tasks, suggestions, indicators, runs, findings, signals, patrols,
):  # fmt: skip
    api.add_router("", room.router)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = list(api.urls[0])
