"""The list of cases with its views, filter, tree of places and pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import deeds, rows, standing
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import told as told_of
from wangge.interfaces.staff.choices import HANDLERS
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases import queries
from wangge.kernel.cases.each import MOST
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries.queue import COUNT_UP_TO
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

PAGE = 50
BRANCHES = ("community", "village")
MOST_BRANCHES = 40


@standing.at_desk
def queue(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list; a post that sees no cases is led to where it begins."""
    if by.may.isdisjoint({"see", "see_own"}):
        return redirect("staff:start")
    return shown(request, by, bar.params_of(request.GET), cursor=request.GET.get("cursor"))


def shown(
    request: HttpRequest,
    by: Mandate,
    params: dict[str, str],
    *,
    cursor: str | None = None,
    told: told_of.Told | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the list, with the results of what was just done to many. An unusable condition is named and left out,
    not the end of the page."""
    try:
        context = _page(by, params, cursor)
    except InvalidInput as error:
        status = error.status
        messages.error(request, refusals.said(error), extra_tags="late")
        params = {name: value for name, value in params.items() if name != error.field}
        context = _page(by, params if error.field in (*bar.PLAIN, "state", "cursor") else {}, None)
    context["told"] = told
    # What was searched for may be a name: it stays in the address and is never stored.
    left = bar.address(bar.params_of(QueryDict(context["here"].lstrip("?"))), q=None)
    if request.session.get("list") != left:
        request.session["list"] = left
    return standing.page(request, "staff/queue.html", context, by=by, status=status)


@standing.at_desk("see", "see_own")
def views(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The views with their present counts, polled by the page."""
    params = bar.params_of(request.GET)
    counted = queries.counts(by, _view_filters(params, bar.names_of(atlas(), reference(), by)), now=now())
    return render(request, "staff/views.html", {"views": _views(params, counted), "here": bar.address(params)})


def _page(by: Mandate, params: dict[str, str], cursor: str | None) -> dict[str, Any]:
    moment, places, known = now(), atlas(), reference()
    names = bar.names_of(places, known, by)
    chosen = bar.filters_of(params, names)
    found = queries.queue(by, chosen, now=moment, places=places, cursor=cursor, limit=PAGE)
    branches = _branches(places, by, moment)
    chips = bar.chips_of(params, names)
    asked = {
        "here": chosen,
        **_view_filters(params, names),
        **_tree_filters(branches, params, names),
    }
    if not found.rows:
        asked |= {f"without:{chip.without}": bar.filters_of(_query(chip.without), names) for chip in chips}
    counted = queries.counts(by, asked, now=moment)
    say = standing.speaker(places)
    listed = _views(params, counted)
    held = deeds.held(by)
    return {
        "room": "queue",
        "params": params,
        "here": bar.address(params),
        "heading": _heading(params),
        "rows": [
            rows.row(row, now=moment, say=say, deeds=deeds.offered(row.case, by) if held else ()) for row in found.rows
        ],
        "deeds": held,
        "most": MOST,
        "handlers": [(f"post:{code}", standing.post_name(code)) for code in HANDLERS] if held else [],
        "order": chosen.order,
        "views": listed,
        "chips": chips,
        "reset": bar.address(_view_of(params)),
        "kept": [(name, params[name]) for name in ("state", "overdue", "waiting", "order") if name in params],
        "total": _total(counted["here"], chosen.order),
        "tree": _tree(branches, params, counted, places, by),
        "classes": _classes(known, by),
        "tiers": list(words.TIERS.items()),
        "may_report": by.allows("report", by.scope_path),
        "sources": [(code, words.SOURCES[code]) for code in words.SOURCES],
        "places": [
            (area.code, standing.area_name(places, area.path)) for area in _branches(places, by, moment, most=500)
        ],
        "next": bar.address(params, cursor=found.next_cursor) if found.next_cursor else None,
        "first": bar.address(params) if cursor else None,
        "widest": _widest(chips, counted),
        "elsewhere": _elsewhere(listed),
    }


def _query(address: str) -> dict[str, str]:
    return bar.params_of(QueryDict(address.lstrip("?")))


def _view_of(params: Mapping[str, str]) -> dict[str, str]:
    """Only what makes the view: its state and overdue."""
    return {name: params[name] for name in ("state", "overdue", "waiting") if name in params}


def _view_filters(params: Mapping[str, str], names: bar.Names) -> dict[str, queries.Filters]:
    """Views count on the chosen place only; other conditions belong to the list."""
    place = {"area": params["area"]} if "area" in params else {}
    return {f"view:{view.key}": bar.filters_of({**view.params, **place}, names) for view in bar.VIEWS}


def _views(params: Mapping[str, str], counted: Mapping[str, int]) -> list[dict[str, Any]]:
    place = {"area": params["area"]} if "area" in params else {}
    return [
        {
            "name": view.name,
            "address": reverse("staff:queue") + bar.address({**view.params, **place}),
            "current": bar.is_current(view, params),
            "number": counted[f"view:{view.key}"],
            "count": _many(counted[f"view:{view.key}"]),
            "late": view.key == "overdue" and counted["view:overdue"] > 0,
        }
        for view in bar.VIEWS
        if view.key not in bar.WAITS or counted[f"view:{view.key}"] or bar.is_current(view, params)
    ]


def _branches(places: Atlas, by: Mandate, moment: datetime, most: int = MOST_BRANCHES) -> list[AreaInfo]:
    found = [
        area
        for area in places.below(by.scope_path, at=moment)
        if area.kind in BRANCHES and area.layer == "administrative"
    ]
    return found if len(found) <= most else []


def _tree_filters(branches: list[AreaInfo], params: Mapping[str, str], names: bar.Names) -> dict[str, queries.Filters]:
    asked = {"open:": queries.Filters(states=bar.OPEN), "late:": queries.Filters(states=bar.OPEN, overdue=True)}
    for area in branches:
        asked[f"open:{area.code}"] = queries.Filters(states=bar.OPEN, area_path=area.path)
        asked[f"late:{area.code}"] = queries.Filters(states=bar.OPEN, area_path=area.path, overdue=True)
    return asked


def _tree(
    branches: list[AreaInfo], params: Mapping[str, str], counted: Mapping[str, int], places: Atlas, by: Mandate
) -> dict[str, Any]:
    """The places of the ground, each with what is open and late there."""
    return {
        "name": standing.area_name(places, by.scope_path) or _("Everywhere"),
        "all": bar.address(params, area=None),
        "open": _many(counted["open:"]),
        "late": counted["late:"],
        "branches": [
            {
                "code": area.code,
                "name": standing.area_name(places, area.path).removesuffix(" Community"),
                "address": bar.address(params, area=area.code),
                "open": _many(counted[f"open:{area.code}"]),
                "late": counted[f"late:{area.code}"],
            }
            for area in branches
        ],
    }


def _classes(known: Reference, by: Mandate) -> list[tuple[str, str]]:
    """The majors that hold somewhere on the ground."""
    found = {
        info.code: (info.name_en if rows.english() else info.name) or info.name
        for info in known.classes.values()
        if info.parent is None and not info.retired
        and (info.area_path.startswith(by.scope_path) or by.scope_path.startswith(info.area_path))
    }
    return sorted(found.items())


def _many(number: int) -> str:
    return f"{COUNT_UP_TO:,}+" if number > COUNT_UP_TO else str(number)


def _total(number: int, order: str) -> str:
    how = _("soonest deadline first") if order == "due" else _("newest first")
    return _("{n}, {order}").format(n=ngettext("{n} case", "{n} cases", number).format(n=_many(number)), order=how)


def _heading(params: Mapping[str, str]) -> str:
    return next((str(view.name) for view in bar.VIEWS if bar.is_current(view, params)), _("Cases"))


def _widest(chips: list[bar.Chip], counted: Mapping[str, int]) -> dict[str, Any] | None:
    """The condition without which most would be found."""
    found = [(counted.get(f"without:{chip.without}", 0), chip) for chip in chips]
    number, chip = max(found, key=lambda pair: pair[0], default=(0, None))
    return {"words": chip.words, "without": chip.without, "count": _many(number)} if chip and number else None


def _elsewhere(shown: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The fullest other view of open work, for an empty list."""
    live = shown[1 : 1 + len(LIVE)]
    best = max((view for view in live if not view["current"]), key=lambda view: view["number"], default=None)
    return best if best and best["number"] else None
