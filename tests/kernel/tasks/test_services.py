"""A task from its issue to its end: who may do what, what it needs, what its deadline does, what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.kernel.tasks.making import HOUR, NOW, WORDS, at, call, case_of, do, give
from tests.town import POINTS, Town
from wangge.base import events
from wangge.base.errors import Conflict, Forbidden, InvalidInput, KeyReused, Moved, NotFound
from wangge.base.ids import new_id
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.tasks import lifecycle, queries
from wangge.kernel.tasks.events import TaskMoved
from wangge.kernel.tasks.models import Task
from wangge.kernel.tasks.rules import ANSWER_WITHIN
from wangge.kernel.tasks.services import act
from wangge.kernel.tasks.state import Command
from wangge.kernel.tasks.sweeping import fall_due


def test_a_directive_is_read_received_answered_and_accepted(town: Town) -> None:
    task = give(town)
    assert (task.state, task.post, task.post_path) == ("issued", "grid_leader", town.paths["G11"])
    task = do(town, task, "read_task", "grid_leader", hours=0.5)
    task = do(town, task, "take_task", "grid_leader", hours=1)
    assert (task.read_at, task.taken_at) == (NOW + 0.5 * HOUR, NOW + HOUR)
    task = do(town, task, "progress", "grid_leader", hours=1.5)
    task = do(town, task, "reply_task", "grid_leader", hours=2)
    assert (task.state, task.replied_at, task.replier) == ("replied", NOW + 2 * HOUR, town.people["grid_leader"])
    task = do(town, task, "send_back", "leader", hours=2.5)
    assert (task.state, task.returns, task.due_at) == ("taken", 1, NOW + 4 * HOUR)
    task = do(town, task, "reply_task", "grid_leader", hours=3)
    task = do(town, task, "accept_reply", "leader", hours=3.5)
    assert (task.state, task.ended_at) == ("done", NOW + 3.5 * HOUR)
    verbs = list(Entry.objects.filter(subject_id=task.id).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["direct", "read_task", "take_task", "progress", "reply_task", "send_back", "reply_task",
                     "accept_reply"]
    assert verify().clean


def test_words_are_content_and_can_be_erased(town: Town) -> None:
    task = do(town, give(town), "reply_task", "grid_leader")
    assert Content.objects.get(subject_id=task.id, seq=1, field="note").value == WORDS
    assert WORDS[:4] not in str(list(Entry.objects.filter(subject_id=task.id).values_list("data", flat=True)))
    erase(subject_id=task.id, reason_code="request", by=at(town, "admin", 2))
    detail = queries.task_detail(task.number, at(town, "leader", 2), now=NOW)
    assert (detail.row.words, detail.row.readable) == (None, True)
    assert verify().clean


def test_what_was_written_about_a_case_is_erased_with_it(town: Town) -> None:
    task = give(town, case=case_of(town).number)
    other = give(town)
    erased = erase(subject_id=task.case or new_id(), reason_code="request", by=at(town, "admin", 2))
    assert erased.also["task_words"] == 1
    words = dict(Content.objects.filter(subject_id__in=[task.id, other.id]).values_list("subject_id", "value"))
    assert words == {task.id: None, other.id: WORDS}
    assert verify().clean


def test_the_front_line_calls_the_leader_with_a_time_to_answer(town: Town) -> None:
    task = call(town)
    assert (task.post, task.post_path, task.path) == ("leader", town.root, town.paths["G11"])
    assert task.due_at == NOW + ANSWER_WITHIN
    task = do(town, task, "reply_task", "leader", note="消防十分钟到")
    assert do(town, task, "accept_reply", "worker").state == "done"
    assert call(town, post="secretary").post_path == town.paths["C1"]
    for given, field in (({"post": "operator"}, "post"), ({"organisation": town.unit}, "post"),
                         ({"due_at": NOW + timedelta(days=4)}, "due_at"), ({"note": " "}, "note")):
        with pytest.raises(InvalidInput) as refused:
            call(town, **given)
        assert refused.value.field == field


def test_whom_a_directive_goes_to(town: Town) -> None:
    assert give(town, area="T-C2").post == "secretary"
    assert give(town, area="T-G21").post_path == town.paths["C2"], "no grid leader there: the secretary answers"
    assert give(town, post="officer").post_path == town.paths["C1"]
    case = case_of(town)
    assert give(town, case=case.number).post == "grid_worker", "who has the case in hand"
    unit = give(town, case=case_of(town, case_class="P0101").number)
    assert (unit.organisation, unit.post) == (town.unit, None)
    assert do(town, unit, "take_task", "clerk").state == "taken"
    waiting = give(town, case=case_of(town, handled_by=False).number)
    assert (waiting.post, waiting.post_path) == ("operator", town.root), "it waits for being dispatched"
    below = give(town, "secretary", case=waiting.case and str(waiting.case))
    assert below.post == "grid_leader", "the desk is not on the secretary's ground: who answers for the place"


@pytest.mark.parametrize(("who", "given", "error", "field"), [
    ("leader", {"post": "leader"}, InvalidInput, "post"),
    ("leader", {"post": "assessor"}, InvalidInput, "post"),
    ("leader", {"post": "auditor"}, InvalidInput, "post"),
    ("leader", {"due_at": None}, InvalidInput, "due_at"),
    ("leader", {"due_at": NOW}, InvalidInput, "due_at"),
    ("leader", {"due_at": NOW + timedelta(days=400)}, InvalidInput, "due_at"),
    ("leader", {"note": ""}, InvalidInput, "note"),
    ("leader", {"note": "x" * 4001}, InvalidInput, "note"),
    ("leader", {"area": ""}, InvalidInput, "area"),
    ("leader", {"area": "nowhere"}, NotFound, "area"),
    ("leader", {"case": "3204990000"}, NotFound, "id"),
    ("leader", {"organisation": new_id()}, InvalidInput, "organisation"),
    ("leader", {"kind": "wish"}, InvalidInput, "kind"),
    ("secretary", {"area": "T-G21"}, Forbidden, "area"),
    ("secretary", {"post": "operator"}, Forbidden, "post"),
    ("worker", {}, Forbidden, "action"),
    ("operator", {}, Forbidden, "action"),
    ("auditor", {}, Forbidden, "action"),
])  # fmt: skip
def test_what_cannot_be_issued(town: Town, who: str, given: dict[str, object], error: type, field: str) -> None:
    with pytest.raises(error) as refused:
        give(town, who, **given)
    assert refused.value.field == field
    assert not Task.objects.exists()


def test_a_secretary_directs_no_organisation(town: Town) -> None:
    with pytest.raises(Forbidden):
        give(town, "secretary", organisation=town.unit)


def test_only_the_issuer_and_the_addressee_act(town: Town) -> None:
    task = give(town)
    for name in lifecycle.ACTS:
        for who in ("worker2", "secretary2", "admin"):
            with pytest.raises(NotFound):
                do(town, task, name, who)
        for who in ("secretary", "operator", "auditor"):  # they see it
            with pytest.raises((Forbidden, Conflict)):
                do(town, task, name, who)
    with pytest.raises(Forbidden):
        do(town, task, "take_task", "leader")
    with pytest.raises(Forbidden):
        do(town, task, "remind_task", "grid_leader")


def test_who_holds_the_post_next_goes_on_with_it(town: Town) -> None:
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.services import NewDuty, assign_many
    from wangge.kernel.people.services import create_person

    task = give(town, area="T-C1")
    person = create_person(name="样例新书记", by=mandates.console())
    assign_many([NewDuty("secretary", "T-C1", NOW, person.id, kind="acting")], by=mandates.console())
    by = mandates.for_person(person.id, channel="desk", at=NOW + HOUR)
    done = act(task_id=task.id, command=Command(act="take_task"), expected_version=1, by=by)
    assert done.state == "taken"


def test_a_task_given_back_goes_to_somebody_else(town: Town) -> None:
    task = do(town, do(town, give(town), "take_task", "grid_leader"), "decline_task", "grid_leader")
    assert task.state == "declined"
    for given in ({"post": None}, {"post": "grid_leader"}):
        with pytest.raises(InvalidInput) as refused:
            do(town, task, "redirect", "leader", **given)
        assert refused.value.field == "post"
    task = do(town, task, "redirect", "leader", post="officer")
    assert (task.state, task.post, task.read_at, task.taken_at) == ("issued", "officer", None, None)
    with pytest.raises(NotFound):
        do(town, task, "take_task", "grid_leader")
    assert do(town, task, "withdraw_task", "leader").state == "withdrawn"
    assert verify().clean


def test_a_deadline_that_passes_is_an_entry_once_and_no_conflict(town: Town) -> None:
    seen = give(town)
    assert fall_due(now=NOW + 3 * HOUR) == 0
    assert fall_due(now=NOW + 4 * HOUR) == 1
    assert fall_due(now=NOW + 5 * HOUR) == 0
    row = Task.objects.get()
    assert (row.overdue_since, row.overdues) == (NOW + 4 * HOUR, 1)
    task = do(town, seen, "reply_task", "grid_leader", hours=5)
    with pytest.raises(InvalidInput, match="deadline has passed"):
        do(town, task, "send_back", "leader", hours=6)
    task = do(town, task, "send_back", "leader", hours=6, due_at=NOW + 8 * HOUR)
    assert (task.overdue_since, task.overdues, task.due_at) == (None, 1, NOW + 8 * HOUR)
    assert fall_due(now=NOW + 9 * HOUR) == 1
    entry = Entry.objects.filter(subject_id=task.id, verb="fall_due").last()
    assert entry is not None
    assert entry.data["set"]["overdues"] == 2
    assert verify().clean


def test_reminders_and_a_later_deadline(town: Town) -> None:
    task = give(town)
    task = do(town, do(town, task, "remind_task", "leader"), "remind_task", "leader", note="领导在等")
    assert task.reminders == 2
    task = do(town, task, "postpone", "leader")
    assert task.due_at == NOW + 30 * HOUR
    with pytest.raises(InvalidInput):
        do(town, task, "postpone", "leader", due_at=None)
    with pytest.raises(InvalidInput):
        do(town, task, "postpone", "leader", due_at=NOW)


def test_two_who_act_at_once(town: Town) -> None:
    seen = give(town)
    do(town, seen, "take_task", "grid_leader")
    with pytest.raises(Moved) as lost:
        do(town, seen, "withdraw_task", "leader")
    assert lost.value.extra["present"]["state"] == "taken"
    do(town, seen, "progress", "grid_leader")  # adds only: needs no version, refuses none
    by = at(town, "leader", 1)
    with pytest.raises(InvalidInput) as refused:
        act(task_id=seen.id, command=Command(act="withdraw_task", reason="不用了"), expected_version=None, by=by)
    assert refused.value.field == "expected_version"


def test_who_answered_does_not_accept(town: Town) -> None:
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.services import NewDuty, assign_many

    assign_many([NewDuty("grid_leader", "T-G12", NOW, town.people["leader"])], by=mandates.console())
    task = give(town, area="T-G12")
    assert task.post_path == town.paths["G12"]
    duty = next(one for one in mandates.mandates_of(town.people["leader"], channel="desk", at=NOW + HOUR)
                if one.post == "grid_leader")
    task = act(task_id=task.id, command=Command(act="reply_task", note="好"), expected_version=1, by=duty)
    lead = next(one for one in mandates.mandates_of(town.people["leader"], channel="desk", at=NOW + HOUR)
                if one.post == "leader")
    with pytest.raises(Conflict, match="Who answered"):
        act(task_id=task.id, command=Command(act="accept_reply"), expected_version=2, by=lead)


def test_the_same_key_is_the_same_task(town: Town) -> None:
    key = new_id()
    assert give(town, key=key).id == give(town, key=key).id
    assert Task.objects.count() == 1
    with pytest.raises(KeyReused):
        call(town, key=key)


def test_each_act_is_told(town: Town) -> None:
    told: list[TaskMoved] = []
    events.subscribe(TaskMoved, told.append)
    try:
        do(town, give(town), "take_task", "grid_leader")
    finally:
        events._receivers[TaskMoved].remove(told.append)
    assert [(one.act, one.from_state, one.to_state) for one in told] == [
        ("direct", "", "issued"), ("take_task", "issued", "taken")]


def test_the_database_refuses_another_way(town: Town) -> None:
    give(town)
    for sql in (
        "UPDATE tasks_task SET state = 'done', ended_at = now()",
        "UPDATE tasks_task SET state = 'gone'",
        "UPDATE tasks_task SET post = NULL, post_path = NULL",
        "UPDATE tasks_task SET ended_at = now()",
        "UPDATE tasks_task SET due_at = issued_at",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_trigger_holds_the_table_of_acts(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'tasks_task_lifecycle'")
        source = cursor.fetchone()[0]
    for pair in lifecycle.state_pairs():
        assert f"('{pair[0]}', '{pair[1]}')" in source
    assert source.count("', '") == len(lifecycle.state_pairs())


def test_tasks_move_with_an_area_that_ends(town: Town) -> None:
    from wangge.kernel.duties import mandates
    from wangge.kernel.places.reorganising import reparent_area

    task, called = give(town), call(town)
    reparent_area(area="T-G11", parent="T-C2", at=NOW + 2 * HOUR, by=mandates.console())
    rows = {row.id: row for row in Task.objects.all()}
    assert rows[task.id].path.startswith(town.paths["C2"])
    assert rows[task.id].post_path == rows[task.id].path
    assert rows[called.id].from_path == rows[called.id].path
    assert verify().clean
    assert POINTS["G11"]
