"""Whether the system lives (`/healthz`), can work (`/readyz`), and a few numbers (`/metrics`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The system can work."""
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text."""
    return HttpResponse("", content_type="text/plain; version=0.0.4")
