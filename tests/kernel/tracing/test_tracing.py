"""From a place, a day and a class to who answered then: what reached them, what they did, who was missing."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.town import POINTS, Town
from wangge.base.errors import Forbidden, InvalidInput, NotFound
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.queries import trace
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.journal.checking import check
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_person
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.rules import uncovered
from wangge.kernel.tracing.services import answer, package, question, read_case
from wangge.kernel.tracing.shapes import Answer, Holder


def at(hour: float, day: int = 8) -> datetime:
    """On the clock of Shanghai, in June 2026; the 8th is a Monday."""
    return datetime(2026, 6, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def step(town: Town, case: UUID, who: str, moment: datetime, name: str, **inputs: object) -> None:
    with time_machine.travel(moment, tick=False):
        state = Case.objects.get(id=case)
        act(case_id=case, command=Command(act=name, **inputs), expected_version=state.version, by=town.by(who))  # type: ignore[arg-type]


def a_day(town: Town) -> UUID:
    """Reported at 9, dispatched at 10, signed for at 10:30 by a worker who leaves at 12; another comes at 13."""
    with time_machine.travel(at(9), tick=False):
        report = NewReport(description="占道烧烤", point=POINTS["G11"], source="resident")
        case = report_case(report=report, by=town.public()).case_id
    for who, hour, name, inputs in (
        ("acceptor", 9.2, "accept", {}), ("inspector", 9.4, "confirm", {}),
        ("operator", 9.6, "register", {"case_class": "E0417", "condition": 2}), ("operator", 10, "dispatch", {}),
        ("worker", 10.5, "sign", {}),
    ):  # fmt: skip
        step(town, case, who, at(hour), name, **inputs)
    with time_machine.travel(at(12), tick=False):
        duty = town.by("worker").duty
        assert duty is not None
        end_assignment(assignment=duty, at=at(12), by=mandates.console())
        town.people["next"] = create_person(name="样例next", by=mandates.console()).id
        assign(post="grid_worker", area="T-G11", valid_from=at(13), person=town.people["next"], by=mandates.console())
    return case


def asked(town: Town, who: str = "leader", **more: object) -> Answer:
    """The day's answer, read the next morning."""
    with time_machine.travel(at(9, 9), tick=False):
        by, moment = town.by(who), at(9, 9)
        wanted = {"area": "T-G11", "day": "2026-06-08", "class_prefix": "E04"} | more
        return answer(question(places=atlas(), by=by, now=moment, **wanted), by=by, now=moment)  # type: ignore[arg-type]


def of(found: Answer, town: Town, name: str) -> Holder:
    return next(one for one in found.holders if one.held.person == town.people[name])


def test_who_had_the_case_in_hand_is_told_with_what_reached_them_and_what_they_did(town: Town) -> None:
    a_day(town)
    found = asked(town)
    worker = of(found, town, "worker")
    assert [(one.state, one.from_, one.to) for one in worker.in_hand] == [
        ("dispatched", at(10), at(10.5)), ("handling", at(10.5), at(12)),
    ]  # fmt: skip
    assert [(one.verb, one.at) for one in worker.deeds] == [("sign", at(10.5))]
    assert [(one.verb, one.how, one.at) for one in worker.reached] == [("dispatch", "handed", at(10))]
    assert worker.first_knew == at(10)
    assert worker.stretches == ((at(0), at(12)),)
    assert worker.changed
    assert found.late == (found.traces[0].case.number,)


def test_who_took_over_knew_from_then_on(town: Town) -> None:
    a_day(town)
    found = asked(town)
    after = of(found, town, "next")
    assert [(one.state, one.from_) for one in after.in_hand] == [("handling", at(13))]
    assert [(one.verb, one.how, one.at) for one in after.reached] == [("sign", "took_over", at(13))]
    assert after.deeds == ()
    assert after.changed
    assert after.stretches == ((at(13), None),)


def test_who_stood_above_is_named_and_nothing_is_said_to_have_reached_them(town: Town) -> None:
    a_day(town)
    found = asked(town)
    assert [one.held.post for one in found.holders][:3] == ["grid_leader", "grid_worker", "grid_worker"]
    for name in ("secretary", "leader", "officer", "grid_leader"):
        one = of(found, town, name)
        assert (one.reached, one.deeds, one.first_knew, one.changed) == ((), (), None, False), name
    assert not [one for one in found.holders if one.held.person in (town.people["worker2"], town.people["secretary2"])]
    desk = of(found, town, "operator")
    assert [one.verb for one in desk.deeds] == ["register", "dispatch"]


def test_what_rises_to_a_tier_reaches_who_leads_it(town: Town) -> None:
    case = a_day(town)
    town.people["worker"] = town.people["next"]
    step(town, case, "next", at(15), "send_up", reason="摊主不听")
    found = asked(town)
    secretary = of(found, town, "secretary")
    assert [(one.verb, one.how) for one in secretary.reached] == [("send_up", "came_up")]
    assert of(found, town, "leader").reached == ()


def test_a_vacant_post_is_named_with_its_time(town: Town) -> None:
    a_day(town)
    found = asked(town)
    gaps = {one.post: (one.from_, one.to) for one in found.vacant}
    assert gaps["grid_worker"] == (at(12), at(13))
    assert gaps["cleaner"] == (at(0), at(0, 9))
    assert {"leader", "secretary", "grid_leader", "operator"}.isdisjoint(gaps)


def test_only_what_was_so_by_the_end_of_the_day_is_told(town: Town) -> None:
    case = a_day(town)
    step(town, case, "next", at(8, 9), "handle", note="已清")
    assert of(asked(town), town, "next").deeds == ()
    with time_machine.travel(at(9, 9), tick=False):
        assert [one.verb for one in of(asked(town, day="2026-06-09"), town, "next").deeds] == ["handle"]


def test_a_case_asks_for_its_own_place_and_time_and_agrees_with_its_trace(town: Town) -> None:
    case = a_day(town)
    found = asked(town, case=Case.objects.get(id=case).number)
    with time_machine.travel(at(9, 9), tick=False):
        alone = trace(load(case, town.by("leader")), now=at(9, 9), words=False)
    assert found.traces[0].stages == alone.stages
    assert found.traces[0].chain == alone.chain
    assert (found.start, found.area.code) == (at(9), "T-G11")
    assert of(found, town, "worker").in_hand[0].from_ == at(10)


def test_another_class_another_place_another_day_has_no_such_case(town: Town) -> None:
    a_day(town)
    for more in ({"class_prefix": "P"}, {"area": "T-G12"}, {"day": "2026-06-07"}):
        found = asked(town, **more)
        assert (found.traces, found.late) == ((), ())
        assert {one.held.post for one in found.holders} >= {"leader", "secretary"}


def test_a_point_asks_for_its_grid(town: Town) -> None:
    a_day(town)
    assert asked(town, area="", point=POINTS["G11"]).area.code == "T-G11"
    with pytest.raises(NotFound):
        asked(town, area="", point=POINTS["outside"])


def test_each_reading_is_an_entry_with_who_read_it(town: Town) -> None:
    case = a_day(town)
    readings = [asked(town).reading, asked(town, "auditor").reading]
    entries = [Entry.objects.get(subject_id=one) for one in readings]
    assert [entry.actor for entry in entries] == [town.people["leader"], town.people["auditor"]]
    assert {entry.verb for entry in entries} == {"trace"}
    assert entries[0].data["cases"] == [str(case)]
    assert verify().clean


def test_who_may_not_trace_is_refused_and_nothing_is_written(town: Town) -> None:
    a_day(town)
    for who in ("worker2", "inspector", "clerk", "secretary2"):
        with pytest.raises(Forbidden):
            asked(town, who)
    for more in ({"day": "2026-06"}, {"day": ""}, {"day": "2026-07-01"}):
        with pytest.raises(InvalidInput):
            asked(town, **more)
    for more in ({"area": "nowhere"}, {"case": "123456"}):
        with pytest.raises(NotFound):
            asked(town, **more)
    assert not Entry.objects.filter(subject_type="tracing").exists()


def test_the_package_holds_proofs_that_are_accepted(committed_town: Town) -> None:
    town = committed_town
    a_day(town)
    found = asked(town)
    with time_machine.travel(at(9, 9), tick=False):
        with pytest.raises(Forbidden):
            package(found, {}, by=town.by("officer"))
        data = package(found, {"area": found.area.code}, by=town.by("leader"))
    archive = zipfile.ZipFile(io.BytesIO(data))
    number = found.traces[0].case.number
    assert sorted(archive.namelist()) == sorted(["README.txt", "report.json", f"{number}.proof", "reading.proof"])
    assert check(archive.read(f"{number}.proof")).entries == len(found.traces[0].moments)
    assert check(archive.read("reading.proof")).entries == 1
    with pytest.raises(InvalidInput):
        check(archive.read(f"{number}.proof").replace(b"dispatch", b"dispatcx", 1))


HOURS = st.integers(0, 23)


@given(st.lists(st.tuples(HOURS, HOURS | st.none())), HOURS)
def test_gaps_and_stretches_make_up_the_whole_time(rows: list[tuple[int, int | None]], length: int) -> None:
    start, end = at(0), at(length)
    stretches = [(at(a), None if b is None else at(b)) for a, b in rows if b is None or b > a]
    gaps = uncovered(stretches, start, end)
    for hour in range(length):
        moment = at(hour + 0.5)
        held = any(a <= moment and (b is None or moment < b) for a, b in stretches)
        assert held != any(a <= moment < b for a, b in gaps)
    assert all(a < b for a, b in gaps)


def test_a_stage_that_ran_over_later_was_not_late_then(town: Town) -> None:
    with time_machine.travel(at(17), tick=False):
        report = NewReport(description="占道", point=POINTS["G11"], source="resident")
        case = report_case(report=report, by=town.public()).case_id
    for who, hour, name, inputs in (
        ("acceptor", 17.1, "accept", {}), ("inspector", 17.2, "confirm", {}),
        ("operator", 17.3, "register", {"case_class": "E0417", "condition": 1}), ("operator", 17.4, "dispatch", {}),
    ):  # fmt: skip
        step(town, case, who, at(hour), name, **inputs)
    with time_machine.travel(at(15, 10), tick=False):
        by, moment = town.by("leader"), at(15, 10)
        wanted = question(places=atlas(), by=by, now=moment, area="T-G11", day="2026-06-08")
        found = answer(wanted, by=by, now=moment)
    [hand] = of(found, town, "worker").in_hand
    assert hand.due_at is not None
    assert hand.due_at > found.end
    assert (hand.late, found.late) == (None, ())


def test_the_trace_of_a_case_is_on_record_where_its_class_or_a_contact_asks_for_it(town: Town) -> None:
    case = load(a_day(town), mandates.console())
    leader = town.by("leader")

    def written() -> list[dict[str, object]]:
        return list(Entry.objects.filter(subject_type="tracing").order_by("ordinal").values_list("data", flat=True))

    assert read_case(case, level="public", personal=False, by=leader) is None
    assert written() == []
    read_case(case, level="restricted", personal=False, by=leader)
    read_case(case, level="public", personal=True, by=leader)
    told = [(one["cases"], one["why"]) for one in written()]
    assert told == [([str(case.id)], "class"), ([str(case.id)], "contact")]
    with pytest.raises(Forbidden):
        read_case(case, level="confidential", personal=False, by=town.by("worker"))
    assert len(written()) == 2
