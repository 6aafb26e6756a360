"""Public parts: what lies near a point, in a box, on an area."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.errors import InvalidInput
from wangge.base.geometry import parse_point
from wangge.interfaces.api import listing
from wangge.interfaces.api.decoding import query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.api.schemas.parts import PartFilters, Parts
from wangge.interfaces.api.views.cases import box
from wangge.kernel.cases.parts.queries import parts_list, parts_near
from wangge.kernel.places.queries import atlas

router = Router(tags=["Places and duties"])


@router.get(
    "/parts",
    operation_id="list_parts",
    summary="Public parts",
    openapi_extra=operation(query=PartFilters, gives={200: Parts}, refuses=(422,)),
)
def parts(request: HttpRequest) -> HttpResponse:
    """Manhole covers, lamps and the like with who owns, supervises and keeps them; `near` leaves out what is gone."""
    given = query(request, PartFilters)
    places = atlas()
    if given.near:
        asked = [name for name in ("bbox", "area", "cursor") if getattr(given, name)]
        if asked:
            raise InvalidInput(
                f"“near” and “{asked[0]}” do not go together.", field=asked[0], expected="only one of them"
            )
        lon, comma, lat = given.near.partition(",")
        if not comma:
            raise InvalidInput("A point has two numbers.", field="near", value=given.near, expected="lon,lat")
        point = parse_point(lon, lat, given.crs, field="near")
        found = parts_near(point, given.metres, class_prefix=given.case_class, limit=given.limit)
        return json(Parts([listing.part(one, places) for one in found]))
    path = ""
    if given.area:
        info = places.by_code(given.area)
        if info is None:
            raise InvalidInput(
                "There is no area with this code.", field="area", value=given.area, expected="the code of an area"
            )
        path = info.path
    found = parts_list(
        path=path,
        bbox=box(given.bbox) if given.bbox else None,
        class_prefix=given.case_class,
        after_code=given.cursor,
        limit=given.limit + 1,
    )
    page = found[: given.limit]
    more = len(found) > len(page)
    return json(Parts([listing.part(one, places) for one in page], page[-1].code if more else None))
