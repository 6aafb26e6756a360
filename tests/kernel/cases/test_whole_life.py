"""Every flow aside of the ordinary one, through the services: more time, none, joined, shared, refused, risen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.kernel.cases.files.pictures import picture
from tests.kernel.cases.test_acts import do, new_case, walk
from tests.kernel.cases.test_intake import a_report
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.kernel.cases import following, gathering, sweeps
from wangge.kernel.cases.clocks import clock_events, clock_sum
from wangge.kernel.cases.controls import end_control, set_control
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case, RoutingRule, StoredFile
from wangge.kernel.cases.queries import candidates_for, case_detail, timeline
from wangge.kernel.cases.rules import Command, allowed_actions
from wangge.kernel.cases.services import act
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.services import NewDuty, assign_many
from wangge.kernel.people.services import create_organisation, create_person

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai


def at(hour: float, day: int = 23) -> datetime:
    """An hour of November 2026 on the clock of Shanghai."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def by_unit(town: Town, name: str = "clerk2") -> UUID:
    """A second unit with a clerk of its own."""
    unit = create_organisation(code=f"T-{name}", name="第二单位", kind="department", by=mandates.console())
    clerk = create_person(name=f"样例{name}", by=mandates.console())
    assign_many([NewDuty("unit_clerk", "320499-T", datetime(2020, 1, 1, tzinfo=UTC), clerk.id, unit.id)],
                by=mandates.console())
    town.people[name] = clerk.id
    return unit.id


def verbs(case: UUID) -> list[str]:
    return [moment.verb for moment in timeline(case)]


def explained(state: CaseState) -> Any:
    told = [(moment.verb, moment.recorded_at) for moment in timeline(state.id)]
    return clock_sum(state, calendar_for(state.path), now(), clock_events(told))


# --- verifying


def test_a_report_of_the_public_is_verified_before_it_is_registered(town: Town) -> None:
    case = new_case(town)
    do(town, case, "operator", "accept")
    with pytest.raises(Conflict, match="verified before"):
        do(town, case, "operator", "register", case_class="E0417", condition=1)
    state = do(town, case, "worker", "confirm")
    assert (state.verifier, state.state) == (town.people["worker"], "verifying")
    assert do(town, case, "operator", "register", case_class="E0417", condition=1).state == "registered"


def test_what_a_patrol_saw_is_registered_at_once(town: Town) -> None:
    case = report_case(report=a_report(source="patrol"), by=town.by("officer")).case_id
    assert do(town, case, "operator", "register", case_class="E0417", condition=1).state == "registered"


def test_the_first_answer_is_a_persons_and_not_the_reporters(town: Town) -> None:
    by = town.by("worker")
    case = report_case(report=a_report(source="grid_worker"), by=by).case_id
    act(case_id=case, command=Command(act="comment", note="就在路口"), expected_version=None, by=by)
    assert load(case, by).first_answer_at is None
    state = do(town, case, "operator", "accept")
    assert state.first_answer_at == state.stage_since


# --- more time


def test_an_extension_takes_two_steps_and_adds_one_limit_to_the_old_due_time(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    first = walk(town, case, until="sign")
    assert first.due_at == at(15)  # 9:00 and four working hours
    do(town, case, "worker", "ask_extension", reason="摊主在外地")
    with pytest.raises(Conflict, match="No endorsed extension"):
        do(town, case, "operator", "extend")
    do(town, case, "secretary", "endorse")
    time_machine.move_to(at(14.5), tick=False)
    state = do(town, case, "operator", "extend")
    assert (state.due_at, state.extensions, state.request) == (at(9, 24), 1, None)
    assert state.stage_due_at == state.due_at
    told = explained(state)
    assert told.granted == timedelta(hours=8)
    assert [event.kind for event in told.events] == ["start", "extend"]


def test_a_department_that_asks_for_itself_skips_the_first_step(town: Town) -> None:
    case = new_case(town, case_class="P0101")
    for who, name in (("operator", "accept"), ("inspector", "confirm"), ("operator", "register"),
                      ("operator", "dispatch"), ("clerk", "sign")):
        do(town, case, who, name)
    state = do(town, case, "clerk", "ask_extension", reason="缺料")
    assert state.request_step == "extend"
    assert do(town, case, "operator", "extend").extensions == 1


def test_two_extensions_at_most_and_refusals_do_not_count(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    do(town, case, "worker", "ask_extension", reason="要")
    do(town, case, "secretary", "refuse", reason="不必")
    for _ in range(2):
        do(town, case, "worker", "ask_extension", reason="要")
        do(town, case, "secretary", "endorse")
        do(town, case, "operator", "extend")
    with pytest.raises(Conflict, match="extended 2 times"):
        do(town, case, "worker", "ask_extension", reason="再要")


def test_an_extension_is_asked_for_before_the_limit_ends(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    walk(town, case, until="sign")
    time_machine.move_to(at(15.1), tick=False)
    with pytest.raises(Conflict, match="The limit is over"):
        do(town, case, "worker", "ask_extension", reason="晚了")


def test_who_asked_neither_endorses_nor_grants(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="register")
    do(town, case, "operator", "dispatch", post="secretary")
    do(town, case, "secretary", "sign")
    do(town, case, "secretary", "ask_extension", reason="要")
    with pytest.raises((Forbidden, Conflict)):
        do(town, case, "secretary", "endorse")
    assert "endorse" not in allowed_actions(load(case, town.by("secretary")), town.by("secretary"))


def test_a_suspension_stops_the_clock_over_a_holiday_and_ends_by_itself(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    walk(town, case, until="sign")
    time_machine.move_to(at(10), tick=False)  # one hour used, three left
    do(town, case, "worker", "ask_suspension", reason="待材料", until=at(9, 30))
    state = do(town, case, "operator", "suspend")
    assert (state.state, state.suspended_until, state.suspensions) == ("suspended", at(9, 30), 1)
    assert explained(state).running is False
    assert explained(state).left == timedelta(hours=3)
    time_machine.move_to(at(8.9, 30), tick=False)
    assert sweeps.run("resume") == 0
    time_machine.move_to(at(9, 30), tick=False)
    assert sweeps.run("resume") == 1
    state = load(case, town.by("operator"))
    assert (state.state, state.due_at) == ("handling", at(12, 30))
    told = explained(state)
    assert told.granted == timedelta(hours=4)
    assert [event.kind for event in told.events] == ["start", "pause", "continue"]
    with pytest.raises(Conflict, match="suspended once"):
        do(town, case, "worker", "ask_suspension", reason="再来", until=at(18, 30))


def test_a_suspension_is_not_granted_when_its_end_has_passed(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    walk(town, case, until="sign")
    do(town, case, "worker", "ask_suspension", reason="待材料", until=at(17, 24))
    time_machine.move_to(at(17, 24), tick=False)
    assert "suspend" not in allowed_actions(load(case, town.by("operator")), town.by("operator"))
    with pytest.raises(Conflict, match="has passed"):
        do(town, case, "operator", "suspend")
    assert do(town, case, "operator", "refuse", reason="期限已过").request is None


@pytest.mark.parametrize("days", [-1, 366])
def test_a_suspension_ends_within_a_year(town: Town, days: int) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    with pytest.raises(InvalidInput, match="at most one year"):
        do(town, case, "worker", "ask_suspension", reason="待", until=now() + timedelta(days=days))


# --- watched


def test_an_order_waits_for_its_answer_and_holds_the_closing(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    do(town, case, "leader", "supervise", reason="市里在问")
    do(town, case, "worker", "handle", note="已清")
    do(town, case, "inspector", "inspect")
    with pytest.raises(Conflict, match="waits for its answer"):
        do(town, case, "operator", "close")
    do(town, case, "worker", "answer", note="已劝离，已拍照")
    state = do(town, case, "operator", "close")
    assert (state.state, state.supervisions) == ("closed", 1)


def test_a_department_called_by_a_community_sees_the_case_and_arrives(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    unit = by_unit(town)
    case = new_case(town)
    walk(town, case, until="sign")
    with pytest.raises(Exception, match="no such case"):
        load(case, town.by("clerk2"))
    state = do(town, case, "secretary", "whistle", organisation=unit)
    assert state.call_due_at == MORNING + timedelta(minutes=30)
    assert allowed_actions(load(case, town.by("clerk2")), town.by("clerk2"))[0] == "arrive"
    assert do(town, case, "clerk2", "arrive").called is None


def test_warnings_go_out_before_and_at_the_due_time_each_once(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    seen = walk(town, case, until="sign")
    assert sweeps.run("warn") == 0
    time_machine.move_to(at(12), tick=False)
    assert (sweeps.run("warn"), sweeps.run("warn")) == (1, 0)
    assert load(case, town.by("operator")).warned == 1
    time_machine.move_to(at(15.01), tick=False)
    assert (sweeps.run("warn"), sweeps.run("warn")) == (1, 0)
    state = do(town, case, "worker", "handle", version=seen.version, note="已清")  # a warning makes nothing out of date
    assert (state.state, state.warned, state.warn_at) == ("handled", 0, None)


# --- tiers


def test_a_tier_holds_a_case_so_long_then_it_goes_up_by_itself(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    state = walk(town, case, until="sign")
    assert (state.tier, state.tier_due_at) == ("grid", at(9, 24))  # eight working hours
    time_machine.move_to(at(9, 24), tick=False)
    assert (sweeps.run("escalate"), sweeps.run("escalate")) == (1, 0)
    state = load(case, town.by("operator"))
    assert (state.tier, state.state, state.tier_due_at) == ("community", "handling", at(9, 27))
    time_machine.move_to(at(9, 27), tick=False)
    assert sweeps.run("escalate") == 1
    state = load(case, town.by("operator"))
    assert (state.tier, state.tier_due_at) == ("subdistrict", None)
    assert sweeps.run("escalate") == 0


def test_what_the_grid_sends_up_goes_to_the_community_and_a_leader_sends_it_down(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    state = do(town, case, "worker", "send_up", reason="管不了")
    assert (state.tier, state.state) == ("community", "registered")
    detail = case_detail(case, town.by("operator"), now=now())
    assert detail.suggestion is not None
    assert (detail.suggestion.reason, detail.suggestion.target.post) == ("risen", "secretary")  # type: ignore[union-attr]
    with pytest.raises(Forbidden):
        do(town, case, "worker", "send_down", reason="不行")
    assert do(town, case, "leader", "send_down", reason="网格能办").tier == "grid"


# --- self-disposed


def disposed(town: Town, monkeypatch: pytest.MonkeyPatch, *, drawn: bool) -> CaseState:
    monkeypatch.setattr(gathering, "drawn", lambda case_id: drawn)
    by = town.by("worker")
    before, after = (
        store_file(file_id=new_id(), content=picture(size=size), by=by).id for size in ((64, 48), (60, 40))
    )
    case = report_case(report=a_report(source="grid_worker", case_class="E0417", files=(before,)), by=by).case_id
    return act(
        case_id=case, command=Command(act="dispose", condition=1, files=(after,)), expected_version=1, by=by
    )


def test_a_self_disposed_case_that_is_not_drawn_ends_at_once_and_is_counted_apart(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = disposed(town, monkeypatch, drawn=False)
    assert (state.state, state.self_disposed, state.sampled, state.inspector) == ("closed", True, False, None)
    assert verbs(state.id) == ["report", "dispose", "close"]
    assert sorted(StoredFile.objects.filter(case_id=state.id).values_list("role", flat=True)) == ["after", "before"]


def test_what_a_leader_ordered_is_answered_before_it_is_disposed_of(town: Town) -> None:
    by = town.by("worker")
    case = report_case(report=a_report(source="grid_worker", case_class="E0417"), by=by).case_id
    assert "dispose" in allowed_actions(load(case, by), by)
    state = do(town, case, "leader", "supervise", reason="居民多次反映")
    assert "dispose" not in allowed_actions(state, by)
    assert "dispose" in allowed_actions(do(town, case, "worker", "answer", note="现在去"), by)


def test_a_drawn_one_is_inspected_by_another(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    state = disposed(town, monkeypatch, drawn=True)
    assert (state.state, state.sampled) == ("handled", True)
    with pytest.raises(Conflict, match="Nobody has inspected"):
        do(town, state.id, "operator", "close")
    do(town, state.id, "inspector", "inspect")
    assert do(town, state.id, "operator", "close").state == "closed"


def test_disposing_needs_both_photos_and_ones_own_report(town: Town) -> None:
    by = town.by("worker")
    case = report_case(report=a_report(source="grid_worker", case_class="E0417"), by=by).case_id
    one = store_file(file_id=new_id(), content=picture(), by=by).id
    with pytest.raises(InvalidInput, match="before and one from after"):
        act(case_id=case, command=Command(act="dispose", condition=1, files=(one,)), expected_version=1, by=by)
    other = report_case(report=a_report(source="patrol", case_class="E0417"), by=town.by("officer")).case_id
    with pytest.raises(Forbidden, match="who reported"):
        act(case_id=other, command=Command(act="dispose", condition=1), expected_version=1, by=by)


def test_one_in_five_is_drawn() -> None:
    found = sum(gathering.drawn(new_id()) for _ in range(2000))
    assert 300 < found < 500


# --- joined


def test_open_cases_near_by_of_the_same_class_are_offered(town: Town) -> None:
    first = new_case(town, case_class="E0417")
    near = POINTS["G11"]._replace(lon_e7=POINTS["G11"].lon_e7 + 3000)  # some 29 m
    far = POINTS["G11"]._replace(lon_e7=POINTS["G11"].lon_e7 + 9000)  # some 86 m
    second = new_case(town, case_class="E0417", point=near)
    new_case(town, case_class="E0417", point=far)
    new_case(town, case_class="P0101", point=near)
    found = candidates_for(load(first, town.by("operator")), town.by("operator"))
    assert [(one.id, one.metres) for one in found] == [(second, 29)]


def test_joined_reports_share_the_fate_of_the_first_and_their_reporters_are_told(town: Town) -> None:
    first, second = new_case(town), report_case(report=a_report(), by=town.public())
    assert second.tracking_code is not None
    state = do(town, second.case_id, "operator", "merge", other=Case.objects.get(id=first).number)
    assert (state.merged_into, state.stage_due_at) == (first, None)
    with pytest.raises(Conflict, match="joined to another"):
        do(town, second.case_id, "operator", "accept")
    walk(town, first)
    assert load(second.case_id, town.by("operator")).state == "closed"
    told = following.follow(second.tracking_code)
    assert (told.joined, told.case.state, told.may_dissent) == (True, "closed", True)
    assert [moment.verb for moment in told.moments][-1] == "close"
    do(town, first, "operator", "reopen", reason="又来了")
    assert load(second.case_id, town.by("operator")).state == "registered"


def test_joined_cases_move_along_when_theirs_joins_another(town: Town) -> None:
    one, two, three = new_case(town), new_case(town), new_case(town)
    do(town, one, "operator", "merge", other=str(two))
    do(town, two, "operator", "merge", other=str(three))
    assert load(one, town.by("operator")).merged_into == three
    with pytest.raises(Conflict, match="has itself joined"):
        do(town, new_case(town), "operator", "merge", other=str(one))
    state = do(town, one, "operator", "separate", reason="不是一回事")
    assert state.merged_into is None
    assert state.stage_due_at is not None


def test_a_case_joins_neither_itself_nor_an_ended_one(town: Town) -> None:
    case, ended = new_case(town), new_case(town)
    do(town, ended, "operator", "reject", reason="不在")
    for other in (case, ended):
        with pytest.raises(Conflict):
            do(town, case, "operator", "merge", other=str(other))


# --- the reporter


def test_who_is_not_content_has_it_opened_again_within_seven_days(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    receipt = report_case(report=a_report(), by=town.public())
    assert receipt.tracking_code is not None
    walk(town, receipt.case_id)
    following.rate(receipt.tracking_code, 1)
    with pytest.raises(Conflict, match="rated already"):
        following.rate(receipt.tracking_code, 3)
    state = following.dissent(receipt.tracking_code, "烧烤又摆出来了")
    assert (state.state, state.reopens, state.satisfaction) == ("registered", 1, None)
    late = report_case(report=a_report(), by=town.public())
    assert late.tracking_code is not None
    walk(town, late.case_id)
    time_machine.move_to(MORNING + timedelta(days=7, minutes=1), tick=False)
    with pytest.raises(Conflict, match="more than 7 days"):
        following.dissent(late.tracking_code, "还是不行")


# --- appeals and force


def test_an_appeal_needs_two_reviewers_and_the_fact_stays_visible(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    walk(town, case, until="sign")
    time_machine.move_to(at(17), tick=False)
    for who, name, more in (("worker", "handle", {"note": "迟了"}), ("inspector", "inspect", {}),
                            ("operator", "close", {})):
        state = do(town, case, who, name, **more)
    late = state.due_at
    do(town, case, "worker", "appeal", reason="暴雨")
    do(town, case, "operator", "review")
    with pytest.raises(Conflict, match="another person"):
        do(town, case, "operator", "exempt")
    state = do(town, case, "acceptor", "exempt")
    assert (state.timeout_exempt, state.due_at, state.state) == (True, late, "closed")
    with pytest.raises(Conflict, match="one appeal"):
        do(town, case, "worker", "appeal", reason="再来")


def test_work_that_was_in_time_has_nothing_to_appeal_against(town: Town) -> None:
    case = new_case(town)
    walk(town, case)
    with pytest.raises(Conflict, match="not late"):
        do(town, case, "worker", "appeal", reason="?")


def test_a_leader_closes_by_force_and_it_is_marked(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    with pytest.raises(Forbidden):
        do(town, case, "secretary", "force_close", reason="上级要求")
    state = do(town, case, "leader", "force_close", reason="上级要求")
    assert (state.state, state.forced, state.inspector) == ("closed", True, None)


# --- units that share, and units that refuse


def test_parts_end_the_whole_and_a_part_taken_up_again_brings_it_back(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task="修井盖", organisation=town.unit), Part(task="清路面", organisation=other))
    whole = do(town, case, "operator", "share", parts=parts)
    assert (whole.state, whole.parts) == ("handling", 2)
    children = {row.organisation_id: row.id for row in Case.objects.filter(parent=case)}
    assert children.keys() == {town.unit, other}
    for unit, who in ((town.unit, "clerk"), (other, "clerk2")):
        assert load(case, town.by("operator")).state == "handling"
        for actor, name, more in ((who, "sign", {}), (who, "handle", {"note": "好"}), ("inspector", "inspect", {}),
                                  ("operator", "close", {})):
            do(town, children[unit], actor, name, **more)
    assert load(case, town.by("operator")).state == "handled"
    do(town, children[other], "operator", "reopen", reason="没清完")
    assert load(case, town.by("operator")).state == "handling"
    assert verbs(case)[-3:] == ["share", "gather", "part_back"]


def test_a_part_of_an_earlier_round_ends_for_itself(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task="修井盖", organisation=town.unit), Part(task="清路面", post="officer"))
    do(town, case, "operator", "share", parts=parts)
    do(town, case, "leader", "force_close", reason="合同终止")
    do(town, case, "operator", "reopen", reason="重来")
    do(town, case, "operator", "dispatch")
    assert do(town, case, "worker", "sign").parts == 0
    for part in Case.objects.filter(parent=case).values_list("id", flat=True):
        assert do(town, part, "operator", "reopen", reason="还没修好").state == "registered"
        assert do(town, part, "leader", "force_close", reason="已不需要").state == "closed"
    assert load(case, town.by("operator")).state == "handling"


def test_the_second_refusal_calls_a_joint_meeting_and_its_ruling_becomes_a_precedent(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    for unit, who in ((town.unit, "clerk"), (other, "clerk2")):
        do(town, case, "operator", "dispatch", organisation=unit)
        state = do(town, case, who, "return", reason="不归我们")
    assert (state.refusals, state.meeting) == (2, "called")
    with pytest.raises(Conflict, match="joint meeting"):
        do(town, case, "operator", "dispatch", organisation=town.unit)
    state = do(town, case, "leader", "rule", reason="按三定方案", organisation=other)
    assert (state.state, state.organisation, state.meeting) == ("dispatched", other, "ruled")
    with pytest.raises(Conflict, match="has ruled"):
        do(town, case, "clerk2", "return", reason="还是不归")
    assert RoutingRule.objects.get(precedent=case).organisation_id == other
    next_one = new_case(town)
    assert walk(town, next_one, until="dispatch").organisation == other


def test_who_dispatches_does_not_end_what_a_unit_returned(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="dispatch")
    do(town, case, "worker", "return", reason="不在本网格")
    with pytest.raises(Conflict, match="does not end it"):
        do(town, case, "operator", "void", reason="算了")
    do(town, case, "operator", "return", reason="请再核实")
    assert do(town, case, "operator", "void", reason="查无此事").state == "void"


# --- controlled areas


def test_a_class_under_control_is_not_reported_and_the_reporter_is_told_why(town: Town) -> None:
    by = mandates.console()
    start = now() - timedelta(hours=1)
    one = set_control(area_code="T-C1", class_prefix="P", valid_from=start, valid_to=start + timedelta(days=9),
                      text="青禾路整体改造，12月完工", text_en="Rebuilt until December", by=by)
    with pytest.raises(Conflict, match="青禾路整体改造"):
        new_case(town, case_class="P0101")
    new_case(town, case_class="P0101", point=POINTS["G21"])
    new_case(town, case_class="E0417")
    case = new_case(town)
    do(town, case, "operator", "accept")
    do(town, case, "operator", "confirm")
    with pytest.raises(Conflict, match="青禾路整体改造"):
        do(town, case, "operator", "register", case_class="P0101", condition=1)
    end_control(control_id=one.id, at=now(), by=by)
    new_case(town, case_class="P0101")
