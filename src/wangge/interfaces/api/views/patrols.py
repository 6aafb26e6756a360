"""Patrols and spot checks: list, plan, walk, track points in batches; record, contest, decide."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.api.auth import first_that_may
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.api.schemas import Nothing
from wangge.interfaces.api.schemas import patrols as shapes
from wangge.interfaces.api.schemas.incoming import Location
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.places.queries import Atlas, atlas
from wangge.patrols import observing, queries, services, stops
from wangge.patrols.models import Observation, Patrol
from wangge.patrols.rules import stands

router = Router(tags=["Patrols"])
_PLAN = msgspec.json.Decoder(shapes.NewPatrolIn)
_ACT = msgspec.json.Decoder(shapes.PatrolAction)
_TRACK = msgspec.json.Decoder(shapes.TrackIn)
_OBSERVE = msgspec.json.Decoder(shapes.NewObservationIn)
_SAY = msgspec.json.Decoder(shapes.ObservationAction)
_REFUSES = (400, 403, 404, 409, 413, 415, 422)


@router.get(
    "/patrols", operation_id="list_patrols", summary="List patrols",
    openapi_extra=operation(query=shapes.PatrolFilters, gives={200: shapes.PatrolPage}, refuses=(403, 422)),
)
def patrols(request: HttpRequest) -> HttpResponse:
    """Those that you walk or planned, and with `see_patrols` all of your ground; the newest first."""
    given = query(request, shapes.PatrolFilters)
    places = atlas()
    found = first_that_may(
        _standing(request), _every(request),
        lambda by: list(queries.patrols(by, mine=given.mine, state=given.state)[:given.limit]),
    )
    return json(shapes.PatrolPage([_patrol(row, places) for row in found]))


@router.post(
    "/patrols", operation_id="plan_patrol", summary="Plan a patrol",
    openapi_extra=operation(takes=shapes.NewPatrolIn, gives={201: shapes.PatrolOut}, refuses=_REFUSES),
)
def plan(request: HttpRequest) -> HttpResponse:
    """For yourself or somebody who patrols there. The same `key` is answered with the patrol that it made."""
    given = body(request, _PLAN)
    new = services.NewPatrol(given.area, given.planned_from, given.planned_to, given.stops, given.person, given.note,
                             given.key)
    verbs = frozenset({services.PLAN})
    made = first_that_may(_standing(request), verbs, lambda by: services.plan_patrol(new=new, by=by))
    return json(_patrol(made, atlas()), 201)


@router.get(
    "/patrols/{patrol}", operation_id="get_patrol", summary="One patrol",
    openapi_extra=operation(query=Nothing, gives={200: shapes.PatrolOut}, refuses=(403, 404, 422)),
)
def patrol(request: HttpRequest, patrol: UUID) -> HttpResponse:
    """With its stops and how each was visited. Its track is read at the desk, each look on record."""
    query(request, Nothing)
    found = first_that_may(_standing(request), _every(request), lambda by: queries.patrol(patrol, by))
    return json(_patrol(found, atlas()))


@router.post(
    "/patrols/{patrol}/actions", operation_id="act_on_patrol", summary="Start, tick a stop, end, drop",
    openapi_extra=operation(takes=shapes.PatrolAction, gives={200: shapes.PatrolOut}, refuses=_REFUSES),
)
def act(request: HttpRequest, patrol: UUID) -> HttpResponse:
    """Your own; planned ones are dropped also by who plans there. At its end stops count as visited also by a spot
    check or a point of the track, within 50 m of a part or a point."""
    given = body(request, _ACT)
    done = first_that_may(_standing(request), _every(request), lambda by: _done(patrol, given, by))
    return json(_patrol(done, atlas()))


def _done(patrol: UUID, given: shapes.PatrolAction, by: Mandate) -> Patrol:
    version = given.expected_version
    if given.action == "start_patrol":
        return services.start_patrol(patrol=patrol, tracked=given.tracked, expected_version=version, by=by)
    if given.action == "end_patrol":
        return services.end_patrol(patrol=patrol, expected_version=version, note=given.note, by=by)
    if given.action == "drop_patrol":
        return services.drop_patrol(patrol=patrol, expected_version=version, reason=given.reason, by=by)
    if given.stop is None:
        raise InvalidInput("Say which stop.", field="stop", expected="its number, from 0")
    return services.visit_stop(patrol=patrol, stop=given.stop, expected_version=version, by=by)


@router.post(
    "/patrols/{patrol}/track", operation_id="add_track", summary="Send points of a track",
    openapi_extra=operation(takes=shapes.TrackIn, gives={200: shapes.TrackOut}, refuses=_REFUSES),
)
def track(request: HttpRequest, patrol: UUID) -> HttpResponse:
    """Only while your patrol is under way and was started with a track. Sent again they are not kept twice; the track
    is deleted 30 days after the start."""
    given = body(request, _TRACK)
    points = [(one.at, _point(one.location)) for one in given.points]
    added = first_that_may(
        _standing(request), frozenset({services.WALK}),
        lambda by: services.add_track(patrol=patrol, points=points, by=by),
    )
    return json(shapes.TrackOut(added))


@router.get(
    "/observations", operation_id="list_observations", summary="List spot checks",
    openapi_extra=operation(query=shapes.ObservationFilters, gives={200: shapes.ObservationPage}, refuses=(403, 422)),
)
def observations(request: HttpRequest) -> HttpResponse:
    """Of you, by you, those that you may decide, or with `see_patrols` all of your ground; the newest first."""
    given = query(request, shapes.ObservationFilters)
    found = first_that_may(_standing(request), _every(request),
                           lambda by: list(queries.observations(by, box=given.box)[:given.limit]))
    return json(shapes.ObservationPage(_observations(found, request)))


@router.post(
    "/observations", operation_id="observe", summary="Record a spot check",
    openapi_extra=operation(takes=shapes.NewObservationIn, gives={201: shapes.ObservationOut}, refuses=_REFUSES),
)
def observe(request: HttpRequest) -> HttpResponse:
    """Within your own patrol under way. The worker reads it at once and may contest it for three days."""
    given = body(request, _OBSERVE)
    new = observing.NewObservation(
        given.worker, given.area, given.outcome, given.patrol, given.seen_at, given.post,
        _point(given.location) if given.location else None, given.witness, given.note, given.key,
    )
    verbs = frozenset({observing.OBSERVE})
    made = first_that_may(_standing(request), verbs, lambda by: observing.observe(new=new, by=by))
    return json(_observations([made], request)[0], 201)


@router.post(
    "/observations/{observation}/actions", operation_id="act_on_observation", summary="Contest a spot check, or decide",
    openapi_extra=operation(takes=shapes.ObservationAction, gives={200: shapes.ObservationOut}, refuses=_REFUSES),
)
def say(request: HttpRequest, observation: UUID) -> HttpResponse:
    """Who was observed contests it within three days; somebody who had no part in it decides."""
    given = body(request, _SAY)
    decides = given.action == observing.DECIDE
    if decides and given.upheld is None:
        raise InvalidInput("Say whether it is upheld.", field="upheld", expected="true or false")

    def attempt(by: Mandate) -> Observation:
        if decides:
            return observing.decide_observation(observation=observation, upheld=bool(given.upheld), by=by,
                                                reason=given.reason, expected_version=given.expected_version)
        return observing.contest_observation(observation=observation, reason=given.reason, by=by,
                                             expected_version=given.expected_version)

    verbs = frozenset({observing.DECIDE}) if decides else _every(request)
    return json(_observations([first_that_may(_standing(request), verbs, attempt)], request)[0])


def _standing(request: HttpRequest) -> Standing:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _every(request: HttpRequest) -> frozenset[str]:
    """Any duty will do: what is theirs people read and contest without a verb."""
    return frozenset(verb for row in _standing(request).rows for verb in row.verbs)


def _point(given: Location) -> Point:
    return parse_point(given.lon, given.lat, given.crs)


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _patrol(row: Patrol, places: Atlas) -> shapes.PatrolOut:
    def named(path: str) -> str:
        area = places.by_path.get(path)
        return area.name if area else ""

    return shapes.PatrolOut(
        row.id, row.version, row.state, row.person_id, row.post_id, _code(row.path), row.planned_from, row.planned_to,
        row.tracked, row.started_at, row.ended_at,
        [shapes.StopOut(_code(stop) if "/" in stop else stop.partition(":")[2], stops.name_of(stop, named),
                        row.visited.get(str(number))) for number, stop in enumerate(row.stops)],
    )


def _observations(rows: list[Observation], request: HttpRequest) -> list[shapes.ObservationOut]:
    said, moment = queries.words([row.id for row in rows]), _standing(request).recorded_at
    return [
        shapes.ObservationOut(
            row.id, row.version, row.state, stands(row.state, row.contest_until, moment), row.outcome, row.grade,
            row.worker_id, row.observer_id, row.post_id, _code(row.path), row.patrol_id, row.seen_at,
            row.contest_until, said.of(row.id, "note"), said.of(row.id, "reason"), said.of(row.id, "decided"),
        )
        for row in rows
    ]
