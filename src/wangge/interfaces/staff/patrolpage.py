"""What the page of patrols shows: one's own patrol, what was seen of oneself, what waits to be decided, switches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import patrolwords, ruleswords, standing
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.places.queries import Atlas
from wangge.patrols import queries, stops
from wangge.patrols.lifecycle import OVERRUN
from wangge.patrols.models import Observation, Patrol, Switch
from wangge.patrols.observing import DECIDE, OBSERVE
from wangge.patrols.rules import stands
from wangge.patrols.services import WALK
from wangge.patrols.switchboard import APPROVE, ASK, END

MOST = 50


def build(by: Mandate, places: Atlas, now: datetime) -> dict[str, Any]:
    """The sections for one reader, by at most five statements."""
    patrols = list(queries.patrols(by)[:MOST])
    checks = list(queries.observations(by)[:MOST])
    switches = list(queries.switches(by)[:MOST]) if {ASK, APPROVE} & by.may else []
    said = queries.words([row.id for row in (*patrols, *checks, *switches)])
    own = next((row for row in patrols if row.person_id == by.actor and row.state == "started"), None)
    below = [one for one in duties_below(own.path, now) if one.person_id and one.kind != "leave"] if own else []
    names = {one.person_id: one.name for one in below if one.person_id}
    if missing := _people(patrols, checks, switches) - set(names):
        names |= queries.names(missing)
    shown = [_check(row, by, places, names, said, now) for row in checks]
    return {
        "own": _patrol(own, places, names, said) if own else None,
        "over": bool(own and now > own.planned_to + OVERRUN),
        "may_walk": WALK in by.may,
        "areas": ruleswords.area_choices(by, now) if (WALK in by.may and not own) or ASK in by.may else [],
        "workers": [
            {"value": f"{one.person_id}:{one.area_path}:{one.post}", "name": one.name,
             "post": standing.post_name(one.post), "place": standing.ground_name(places, one.area_path)}
            for one in below if one.person_id != by.actor
        ] if OBSERVE in by.may else [],
        "outcomes": patrolwords.OUTCOMES.items(),
        "of_me": [one for one in shown if one["of_me"]],
        "to_decide": [one for one in shown if one["decides"]],
        "others": [one for one in shown if not one["of_me"] and not one["decides"]],
        "patrols": [_patrol(row, places, names, said) for row in patrols if row is not own],
        "may_ask": ASK in by.may,
        "switchboard": bool({ASK, APPROVE} & by.may),
        "switches": [_switch(row, by, places, names, said, now) for row in switches],
        "functions": patrolwords.FUNCTIONS.items(), "scenes": patrolwords.SCENES.items(),
    }


def _people(patrols: list[Patrol], checks: list[Observation], switches: list[Switch]) -> set[UUID]:
    found = {row.person_id for row in patrols}
    found |= {person for row in checks for person in (row.worker_id, row.observer_id)}
    return found | {person for row in switches for person in (row.asked_by_id, row.approver_id) if person}


def _patrol(row: Patrol, places: Atlas, names: dict[UUID, str], said: queries.Said) -> dict[str, Any]:
    return {
        "it": row, "who": names.get(row.person_id, ""), "post": standing.post_name(row.post_id),
        "place": standing.ground_name(places, row.path), "state": patrolwords.STATES[row.state],
        "stops": [
            {"n": number, "name": stops.name_of(stop, lambda path: standing.area_name(places, path)),
             "visited": patrolwords.VISITED.get(row.visited.get(str(number), ""), "")}
            for number, stop in enumerate(row.stops)
        ],
        "seen": len(row.visited), "note": said.of(row.id, "note"),
    }


def _check(
    row: Observation, by: Mandate, places: Atlas, names: dict[UUID, str], said: queries.Said, now: datetime
) -> dict[str, Any]:
    settled = row.state == "open" and stands(row.state, row.contest_until, now)
    parties = (row.worker_id, row.observer_id, row.witness_id)
    return {
        "it": row, "worker": names.get(row.worker_id, ""), "observer": names.get(row.observer_id, ""),
        "post": standing.post_name(row.post_id), "place": standing.ground_name(places, row.path),
        "outcome": patrolwords.OUTCOMES[row.outcome], "grade": patrolwords.GRADES[row.grade],
        "state": patrolwords.STANDS if settled else patrolwords.CHECKS[row.state],
        "of_me": row.worker_id == by.actor,
        "contests": row.worker_id == by.actor and row.state == "open" and not settled,
        "decides": row.state == "contested" and by.allows(DECIDE, row.path) and by.actor not in parties,
        "note": said.of(row.id, "note"), "reason": said.of(row.id, "reason"), "decided": said.of(row.id, "decided"),
    }


def _switch(
    row: Switch, by: Mandate, places: Atlas, names: dict[UUID, str], said: queries.Said, now: datetime
) -> dict[str, Any]:
    over = row.state in ("asked", "on") and row.expires <= now
    return {
        "it": row, "function": patrolwords.FUNCTIONS[row.function], "scene": patrolwords.SCENES[row.scene],
        "place": standing.area_name(places, row.path), "words": said.of(row.id, "reason"),
        "state": patrolwords.EXPIRED if over else patrolwords.SWITCHES[row.state],
        "asked_by": names.get(row.asked_by_id, ""),
        "approver": names.get(row.approver_id, "") if row.approver_id else "",
        "decides": row.state == "asked" and not over and by.allows(APPROVE, row.path) and by.actor != row.asked_by_id,
        "ends": row.state == "on" and not over and by.allows(END, row.path),
    }
