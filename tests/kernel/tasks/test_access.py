"""Who sees a task and reads its words; lists say the same as the rule."""

from __future__ import annotations

import pytest

from tests.kernel.tasks.making import HOUR, NOW, WORDS, at, call, case_of, do, give
from tests.town import PEOPLE, SINCE, Town
from wangge.base.errors import Forbidden, InvalidInput, NotFound
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.tasks import queries
from wangge.kernel.tasks.access import addressed_sql, issued_sql, may_see, visible_sql
from wangge.kernel.tasks.loading import state_of
from wangge.kernel.tasks.models import Task
from wangge.kernel.tasks.rules import addressed, issued

WHO = [name for name, _, _ in PEOPLE] + ["clerk"]


@pytest.fixture
def several(town: Town) -> Town:
    """Tasks up, down and to the unit, in different states."""
    give(town)
    do(town, give(town, area="T-C2"), "take_task", "secretary2")
    give(town, "secretary", area="T-G11", post="grid_worker")
    give(town, organisation=town.unit, area="320499-T")
    call(town)
    call(town, "clerk")
    do(town, call(town, "secretary2"), "reply_task", "leader", note="好")
    return town


@pytest.mark.parametrize("who", WHO)
def test_lists_say_what_the_rules_say(several: Town, who: str) -> None:
    by = at(several, who, 1)
    for condition, rule in ((visible_sql, may_see), (addressed_sql, addressed), (issued_sql, issued)):
        sql, values = condition(by)
        found = {row.id for row in Task.objects.raw(f"SELECT * FROM tasks_task t WHERE {sql}", values)}
        assert found == {row.id for row in Task.objects.all() if rule(state_of(row), by)}, condition.__name__


def test_boxes_states_and_what_is_overdue(several: Town) -> None:
    leader, later = at(several, "leader", 1), NOW + 3 * HOUR
    boxes = {box: len(queries.listing([leader], queries.Filters(box=box)).rows) for box in queries.BOXES}
    assert boxes == {"in": 3, "out": 3, "all": 7}
    late = queries.listing([leader], queries.Filters(overdue=True, now=later)).rows
    assert {row.task.kind for row in late} == {"call"}
    assert len(late) == 2
    assert queries.counts(leader, now=later) == queries.Counts(2, 0, 2, 0, 0, 0)
    assert queries.counts(at(several, "secretary2", 1), now=later) == queries.Counts(0, 1, 0, 1, 0, 0)
    assert len(queries.listing([leader], queries.Filters(states=("replied",), kind="call")).rows) == 1
    assert len(queries.listing([leader], queries.Filters(area_path=several.paths["C2"])).rows) == 2
    first = queries.listing([leader], queries.Filters(), limit=4)
    rest = queries.listing([leader], queries.Filters(), cursor=first.next_cursor, limit=4)
    assert (len(first.rows), len(rest.rows), rest.next_cursor) == (4, 3, None)
    assert [row.task.due_at for row in queries.pressing(leader, now=later)] == sorted(
        row.task.due_at for row in queries.pressing(leader, now=later))
    for filters in (queries.Filters(box="x"), queries.Filters(states=("x",)), queries.Filters(kind="x")):
        with pytest.raises(InvalidInput):
            queries.listing([leader], filters)


def test_a_task_that_one_may_not_see_is_not_there(several: Town) -> None:
    mine = queries.listing([at(several, "worker", 1)], queries.Filters()).rows
    assert {row.task.kind for row in mine} == {"directive", "call"}
    number = next(row.task.number for row in mine if row.task.kind == "call")
    for who in ("worker2", "secretary2", "clerk", "admin"):
        with pytest.raises(NotFound):
            queries.task_detail(number, at(several, who, 1), now=NOW)
    for wrong in ("T9999999", "x", "", "T", "T1; DROP"):
        with pytest.raises(NotFound):
            queries.task_detail(wrong, at(several, "leader", 1), now=NOW)


@pytest.fixture
def quarrel(town: Town) -> Town:
    """A class whose words only few read, handled by the unit."""
    one = ConditionRow(1, "争执", "Quarrel", "谈好", "Settled", Limit(3, LimitUnit.WORKING_DAY))
    rows = [ClassRow("G06", "矛盾纠纷", "Disputes"),
            ClassRow("G0601", "家庭纠纷", "Family quarrel", "G06", "grid", [one], "confidential")]
    area = town.areas["320499-T"]
    load_class_set(area_id=area, area_path=town.root, scheme="g", classes=rows, by=mandates.console())
    set_routing(area_id=area, area_path=town.root, rules=[RuleRow("G06", organisation=town.unit)], valid_from=SINCE,
                by=mandates.console())
    return town


def test_words_about_a_confidential_case_are_for_its_circle(quarrel: Town) -> None:
    case = case_of(quarrel, case_class="G0601")
    with pytest.raises(InvalidInput) as refused:
        give(quarrel, case=case.number, post="grid_worker")
    assert refused.value.field == "post"
    task = give(quarrel, case=case.number)
    assert task.organisation == quarrel.unit
    read = {}
    for who in ("leader", "clerk", "operator", "secretary", "auditor"):
        row = queries.task_detail(task.number, at(quarrel, who, 1), now=NOW).row
        read[who] = (row.words, row.readable)
    told, kept = (WORDS, True), (None, False)
    assert read == {"leader": told, "clerk": told, "operator": told, "secretary": kept, "auditor": kept}
    story = queries.task_detail(task.number, at(quarrel, "secretary", 1), now=NOW).story
    assert story[0].content == {}


def test_who_does_not_read_a_case_gives_no_task_about_it(quarrel: Town) -> None:
    case = case_of(quarrel, case_class="G0601")
    with pytest.raises(Forbidden):
        give(quarrel, "secretary", case=case.number, post="grid_worker")
