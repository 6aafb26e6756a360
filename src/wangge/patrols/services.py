"""Planning and walking a patrol, and its track. Each act is one transaction with its entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import duties_of
from wangge.kernel.places.queries import AreaInfo, atlas, locate
from wangge.patrols.lifecycle import TRACK_KEPT
from wangge.patrols.models import Patrol, TrackPoint
from wangge.patrols.recording import advance, begin, locked, missing, once, sent_before
from wangge.patrols.rules import check_span, under_way
from wangge.patrols.stops import Seen, points_of, stop_of, visited

SUBJECT = "patrol"
PLAN, WALK = "plan_patrol", "start_patrol"
OVERSEE = "see_patrols"
MOST_STOPS, MOST_POINTS = 40, 500


class NewPatrol(NamedTuple):
    """A patrol to be planned: where (code), from when until when, stops on the way (codes of areas or parts, or
    `lon,lat`), for whom (else oneself). `key` is the sender's id of the request, and the patrol's."""

    area: str
    planned_from: datetime
    planned_to: datetime
    stops: tuple[str, ...] = ()
    person: UUID | None = None
    note: str = ""
    key: UUID | None = None


def plan_patrol(*, new: NewPatrol, by: Mandate) -> Patrol:
    """Plan a patrol for oneself or for somebody who patrols there; the same key from the same sender gives the same.

    Raises `InvalidInput`, `NotFound`, `Forbidden`, `KeyReused`.
    """
    if known := sent_before(Patrol, "author", new.key, by):
        return known
    place = place_at(new.area, new.planned_from)
    by.require(PLAN, place.path)
    author = _person_of(by)
    check_span(new.planned_from, new.planned_to, moment_of(by))
    if len(new.stops) > MOST_STOPS:
        raise InvalidInput("These are too many stops.", field="stops", value=len(new.stops),
                           expected=f"at most {MOST_STOPS}")
    stops = [stop_of(given, place, new.planned_from) for given in new.stops]
    who = new.person or author
    words = check_text("note", new.note)
    row = Patrol(
        id=new.key or new_id(), version=1, person_id=who, area_id=place.id,
        post_id=_post_of(who, place.path, new.planned_from),
        path=place.path, author_id=author, planned_from=new.planned_from, planned_to=new.planned_to, stops=stops,
        state="planned",
    )
    content = {"note": words} if words else {}
    return once(lambda: begin(row, SUBJECT, PLAN, area=place.id, by=by, content=content),
                lambda: sent_before(Patrol, "author", new.key, by))


def start_patrol(*, patrol: UUID, tracked: bool, expected_version: int | None, by: Mandate) -> Patrol:
    """Begin one's own patrol; only with `tracked` may points of its track follow.

    Raises `NotFound`, `Conflict` where another of one's patrols is under way, `Forbidden`, `InvalidInput`.
    """
    try:
        with transaction.atomic():
            row = _own(patrol, expected_version, "start_patrol", by)
            by.require(WALK, row.path)
            moment = moment_of(by)
            if moment > row.planned_to:
                raise Conflict("The time of this patrol is over; plan another.", field="action", value="start_patrol",
                               expected=f"until {row.planned_to.isoformat()}")
            updates = {"state": "started", "started_at": moment, "tracked": tracked}
            return advance(row, SUBJECT, "start_patrol", updates, area=row.area_id, by=by)
    except IntegrityError as error:
        if "patrols_patrol_one_at_once" not in str(error):
            raise
        raise Conflict("Another patrol of yours is under way; end it first.", field="action",
                       value="start_patrol") from error


@transaction.atomic
def visit_stop(*, patrol: UUID, stop: int, expected_version: int | None, by: Mandate) -> Patrol:
    """Tick a stop of one's own patrol that is under way, by its number from 0. Ticking twice changes nothing.

    Raises `NotFound`, `Moved`, `Conflict`, `InvalidInput` for a stop that it has not.
    """
    row = _own(patrol, expected_version, "visit_stop", by)
    if not 0 <= stop < len(row.stops):
        raise InvalidInput("This patrol has no such stop.", field="stop", value=stop,
                           expected=f"0 to {len(row.stops) - 1}" if row.stops else "a patrol with stops")
    if str(stop) in row.visited:
        return row
    return advance(row, SUBJECT, "visit_stop", {"visited": {**row.visited, str(stop): "ticked"}}, area=row.area_id,
                   by=by)


def _visits(row: Patrol) -> dict[str, str]:
    """How each stop was visited when the patrol ends: the track is deleted later, what it showed stays."""
    if not row.stops:
        return {}
    checks = row.observations.values_list("path", "lon_e7", "lat_e7")
    seen = [Seen("check", path, Point(lon, lat) if lon is not None and lat is not None else None)
            for path, lon, lat in checks]
    for lon, lat, at in row.track.values_list("lon_e7", "lat_e7", "at"):
        point = Point(lon, lat)
        seen.append(Seen("track", locate(point, at=at).path or "", point))
    return visited(list(row.stops), row.visited, seen, points_of(row.stops))


@transaction.atomic
def end_patrol(*, patrol: UUID, expected_version: int | None, note: str = "", by: Mandate) -> Patrol:
    """End one's own patrol. How many points its track has, and which stops were visited how, stands in the entry."""
    row = _own(patrol, expected_version, "end_patrol", by)
    words = check_text("note", note)
    updates = {"state": "ended", "ended_at": moment_of(by), "points": row.track.count()}
    if (visits := _visits(row)) != row.visited:
        updates["visited"] = visits
    return advance(row, SUBJECT, "end_patrol", updates, area=row.area_id, by=by,
                   content={"note": words} if words else {})


@transaction.atomic
def drop_patrol(*, patrol: UUID, expected_version: int | None, reason: str, by: Mandate) -> Patrol:
    """Drop a planned patrol: whoever walks it, or who plans there."""
    row = locked(Patrol, SUBJECT, patrol, expected_version, "drop_patrol")
    if by.actor is None or (row.person_id != by.actor and not by.allows(PLAN, row.path)):
        raise missing(SUBJECT, patrol)
    words = check_text("reason", reason)
    if not words:
        raise InvalidInput("Write a few words.", field="reason", expected="some words")
    return advance(row, SUBJECT, "drop_patrol", {"state": "dropped"}, area=row.area_id, by=by,
                   content={"reason": words})


def add_track(*, patrol: UUID, points: Sequence[tuple[datetime, Point]], by: Mandate) -> int:
    """Keep points of one's own track; returns how many are new. Sending the same again adds nothing.

    Raises `NotFound`, `Conflict` unless the patrol is under way with a track, `InvalidInput` for a time outside it.
    """
    row = Patrol.objects.filter(id=patrol).first()
    if row is None or by.actor is None or row.person_id != by.actor:
        raise missing(SUBJECT, patrol)
    moment = moment_of(by)
    if not row.tracked or row.started_at is None or not under_way(row.state, row.planned_to, moment):
        raise Conflict("Points are kept only during a patrol that was started with a track.", field="patrol",
                       value=patrol, expected="a patrol under way with a track")
    if len(points) > MOST_POINTS:
        raise InvalidInput("These are too many points.", field="points", value=len(points),
                           expected=f"at most {MOST_POINTS} at a time")
    for at, _ in points:
        if not row.started_at <= at <= moment:
            raise InvalidInput("A point lies outside the patrol.", field="at", value=at.isoformat(),
                               expected=f"from {row.started_at.isoformat()} until now")
    made = [TrackPoint(patrol=row, at=at, lon_e7=point.lon_e7, lat_e7=point.lat_e7) for at, point in points]
    before = row.track.count()
    TrackPoint.objects.bulk_create(made, ignore_conflicts=True)
    return row.track.count() - before


def forget_tracks(*, now: datetime, by: Mandate, most: int = 1000) -> int:
    """Delete the tracks of patrols that began 30 days ago or earlier; returns how many points. By the job, nightly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM patrols_patrol p WHERE p.started_at <= %s AND EXISTS"
            " (SELECT FROM patrols_track_point t WHERE t.patrol = p.id) ORDER BY p.started_at LIMIT %s",
            [now - TRACK_KEPT, most],
        )
        due = [found for (found,) in cursor.fetchall()]
    gone = 0
    for patrol in due:
        with transaction.atomic():
            row = Patrol.objects.select_for_update(of=("self",)).get(id=patrol)
            gone += row.track.all().delete()[0]
            advance(row, SUBJECT, "forget_track", {"points": 0}, area=row.area_id, by=by)
    return gone


def place_at(code: str, at: datetime, *, field: str = "area") -> AreaInfo:
    """The area with this code, existing then. Raises `NotFound`, `InvalidInput`."""
    found = atlas().by_code(code)
    if found is None:
        raise NotFound(f"There is no area {code}.", field=field, value=code, expected="the code of an area")
    if not found.holds(at):
        raise InvalidInput(f"The area {code} does not exist at that time.", field=field, value=code,
                           expected="an area that exists then")
    return found


def _person_of(by: Mandate) -> UUID:
    if by.actor is None:
        raise Forbidden("A person does this.", field="actor")
    return by.actor


def _own(patrol: UUID, expected_version: int | None, verb: str, by: Mandate) -> Patrol:
    row = locked(Patrol, SUBJECT, patrol, expected_version, verb)
    if by.actor is None or row.person_id != by.actor:
        raise missing(SUBJECT, patrol)
    return row


def _post_of(person: UUID, path: str, at: datetime) -> str:
    """The post by which a person patrols a place then: the responsibility zones are the areas of such duties."""
    for duty in duties_of(person):
        info = POSTS.get(duty.post)
        if (info and WALK in info.verbs and duty.kind != "leave" and path.startswith(duty.area_path)
                and duty.valid_from <= at and (duty.valid_to is None or at < duty.valid_to)):
            return duty.post
    raise InvalidInput("This person does not patrol there then.", field="person", value=person,
                       expected="somebody whose post patrols on an area that holds the place")


