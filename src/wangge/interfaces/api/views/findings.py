"""Findings: list, one, and acts upon it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.inspections import contesting, queries, rectifying
from wangge.inspections.models import Contest, Rectification
from wangge.inspections.rectifying import NewRectification
from wangge.inspections.story import story
from wangge.interfaces.api import finding, schemas
from wangge.interfaces.api.auth import SEEING, first_that_may, reader
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.places.queries import atlas

router = Router(tags=["Assessment"])
_ACTION = msgspec.json.Decoder(schemas.FindingAction)


@router.get(
    "/findings",
    operation_id="list_findings",
    summary="List findings",
    openapi_extra=operation(query=schemas.FindingFilters, gives={200: schemas.FindingPage}, refuses=(403, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """What was found on your ground, the newest first; `box` is a worklist: being put right, overdue, contested."""
    given = query(request, schemas.FindingFilters)
    by, moment, path = reader(request.auth), now(), ""  # type: ignore[attr-defined]
    if given.area:
        area = atlas().by_code(given.area)
        if area is None:
            raise InvalidInput("There is no area with this code.", field="area", value=given.area,
                               expected="the code of an area")
        path = area.path
    filters = queries.Filters(given.box, given.source or "", path, given.discovered_after, given.discovered_before)
    page = queries.listing(by, filters, now=moment, cursor=given.cursor or None, limit=given.limit)
    return json(schemas.FindingPage([finding.item(row, moment) for row in page.rows], page.next_cursor or None))


@router.get(
    "/findings/{finding_id}",
    operation_id="get_finding",
    summary="One finding",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.FindingOut}, refuses=(404, 403, 422)),
)
def one(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Who answered for the place then, what was reported before, its rounds of putting right, contests and story."""
    query(request, schemas.Nothing)
    moment = now()
    return json(first_that_may(
        request.auth, SEEING, lambda by: finding.detail(finding_id, by, now=moment)))  # type: ignore[attr-defined]


@router.post(
    "/findings/{finding_id}/actions",
    operation_id="act_on_finding",
    summary="Act upon a finding",
    openapi_extra=operation(
        takes=schemas.FindingAction, gives={200: schemas.FindingActed}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def act(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Contest it, which needs no verb, or decide that; have it put right, report it done, check it again."""
    given = body(request, _ACTION)
    verbs = SEEING if given.action == contesting.CONTEST else frozenset({given.action})
    row = first_that_may(request.auth, verbs, lambda by: _done(finding_id, given, by))  # type: ignore[attr-defined]
    subject = contesting.SUBJECT if isinstance(row, Contest) else rectifying.SUBJECT
    return json(schemas.FindingActed(id=row.id, subject=subject, state=row.state, version=row.version))


def _done(key: UUID, given: schemas.FindingAction, by: Mandate) -> Contest | Rectification:
    queries.finding(key, by)
    version = given.expected_version
    if given.action == contesting.CONTEST:
        return contesting.contest_finding(finding=key, reason=given.words, expected_version=version, by=by)
    if given.action == rectifying.ORDER:
        new = NewRectification(key, given.post, given.organisation, given.due_at, given.words)
        return rectifying.order_rectification(new=new, expected_version=version, by=by)
    told = story(key)
    waits = told.open_contest if given.action == contesting.DECIDE else told.open_round
    if waits is None:
        raise NotFound("Nothing of this kind waits.", field="action", value=given.action,
                       expected="a contest or a rectification that is open")
    if given.action == contesting.DECIDE:
        return contesting.decide_contest(contest=waits.id, points=_points(given.points), reason=given.words,
                                         expected_version=version, by=by)
    if given.action == rectifying.CHECK:
        if given.passed is None:
            raise InvalidInput("Say whether it is put right.", field="passed", expected="true or false")
        return rectifying.recheck(rectification=waits.id, passed=given.passed, words=given.words,
                                  expected_version=version, by=by)
    does = rectifying.rectify if given.action == rectifying.DO else rectifying.drop_rectification
    return does(rectification=waits.id, words=given.words, expected_version=version, by=by)


def _points(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise InvalidInput("This is no number of points.", field="points", value=text,
                           expected="a number such as 0.10") from None
