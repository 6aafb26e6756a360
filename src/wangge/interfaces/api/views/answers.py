"""Tracing back: who was answerable for a place on a day, or for a case; each reading is on record."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.api import schemas
from wangge.interfaces.api.auth import first_that_may
from wangge.interfaces.api.decoding import query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.web.tracing import told
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.services import VERB, answer, question
from wangge.kernel.tracing.shapes import Answer

router = Router(tags=["Cases"])


@router.get(
    "/answers",
    operation_id="trace_place",
    summary="Who answered here then, what they knew, what they did",
    openapi_extra=operation(
        query=schemas.AnswerFilters, gives={200: schemas.AnswerOut}, refuses=(404, 403, 422)
    ),
)
def answers(request: HttpRequest) -> HttpResponse:
    """Every holder of a duty above a place on a day, and who had its cases in hand, up to who leads the subdistrict:
    what reached them, when, and what they did; vacant posts are named. That you read it is put on record first."""
    given = query(request, schemas.AnswerFilters)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    moment, places = now(), atlas()
    point = parse_point(given.lon, given.lat) if given.lon or given.lat else None

    def ask(by: Mandate) -> Answer:
        asked = question(
            places=places, by=by, now=moment, area=given.area, point=point, day=given.day,
            class_prefix=given.case_class, case=given.case,
        )  # fmt: skip
        return answer(asked, by=by, now=moment)

    found = first_that_may(standing, frozenset({VERB}), ask)
    return json(msgspec.convert(told(found), schemas.AnswerOut))
