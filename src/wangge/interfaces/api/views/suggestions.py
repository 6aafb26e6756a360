"""What a text suggests: a class, a place, reports like it. The text comes in the body, so that no log and no address
holds it; nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.api import rendering, schemas
from wangge.interfaces.api.auth import reader
from wangge.interfaces.api.decoding import body
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.places.queries import atlas
from wangge.kernel.reading.places import suggest_places
from wangge.kernel.reading.queries import Reading, suggest_class
from wangge.kernel.reading.similar import similar_reports

router = Router(tags=["Cases"])
LOOKED_BACK = timedelta(days=7)
"""Reports like it are looked for among those of so many days."""
_QUESTION = msgspec.json.Decoder(schemas.Question)


@router.post(
    "/suggestions",
    operation_id="suggest",
    summary="What a report's words suggest",
    openapi_extra=operation(
        takes=schemas.Question, gives={200: schemas.Suggestions}, refuses=(400, 403, 413, 415, 422)
    ),
)
def suggest(request: HttpRequest) -> HttpResponse:
    """Which class the words resemble, which areas they name, and which recent cases near by are like it.

    It reads as far as your broadest duty sees. Without a point, reports like it are looked for on all of its ground.
    """
    given = body(request, _QUESTION)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    by = reader(standing)
    if not given.text.strip():
        raise InvalidInput("The text is empty.", field="text", expected="some words")
    return json(_answer(given, by))


def _answer(given: schemas.Question, by: Mandate) -> schemas.Suggestions:
    at, places = now(), atlas()
    point = None
    if given.location is not None:
        point = parse_point(given.location.lon, given.location.lat, given.location.crs, field="location")
    root = root_of(by.scope_path) or places.default_root
    located = places.locate(point, root_path=root, at=at).path if point else None
    read = suggest_class(given.text, located or root)
    words = f"{given.text}\n{given.address}"
    alike = similar_reports(words, by=by, near=point or by.scope_path or root, since=at - LOOKED_BACK)
    return schemas.Suggestions(
        reader=_reader(read),
        classes=[
            schemas.ClassGuess(
                one.info.code, one.info.name, one.info.name_en, round(one.confidence, 4), list(one.words)
            )
            for one in read.classes
        ],
        places=[
            schemas.PlaceGuess(rendering.area_ref(one.area), round(one.confidence, 4), one.words)
            for one in suggest_places(words, places, root_path=root, at=at)
        ],
        similar=[
            schemas.SimilarCase(
                one.case_id, one.number, one.state, one.reported_at, one.score, one.metres, list(one.words)
            )
            for one in alike
        ],
    )


def _reader(read: Reading) -> schemas.ReaderOut | None:
    used = read.model
    return schemas.ReaderOut(used.trained_at, used.cases, float(used.macro_f1), used.digest) if used else None
