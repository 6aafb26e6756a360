"""How long a stage may take and a tier hold a case, on an area and below: what holds, from where, and a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.staff.formfields import limit_of
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.facts import STAGE_LIMITS, TIER_LIMITS
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.cases.rulebook import area_of
from wangge.kernel.cases.settling import VERB, set_stage_limit
from wangge.kernel.places.queries import AreaInfo, Atlas, ancestors, atlas

UNITS: dict[str, Promise] = {
    "working_minute": gettext_lazy("working minutes"),
    "working_hour": gettext_lazy("working hours"),
    "working_day": gettext_lazy("working days"),
    "calendar_hour": gettext_lazy("hours, day and night"),
    "calendar_day": gettext_lazy("days, holidays too"),
}


class Line(NamedTuple):
    """A stage or tier: what holds there, from which area ('' where none sets it), and whether this area sets it."""

    state: str
    name: str
    limit: Limit
    words: str
    source: str
    own: bool


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(writes=(VERB,))
def limits(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page of one area; a POST sets a limit or takes it back."""
    given = request.POST if request.method == "POST" else request.GET
    places, error = atlas(), None
    area = places.by_path.get(by.scope_path) or places.by_path[places.default_root]
    try:
        if given.get("area"):
            area = _mine(places, given["area"], by)
        if request.method == "POST":
            messages.success(request, _set(request, area, by), extra_tags="done")
            return redirect(f"{reverse('staff:limits')}?area={area.code}")
    except WanggeError as refused:
        error = refused
    context = {
        "room": "limits",
        "area": area.code,
        "areas": ruleswords.area_choices(by, now()),
        "stages": _lines(area, STAGE_LIMITS, reference(), places),
        "tiers": _lines(area, TIER_LIMITS, reference(), places),
        "units": list(UNITS.items()),
        "may": by.allows(VERB, area.path),
        "tried": request.POST if error and request.method == "POST" else {},
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/limits.html", context, by=by, status=error.status if error else 200)


def _mine(places: Atlas, code: str, by: Mandate) -> AreaInfo:
    area = area_of(places, code)
    if not area.path.startswith(by.scope_path):
        raise InvalidInput(
            "There is no such place on your ground.", field="area", value=code[:40], expected="one of the list"
        )
    return area


def _set(request: HttpRequest, area: AreaInfo, by: Mandate) -> str:
    given = request.POST
    back = given.get("do") == "back"
    limit = None if back else limit_of(given.get("amount", ""), given.get("unit", ""), UNITS)
    set_stage_limit(area_id=area.id, area_path=area.path, state=given.get("state", ""), limit=limit, by=by)
    return _("As above again, from now on.") if back else _("The limit holds for stages that begin from now on.")


def _lines(area: AreaInfo, defaults: Mapping[str, Limit], known: Reference, places: Atlas) -> list[Line]:
    found = []
    for state, usual in defaults.items():
        code = str(state)
        path = next((one for one in reversed(ancestors(area.path)) if code in known.limits.get(one, {})), "")
        limit = known.limits[path][code] if path else usual
        name = words.TIERS[code.removeprefix("tier.")] if code.startswith("tier.") else words.STATES[code]
        said = words.limit(limit.amount, str(limit.unit))
        found.append(Line(code, str(name), limit, said, standing.area_name(places, path), path == area.path))
    return found
