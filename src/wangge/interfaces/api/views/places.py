"""Reference: areas, which of them holds a point, who holds duties there, classes, and who you are."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.geometry import parse_point
from wangge.interfaces.api import listing, rendering, schemas
from wangge.interfaces.api.decoding import query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.cases.queries.names import names_of
from wangge.kernel.cases.reference import ClassInfo, Reference, reference
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.duties.queries import chain
from wangge.kernel.places.queries import AreaInfo, Atlas, areas_geojson, atlas

router = Router(tags=["Places and duties"])
_AREAS = {
    "application/json": {"$ref": "#/components/schemas/AreaPage"},
    "application/geo+json": {"type": "object"},
}


@router.get(
    "/areas",
    operation_id="list_areas",
    summary="Areas",
    openapi_extra=operation(query=schemas.AreaFilters, gives={200: None}, media=_AREAS, refuses=(422,)),
)
def areas(request: HttpRequest) -> HttpResponse:
    """Areas of a layer by path, a page at a time; `format=geojson` gives those that have ground, with it, at once."""
    given = query(request, schemas.AreaFilters)
    places, at = atlas(), given.at or now()
    path = _area(places, given.below, "below").path if given.below else ""
    if given.format == "geojson":
        answer = json(areas_geojson(path, layer=given.layer, kinds=given.kind, at=at))
        answer["Content-Type"] = "application/geo+json"
        return answer
    after = _read_cursor(given.cursor)
    wanted = [
        info
        for info in places.below(path, at=at)
        if info.layer == given.layer and (not given.kind or info.kind in given.kind) and info.path > after
    ]
    page = wanted[: given.limit]
    more = len(wanted) > len(page)
    return json(
        schemas.AreaPage([rendering.area(info, places) for info in page], _cursor(page[-1].path) if more else None)
    )


@router.get(
    "/areas/locate",
    operation_id="locate",
    summary="Which area holds a point",
    openapi_extra=operation(query=schemas.Where, gives={200: schemas.LocatedOut}, refuses=(422,)),
)
def locate(request: HttpRequest) -> HttpResponse:
    """The deepest area of a layer that holds the point at a time; outside every boundary is answered as such."""
    given = query(request, schemas.Where)
    point = parse_point(given.lon, given.lat, given.crs, field="location")
    places = atlas()
    found = places.locate(point, layer=given.layer, at=given.at or now())
    return json(
        schemas.LocatedOut(
            location=schemas.Location(point.lon, point.lat),
            outside=found.outside,
            area=rendering.area(found.area, places) if found.area else None,
            above=[rendering.area_ref(info) for info in places.above(found.path)] if found.path else [],
            candidates=[rendering.area_ref(info) for info in found.candidates],
        )
    )


@router.get(
    "/duties",
    operation_id="list_duties",
    summary="Who answers for an area",
    openapi_extra=operation(query=schemas.DutyFilters, gives={200: schemas.Duties}, refuses=(403, 422)),
)
def duties(request: HttpRequest) -> HttpResponse:
    """Every duty that is held on the area and above it at a time, the nearest first; within your own root only."""
    given = query(request, schemas.DutyFilters)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    standing.mandate()
    area = _area(atlas(), given.area, "area")
    roots = sorted({row.path.partition("/")[0] for row in standing.rows})
    if area.path.partition("/")[0] not in roots:
        raise Forbidden(
            "Your duties lie elsewhere; who answers here is not told there.",
            field="area",
            value=given.area,
            expected="an area below " + " or ".join(roots),
        )
    held = chain(area.path, given.at or now())
    return json(schemas.Duties([rendering.holder(one) for one in held if given.post is None or one.post == given.post]))


@router.get(
    "/classes",
    operation_id="list_classes",
    summary="Classes of cases",
    openapi_extra=operation(query=schemas.ClassFilters, gives={200: schemas.Classes}, refuses=(422,)),
)
def classes(request: HttpRequest) -> HttpResponse:
    """The classes that hold at a place, with registration conditions, closing conditions and limits."""
    given = query(request, schemas.ClassFilters)
    places, known = atlas(), reference()
    path = _area(places, given.area, "area").path if given.area else places.default_root
    found = [info for info in known.classes_at(path) if _is_named(info, given.q, given.scheme, known)]
    return json(schemas.Classes([listing.case_class(info, known) for info in found]))


def _is_named(info: ClassInfo, q: str, scheme: str, known: Reference) -> bool:
    """Whether a code begins with `q`: the class's own, or the one in `scheme` that the crosswalk joins to it."""
    if not scheme or info.scheme == scheme:
        return info.code.startswith(q)
    others = known.crosswalk.get((info.scheme, info.code), ())
    return any(other == scheme and code.startswith(q) for other, code in others)


@router.get(
    "/me",
    operation_id="me",
    summary="Whose token this is",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.Me}),
)
def me(request: HttpRequest) -> HttpResponse:
    """Your account, the duties you hold now, and what each allows."""
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    person = None
    if standing.person is not None:
        person = schemas.Named(standing.person, names_of([standing.person], []).names.get(standing.person))
    return json(
        schemas.Me(
            standing.username,
            person,
            [
                schemas.DutyOut(
                    row.duty, row.post, row.path.rstrip("/").rpartition("/")[2], row.organisation, sorted(row.verbs)
                )
                for row in standing.rows
            ],
        )
    )


def _area(places: Atlas, code: str, field: str) -> AreaInfo:
    info = places.by_code(code)
    if info is None:
        raise InvalidInput("There is no area with this code.", field=field, value=code, expected="the code of an area")
    return info


def _cursor(path: str) -> str:
    return base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        raise InvalidInput(
            "This cursor was not made by a list.",
            field="cursor",
            value=cursor,
            expected="the next_cursor of the page before",
        ) from None
