"""The notice card of a grid (网格公示牌): who is in charge by post, the service phone, and a QR code to report there.

As on the boards that hang in the streets: posts that somebody is hired or elected for stand with the name of who
holds them now, the others by their number; no phones of people, no photos. Prints on one A4 sheet.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.interfaces.public import ground
from wangge.interfaces.web import refusals, sharing, sketching
from wangge.interfaces.web.access import Who, open_to
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import roster_at
from wangge.kernel.duties.roster import Roster
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

NAMED = ("secretary", "grid_leader", "grid_liaison", "grid_worker", "city_inspector", "police_assistant")
"""Posts of hired or elected people, named as on the street's boards. Of others (volunteers, supervisors who are
Party members, cleaners of firms) the card says how many there are, never who."""
COUNTED = ("party_supervisor", "resident_assistant", "property_manager", "cleaner", "sanitation_worker", "volunteer")
WIDTH, HEIGHT = 320, 220


@require_safe
@open_to(Who.ANYONE)
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The card."""
    places, moment = atlas(), now()
    grid = _grid(code, places)
    above = places.nearest(grid.path, "community") or places.nearest(grid.path, "village")
    roster = roster_at(grid.path, moment)
    with timezone.override(ZoneInfo(places.timezone(grid.path))):
        context = {
            "place_name": ground.name(ground.served(places), refusals.english()),
            "grid": grid,
            "name": ground.name(grid, refusals.english()),
            "community": ground.name(above, refusals.english()) if above else "",
            "people": _named(grid, roster, moment),
            "counted": _counted(grid, roster, moment),
            "phone": settings.SERVICE_PHONE,
            "link": _link(request, grid),
            "sketch": _sketch(places, grid, above, moment),
            "width": WIDTH, "height": HEIGHT,
            "day": timezone.localdate().isoformat(),
        }
        return render(request, "public/card.html", context)


@require_safe
@open_to(Who.ANYONE)
def code_of(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of the card, made here: it leads to reporting in this grid."""
    return HttpResponse(sharing.qr(_link(request, _grid(code, atlas()))), content_type="image/svg+xml")


def _grid(code: str, places: Atlas) -> AreaInfo:
    grid, root = places.by_code(code), ground.served(places)
    if grid is None or grid.kind != "grid" or not grid.path.startswith(root.path) or not grid.holds(now()):
        raise NotFound("There is no such grid here.", field="grid", value=code, expected="the code of a grid")
    return grid


def _link(request: HttpRequest, grid: AreaInfo) -> str:
    return request.build_absolute_uri(f"{reverse('public:report')}?grid={grid.code}")


def _named(grid: AreaInfo, roster: Roster, moment: Any) -> list[tuple[str, str]]:
    """Post and names; a post that nobody holds up to the community is said to be vacant."""
    told = []
    for post in NAMED:
        rows = roster.holders(grid.path, post, moment)
        names = "" if settings.CARD_POSTS_ONLY else _(", ").join(row.name for row in rows if row.person_id and row.name)
        told.append((_post(post), names or (_("in office") if rows else _("vacant"))))
    return told


def _counted(grid: AreaInfo, roster: Roster, moment: Any) -> list[tuple[str, int]]:
    found = [(_post(post), len(roster.holders(grid.path, post, moment))) for post in COUNTED]
    return [(post, number) for post, number in found if number]


def _post(code: str) -> str:
    return POSTS[code].name_en if refusals.english() else POSTS[code].name


def _sketch(places: Atlas, grid: AreaInfo, above: AreaInfo | None, moment: Any) -> dict[str, str]:
    """The grid within its community as paths of an SVG, '' where there are no grounds."""
    held = places.grounds(above.path if above else grid.path, grid.layer, moment)
    grounds = {area.code: shape for area, shape in held if area.kind == "grid" or area is above}
    whole = grounds.get(above.code if above else grid.code)
    if whole is None or grid.code not in grounds:
        return {}
    path = sketching.sheet(whole.bounds, WIDTH, HEIGHT).path
    others = " ".join(path(shape) for code, shape in grounds.items() if code != grid.code)
    return {"whole": path(whole), "others": others, "grid": path(grounds[grid.code])}
