"""Figures of a period at the desk, the cases behind each, and publishing a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import figuring, rows, standing
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.reference import reference
from wangge.kernel.indicators import freezing
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.naming import names_of
from wangge.kernel.indicators.periods import Period, containing, parse
from wangge.kernel.indicators.queries import cases_behind, indicator
from wangge.kernel.indicators.table import SETS
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

PLAIN = ("period", "by", "set", "area", "class", "source", "tier", "unit", "live")
BEHIND = ("part", "row", "cursor")
PAGE = 50
MOST_PLACES = 500


@standing.at_desk("see", "see_own")
def figures(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The table; a condition that means nothing is said, and what can be shown is shown."""
    params, status = _params(request), 200
    try:
        context = _page(by, params)
    except InvalidInput as error:
        messages.error(request, refusals.said(error), extra_tags="late")
        status = 422
        context = _page(by, {})
    return standing.page(request, "staff/figures.html", context, by=by, status=status)


@standing.at_desk("see", "see_own")
def behind(request: HttpRequest, by: Mandate, code: str) -> HttpResponse:
    """The cases behind a figure, as a list."""
    params, places, moment = _params(request, *BEHIND), atlas(), now()
    if "row" in request.GET:
        params["row"] = request.GET["row"].replace("\0", "")
    question, period, params = _asked(params, by, places)
    part = params.get("part", "numerator")
    key = params.get("row")
    found = cases_behind(
        code, part, question, period, key=key, by=by, now=moment, cursor=params.get("cursor"), limit=PAGE
    )
    one = indicator(code)
    say = standing.speaker(places)
    ground = standing.area_name(places, question.area_path)
    named = figuring.row_name(question.by, key, names_of(question, [key], places)) if key is not None else ground
    number = ngettext("{n} case", "{n} cases", found.cases).format(n=f"{found.cases:,}")
    here = {name: value for name, value in params.items() if name not in BEHIND}
    following = found.page.next_cursor
    context = {
        "room": "figures",
        "heading": figuring.name_of(one),
        "formula": figuring.formula_of(one),
        "about": f"{named} · {period.text} · {number}",
        "parts": [
            {
                "name": name,
                "address": figuring.address(params, "staff:behind", code=code, part=wanted, cursor=None),
                "current": wanted == part,
            }
            for wanted, name in (("numerator", _("Counted")), ("denominator", _("Of these")))
            if one.numerator is not None or wanted == "denominator"
        ],
        "back": figuring.address({**here, "set": one.set}),
        "rows": [rows.row(row, now=moment, say=say) for row in found.page.rows],
        "order": "newest",
        "next": figuring.address(params, "staff:behind", code=code, cursor=following) if following else None,
    }
    return standing.page(request, "staff/behind.html", context, by=by)


@require_POST
@standing.at_desk(freezing.VERB)
def publish(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Publish the period of the page: its figures stay."""
    places = atlas()
    params = {name: text for name in PLAIN if (text := request.POST.get(name, "").strip())}
    area = area_of(params, by, places)
    try:
        period = parse(params.get("period", ""), places.timezone(area.path))
        freezing.publish(area=area, period=period, places=places, by=by, now=now())
        said = _("{period} is published. Its figures stay as they are now.").format(period=period.text)
        messages.success(request, said, extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect(figuring.address(params))


def _params(request: HttpRequest, *more: str) -> dict[str, str]:
    found = {name: request.GET.get(name, "").replace("\0", "").strip() for name in (*PLAIN, *more)}
    return {name: text for name, text in found.items() if text}


def area_of(params: Mapping[str, str], by: Mandate, places: Atlas) -> AreaInfo:
    """The place that is asked for, else one's own ground. Raises `InvalidInput` for a place elsewhere."""
    area = places.by_code(params["area"]) if "area" in params else None
    if area is None or not area.path.startswith(by.scope_path):
        if "area" in params:
            raise InvalidInput(
                _("There is no such place on your ground."), field="area", value=params["area"],
                expected="the code of an area",
            )  # fmt: skip
        area = places.by_path.get(by.scope_path or places.default_root)
    assert area is not None
    return area


def _asked(params: dict[str, str], by: Mandate, places: Atlas) -> tuple[Question, Period, dict[str, str]]:
    """The question, the period, and the parameters with what was left open: this month, by area, deadlines."""
    area = area_of(params, by, places)
    zone = places.timezone(area.path)
    period = parse(params["period"], zone) if "period" in params else containing("month", now(), zone)
    full = {**params, "period": period.text, "by": params.get("by", "area"), "set": params.get("set", "deadlines")}
    if full["set"] not in SETS:
        raise InvalidInput("There is no such set.", field="set", value=full["set"], expected=", ".join(SETS))
    question = Question(
        area_path=area.path, by=full["by"], class_prefix=full.get("class", ""), source=full.get("source", ""),
        tier=full.get("tier", ""), organisation=_unit(full.get("unit", "")),
    )  # fmt: skip
    return question, period, full


def _unit(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidInput(
            _("There is no such unit here."), field="unit", value=text, expected="the id of an organisation"
        ) from None


def _only(params: Mapping[str, str]) -> dict[str, str] | None:
    """The unit to which the figures are narrowed, and the page without it."""
    unit = _unit(params.get("unit", ""))
    if unit is None:
        return None
    name, name_en = organisation_names({unit}).get(unit, ("—", ""))
    return {"name": (name_en if rows.english() else name) or name, "without": figuring.address(params, unit=None)}


def _page(by: Mandate, params: dict[str, str]) -> dict[str, Any]:
    places, moment = atlas(), now()
    question, period, params = _asked(params, by, places)
    wanted = tuple(figuring.in_set(params["set"]))
    found = freezing.read(
        question, period, by=by, now=moment, live=params.get("live") == "1", indicators=wanted
    )
    published = found.published
    beside = published.table if published and not found.frozen else None
    names = names_of(question, found.table.rows, places)
    into = {key: key for key in found.table.rows if key and question.by == "area"}
    ended = period.end <= moment
    area = places.by_path[question.area_path]
    above = places.by_id.get(area.parent) if area.parent else None
    return {
        "room": "figures",
        "params": params,
        "period": period,
        "last": period.until - timedelta(days=1),
        "kinds": figuring.kinds(period, params),
        "near": figuring.neighbours(period, params),
        "sets": figuring.sets(params),
        "groupings": figuring.groupings(),
        "by_name": dict(figuring.groupings())[question.by],
        "ground": standing.area_name(places, question.area_path),
        "up": figuring.address(params, area=above.code) if above and above.path.startswith(by.scope_path) else "",
        "up_name": standing.area_name(places, above.path) if above else "",
        "places": places_offered(places, by, moment),
        "classes": _classes(by),
        "sources": list(words.SOURCES.items()),
        "tiers": list(words.TIERS.items()),
        "only": _only(params),
        "columns": [figuring.name_of(one) for one in wanted],
        "formulas": [(figuring.name_of(one), figuring.formula_of(one)) for one in wanted],
        "total": figuring.total_of(found.table, wanted, params, beside),
        "rows": figuring.rows_of(found.table, wanted, params, names, into, beside),
        "frozen": found.frozen,
        "published": timezone.localtime(published.published_at) if published else None,
        "live": figuring.address(params, live="1"),
        "stored": figuring.address(params, live=None),
        "ended": ended,
        "may_publish": ended and not published and not question.filtered and by.allows(freezing.VERB, area.path),
        "area_code": area.code,
    }


def places_offered(places: Atlas, by: Mandate, moment: Any) -> list[tuple[str, str]]:
    """The places to choose from, none where there are too many for a list."""
    found = [
        (area.code, standing.area_name(places, area.path))
        for area in places.below(by.scope_path, at=moment)
        if area.layer == "administrative" and area.kind in ("subdistrict", "community", "village", "grid", "district")
    ]
    return found if len(found) <= MOST_PLACES else []


def _classes(by: Mandate) -> list[tuple[str, str]]:
    """The majors that hold somewhere on the ground."""
    found = {
        info.code: (info.name_en if rows.english() else info.name) or info.name
        for info in reference().classes.values()
        if info.parent is None
        and (info.area_path.startswith(by.scope_path) or by.scope_path.startswith(info.area_path))
    }
    return sorted(found.items())
