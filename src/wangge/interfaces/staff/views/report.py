"""Reporting from the desk: who holds a duty reports what they see; the report stands as their post's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wangge.base.errors import KeyReused, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.web import refusals, reporting, words
from wangge.kernel.cases.files import sender_of
from wangge.kernel.cases.guards import SEEN_SOURCES
from wangge.kernel.cases.intake import report_case
from wangge.kernel.places.queries import atlas

SOURCE_OF = {
    "city_inspector": "patrol", "officer": "patrol", "inspector": "patrol", "assessor": "patrol",
    "volunteer": "volunteer", "police_assistant": "police", "secretary": "leader", "leader": "leader",
    "operator": "hotline", "acceptor": "hotline", "unit_clerk": "enterprise", "contractor": "enterprise",
}  # fmt: skip
"""Where a report comes from, by the post of who writes it. Who sits at the desk writes down what somebody calls in:
that is verified first, as is what firms and departments tell; all others stand before the thing."""

ON_THE_GROUND = "grid_worker"
"""The source of every other post: those of the grid."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk("report")
def report(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The form; a POST makes the report and leads to its case, where it can be put right on the spot."""
    by.require("report", by.scope_path)
    if request.method != "POST":
        return _shown(request, by, reporting.empty())
    form = reporting.read(request)
    try:
        reporting.keep(request, form, by)
        made = reporting.report_of(form, sender=sender_of(by), source=source_of(by))
        receipt = report_case(report=made, by=by)
    except KeyReused as error:
        return _shown(request, by, reporting.renewed(form), error)
    except WanggeError as error:
        return _shown(request, by, form, error)
    place = standing.ground_name(atlas(), receipt.area_path)
    messages.success(
        request, _("Reported as {number}, {place}.").format(number=receipt.number, place=place), extra_tags="done"
    )
    return redirect("staff:case", receipt.number)


def source_of(by: Mandate) -> str:
    """The source of what this mandate reports at the desk."""
    return SOURCE_OF.get(by.post or "", ON_THE_GROUND)


def _shown(
    request: HttpRequest, by: Mandate, form: reporting.Form, error: WanggeError | None = None
) -> HttpResponse:
    source = source_of(by)
    said = (
        _("It stands as your own ({source}) and needs no verification.")
        if source in SEEN_SOURCES
        else _("It stands as told to you ({source}) and is verified first.")
    )
    context = {
        "room": "report",
        "form": form,
        "most": reporting.MOST_PHOTOS,
        "stands": said.format(source=words.SOURCES[source]),
        "called_in": source == "hotline",
        "classes": ruleswords.reportable_choices(by),
        "error": {"words": refusals.said(error), "field": error.field} if error else None,
    }
    return standing.page(request, "staff/report.html", context, by=by, status=error.status if error else 200)
