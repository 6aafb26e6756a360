"""Patrols of the town: the officer of the first community walks it and looks in on its grid worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.town import POINTS, Town
from wangge.base.mandate import Mandate
from wangge.patrols.models import Observation, Patrol, Switch
from wangge.patrols.observing import NewObservation, observe
from wangge.patrols.services import NewPatrol, plan_patrol, start_patrol
from wangge.patrols.switchboard import NewSwitch, approve_switch, ask_switch

NOW = datetime(2026, 6, 8, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "岗亭无人，电话未接"


def at(town: Town, who: str, hours: float = 0) -> Mandate:
    """The mandate of one of the people so many hours after `NOW`."""
    moment = NOW + hours * HOUR
    return replace(town.by(who, at=moment), recorded_at=moment)


def plan(town: Town, who: str = "officer", *, hours: float = 0, **given: Any) -> Patrol:
    """A patrol of the first community, two hours long."""
    new = {"area": "T-C1", "planned_from": NOW, "planned_to": NOW + 2 * HOUR, "stops": ("T-G11", "T-G12")} | given
    return plan_patrol(new=NewPatrol(**new), by=at(town, who, hours))


def started(town: Town, *, tracked: bool = False, **given: Any) -> Patrol:
    """The same, under way from `NOW` on."""
    return start_patrol(patrol=plan(town, **given).id, tracked=tracked, expected_version=1, by=at(town, "officer"))


def look(town: Town, patrol: Patrol | None, who: str = "officer", *, hours: float = 1, **given: Any) -> Observation:
    """A spot check of the first grid's worker."""
    new = {"worker": town.people["worker"], "area": "T-G11", "outcome": "not_seen", "note": WORDS,
           "patrol": patrol.id if patrol else None} | given
    return observe(new=NewObservation(**new), by=at(town, who, hours))


def ask(town: Town, function: str = "forced_check_in", **given: Any) -> Switch:
    """A switch that the secretary asks for, for a week."""
    new = {"function": function, "area": "T-C1", "scene": "flood", "document": "苏汛〔2026〕12号",
           "expires": NOW + 168 * HOUR, "words": "防汛一级响应"} | given
    return ask_switch(new=NewSwitch(**new), by=at(town, "secretary"))


def switched(town: Town, function: str = "forced_check_in", **given: Any) -> Switch:
    """The same, approved by the leader."""
    return approve_switch(switch=ask(town, function, **given).id, expected_version=1, by=at(town, "leader"))


POINT = POINTS["G11"]
