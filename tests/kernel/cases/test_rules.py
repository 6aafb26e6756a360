"""The life of a case, by the pure rules alone: what each state allows, to whom, and what the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import strategies as st

from tests.kernel.cases.making import mandate
from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.lifecycle import ACTS, TRANSITIONS, State, possible, state_pairs
from wangge.kernel.cases.rules import Command, Facts, Target, allowed_actions, decide, plain, replay
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Head

PATH = "X/C1/G1/"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 10:00 in Shanghai
CALENDAR = WorkingCalendar()
WORKER, INSPECTOR, OPERATOR = new_id(), new_id(), new_id()
CLASS = new_id()


def case(**columns: object) -> CaseState:
    first = {
        "id": new_id(),
        "version": 1,
        "number": "32041220261123000001",
        "state": "reported",
        "source": "grid_worker",
        "path": PATH,
        "born_path": PATH,
        "reported_at": START,
        "stage_since": START,
    }
    return CaseState(**(first | columns))  # type: ignore[arg-type]


def facts(by: Mandate, **more: object) -> Facts:
    return Facts(by, CALENDAR)._replace(**more)  # type: ignore[arg-type]


def operator(at: datetime = START) -> Mandate:
    return mandate("operator", "X/", actor=OPERATOR, at=at)


def worker(at: datetime = START, scope: str = PATH) -> Mandate:
    return mandate("grid_worker", scope, actor=WORKER, at=at)


def inspector(at: datetime = START, actor: UUID = INSPECTOR) -> Mandate:
    return mandate("inspector", "X/", actor=actor, at=at)


def do(state: CaseState, by: Mandate, act: str, given: dict[str, object] | None = None, **command: object) -> Change:
    head = Head(state.version, b"0" * 32, state.stage_since)
    return decide(state, Command(act=act, **command), facts(by, **(given or {})), head)  # type: ignore[arg-type]


REGISTER = {"class_id": CLASS, "condition": 2, "limit": Limit(4, LimitUnit.WORKING_HOUR), "tier": "community"}
TO_WORKER = {"target": Target(post="grid_worker", post_path=PATH)}


def walked() -> list[Change]:
    """The ordinary flow, half an hour between acts."""
    state = case()
    changes: list[Change] = []
    steps: list[tuple[str, str, dict[str, object], dict[str, object]]] = [
        ("operator", "accept", {}, {}),
        ("operator", "register", REGISTER, {}),
        ("operator", "dispatch", TO_WORKER, {}),
        ("worker", "sign", {}, {}),
        ("worker", "handle", {}, {"note": "已清理"}),
        ("inspector", "inspect", {}, {}),
        ("operator", "close", {}, {}),
    ]
    who = {"operator": operator, "worker": worker, "inspector": inspector}
    for number, (actor, act, known, command) in enumerate(steps):
        change = do(state, who[actor](START + timedelta(minutes=30 * number)), act, known, **command)
        changes.append(change)
        state = change.after
    return changes


def test_the_ordinary_flow_leads_from_reported_to_closed() -> None:
    states = [change.after.state for change in walked()]
    assert states == ["verifying", "registered", "dispatched", "handling", "handled", "handled", "closed"]


def test_every_act_is_one_entry_and_one_version() -> None:
    for number, change in enumerate(walked(), start=2):
        assert change.after.version == number
        assert len(change.acts) == 1
        assert change.acts[0].version == number - 1


def test_a_case_is_what_its_entries_add_up_to() -> None:
    first = case()
    columns = {name: value for name, value in msgspec.structs.asdict(first).items() if name not in ("id", "version")}
    entries = [(first.id, 1, {"set": plain({name: value for name, value in columns.items() if value is not None})})]
    changes = walked()
    for change in changes:
        entries.append((first.id, change.after.version, dict(change.acts[0].data)))
    end = msgspec.structs.replace(changes[-1].after, id=first.id)
    assert replay(entries) == end


def test_four_working_hours_registered_at_half_past_ten_end_the_same_afternoon() -> None:
    registered = walked()[1].after
    assert registered.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 16:30: 1.5 h + lunch + 2.5 h
    assert registered.tier == "community"


def test_the_clock_stops_when_the_work_is_handed_back() -> None:
    assert walked()[4].after.handled_at == START + timedelta(minutes=120)


def test_rework_runs_what_was_left_of_the_limit() -> None:
    handled = walked()[4].after  # handed back at 12:00, due 16:30: 2.5 working hours left
    again = do(handled, inspector(datetime(2026, 11, 23, 6, 0, tzinfo=UTC)), "rework", reason="还有残留").after
    assert again.state == "handling"
    assert again.reworks == 1
    assert again.handled_at is None
    assert again.due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # from 14:00 on, 2.5 h
    later = do(handled, inspector(datetime(2026, 11, 24, 0, 0, tzinfo=UTC)), "rework", reason="还有残留").after
    assert later.due_at == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def test_late_work_stays_late_through_rework() -> None:
    handled = msgspec.structs.replace(walked()[4].after, due_at=START + timedelta(minutes=60))
    again = do(handled, inspector(), "rework", reason="没做完").after
    assert again.due_at == START + timedelta(minutes=60)


def test_who_did_the_work_that_another_signed_for_does_not_inspect_it() -> None:
    state = case(state="handling", post="grid_worker", post_path=PATH, handler=OPERATOR)
    handled = do(state, worker(), "handle", note="修好了").after
    assert handled.handler == WORKER
    with pytest.raises(Forbidden, match="does not inspect"):
        do(handled, inspector(actor=WORKER), "inspect")


def test_who_handled_a_case_does_not_inspect_it() -> None:
    handled = walked()[4].after
    with pytest.raises(Forbidden, match="does not inspect"):
        do(handled, inspector(actor=WORKER), "inspect")
    assert "inspect" not in allowed_actions(handled, inspector(actor=WORKER))


def test_closing_needs_an_inspection() -> None:
    with pytest.raises(Conflict, match="inspected"):
        do(walked()[4].after, operator(), "close")


def test_inspecting_twice_is_refused() -> None:
    with pytest.raises(Conflict, match="already"):
        do(walked()[5].after, inspector(), "inspect")


def test_only_the_addressee_signs() -> None:
    dispatched = walked()[2].after
    elsewhere = mandate("grid_worker", "X/C1/G2/", actor=new_id())
    with pytest.raises(Forbidden):
        do(dispatched, elsewhere, "sign")
    with pytest.raises(Forbidden):
        do(dispatched, mandate("cleaner", PATH, actor=new_id()), "sign")
    assert do(dispatched, worker(), "sign").after.handler == WORKER


def test_an_organisation_signs_by_any_of_its_clerks() -> None:
    unit = new_id()
    sent = do(walked()[1].after, operator(), "dispatch", {"target": Target(organisation=unit)}).after
    clerk = mandate("unit_clerk", "X/", actor=new_id(), organisation=unit)
    stranger = mandate("unit_clerk", "X/", actor=new_id(), organisation=new_id())
    assert allowed_actions(sent, clerk) == ("sign", "return", "comment", "attach")
    with pytest.raises(Forbidden):
        do(sent, stranger, "sign")


@pytest.mark.parametrize("act", ["reject", "void", "return", "rework", "reopen", "recall"])
def test_every_way_back_needs_a_reason(act: str) -> None:
    row = next(row for row in TRANSITIONS if row.act == act)
    state = case(state=row.sources[0].value, post="grid_worker", post_path=PATH)
    by = mandate(
        "grid_worker" if row.who in ("target", "handler") else "operator", "X/", actor=OPERATOR, may=frozenset(ACTS)
    )
    with pytest.raises(InvalidInput) as refused:
        do(state, by, act, reason="  ")
    assert refused.value.field == "reason"


def test_a_returned_case_forgets_its_addressee_and_counts_the_return() -> None:
    handling = walked()[3].after
    back = do(handling, worker(), "return", reason="不属于本网格").after
    assert (back.state, back.post, back.handler, back.returns) == ("registered", None, None, 1)


def test_reopening_starts_the_limit_again() -> None:
    closed = walked()[-1].after
    again = do(closed, operator(datetime(2026, 11, 25, 2, 0, tzinfo=UTC)), "reopen", reason="居民不满意").after
    assert (again.state, again.reopens, again.closed_at, again.inspected_at) == ("registered", 1, None, None)
    assert again.due_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_a_dispatch_without_rule_or_name_says_what_is_missing() -> None:
    with pytest.raises(InvalidInput) as refused:
        do(walked()[1].after, operator(), "dispatch")
    assert refused.value.field == "post"


def test_an_act_that_the_state_does_not_allow_is_a_conflict_with_the_present_state() -> None:
    with pytest.raises(Conflict) as refused:
        do(case(), operator(), "close")
    assert refused.value.extra["present"]["state"] == "reported"


def test_outside_the_scope_nothing_is_allowed() -> None:
    assert allowed_actions(case(), mandate("operator", "Y/", actor=OPERATOR)) == ()


def test_the_table_names_each_act_once_a_state() -> None:
    pairs = [(row.act, source) for row in TRANSITIONS for source in row.sources]
    assert len(pairs) == len(set(pairs))
    assert ("closed", "registered") in state_pairs()


def test_every_live_state_has_a_way_on_and_a_way_back() -> None:
    for state in (State.REPORTED, State.VERIFYING, State.REGISTERED, State.DISPATCHED, State.HANDLING, State.HANDLED):
        assert len({row.target for row in possible(state) if row.target}) >= 2 or state is State.HANDLING


ACTORS = st.sampled_from(["operator", "worker", "inspector"])
