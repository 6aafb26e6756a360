"""Insight: a month beside others, a line over the months, where cases come from and come back, silent grids."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import figuring, insighting, standing
from wangge.interfaces.staff.views.figures import area_of, places_offered
from wangge.interfaces.web import refusals
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.indicators import quiet
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period, beside, containing, parse
from wangge.kernel.indicators.series import back_from, series
from wangge.kernel.indicators.table import INDICATORS, SETS
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas
from wangge.kernel.spots import queries as spots
from wangge.kernel.spots.lifecycle import ACTIVE
from wangge.kernel.wall.ground import ground_of

PARAMS = ("period", "area", "set", "line", "days")
MONTHS = 12
"""So many months before the one that is shown: the first is the same month of last year."""
YOUNG = timedelta(days=7)
"""A month that has just begun says nothing: in its first week the month before is shown."""
DAYS = (3, 7, 14, 30)
USUAL = str(quiet.USUAL_DAYS)


@standing.at_desk("see")
def insight(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page; a condition that means nothing is said, and what can be shown is shown."""
    given = {name: request.GET.get(name, "").replace("\0", "").strip() for name in PARAMS}
    status = 200
    try:
        context = _page(by, {name: text for name, text in given.items() if text})
    except InvalidInput as error:
        messages.error(request, refusals.said(error), extra_tags="late")
        status = error.status
        context = _page(by, {})
    return standing.page(request, "staff/insight.html", context, by=by, status=status)


def _page(by: Mandate, params: dict[str, str]) -> dict[str, Any]:
    places, moment = atlas(), now()
    area = area_of(params, by, places)
    period, params = _asked(params, area, places, moment)
    question = Question(area_path=area.path)
    wanted = figuring.in_set(params["set"])
    periods = back_from(period, MONTHS)
    found = series(question, periods, by=by, now=moment, indicators=wanted)
    others = [(periods[at], found[at]) for at in (-2, 0) if len(periods) > MONTHS]
    told = insighting.compared(wanted, params, (period, found[-1]), others)
    one = INDICATORS[params["line"]]
    line = insighting.trend(one, periods, found)
    earlier, later = beside(period, -1), beside(period, +1)
    return {
        "room": "insight", "params": params, "period": period, "ended": period.end <= moment,
        "ground": standing.area_name(places, area.path), "area_code": area.code,
        "places": places_offered(places, by, moment),
        "before": figuring.address(params, "staff:insight", period=earlier.text) if earlier else "",
        "after": figuring.address(params, "staff:insight", period=later.text)
        if later and later.start <= moment else "",
        "sets": [
            {"name": set_["name"], "current": set_["current"],
             "address": figuring.address(params, "staff:insight", set=code, line=None)}
            for code, set_ in zip(SETS, figuring.sets(params), strict=True)
        ],
        "others": [other.text for other, _figures in others],
        "lede": [
            insighting.headline(told, number, period.text, other.text) for number, (other, _f) in enumerate(others)
        ],
        "compared": told, "one": figuring.name_of(one), "formula": figuring.formula_of(one), "line": line,
        "ends": [insighting.scale_end(one, end) for end in (line.high, line.low)] if line else [],
        "steps": insighting.steps(one, periods, found, params),
        **_ground(question, period, params, area, places, by, moment),
    }  # fmt: skip


def _ground(
    question: Question, period: Period, params: dict[str, str], area: AreaInfo, places: Atlas, by: Mandate,
    moment: datetime,
) -> dict[str, Any]:
    """Both maps and the silent grids, by three statements."""
    extents = ground_of(area, places, moment).extents
    known = quiet.reports(question, period, cells=extents, by=by, now=moment)
    drawn = {one.path: shape for one, shape in places.grounds(area.path, area.layer, moment) if one.path in extents}
    ground = insighting.ground_of(drawn, extents)
    grids, dense = insighting.grid_rows(ground, known, params, places)
    page = spots.listing(
        by, spots.Filters(states=tuple(one.value for one in ACTIVE), area_path=area.path), limit=200
    )
    held = duties_below(area.path, moment)
    quiet_ones = quiet.silent(
        insighting.grids_at(area, places, moment), known, held, now=moment, days=int(params["days"])
    )
    return {
        "width": insighting.WIDTH, "height": insighting.HEIGHT, "grids": grids, "legend": insighting.legend(dense),
        "off": sum(one.cases for path, one in known.items() if path not in extents),
        "marks": insighting.spot_marks(page.rows, ground, places), "more_spots": page.next_cursor is not None,
        "silent": insighting.silent_rows(quiet_ones, places, moment),
        "days": [
            {"n": days, "address": figuring.address(params, "staff:insight", days=str(days)) + "#silent",
             "current": params["days"] == str(days)}
            for days in DAYS
        ],
    }  # fmt: skip


def _asked(
    params: dict[str, str], area: AreaInfo, places: Atlas, moment: datetime
) -> tuple[Period, dict[str, str]]:
    """The month, and the parameters with what was left open: this month (`YOUNG`), deadlines, a line, a week."""
    zone = places.timezone(area.path)
    period = parse(params["period"], zone) if "period" in params else containing("month", moment - YOUNG, zone)
    if period.kind != "month":
        raise InvalidInput(
            _("Months are compared here."), field="period", value=period.text, expected="a month (2026-06)"
        )
    name = params.get("set", "deadlines")
    if name not in SETS:
        raise InvalidInput("There is no such set.", field="set", value=name, expected=", ".join(SETS))
    codes = [one.code for one in figuring.in_set(name)]
    code = params.get("line", "closing_on_time" if "closing_on_time" in codes else codes[0])
    if code not in codes:
        raise InvalidInput(
            "There is no such indicator.", field="line", value=code, expected="one of " + ", ".join(codes)
        )
    days = params.get("days", USUAL)
    if days not in map(str, DAYS):
        raise InvalidInput(
            _("Silence is looked at by these days."), field="days", value=days, expected=", ".join(map(str, DAYS))
        )
    return period, {"period": period.text, "area": area.code, "set": name, "line": code, "days": days}
