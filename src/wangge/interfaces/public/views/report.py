"""Reporting a problem without an account. The form makes the key: sent twice, it is one report."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wangge.base.errors import KeyReused, WanggeError
from wangge.interfaces.public import ground, sender
from wangge.interfaces.web import refusals, reporting
from wangge.interfaces.web.access import Who, open_to
from wangge.interfaces.web.ground import drawable
from wangge.kernel.cases.intake import report_case
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import AreaInfo, atlas


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Who.ANYONE)
def report(request: HttpRequest) -> HttpResponse:
    """The form; a POST makes the report and leads to its receipt."""
    root = ground.served(atlas())
    with timezone.override(ZoneInfo(root.timezone or "Asia/Shanghai")):
        if request.method != "POST":
            return _shown(request, replace(reporting.empty(), address=_scanned(request, root)), root)
        form = replace(reporting.read(request), case_class="")  # residents name no class
        by = mandates.public(root.path)
        try:
            sender.count(request)
            reporting.keep(request, form, by)
            receipt = report_case(report=reporting.report_of(form, sender="public"), by=by)
        except KeyReused as error:
            return _shown(request, reporting.renewed(form), root, error)
        except WanggeError as error:
            return _shown(request, form, root, error)
    return redirect("public:story", code=receipt.tracking_code)


@require_safe
@open_to(Who.ANYONE)
def areas(request: HttpRequest) -> HttpResponse:
    """The grids of the ground, for the small map."""
    places = atlas()
    root = ground.served(places)
    tag = f'"{places.version}-{root.code}-{translation.get_language()}"'
    answer = (
        HttpResponse(status=304)
        if request.headers.get("If-None-Match") == tag
        else JsonResponse(drawable(places, root.path))
    )
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=300)
    return answer


def _scanned(request: HttpRequest, root: AreaInfo) -> str:
    """The name of the grid whose notice card was scanned: the address begins with it, to be completed."""
    grid = atlas().by_code(request.GET.get("grid", ""))
    if grid is None or grid.kind != "grid" or not grid.path.startswith(root.path):
        return ""
    return ground.name(grid, refusals.english())


def _shown(
    request: HttpRequest, form: reporting.Form, root: AreaInfo, error: WanggeError | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "most": reporting.MOST_PHOTOS,
        "place_name": ground.name(root, refusals.english()),
        "error": {"words": refusals.said(error), "field": error.field} if error else None,
    }
    answer = render(request, "public/report.html", context, status=error.status if error else 200)
    return refusals.with_wait(answer, error)
