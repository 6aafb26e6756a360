"""Spot checks: what was seen of a worker, told to them at once, contested, decided by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.duties.queries import duties_of
from wangge.kernel.places.queries import AreaInfo, locate
from wangge.patrols.models import Observation, Patrol
from wangge.patrols.recording import advance, begin, locked, missing, once, sent_before
from wangge.patrols.rules import check_outcome, contest_until, contestable, duty_observed, grade_of, under_way
from wangge.patrols.services import place_at
from wangge.patrols.switchboard import require_on

SUBJECT = "observation"
OBSERVE, CONTEST, DECIDE = "observe", "contest_observation", "decide_observation"


class NewObservation(NamedTuple):
    """What a spot check found. `area` is the place (code), `post` the worker's where they hold several there,
    `point` where the observer stood, `witness` a second person who saw it. `patrol` is one's own that is under way;
    without one it is a forced check-in and needs its switch. `key` is the sender's id of the request, and the
    observation's: sent again, it is the same."""

    worker: UUID
    area: str
    outcome: str
    patrol: UUID | None = None
    seen_at: datetime | None = None
    post: str = ""
    point: Point | None = None
    witness: UUID | None = None
    note: str = ""
    key: UUID | None = None


@transaction.atomic
def observe(*, new: NewObservation, by: Mandate) -> Observation:
    """Record an observation; the worker reads it from this moment on. Never of oneself.

    Raises `Forbidden`, `NotFound`, `Conflict` where the patrol is not under way, `InvalidInput`.
    """
    if known := sent_before(Observation, "observer", new.key, by):
        return known
    moment = moment_of(by)
    seen_at = new.seen_at or moment
    place = place_at(new.area, seen_at)
    by.require(OBSERVE, place.path)
    if by.actor is None:
        raise Forbidden("A person observes.", field="actor")
    if new.worker == by.actor:
        raise Forbidden("Nobody observes themselves.", field="worker", value=new.worker)
    if new.witness in (by.actor, new.worker):
        raise InvalidInput("The witness is a third person.", field="witness", value=new.witness,
                           expected="somebody else, or nobody")
    patrol, switch = _ground(new, place, seen_at, moment, by)
    duty, leave = duty_observed(duties_of(new.worker), new.post, place.path, seen_at)
    words = check_text("note", new.note)
    placed = new.point is not None and (locate(new.point, at=seen_at).path or "").startswith(place.path)
    row = Observation(
        id=new.key or new_id(), version=1, patrol_id=patrol, switch_id=switch, observer_id=by.actor,
        worker_id=new.worker,
        duty_id=duty.assignment_id, post_id=duty.post, area_id=place.id, path=place.path,
        outcome=check_outcome(new.outcome, leave=leave), grade=grade_of(placed=placed, witness=bool(new.witness)),
        witness_id=new.witness, lon_e7=new.point.lon_e7 if new.point else None,
        lat_e7=new.point.lat_e7 if new.point else None, seen_at=seen_at, told_at=moment,
        contest_until=contest_until(moment), state="open",
    )
    content = {"note": words} if words else {}
    return once(lambda: begin(row, SUBJECT, OBSERVE, area=place.id, by=by, content=content),
                lambda: sent_before(Observation, "observer", new.key, by))


def _ground(
    new: NewObservation, place: AreaInfo, seen_at: datetime, moment: datetime, by: Mandate
) -> tuple[UUID | None, UUID | None]:
    """The patrol or the switch on which an observation rests."""
    if new.patrol is None:
        if seen_at > moment:
            raise InvalidInput("This time lies ahead.", field="seen_at", value=seen_at.isoformat(), expected="now")
        return None, require_on("forced_check_in", place.path, seen_at)
    patrol = Patrol.objects.select_for_update(of=("self",)).filter(id=new.patrol).first()
    if patrol is None or patrol.person_id != by.actor:
        raise missing("patrol", new.patrol)
    if patrol.started_at is None or not under_way(patrol.state, patrol.planned_to, moment):
        raise Conflict("A spot check is part of a patrol under way.", field="patrol", value=patrol.id,
                       expected="a patrol of yours that was started and is not over")
    if not patrol.started_at <= seen_at <= moment:
        raise InvalidInput("It was seen within the patrol.", field="seen_at", value=seen_at.isoformat(),
                           expected=f"from {patrol.started_at.isoformat()} until now")
    if not place.path.startswith(patrol.path):
        raise InvalidInput("This place lies outside the patrol.", field="area", value=place.code,
                           expected=f"a place below {patrol.path}")
    return patrol.id, None


@transaction.atomic
def contest_observation(*, observation: UUID, reason: str, expected_version: int | None, by: Mandate) -> Observation:
    """The worker says why an observation is wrong, within three days. Needs no verb: it is their right."""
    _readable(observation, by)
    row = locked(Observation, SUBJECT, observation, expected_version, CONTEST)
    moment = moment_of(by)
    contestable(row.worker_id, row.state, row.contest_until, by.actor, moment)
    updates = {"state": "contested", "contested_at": moment}
    return advance(row, SUBJECT, CONTEST, updates, area=row.area_id, by=by, content=_reason(reason))


@transaction.atomic
def decide_observation(
    *, observation: UUID, upheld: bool, reason: str, expected_version: int | None, by: Mandate
) -> Observation:
    """Uphold a contested observation or strike it; by neither observer, witness nor worker."""
    _readable(observation, by)
    row = locked(Observation, SUBJECT, observation, expected_version, DECIDE)
    by.require(DECIDE, row.path)
    if by.actor is None or by.actor in (row.observer_id, row.worker_id, row.witness_id):
        raise Forbidden("Who observed, witnessed or was observed does not decide.", field="action", value=DECIDE,
                        expected="another person")
    updates: dict[str, Any] = {"state": "upheld" if upheld else "struck", "decider": by.actor,
                               "decided_at": moment_of(by)}
    return advance(row, SUBJECT, DECIDE, updates, area=row.area_id, by=by, content=_reason(reason))


def _readable(observation: UUID, by: Mandate) -> None:
    """Raise `NotFound` where the reader is neither a party nor oversees patrols there."""
    row = Observation.objects.filter(id=observation).only("worker", "observer", "path").first()
    if row is None or not (by.actor in (row.worker_id, row.observer_id) or by.allows("see_patrols", row.path)):
        raise missing(SUBJECT, observation)


def _reason(reason: str) -> dict[str, str]:
    words = check_text("reason", reason)
    if not words:
        raise InvalidInput("Write a few words.", field="reason", expected="some words")
    return {"reason": words}
