"""The editor of a community's grids: a drawing goes to and fro with the page until it is confirmed with its day.

Nothing is kept on the server before that. Each press gives the drawing back changed, with what is wrong in it and what
would change hands. It works by forms alone; the map only fills these in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.base.clock import now as present_moment
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import dates, gridding, standing
from wangge.interfaces.web import refusals
from wangge.kernel.cases.moving import would_move
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.places.drawing import Drawn, carve, merge, move_corner, reshape, split
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.redrawing import Present, new_faults, planned, present, redraw
from wangge.kernel.places.services import VERB

MOST_UPLOAD = 2_000_000
_TELLING = frozenset({"grids", "line", "to", "split_points", "carve_points", "shape_points", "move_from", "move_to"})
"""Fields whose refused value says where in the drawing it is."""


@standing.at_desk(VERB, writes=(VERB,), whole=VERB)
def grids(request: HttpRequest, by: Mandate, code: str) -> HttpResponse:
    """The page; a POST changes the drawing, or confirms it."""
    now = present(code, by=by)
    if request.method != "POST":
        return _page(request, by, now, list(now.grids.values()), now.basis)
    given = request.POST
    drawn, basis = list(now.grids.values()), given.get("basis", "")
    try:
        drawn = _sent(request)
        if given.get("do") == "confirm":
            return _confirm(request, by, now, drawn, basis)
        act = _DOES.get(given.get("do", ""))
        if act is None:
            raise InvalidInput("There is no such action.", field="do", value=given.get("do"),
                               expected="one of " + ", ".join((*_DOES, "confirm")))
        drawn = act(given, drawn, now)
    except WanggeError as error:
        return _page(request, by, now, drawn, basis, error)
    return _page(request, by, now, drawn, basis)


def _confirm(request: HttpRequest, by: Mandate, now: Present, drawn: list[Drawn], basis: str) -> HttpResponse:
    at = dates.begins(request.POST.get("on", ""), "on", by.at)
    made = redraw(community=now.area.code, drawn=drawn, at=at, basis=basis, by=by)
    day = timezone.localtime(made.at).date().isoformat()
    said = (_("The grids are redrawn; what was open on them has moved.") if made.carried_out_at
            else _("The grids are redrawn from {day} on; what is open on them moves on that day.").format(day=day))
    messages.success(request, said, extra_tags="done")
    answer = redirect("staff:place", code=now.area.code)
    if request.headers.get("X-Part") == "form":  # a script that followed the redirect would use up the message
        return HttpResponse(status=204, headers={"X-Next": answer["Location"]})
    return answer


def _page(
    request: HttpRequest, by: Mandate, now: Present, drawn: list[Drawn], basis: str, error: WanggeError | None = None
) -> HttpResponse:
    places, told = atlas(), gridding.corners(drawn)
    context: dict[str, Any] = {
        "room": "places",
        "area": now.area,
        "area_name": standing.area_name(places, now.area.path),
        "text": gridding.text_of(drawn),
        "basis": basis,
        "on": request.POST.get("on", "") or timezone.localdate().isoformat(),
        "today": timezone.localdate().isoformat(),
        "grids": [(one.code, one.name, f"{one.name} · {one.code}") for one in drawn if one.code],
        "corners": [(f"{one.name} · {one.code}", told[one.code]) for one in drawn if one.code in told],
        "all_corners": sorted({line for text in told.values() for line in text.split("\n")}),
        "ground": shapely.to_geojson(now.ground),
        "waiting": now.waiting,
        "tried": request.POST if error or request.POST.get("do") == "check" else {},
        "error": _said(error) if error else "",
        **_told(by, now, drawn, places, present_moment()),
    }
    template = "staff/gridform.html" if request.headers.get("X-Part") == "form" else "staff/grids.html"
    return standing.page(request, template, context, by=by, status=error.status if error else 200)


def _told(by: Mandate, now: Present, drawn: list[Drawn], places: Any, at: datetime) -> dict[str, Any]:
    """What is wrong in the drawing, what it changes, and which cases and duties go along."""
    names = {one.code: one.name for one in (*now.grids.values(), *drawn) if one.code}
    wrong = new_faults(now, drawn)
    names |= {f"+{number}": one.name for number, one in enumerate(drawn, 1) if not one.code}
    told: dict[str, Any] = {
        "faults": gridding.faults_in_words(wrong[:20], names),
        "faults_map": gridding.faults_on_the_map(wrong),
        "old_faults": gridding.faults_in_words(now.faults[:5], names),
    }
    try:
        plan = planned(now, drawn)
    except WanggeError as error:
        return {**told, "unfit": _said(error), "ready": False}
    names |= {one.code: one.name for one, _origin in plan.created}
    found, held = [], []
    if not plan.empty:
        coded = {id(one.shape): one.code for one, _origin in plan.created}
        shapes = [(one.code or coded.get(id(one.shape), ""), one.shape) for one in drawn]
        found = would_move(now.area.path, shapes, dict(plan.ended), places=places)
        held = duties_below(now.area.path, at)
    return {
        **told,
        "changes": gridding.changes_in_words(now, plan),
        "hands": gridding.hands(found, names, held, places, at),
        "moving": len(found),
        "duties": gridding.duties_in_words(plan, held, places) if plan.ended else [],
        "fresh": [one.name for one, _origin in plan.created],
        "ready": not wrong and not plan.empty and now.waiting is None,
        "button": ngettext("Redraw the grids: {n} case changes hands", "Redraw the grids: {n} cases change hands",
                           len(found)).format(n=len(found)),
    }


def _said(error: WanggeError) -> str:
    words = refusals.said(error)
    return f"{words} ({error.value})" if error.value and error.field in _TELLING else words


def _sent(request: HttpRequest) -> list[Drawn]:
    """The drawing of the form, or of the file that was chosen."""
    upload = request.FILES.get("upload")
    if request.POST.get("do") == "upload":
        if upload is None or not upload.size or upload.size > MOST_UPLOAD:
            raise InvalidInput("Choose a GeoJSON file of at most 2 MB.", field="upload", expected="a .geojson file")
        return gridding.drawn_of(upload.read().decode("utf-8-sig", "replace"))
    return gridding.drawn_of(request.POST.get("grids", ""))


def _split(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    line = shapely.LineString(gridding.points_of(given.get("split_points", ""), "split_points", 2))
    code = given.get("split_grid", "")
    if not code:  # drawn on the map: the grid that holds most of the line
        code = max(drawn, key=lambda one: one.shape.intersection(line).length).code
    return split(drawn, code, line, given.get("split_name", ""))


def _merge(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    return merge(drawn, [one for one in given.getlist("merge_with") if one], given.get("merge_grid", ""))


def _carve(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    name = given.get("carve_name", "").strip()
    if not name:
        raise InvalidInput("A grid needs a name.", field="name", value="", expected="1 to 200 characters")
    shape = shapely.Polygon(gridding.points_of(given.get("carve_points", ""), "carve_points", 3))
    return carve(drawn, shape, now.ground, name)


def _move(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    [start] = gridding.points_of(given.get("move_from", ""), "move_from", 1)[:1]
    [end] = gridding.points_of(given.get("move_to", ""), "move_to", 1)[:1]
    return move_corner(drawn, shapely.Point(start), shapely.Point(end))


def _reshape(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    shape = shapely.Polygon(gridding.points_of(given.get("shape_points", ""), "shape_points", 3))
    return reshape(drawn, given.get("shape_grid", ""), shape)


def _rename(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    code, name = given.get("name_grid", ""), given.get("name_zh", "").strip()
    if not name:
        raise InvalidInput("A grid needs a name.", field="name", value="", expected="1 to 200 characters")
    return [replace(one, name=name, name_en=given.get("name_en", "").strip()) if one.code == code else one
            for one in drawn]


def _same(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    return drawn


def _again(given: QueryDict, drawn: list[Drawn], now: Present) -> list[Drawn]:
    return list(now.grids.values())


_DOES: dict[str, Callable[[QueryDict, list[Drawn], Present], list[Drawn]]] = {
    "check": _same, "upload": _same, "split": _split, "merge": _merge, "carve": _carve, "move": _move,
    "reshape": _reshape, "rename": _rename, "again": _again,
}
