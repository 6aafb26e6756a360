"""Acts upon cases in the database: who may, what is written, what a race leaves."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from tests.kernel.cases.inputs import command_for
from tests.kernel.cases.test_intake import a_report
from tests.town import POINTS, SINCE, Town
from wangge.base import events
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound, WanggeError
from wangge.base.ids import new_id
from wangge.kernel.cases import contacts, files
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.events import CaseMoved
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import SELECT, load, of_row
from wangge.kernel.cases.models import Case, SearchTerms, StoredFile
from wangge.kernel.cases.queries import Filters, case_detail, counts, queue, timeline, trace
from wangge.kernel.cases.retention import let_go
from wangge.kernel.cases.rules import Command, allowed_actions, replay
from wangge.kernel.cases.services import act
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_organisation
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.places.services import create_area, end_area

FLOW: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("operator", "accept", {}),
    ("inspector", "confirm", {}),
    ("operator", "register", {"case_class": "E0417", "condition": 1}),
    ("operator", "dispatch", {}),
    ("worker", "sign", {}),
    ("worker", "handle", {"note": "已劝离"}),
    ("inspector", "inspect", {}),
    ("operator", "close", {}),
)


def new_case(town: Town, **changes: object) -> UUID:
    return report_case(report=a_report(**changes), by=town.public()).case_id


def rows_of_all() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SELECT} FROM cases_case c")
        return list(cursor.fetchall())


def do(town: Town, case: UUID, who: str, name: str, version: int | None = None, **command: object) -> CaseState:
    by = town.by(who)
    if version is None:
        version = Case.objects.values_list("version", flat=True).get(id=case)
    return act(case_id=case, command=Command(act=name, **command), expected_version=version, by=by)  # type: ignore[arg-type]


def walk(town: Town, case: UUID, until: str = "close") -> CaseState:
    for who, name, command in FLOW:
        state = do(town, case, who, name, **command)
        if name == until:
            return state
    raise AssertionError(until)


def test_the_main_job_from_report_to_close(town: Town) -> None:
    case = new_case(town)
    state = walk(town, case)
    assert (state.state, state.version) == ("closed", 9)
    assert state.handler == town.people["worker"]
    assert state.inspector == town.people["inspector"]
    assert [moment.verb for moment in timeline(case)] == ["report", *(name for _, name, _ in FLOW)]
    assert verify().clean


def test_the_projection_equals_a_replay_of_the_journal(town: Town) -> None:
    case = new_case(town, case_class="E0417")
    state = walk(town, case)
    entries = Entry.objects.filter(subject_id=case).order_by("seq").values_list("subject_id", "seq", "data")
    assert replay(entries) == state == load(case, town.by("operator"))


def test_a_dispatch_goes_to_the_post_that_the_rules_name(town: Town) -> None:
    state = walk(town, new_case(town), until="dispatch")
    assert (state.post, state.post_path, state.organisation) == ("grid_worker", town.paths["G11"], None)


def test_a_vacant_post_falls_back_as_the_rule_states(town: Town) -> None:
    state = walk(town, new_case(town, point=POINTS["G12"]), until="dispatch")
    assert (state.post, state.post_path) == ("officer", town.paths["C1"])


def test_where_post_and_fallback_are_vacant_the_case_stays_with_the_operator(town: Town) -> None:
    case = new_case(town, point=POINTS["G22"])
    do(town, case, "operator", "accept")
    do(town, case, "operator", "confirm")
    state = do(town, case, "operator", "register", case_class="E0417", condition=1)
    detail = case_detail(case, town.by("operator"), now=now())
    assert detail.suggestion is not None
    assert (detail.suggestion.target, detail.suggestion.reason) == (None, "vacant")
    with pytest.raises(InvalidInput) as refused:
        do(town, case, "operator", "dispatch")
    assert refused.value.field == "post"
    assert do(town, case, "operator", "dispatch", state.version, post="secretary").post_path == town.paths["C2"]


def test_a_class_of_a_unit_goes_to_the_unit_and_its_clerk_signs(town: Town) -> None:
    case = new_case(town, case_class="P0101")
    do(town, case, "operator", "accept")
    do(town, case, "operator", "confirm")
    do(town, case, "operator", "register")
    assert do(town, case, "operator", "dispatch").organisation == town.unit
    assert do(town, case, "clerk", "sign").handler == town.people["clerk"]


def test_a_unit_of_another_subdistrict_is_no_addressee(town: Town) -> None:
    by = mandates.console()
    create_area(code="OTHER", name="别处", kind="subdistrict", region="320498", valid_from=SINCE, by=by)
    other = create_organisation(code="OTHER-1", name="外单位", kind="department", area=area_by_code("OTHER").id, by=by)
    case = new_case(town)
    walk(town, case, until="register")
    with pytest.raises(InvalidInput) as refused:
        do(town, case, "operator", "dispatch", organisation=other.id)
    assert refused.value.field == "organisation"
    assert {unit.id for unit in units_at(town.root)} == {town.unit}


def test_an_outside_firm_sees_only_what_it_holds(town: Town) -> None:
    theirs, others = new_case(town, case_class="P0101"), new_case(town)
    do(town, theirs, "operator", "accept")
    do(town, theirs, "operator", "confirm")
    do(town, theirs, "operator", "register")
    do(town, theirs, "operator", "dispatch")
    clerk = town.by("clerk")
    assert load(theirs, clerk).id == theirs
    with pytest.raises(NotFound):
        load(others, clerk)
    assert [row.case.id for row in queue(clerk, Filters(), now=now()).rows] == [theirs]


def test_what_one_may_see_is_one_rule_in_python_and_in_sql(town: Town) -> None:
    made = [new_case(town, point=point) for point in POINTS.values()]
    made.append(report_case(report=a_report(point=POINTS["G22"]), by=town.by("worker")).case_id)
    unit = new_case(town, case_class="P0101")
    for name, command in (("accept", {}), ("confirm", {}), ("register", {}), ("dispatch", {})):
        do(town, unit, "operator", name, **command)
    everything = [of_row(row) for row in rows_of_all()]
    for who in town.people:
        by = town.by(who)
        listed = {row.case.id for row in queue(by, Filters(), now=now(), limit=200).rows}
        assert listed == {state.id for state in everything if may_see(state, by)}, who
    assert queue(town.public(), Filters(), now=now()).rows == []


def test_another_areas_case_is_not_there(town: Town) -> None:
    case = new_case(town, point=POINTS["G21"])
    with pytest.raises(NotFound):
        do(town, case, "worker", "sign")
    assert queue(town.by("worker"), Filters(), now=now()).rows == []


def test_a_stale_version_is_a_conflict_that_shows_the_present(town: Town) -> None:
    case = new_case(town)
    do(town, case, "operator", "accept", 1)
    with pytest.raises(Conflict) as refused:
        do(town, case, "operator", "accept", 1)
    assert refused.value.extra["present"]["version"] == 2
    assert refused.value.extra["present"]["state"] == "verifying"


def test_two_operators_at_once_one_wins_and_nothing_is_lost(committed_town: Town) -> None:
    town = committed_town
    case = new_case(town)
    results: list[object] = []
    gate = threading.Barrier(2)

    def race(who: str) -> None:
        by = town.by(who)
        gate.wait()
        try:
            results.append(act(case_id=case, command=Command(act="accept"), expected_version=1, by=by))
        except WanggeError as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=(who,)) for who in ("operator", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["CaseState", "Moved"]
    assert Entry.objects.filter(subject_id=case).count() == 2
    assert verify().clean


def test_comments_need_no_version_and_change_no_state(town: Town) -> None:
    case = new_case(town)
    by = town.by("leader")
    state = act(case_id=case, command=Command(act="comment", note="请尽快"), expected_version=None, by=by)
    assert (state.state, state.version) == ("reported", 2)


def test_a_reminder_asks_once_an_hour_answers_nothing_and_moves_nothing(town: Town) -> None:
    case = new_case(town)
    begun = now()
    with time_machine.travel(begun, tick=False) as clock:
        state = do(town, case, "operator", "urge", note="家长等着接孩子")
        assert (state.state, state.reminders, state.reminded_at) == ("reported", 1, begun)
        assert state.first_answer_at is None
        clock.move_to(begun + timedelta(minutes=59))
        with pytest.raises(Conflict, match="less than an hour ago"):
            do(town, case, "leader", "urge")
        assert do(town, case, "operator", "accept", 1).state == "verifying"  # what was seen is not out of date
        clock.move_to(begun + timedelta(minutes=60))
        assert do(town, case, "leader", "urge").reminders == 2
    with pytest.raises(Forbidden):
        do(town, case, "worker", "urge")
    assert verify().clean


def test_the_entry_keeps_the_digests_of_its_photos(town: Town) -> None:
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG")
    key, by = new_id(), town.public()
    stored = files.store_file(file_id=key, content=drawn.getvalue(), by=by)
    case = report_case(report=a_report(files=(key,)), by=by).case_id
    data = Entry.objects.get(subject_id=case, seq=1).data
    assert data["files"] == {str(key): [stored.digest_received, stored.digest_kept]}
    assert StoredFile.objects.get(id=key).role == "before"


def test_a_comment_does_not_make_what_was_seen_out_of_date(town: Town) -> None:
    case = new_case(town)
    act(case_id=case, command=Command(act="comment", note="请尽快"), expected_version=None, by=town.by("leader"))
    assert do(town, case, "operator", "accept", 1).version == 3
    with pytest.raises(Conflict):
        do(town, case, "operator", "register", 2, case_class="E0417", condition=1)


def test_a_state_that_the_entries_do_not_tell_is_named(town: Town) -> None:
    good, bad = new_case(town), new_case(town)
    walk(town, good)
    report = verify()
    assert (report.states["case"], report.clean) == (2, True)
    Case.objects.filter(id=bad).update(stage_due_at=now() + timedelta(days=99))
    report = verify()
    assert report.states["case"] == 2
    [fault] = report.faults
    assert (fault.kind, fault.subject_id) == ("state-differs", bad)
    assert "stage_due_at" in fault.detail


def test_content_goes_only_by_an_entry_that_says_so(town: Town) -> None:
    case = new_case(town)
    with transaction.atomic():
        Content.objects.filter(subject_id=case).update(value=None, salt=None)
        with pytest.raises(IntegrityError, match="no entry says"):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_an_act_without_its_version_is_refused(town: Town) -> None:
    with pytest.raises(InvalidInput, match="version"):
        act(case_id=new_case(town), command=Command(act="accept"), expected_version=None, by=town.by("operator"))


def test_an_act_takes_few_statements(town: Town) -> None:
    case = new_case(town)
    by = town.by("operator")
    act(case_id=new_case(town), command=Command(act="accept"), expected_version=1, by=by)
    with CaptureQueriesContext(connection) as queries:
        act(case_id=case, command=Command(act="accept"), expected_version=1, by=by)
    assert len(queries) <= 4


def test_each_listed_action_succeeds_and_each_other_is_refused(town: Town) -> None:
    from wangge.kernel.cases.lifecycle import ACTS

    other = new_case(town)
    for until in ("report", *(name for _, name, _ in FLOW)):
        for who in ("operator", "acceptor", "worker", "inspector", "secretary", "leader", "clerk", "auditor"):
            case = new_case(town)
            if until != "report":
                walk(town, case, until)
            by = town.by(who)
            state = load(case, mandates.console())
            listed = allowed_actions(state, by) if may_see(state, by) else ()
            for name in ACTS:
                if name in ("attach", "dispose"):
                    continue  # need stored files: see the tests of files and of the whole life
                point = transaction.savepoint()
                command = command_for(name, unit=town.unit, other=other)
                try:
                    act(case_id=case, command=command, expected_version=state.version, by=by)
                    done = True
                except (Forbidden, Conflict, NotFound):
                    done = False
                finally:
                    transaction.savepoint_rollback(point)
                assert done == (name in listed), (until, who, name)


def test_the_database_refuses_a_change_of_state_outside_the_table(town: Town) -> None:
    case = new_case(town)
    with pytest.raises(IntegrityError, match="no act leads"), transaction.atomic():
        Case.objects.filter(id=case).update(state="handling")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Case.objects.filter(id=case).update(born_path="elsewhere/")


def test_the_trigger_holds_exactly_the_table(town: Town) -> None:
    import re

    from wangge.kernel.cases.lifecycle import state_pairs

    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'cases_case_lifecycle'")
        source = cursor.fetchone()[0]
    assert tuple(re.findall(r"\('(\w+)', '(\w+)'\)", source)) == state_pairs()


def test_no_change_without_its_entry(committed_town: Town) -> None:
    case = new_case(committed_town)
    with pytest.raises(IntegrityError, match="cases_case_version_is_head"), transaction.atomic():
        Case.objects.filter(id=case).update(version=2)


def test_a_receiver_that_raises_undoes_the_act(town: Town) -> None:
    case = new_case(town)

    def refuse(event: CaseMoved) -> None:
        raise RuntimeError("receiver")

    events.subscribe(CaseMoved, refuse)
    try:
        with pytest.raises(RuntimeError):
            do(town, case, "operator", "accept")
    finally:
        events._receivers[CaseMoved].remove(refuse)
    assert Case.objects.get(id=case).version == 1


def test_search_finds_two_chinese_characters_and_the_number(town: Town) -> None:
    case = new_case(town)
    new_case(town, description="路灯不亮", address="望湖路")
    by = town.by("operator")
    number = Case.objects.get(id=case).number
    for words in ("烧烤", "菜场东门", number, number[-8:]):
        assert [row.case.id for row in queue(by, Filters(q=words), now=now()).rows] == [case], words


def test_the_list_pages_by_key_and_loses_nothing(town: Town) -> None:
    made = [new_case(town) for _ in range(7)]
    by, found, cursor = town.by("operator"), [], None
    while True:
        page = queue(by, Filters(), now=now(), cursor=cursor, limit=3)
        found += [row.case.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == made[::-1]
    with pytest.raises(InvalidInput):
        queue(by, Filters(), now=now(), cursor="bm9uc2Vuc2U")


def test_views_are_counted_by_one_statement(town: Town) -> None:
    walk(town, new_case(town), until="accept")
    new_case(town)
    by = town.by("operator")
    views = {
        "in": Filters(states=("reported",)),
        "check": Filters(states=("verifying",)),
        "late": Filters(overdue=True),
    }
    assert counts(by, views, now=now()) == {"in": 1, "check": 1, "late": 0}
    assert counts(by, views, now=now() + timedelta(days=9))["late"] == 2


def test_a_look_at_the_contact_is_journaled_apart_from_the_case(town: Town) -> None:
    case = new_case(town, contact_name="某人", contact_phone="13800138000")
    found = contacts.read_contact(case_id=case, reason="回访", by=town.by("operator"))
    assert found == {"contact_name": "某人", "contact_phone": "13800138000"}
    contacts.read_contact(case_id=case, reason="再次回访", by=town.by("operator"))
    looks = Entry.objects.filter(subject_id=contacts.access_subject(case)).order_by("seq")
    assert [look.actor for look in looks] == [town.people["operator"]] * 2
    assert Case.objects.get(id=case).version == 1
    with pytest.raises(Forbidden):
        contacts.read_contact(case_id=case, reason="好奇", by=town.by("inspector"))
    with pytest.raises(InvalidInput):
        contacts.read_contact(case_id=case, reason=" ", by=town.by("operator"))


def test_a_contact_goes_when_its_time_is_over_and_the_words_stay(town: Town) -> None:
    old, young, open_one = (new_case(town, contact_phone="13800138000") for _ in range(3))
    for case in (old, young):
        do(town, case, "operator", "reject", reason="重复")
    by = mandates.job("retention")
    assert let_go(now=now() + timedelta(days=179), by=by)["contacts"] == 0
    Case.objects.filter(id=young).update(stage_since=now() + timedelta(days=30))
    assert let_go(now=now() + timedelta(days=181), by=by)["contacts"] == 1
    assert not contacts.has_contact(old)
    assert contacts.has_contact(young)
    assert contacts.has_contact(open_one)
    assert case_detail(old, town.by("operator"), now=now()).description is not None
    assert SearchTerms.objects.filter(case_id=old).exists()
    assert [(fault.kind, fault.subject_id) for fault in verify().faults] == [("state-differs", young)]  # shifted above


def test_after_erasing_the_words_are_gone_and_the_journal_verifies(town: Town) -> None:
    case = new_case(town, contact_name="某人", contact_phone="13800138000")
    do(town, case, "operator", "comment", note="某人来电")
    contacts.read_contact(case_id=case, reason="联系某人", by=town.by("operator"))
    erased = erase(subject_id=case, reason_code="request", by=town.by("admin", verb="erase"))
    assert erased.also["search"] == 1
    assert not Content.objects.filter(
        subject_id__in=[case, contacts.access_subject(case)], value__isnull=False
    ).exists()
    assert not SearchTerms.objects.filter(case_id=case).exists()
    assert Case.objects.get(id=case).version == erased.entry.seq if erased.entry else False
    report = verify()
    assert report.clean
    assert report.erased >= 4
    detail = case_detail(case, town.by("operator"), now=now())
    assert detail.erased
    do(town, case, "operator", "accept")


def test_the_trace_names_who_answered_at_each_step(town: Town) -> None:
    case = new_case(town)
    state = walk(town, case)
    found = trace(state, now=now())
    assert [stage.state for stage in found.stages] == [
        "reported",
        "verifying",
        "registered",
        "dispatched",
        "handling",
        "handled",
        "closed",
    ]
    handling = found.stages[4]
    assert [(one.post, one.person) for one in handling.answerable] == [("grid_worker", town.people["worker"])]
    assert handling.limit is not None
    assert timedelta(hours=3, minutes=59) < handling.limit <= timedelta(hours=4)
    assert handling.ended_by is not None
    assert [one.post for one in found.chain] == ["grid_worker", "grid_leader", "officer", "secretary", "leader"]


def test_a_leave_and_its_stand_in_both_show_in_the_trace(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="dispatch")
    start, end = now() - timedelta(days=1), now() + timedelta(days=1)
    by = mandates.console()
    duty = {"post": "grid_worker", "area": "T-G11", "valid_from": start, "valid_to": end, "by": by}
    assign(person=town.people["worker"], kind="leave", **duty)
    assign(person=town.people["worker2"], kind="acting", **duty)
    stage = trace(load(case, town.by("operator")), now=now()).stages[-1]
    assert [(one.kind, one.person) for one in stage.answerable] == [("acting", town.people["worker2"])]
    later = trace(load(case, town.by("operator")), now=now() + timedelta(days=3)).stages[-1]
    assert {(one.kind, one.person) for one in later.answerable} == {
        ("acting", town.people["worker2"]),
        ("regular", town.people["worker"]),
    }


def test_open_cases_move_when_their_grid_ends(town: Town) -> None:
    case, closed = new_case(town), new_case(town)
    walk(town, closed)
    end_area(area="T-G11", at=now(), by=mandates.console())
    moved = Case.objects.get(id=case)
    assert (moved.path, moved.born_path, moved.version) == (town.paths["C1"], town.paths["G11"], 2)
    assert timeline(case)[-1].verb == "move"
    assert Case.objects.get(id=closed).path == town.paths["G11"]
    assert verify().clean
