"""The grid map: areas and cases as GeoJSON, never more than can be drawn and read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import lists, rows, standing
from wangge.interfaces.web import words
from wangge.interfaces.web.ground import drawable
from wangge.kernel.cases import queries
from wangge.kernel.cases.queries.boxes import Box
from wangge.kernel.cases.reference import reference
from wangge.kernel.places.queries import Atlas, atlas

STEP = 200
"""So many cases are read at once, and shown where no part of the map is named."""
ONE_BY_ONE = 600
"""So many cases are shown one by one; more of them within a box are heaped."""


@standing.at_desk("see", "see_own")
def gridmap(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page."""
    params = bar.params_of(request.GET)
    context = {
        "room": "map",
        "params": params,
        "here": bar.address(params),
        "tiles": settings.TILE_URL,
        "chips": bar.chips_of(params, bar.names_of(atlas(), reference(), by)),
        "as_list": bar.address(params, show="list"),
        "as_split": bar.address(params, show=None),
        "kept": [(name, value) for name, value in params.items() if name != "state"],
        "states": [(state, words.STATES[state]) for state in (*lists.OPEN, "closed")],
    }
    return standing.page(request, "staff/map.html", context, by=by)


@standing.at_desk("see", "see_own")
def areas(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The grids and communities of the ground; `counts=1` adds the open cases of each grid."""
    places = atlas()
    community = places.nearest(by.scope_path, "community") or places.nearest(by.scope_path, "village")
    root = community.path if community else by.scope_path
    counting = request.GET.get("counts") == "1"
    tag = f'"{places.version}-{root}-{get_language()}"'
    if not counting and request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    ground = drawable(places, root)
    if counting:
        _count(ground["features"], by)
    answer = JsonResponse(ground)
    if not counting:
        answer["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@standing.at_desk("see", "see_own")
def pins(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The cases of the filter that have a point. Within a box (`bbox`) one by one as long as they can be told apart,
    else as small boxes with their numbers; `cut` says that not all were looked at. Without a box the newest."""
    moment, places, known = now(), atlas(), reference()
    params = bar.params_of(request.GET)
    text = request.GET.get("bbox")
    chosen = bar.filters_of({**params, "order": "newest"}, bar.names_of(places, known, by), moment)
    if text is None:
        found = queries.queue(by, chosen, now=moment, places=places, limit=STEP)
        return JsonResponse(_collection(_pins(found, moment, places), cut=found.next_cursor is not None))
    chosen = msgspec.structs.replace(chosen, bbox=_box(text))
    held = queries.boxes(by, chosen, now=moment)
    if held.cases > ONE_BY_ONE:
        tally = {"late": held.late, "soon": 0, "other": held.cases - held.late}
        return JsonResponse(_collection([_heap(one) for one in held.boxes], cut=held.cut, counts=tally))
    features: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(features) < ONE_BY_ONE:
        found = queries.queue(by, chosen, now=moment, places=places, cursor=cursor, limit=STEP)
        features += _pins(found, moment, places)
        if (cursor := found.next_cursor) is None:
            break
    return JsonResponse(_collection(features, cut=False))


def _collection(
    features: list[dict[str, Any]], *, cut: bool, counts: Mapping[str, int] | None = None
) -> dict[str, Any]:
    tally = {"late": 0, "soon": 0, "other": 0}
    if counts is None:
        for feature in features:
            kind = feature["properties"]["due"]
            tally[kind if kind in ("late", "soon") else "other"] += 1
    return {"type": "FeatureCollection", "features": features, "cut": cut, "counts": counts or tally}


def _pins(found: queries.Page, moment: datetime, places: Atlas) -> list[dict[str, Any]]:
    say = standing.speaker(places)
    return [_pin(row, rows.row(row, now=moment, say=say)) for row in found.rows if row.case.lon_e7 is not None]


def _heap(one: Box) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [one.lon_e7 / 1e7, one.lat_e7 / 1e7]},
        "properties": {"heap": one.cases, "late": one.late, "due": "late" if one.late else ""},
    }


def _box(text: str) -> tuple[int, int, int, int]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        return round(west * 1e7), round(south * 1e7), round(east * 1e7), round(north * 1e7)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            "The box cannot be read.", field="bbox", value=text, expected="west,south,east,north"
        ) from error


def _pin(found: queries.QueueRow, row: rows.Row) -> dict[str, Any]:
    case = found.case
    assert case.lon_e7 is not None
    assert case.lat_e7 is not None
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.lon_e7 / 1e7, case.lat_e7 / 1e7]},
        "properties": {
            "number": row.number,
            "title": row.title,
            "due": row.due.kind,
            "due_words": row.due.words,
            "state": str(words.STATES[row.state]),
            "url": reverse("staff:case", args=[row.number]),
        },
    }


def _count(features: list[dict[str, Any]], by: Mandate) -> None:
    basic = [feature for feature in features if feature["properties"]["basic"]][:300]
    if not basic:
        return
    counted = queries.counts(
        by,
        {
            str(index): queries.Filters(states=lists.OPEN, area_path=feature["properties"]["path"])
            for index, feature in enumerate(basic)
        },
        now=now(),
    )
    for index, feature in enumerate(basic):
        feature["properties"]["open"] = counted[str(index)]
