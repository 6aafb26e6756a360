"""Who answers for this street: by the name of a place or a line, or by a point on the map; posts and their holders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.taskpage import TAKERS
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.duties.catalogue import ELEVEN, POSTS
from wangge.kernel.duties.queries import Holding, Roster, roster_at
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas
from wangge.kernel.tasks.addressing import LEADERS

MOST = 30
LAYERS = 3
"""Of a point so many layers are shown."""
EXPECTED = ("leader", "secretary", *ELEVEN)
"""Posts that somebody should hold at or above every place."""
HOLDINGS: dict[str, Promise] = {
    "acting": pgettext_lazy("holding", "acting"),
    "deputy": pgettext_lazy("holding", "deputy"),
}
_HIDDEN = frozenset({"building", "stairwell", "unit"})
_WITH_GROUP = frozenset({"community", "village"})
"""The standard working group is each community's."""
_NOT_OF_PLACES = frozenset({"unit", "system"})
"""Groups of posts that answer for an organisation, or for the system, and for no place."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post on an area: who holds it, how, since when, and how to reach it. `value` names it in the form of a task."""

    post: str
    names: str
    note: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Level:
    """An area of the chain with its posts."""

    code: str
    name: str
    kind: str
    held: list[Held]


@require_safe
@standing.at_desk
def answers(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The form, what a search found, and the chain of the place that was chosen."""
    moment, places = now(), atlas()
    given = {name: request.GET.get(name, "").strip() for name in ("q", "area", "lon", "lat")}
    found: list[AreaInfo] = []
    chosen: list[AreaInfo] = []
    error = ""
    status = 200
    try:
        found, chosen = _asked(given, places, by, moment)
    except WanggeError as refused:
        error, status = refusals.said(refused), refused.status
    context = {
        "room": "answers", "given": given, "error": error,
        "found": [{"code": one.code, "name": standing.area_name(places, one.path), "kind": _kind(one),
                   "place": standing.ground_name(places, one.path)} for one in found],
        "chains": [_chain(one, roster_at(one.path, moment), places, by, moment) for one in chosen[:LAYERS]],
        "may_direct": "direct" in by.may, "may_call": "call_leader" in by.may,
    }  # fmt: skip
    return standing.page(request, "staff/answers.html", context, by=by, status=status)


def _asked(
    given: dict[str, str], places: Atlas, by: Mandate, moment: datetime
) -> tuple[list[AreaInfo], list[AreaInfo]]:
    """What the search found, and the areas whose chains are shown: of a name, a code, or a point in every layer."""
    root = root_of(by.scope_path)
    for name, text in given.items():
        if "\0" in text:
            raise InvalidInput("This holds the character NUL.", field=name, expected="text without NUL")
    if given["area"]:
        area = places.by_code(given["area"])
        if area is None or not area.path.startswith(root) or not area.holds(moment):
            raise InvalidInput("There is no such place on your ground.", field="area", value=given["area"],
                               expected="the code of an area")
        return [], [area]
    if given["lon"] or given["lat"]:
        return [], _at(given, places, root, moment)
    if not given["q"]:
        return [], []
    wanted = given["q"].casefold()
    found = [area for area in places.below(root, at=moment)
             if wanted in area.name.casefold() or wanted in area.name_en.casefold() or area.code == given["q"]]
    found.sort(key=lambda area: (area.kind != "line", area.depth, area.code))
    return (found[:MOST], []) if len(found) != 1 else ([], found)


def _at(given: dict[str, str], places: Atlas, root: str, moment: datetime) -> list[AreaInfo]:
    point = parse_point(given["lon"], given["lat"], field="point")
    layers = dict.fromkeys(["administrative", *(area.layer for area in places.below(root, at=moment))])
    found = [places.locate(point, layer=layer, root_path=root, at=moment).area for layer in layers]
    chosen = [area for area in found if area is not None]
    if not chosen:
        raise InvalidInput("This point lies outside your ground.", field="point", value=f"{point}",
                           expected="a point inside")
    return chosen


def _chain(area: AreaInfo, roster: Roster, places: Atlas, by: Mandate, moment: datetime) -> dict[str, object]:
    """The areas from the place up with their posts, and the posts that nobody holds."""
    levels = []
    above = places.above(area.path)
    for one in reversed(above):
        held: dict[str, list[Holding]] = {}
        for holding in roster.chain(one.path, moment):
            if holding.area_path == one.path and POSTS[holding.post].group not in _NOT_OF_PLACES:
                held.setdefault(holding.post, []).append(holding)
        if one.kind not in _HIDDEN or held:
            levels.append(Level(one.code, standing.area_name(places, one.path), _kind(one),
                                [_held(post, rows, by, moment) for post, rows in held.items()]))
    expected = EXPECTED if any(one.kind in _WITH_GROUP for one in above) else EXPECTED[:1]
    vacant = [standing.post_name(post) for post in expected if not roster.holders(area.path, post, moment)]
    return {"name": standing.ground_name(places, area.path), "kind": _kind(area), "code": area.code, "levels": levels,
            "vacant": _(", ").join(vacant), "through": _through(area, places, moment) if area.kind == "line" else []}


def _through(line: AreaInfo, places: Atlas, moment: datetime) -> list[dict[str, str]]:
    """The communities and villages that a street or a river runs through."""
    root = root_of(line.path)
    own = next((ground for one, ground in places.grounds(root, line.layer, moment) if one.path == line.path), None)
    if own is None:
        return []
    return [
        {"code": one.code, "name": standing.area_name(places, one.path)}
        for one, ground in places.grounds(root, "administrative", moment)
        if one.kind in _WITH_GROUP and one.path != line.path and ground.intersects(own)
    ]


def _held(post: str, holdings: list[Holding], by: Mandate, moment: datetime) -> Held:
    first = holdings[0]
    how = HOLDINGS.get(first.kind)
    since = _("since {moment}").format(moment=words.moment(first.valid_from, now=moment)[:10])
    reach = ""
    if (post, first.area_path) != (by.post, by.scope_path):
        if by.allows("direct", first.area_path):
            reach = "directive" if post in TAKERS else ""
        elif post in LEADERS and "call_leader" in by.may:
            reach = "call"
    return Held(standing.post_name(post), _(", ").join(dict.fromkeys(one.name for one in holdings if one.name)),
                " · ".join(str(part) for part in (how, since) if part), reach, f"post:{post}")


KINDS: dict[str, Promise] = {
    "district": pgettext_lazy("area", "District"), "subdistrict": pgettext_lazy("area", "Subdistrict"),
    "community": pgettext_lazy("area", "Community"), "village": pgettext_lazy("area", "Village"),
    "estate": pgettext_lazy("area", "Estate"), "grid": pgettext_lazy("area", "Grid"),
    "building": pgettext_lazy("area", "Building"), "stairwell": pgettext_lazy("area", "Stairwell"),
    "unit": pgettext_lazy("area", "Unit of homes"), "zone": pgettext_lazy("area", "Responsibility zone"),
    "line": pgettext_lazy("area", "Line (street, river)"), "point": pgettext_lazy("area", "Point"),
}  # fmt: skip


def _kind(area: AreaInfo) -> str:
    return str(KINDS.get(area.kind, area.kind))
