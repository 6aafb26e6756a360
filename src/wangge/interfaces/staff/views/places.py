"""The tree of areas, one area with who answers there, and who works for which organisation."""

from __future__ import annotations

from collections import defaultdict
from math import cos, radians
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import placing, seating, standing
from wangge.interfaces.staff.filters import OPEN
from wangge.interfaces.staff.rows import english
from wangge.interfaces.staff.views.posts import BY_COMMUNITY, SEES
from wangge.kernel.cases import queries
from wangge.kernel.duties.board import board
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.filling import may_fill
from wangge.kernel.duties.queries import duties_below, roster_at
from wangge.kernel.duties.roster import Roster
from wangge.kernel.people.queries import organisations_by_id
from wangge.kernel.places.queries import METRES_A_DEGREE, AreaInfo, Atlas, atlas, boundaries_of

MOST_COUNTED = 150
GRID_POSTS = ("grid_leader", "grid_worker")
"""The posts that a grid is expected to have; the whole group is the community's."""
ORGANISATIONS = {
    "subdistrict": _("Subdistrict"), "department": _("Departments"), "community": _("Communities"),
    "contractor": _("Contractors"), "property": _("Property firms"), "enterprise": _("Enterprises"),
    "police": _("Police"), "volunteers": _("Volunteer organisations"), "other": _("Others"),
}


@require_safe
@standing.at_desk(*SEES)
def places(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The tree."""
    known, moment = atlas(), now()
    held = duties_below(by.scope_path, moment)
    told = board(known, by.scope_path, moment, kinds=BY_COMMUNITY, held=held)
    vacant: dict[str, int] = defaultdict(int)
    for seat in told.vacant:
        vacant[seat.area.path] += 1
    counted = [area for area in known.below(by.scope_path, at=moment)
               if area.kind in (*BY_COMMUNITY, "grid") and area.layer == "administrative"]
    opens: dict[str, int] = {}
    if "see" in by.may and 0 < len(counted) <= MOST_COUNTED:
        views = {area.path: queries.Filters(states=OPEN, area_path=area.path) for area in counted}
        opens = queries.counts(by, views, now=moment)
    other = [
        placing.branch_of(area, known, Roster(held), moment) for area in known.below(by.scope_path, at=moment)
        if area.layer != "administrative"
    ]
    context = {
        "room": "places",
        "tops": placing.tree(known, by.scope_path, held, vacant, opens, moment),
        "other": other[:100],
        "communities": len(told.areas),
        "grids": sum(area.kind == "grid" for area in counted),
        "vacant": len(told.vacant),
        "people": len({row.person_id for row in held if row.person_id and row.kind != "leave"}),
        "may_exchange": by.allows("manage_areas", by.scope_path) or by.allows("manage_duties", by.scope_path),
    }
    return standing.page(request, "staff/places.html", context, by=by)


@require_safe
@standing.at_desk(*SEES)
def place(request: HttpRequest, by: Mandate, code: str) -> HttpResponse:
    """One area: its ground over time, who answers there, what lies in it."""
    known, moment = atlas(), now()
    area = area_of(code, by, known)
    held = duties_below(area.path, moment)
    shown = area.kind in BY_COMMUNITY or area.kind == "grid"
    told = board(known, area.path, moment, kinds=(area.kind,), held=held,
                 posts=GRID_POSTS if area.kind == "grid" else ELEVEN) if shown else None
    inside = [one for one in known.below(area.path, at=moment) if one.parent == area.id]
    roster = Roster(held)
    grounds = boundaries_of(area.id)
    present = next((one for one in grounds if one.valid_from <= moment and (one.valid_to or moment) >= moment), None)
    context = {
        "room": "places",
        "area": area,
        "area_name": standing.area_name(known, area.path),
        "kind": placing.KINDS[area.kind],
        "above": [(one.code, standing.area_name(known, one.path)) for one in known.above(area.path)[:-1]
                  if one.path.startswith(by.scope_path)],
        "ended": area.valid_to is not None and area.valid_to <= moment,
        "size": _square_km(bytes(present.geometry)) if present else "",
        "grounds": grounds,
        "chain": placing.chain(known, area, roster_at(area.path, moment), moment),
        "vacant": [(seat.post, standing.post_name(seat.post), seating.days(seat.since, moment))
                   for seat in (told.vacant if told else []) if seat.since and seat.area.path == area.path],
        "may_fill": may_fill(by, "grid_leader", area.path),
        "inside": [placing.branch_of(one, known, roster, moment) for one in inside[:300]],
        "may_redraw": area.kind in BY_COMMUNITY and by.allows("manage_areas", area.path) and area.holds(moment),
        "card": area.kind == "grid" and area.holds(moment),
        "seats": placing.seats_here(area, held, moment),
    }
    return standing.page(request, "staff/place.html", context, by=by)


@require_safe
@standing.at_desk(*SEES)
def organisations(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Who works for which organisation on the ground, by its kind."""
    known, moment = atlas(), now()
    at_work: dict[Any, list[Any]] = defaultdict(list)
    for row in duties_below(by.scope_path, moment):
        if row.organisation_id and row.kind != "leave":
            at_work[row.organisation_id].append(row)
    kinds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ORGANISATIONS}
    for one in organisations_by_id(at_work):
        rows = at_work[one.id]
        kinds[one.kind].append({
            "code": one.code,
            "name": (one.name_en if english() else one.name) or one.name,
            "duties": [
                {"post": standing.post_name(row.post), "code": row.post, "name": row.name if row.person_id else "",
                 "area": standing.area_name(known, row.area_path),
                 "area_code": row.area_path.rstrip("/").rpartition("/")[2]}
                for row in rows[:60]
            ],
            "people": len({row.person_id for row in rows if row.person_id}),
        })
    context = {
        "room": "organisations",
        "kinds": [(ORGANISATIONS[kind], found) for kind, found in kinds.items() if found],
    }
    return standing.page(request, "staff/organisations.html", context, by=by)


def area_of(code: str, by: Mandate, known: Atlas) -> AreaInfo:
    """The area with this code on the ground of the duty, also an ended one. Raises `NotFound`."""
    area = known.by_code(code)
    if area is None or not area.path.startswith(by.scope_path):
        raise NotFound("There is no such place on your ground.", field="area", value=code,
                       expected="the code of an area")
    return area


def _square_km(wkb: bytes) -> str:
    """How large a ground is, in km² with two digits; '' for a line or a point."""
    shape = shapely.from_wkb(wkb)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return ""
    scale = float(shapely.area(shape)) * (METRES_A_DEGREE / 1000) ** 2
    return f"{scale * cos(radians(shape.centroid.y)):.2f}"

