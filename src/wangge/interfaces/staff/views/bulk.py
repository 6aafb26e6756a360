"""Many cases at once: one press of the bar, and a result for each row."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import deeds, standing, told
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff.rows import english
from wangge.interfaces.staff.views import queue
from wangge.interfaces.web import refusals
from wangge.kernel.cases.each import act_on_each
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties.catalogue import CASE_VERBS

FIELDS = ("note", "reason", "target")


@require_POST
@standing.at_desk(*CASE_VERBS)
def bulk(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Do it to each chosen case, and show the list as it then stands with what became of each."""
    deed = deeds.deed_of(request.POST.get("act", ""))
    given = {name: text for name in FIELDS if (text := request.POST.get(f"{deed.key}-{name}", ""))}
    status = 200
    try:
        picks = deeds.picks_of(request.POST.getlist("case"))
        outcomes = act_on_each(picks, lambda case: deeds.commands(deed, given, case), by=by)
        results = told.told(deed, outcomes, given)
    except InvalidInput as error:
        results, status = told.nothing(deed, refusals.said(error)), error.status
    here = bar.params_of(QueryDict(request.POST.get("here", "").lstrip("?")))
    return queue.shown(request, by, here, told=results, status=status)


@require_safe
@standing.at_desk("see", "see_own")
def targets(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The units of the ground, as choices to transfer to."""
    units = [(f"unit:{one.id}", (one.name_en if english() else "") or one.name) for one in units_at(by.scope_path)]
    return render(request, "staff/units.html", {"units": units})
