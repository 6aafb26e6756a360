"""The table of posts (岗位): areas × the standard group, its vacancies and conflicts, as a page and as a workbook."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.base import workbooks
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import dates, seating, standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web.downloads import workbook
from wangge.kernel.duties.board import Board, board
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.conflicts import Conflict, conflicts
from wangge.kernel.duties.filling import may_fill
from wangge.kernel.duties.interests import interests_at
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

SEES = ("see", "manage_duties", "manage_areas")
"""Who sees a ground sees who answers there, and so does who keeps its areas and duties."""
BY_COMMUNITY = ("community", "village")
MOST_AREAS = 200


class Asked(NamedTuple):
    """What the address asks for: a day with its moment, the ground, and whether a row is a grid."""

    day: date
    at: datetime
    ground: AreaInfo | None
    grids: bool
    vacant: bool


@require_safe
@standing.at_desk(*SEES)
def posts(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page."""
    places = atlas()
    asked = _asked(request, by, places)
    told, found, units = _laid(places, by, asked)
    lines = seating.lines(told, found, places, units)
    worst = next((seat for seat in told.vacant if may_fill(by, seat.post, seat.area.path)), None)
    shown = [line for line in lines if line.missing or not asked.vacant]
    context = {
        "room": "posts",
        "asked": asked,
        "day": asked.day.isoformat(),
        "posts": [standing.post_name(post) for post in told.posts],
        "lines": shown,
        "telling": sorted(shown, key=lambda line: (-line.missing, not line.telling)),
        "figures": seating.figures(told, found, places),
        "conflicts": [_conflict(one, places, seating.why(one, units)) for one in found],
        "first": reverse("staff:seat", args=[worst.area.code, worst.post]) if worst else "",
        "grounds": _grounds(places, by, asked.at) if asked.grids else [],
        "cut": len(told.areas) == MOST_AREAS,
        "counted": any(line.residents is not None for line in lines),
    }
    return standing.page(request, "staff/posts.html", context, by=by)


@require_safe
@standing.at_desk(*SEES)
def export(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The same table as a workbook, with the vacancies as a second sheet."""
    places = atlas()
    asked = _asked(request, by, places)
    told, found, units = _laid(places, by, asked)
    lines = seating.lines(told, found, places, units)
    header = [_("Code"), _("Place"), *(standing.post_name(post) for post in told.posts), _("Residents"),
              _("Residents per cadre")]
    table = [[line.area.code, line.name, *(" · ".join(filter(None, (cell.main, cell.sub))) for cell in line.cells),
              line.residents, line.per_cadre] for line in lines]
    empty = [
        [seat.area.code, standing.area_name(places, seat.area.path), standing.post_name(seat.post),
         seat.since.date() if seat.since else None, seating.names(seat.deputies, most=9)]
        for seat in told.vacant
    ]
    sheets = [
        workbooks.Sheet(_("Posts"), header, table),
        workbooks.Sheet(_("Vacant"), [_("Code"), _("Place"), _("Post"), _("Since"), _("Deputies")], empty),
    ]
    return workbook(f"posts-{asked.day.isoformat()}", sheets)


def _laid(
    places: Atlas, by: Mandate, asked: Asked
) -> tuple[Board, list[Conflict], dict[Any, str]]:
    root = asked.ground.path if asked.ground else by.scope_path
    told = board(places, root, asked.at, kinds=("grid",) if asked.grids else BY_COMMUNITY, posts=ELEVEN)
    if len(told.areas) > MOST_AREAS:
        kept = told.areas[:MOST_AREAS]
        paths = {area.path for area in kept}
        told = told._replace(areas=kept, seats={key: seat for key, seat in told.seats.items() if key[0] in paths})
    found = conflicts(told.held, interests_at(asked.at))
    known = organisation_names({one.organisation_id for one in found if one.organisation_id})
    units = {one: (name_en if english() else name) or name for one, (name, name_en) in known.items()}
    return told, found, units


def _asked(request: HttpRequest, by: Mandate, places: Atlas) -> Asked:
    given = request.GET
    day, at = dates.shown(given.get("day"))
    grids = given.get("rows") == "grid"
    code, ground = given.get("area", ""), None
    if code:
        ground = places.by_code(code)
        if ground is None or not ground.path.startswith(by.scope_path):
            raise InvalidInput("There is no such place on your ground.", field="area", value=code,
                               expected="the code of an area")
    if grids and ground is None:
        grounds = _grounds(places, by, at)
        ground = places.by_code(grounds[0][0]) if grounds else None
    return Asked(day, at, ground, grids, given.get("only") == "vacant")


def _grounds(places: Atlas, by: Mandate, at: datetime) -> list[tuple[str, str]]:
    return [(area.code, standing.area_name(places, area.path)) for area in places.below(by.scope_path, at=at)
            if area.kind in BY_COMMUNITY]


def _conflict(one: Conflict, places: Atlas, why: str) -> dict[str, str]:
    return {
        "url": reverse("staff:seat", args=[one.duty.area_path.rstrip("/").rpartition("/")[2], one.duty.post]),
        "name": one.duty.name or _("(erased)"),
        "post": standing.post_name(one.duty.post),
        "area": standing.area_name(places, one.duty.area_path),
        "why": why,
    }
