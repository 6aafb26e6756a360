"""Insight: a period beside others, a line over periods, where cases come from and come back, silent grids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import figuring, insightasking, insighting, standing
from wangge.interfaces.staff.views.figures import area_of, places_offered
from wangge.interfaces.web import refusals
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.indicators import quiet
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period, beside
from wangge.kernel.indicators.series import back_from, series
from wangge.kernel.indicators.table import INDICATORS, SETS
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas
from wangge.kernel.spots import queries as spots
from wangge.kernel.spots.lifecycle import ACTIVE
from wangge.kernel.wall.ground import ground_of

PARAMS = ("period", "area", "set", "line", "days", "class", "unit")


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
    question, period, params, units = insightasking.asked(params, area, places, moment)
    wanted = figuring.in_set(params["set"])
    periods, beside_it = back_from(period, insightasking.STEPS[period.kind]), insightasking.compared_to(period)
    every = list(dict.fromkeys([*beside_it, *periods]))
    counted = dict(zip(every, series(question, every, by=by, now=moment, indicators=wanted), strict=True))
    found, others = [counted[one] for one in periods], [(one, counted[one]) for one in beside_it]
    told = insighting.compared(wanted, params, (period, found[-1]), others)
    one = INDICATORS[params["line"]]
    line = insighting.trend(one, periods, found)
    earlier, later = beside(period, -1), beside(period, +1)
    return {
        "room": "insight", "params": params, "period": period, "ended": period.end <= moment,
        "ground": standing.area_name(places, area.path), "area_code": area.code,
        "places": places_offered(places, by, moment),
        "grains": insightasking.grains(period, params, moment), "units": units,
        "classes": insightasking.classes_offered(area, params["class"]),
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
        "compared": told, "one": figuring.name_of(one),
        "trend": str(insightasking.LINES[period.kind]).format(one=figuring.name_of(one)),
        "step": figuring.PERIODS[period.kind], "formula": figuring.formula_of(one), "line": line,
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
        by, spots.Filters(
            states=tuple(one.value for one in ACTIVE), area_path=area.path, class_prefix=params["class"]
        ), limit=200
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
            for days in insightasking.DAYS
        ],
    }  # fmt: skip
