"""Random people try random acts, now and then the clock moves on: what no step may break.

Many short runs, over the pure rules and over PostgreSQL; `make soak` does a long one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.kernel.cases.inputs import command_for
from tests.kernel.cases.invariants import check_chain, check_value
from tests.kernel.cases.making import mandate
from tests.kernel.cases.test_acts import new_case
from tests.kernel.cases.test_rules import CALENDAR, CLASS, case
from tests.town import PEOPLE, Town
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, WanggeError
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases import sweeps
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.clocks import ClockEvent
from wangge.kernel.cases.facts import Facts, Target
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.lifecycle import ALL_ACTS, INTERNAL, TRANSITIONS, Clock, transition
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.rules import allowed_actions, decide, plain, replay
from wangge.kernel.cases.services import act
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties import mandates
from wangge.kernel.duties.catalogue import FOLLOWER_VERBS
from wangge.kernel.journal.writing import Head

PATH = "X/C1/G1/"
UNIT = new_id()
GROUNDS = {"operator": "X/", "acceptor": "X/", "inspector": "X/", "leader": "X/", "unit_clerk": "X/",
           "secretary": "X/C1/", "officer": "X/C1/", "grid_worker": PATH, "grid_leader": PATH}
SEATS = [(post, seat) for post in GROUNDS for seat in (1, 2)]
PERSONS = {seat: new_id() for seat in SEATS}
CLOCKS = {row.act: row.clock for row in TRANSITIONS if row.clock is not Clock.NONE}
START = datetime(2026, 9, 24, 1, tzinfo=UTC)  # before the National Day with its make-up days
STEP = st.tuples(st.sampled_from(ALL_ACTS), st.sampled_from(SEATS), st.integers(0, 6 * 24 * 60), st.integers(0, 9))


def who(seat: tuple[str, int], at: datetime) -> Mandate:
    post, _ = seat
    organisation = UNIT if post == "unit_clerk" else None
    return mandate(post, GROUNDS[post], actor=PERSONS[seat], organisation=organisation, at=at)


def somebody(name: str, seat: tuple[str, int], at: datetime, luck: int, state: CaseState) -> tuple[str, Mandate]:
    """Mostly somebody who may do something, and what he may; else the pair as it was drawn."""
    if name in INTERNAL:
        return name, mandates.job("test", at=at, recorded_at=at)
    if name in ("rate", "dissent") and luck > 4:
        return name, mandates.follower(state.path)
    by = who(seat, at)
    listed = [one for one in allowed_actions(state, by) if one not in ("comment", "attach")]
    return (listed[luck % len(listed)], by) if luck > 2 and listed else (name, by)


def facts_for(by: Mandate, state: CaseState, luck: int) -> Facts:
    target = Target(organisation=UNIT) if luck % 2 else Target(post="grid_worker", post_path=PATH)
    return Facts(
        by, CALENDAR, class_id=CLASS, condition=1, limit=Limit(2, LimitUnit.WORKING_DAY), tier="grid", target=target,
        called=UNIT, other=case(id=new_id()), photos=1, sampled=bool(luck % 3),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, min_size=50, max_size=50), st.sampled_from(["resident", "grid_worker"]))
def test_no_decision_breaks_the_life_of_a_case(steps: list[Any], source: str) -> None:
    state = case(source=source, reporter=PERSONS["grid_worker", 1], reported_at=START, stage_since=START)
    columns = {name: value for name, value in msgspec.structs.asdict(state).items() if name not in ("id", "version")}
    entries = [(state.id, 1, {"set": plain({name: value for name, value in columns.items() if value is not None})})]
    clock: list[ClockEvent] = []
    now = START
    for name, seat, minutes, luck in steps:
        now += timedelta(minutes=minutes)
        name, by = somebody(name, seat, now, luck, state)
        files = (new_id(), new_id())
        command = command_for(name, unit=UNIT, other="x", files=files)
        if name == "ask_suspension":
            command = msgspec.structs.replace(command, until=now + timedelta(days=3))
        listed = allowed_actions(state, by)
        try:
            change = decide(state, command, facts_for(by, state, luck), Head(state.version, b"0" * 32, now))
        except (Forbidden, Conflict):
            assert name not in listed
            continue
        assert name in listed or name in INTERNAL
        row = transition(name, state.state)
        assert row is not None
        after = change.after
        assert after.version == state.version + 1 == len(entries) + 1
        assert after.state == (row.target or state.state)
        assert by.allows(name, state.path) or name in FOLLOWER_VERBS
        if name in CLOCKS:
            clock = [] if CLOCKS[name] in (Clock.START, Clock.AT_ONCE) else clock
            clock.append(ClockEvent(CLOCKS[name].value, name, moment_of(by)))
        entries.append((after.id, after.version, dict(change.acts[0].data)))
        check_value(after, clock, now, CALENDAR)
        state = after
    assert replay(entries) == state


PLAY = st.tuples(st.sampled_from(ALL_ACTS), st.sampled_from([name for name, _, _ in PEOPLE]), st.integers(0, 9),
                 st.booleans())


@settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(PLAY, min_size=50, max_size=50))
def test_no_act_on_the_database_breaks_the_life_of_a_case(town: Town, steps: list[Any]) -> None:
    with time_machine.travel(now()) as clock:
        cases = [new_case(town), new_case(town)]
        for name, actor, luck, jump in steps:
            one_act(town, cases[luck % 2], cases[1 - luck % 2], name, actor, luck)
            if jump:
                clock.shift(timedelta(days=luck))
                sweeps.run_all()
        for key in cases:
            check_chain(key, CALENDAR, now())


def one_act(town: Town, key: UUID, other: UUID, name: str, actor: str, luck: int) -> None:
    """The act as it was drawn, or one that is offered; what is offered succeeds, all else is refused."""
    by = town.by(actor)
    state = load(key, mandates.console())
    listed = allowed_actions(state, by) if may_see(state, by) else ()
    choices = [one for one in listed if one not in ("comment", "attach", "dispose")]
    if luck > 2 and choices:
        name = choices[luck % len(choices)]
    if name in INTERNAL or name in ("attach", "dispose"):
        return
    command = command_for(name, unit=town.unit, other=other)
    if name == "dispatch" and state.tier != "grid":  # no rule says who takes what has gone up in this town
        command = msgspec.structs.replace(command, organisation=town.unit)
    status = 200
    try:
        after = act(case_id=state.id, command=command, expected_version=state.version, by=by)
    except WanggeError as error:
        status = error.status
    assert status in (200, 403, 404, 409), (name, status)
    assert name == "merge" or (status == 200) == (name in listed), (name, status)  # the other may have ended
    assert status != 200 or after.version >= state.version + 1
