"""Spot files: list, one, and acts upon it."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.api import schemas, spotting
from wangge.interfaces.api.auth import SEEING, first_that_may, reader
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots import queries, services
from wangge.kernel.spots.models import Spot

router = Router(tags=["Spots"])
_ACTION = msgspec.json.Decoder(schemas.SpotAction)


@router.get(
    "/spots",
    operation_id="list_spots",
    summary="List spot files",
    openapi_extra=operation(query=schemas.SpotFilters, gives={200: schemas.SpotPage}, refuses=(403, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """Places where cases of one class come back, as your broadest duty sees them, newest first, a page at a time."""
    given = query(request, schemas.SpotFilters)
    by = reader(request.auth)  # type: ignore[attr-defined]
    places, path = atlas(), ""
    if given.area:
        info = places.by_code(given.area)
        if info is None:
            raise InvalidInput(
                "There is no area with this code.", field="area", value=given.area, expected="the code of an area"
            )
        path = info.path
    filters = queries.Filters(states=tuple(given.state), class_prefix=given.case_class, area_path=path)
    page = queries.listing(by, filters, cursor=given.cursor or None, limit=given.limit)
    return json(schemas.SpotPage([spotting.item(row, places) for row in page.rows], page.next_cursor))


@router.get(
    "/spots/{spot}",
    operation_id="get_spot",
    summary="One spot file",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.SpotOut}, refuses=(404, 403, 422)),
)
def one(request: HttpRequest, spot: str) -> HttpResponse:
    """The file with this id or number: its cases, campaigns and remedies, and how often cases came before and after."""
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    found = first_that_may(standing, SEEING, lambda by: queries.spot_detail(spot, by, now=now()))
    row = found.spot
    return json(spotting.detail(found, atlas(), allowed=_allowed(row.state, row.path, standing)))


@router.post(
    "/spots/{spot}/actions",
    operation_id="act_on_spot",
    summary="Act upon a spot file",
    openapi_extra=operation(
        takes=schemas.SpotAction, gives={200: schemas.SpotActed}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def act(request: HttpRequest, spot: str) -> HttpResponse:
    """Record a campaign; set, finish or drop a remedy; close the file with a reason, or open it again.

    That a remedy held or rebounded cannot be sent: it follows from the cases.
    """
    given = body(request, _ACTION)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    command = services.Command(
        act=given.action, note=given.note, reason=given.reason, at=given.at, kind=given.kind,
        organisation=given.organisation, post=given.post or None, planned_on=given.planned_on,
    )  # fmt: skip

    def attempt(by: Mandate) -> Spot:
        return services.act(spot_id=spot, command=command, expected_version=given.expected_version, by=by)

    after = first_that_may(standing, frozenset({given.action}), attempt)
    return json(
        schemas.SpotActed(
            id=after.id, number=after.number, version=after.version, state=after.state,
            allowed_actions=_allowed(after.state, after.path, standing),
        )
    )  # fmt: skip


def _allowed(state: str, path: str, standing: Standing) -> list[str]:
    """What any of the asker's duties may do, in the order of the table."""
    return list(
        dict.fromkeys(name for by in standing.mandates() for name in services.allowed_actions(state, path, by))
    )
