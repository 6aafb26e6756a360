"""A person settles a signal; it stays away until later evidence comes; nobody settles what they answer for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.interfaces.world import photo
from tests.kernel.duties.everything import rogue
from tests.kernel.signals.making import ask, closed_in_june, only, refused, report, settled, solved_at_once
from tests.town import ROOT, SINCE, Town
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.duties import mandates
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.verifying import verify_on
from wangge.kernel.people.services import create_person
from wangge.kernel.signals.models import SUBJECT, Settled
from wangge.kernel.signals.tuning import set_threshold
from wangge.kernel.tasks.models import Task

JUNE, END = "2026-06", datetime(2026, 7, 1, tzinfo=UTC)


def assessor(town: Town, **also: str) -> str:
    """Somebody who assesses, and holds these posts beside it."""
    person = create_person(name="样例assessor", by=mandates.console())
    town.people["assessor"] = person.id
    for post, area in {"assessor": ROOT, **also}.items():
        assign(post=post, area=area, valid_from=SINCE, person=person.id, by=mandates.console())
    return "assessor"


def test_looked_at_it_stays_away_and_is_told_as_settled(town: Town) -> None:
    solved_at_once(town)
    row = settled(town, only(town, "fast"))
    found = ask(town).lists["fast"]
    assert (found.open, found.settled, found.rows) == (0, 1, [])
    assert found.done[0].settled
    assert found.done[0].settled.post == "auditor"
    entry = Entry.objects.get(subject_id=row.id)
    assert (entry.subject_type, entry.verb, entry.data["set"]["outcome"]) == (SUBJECT, "settle_signal", "looked")


def test_a_photo_that_is_used_once_more_comes_back(town: Town) -> None:
    report(town, photo=photo("teal"))
    report(town, photo=photo("teal"))
    settled(town, only(town, "photo"), outcome="explained", note="合并前的两次上报")
    assert ask(town).lists["photo"].open == 0
    last = report(town, photo=photo("teal"))
    back = only(town, "photo")
    assert (back.version, last.number in back.data["cases"]) == (1, True)
    settled(town, back, outcome="looked")
    assert Settled.objects.get().version == 2
    assert ask(town).lists["photo"].open == 0


def test_evidence_that_was_withdrawn_does_not_bring_a_signal_back(town: Town) -> None:
    for _ in range(3):
        report(town, photo=photo("teal"))
    settled(town, only(town, "photo"))
    StoredFile.objects.filter(id=StoredFile.objects.order_by("stored_at").first().id).update(erased_at=now())  # type: ignore[union-attr]
    assert (ask(town).lists["photo"].open, ask(town).lists["photo"].settled) == (0, 1)


def test_a_new_silence_is_a_new_signal(town: Town) -> None:
    first = next(one for one in ask(town).lists["silent"].rows if one.path == town.paths["G11"])
    settled(town, first)
    assert only(town, "silent").path == town.paths["G21"]
    case = report(town)
    Case.objects.filter(id=case.id).update(reported_at=now() - timedelta(days=8))
    assert {one.path for one in ask(town).lists["silent"].rows} == {town.paths["G11"], town.paths["G21"]}


def test_passed_on_by_the_leader_it_is_a_directive_about_the_case(town: Town) -> None:
    case = solved_at_once(town)
    row = settled(town, only(town, "fast", who="leader"), "leader", "passed", note="请到现场看一下", days=3)
    task = Task.objects.get(id=row.task_id)
    assert (task.kind, task.case_id, task.due_at > now() + timedelta(days=2)) == ("directive", case.id, True)
    assert ask(town).lists["fast"].done[0].settled.task == task.number  # type: ignore[union-attr]


def test_passed_on_by_the_assessor_it_is_a_call_to_who_leads(town: Town) -> None:
    who = assessor(town)
    row = settled(town, ask(town, who).lists["silent"].rows[0], who, "passed", note="两周没有上报")
    assert Task.objects.get(id=row.task_id).kind == "call"


def test_the_auditor_passes_nothing_on(town: Town) -> None:
    solved_at_once(town)
    with pytest.raises(Forbidden):
        settled(town, only(town, "fast"), outcome="passed", note="请看")
    assert not Settled.objects.exists()
    assert not Task.objects.exists()


@pytest.mark.parametrize("outcome", ["explained", "passed"])
def test_without_words_nothing_is_explained_or_passed_on(town: Town, outcome: str) -> None:
    solved_at_once(town)
    with pytest.raises(InvalidInput) as refusal:
        settled(town, only(town, "fast", who="leader"), "leader", outcome)
    assert refusal.value.field == "note"


@pytest.mark.parametrize("given", [{"outcome": "punished"}, {"outcome": "passed", "note": "看", "days": 2}])
def test_what_is_no_outcome_is_refused(town: Town, given: dict[str, object]) -> None:
    solved_at_once(town)
    with pytest.raises(InvalidInput):
        settled(town, only(town, "fast", who="leader"), "leader", **given)  # type: ignore[arg-type]
    assert not Settled.objects.exists()
    assert not Task.objects.exists()


def test_what_moved_on_is_not_settled_unseen(town: Town) -> None:
    solved_at_once(town)
    one = only(town, "fast")
    with pytest.raises(Moved):
        settled(town, one, latest=one.latest - timedelta(seconds=1))
    settled(town, one)
    with pytest.raises(Moved):
        settled(town, one, "leader")
    with pytest.raises(NotFound):
        settled(town, one._replace(key=str(new_id())), "leader")


def test_who_works_in_the_grid_settles_nothing_of_it_though_also_assessor(town: Town) -> None:
    who = assessor(town, grid_liaison="T-G11")
    silent = {one.path: one for one in ask(town, who).lists["silent"].rows}
    with pytest.raises(Forbidden, match="answer for"):
        settled(town, silent[town.paths["G11"]], who)
    settled(town, silent[town.paths["G21"]], who)


def test_who_left_the_grid_since_the_evidence_settles_nothing_of_it_either(town: Town) -> None:
    who = assessor(town)
    solved_at_once(town)
    assign(post="grid_liaison", area="T-G11", valid_from=SINCE, valid_to=now(), person=town.people[who],
           by=mandates.console())
    with pytest.raises(Forbidden, match="answer for"):
        settled(town, only(town, "fast", who=who), who)


def test_who_is_bound_to_a_unit_settles_nothing_of_it(town: Town) -> None:
    closed_in_june(town, *([1] * 10))
    assert town.unit
    declare(person=town.people["auditor"], organisation=town.unit, kind="kin", by=town.by("admin"))
    rows = ask(town, period=JUNE, at=END).lists["month_end"].rows
    unit, grid = sorted(rows, key=lambda one: one.organisation is None)
    with pytest.raises(Forbidden, match="bound"):
        settled(town, unit, period=JUNE)
    settled(town, grid, period=JUNE)


def test_words_are_content_and_never_in_the_row(town: Town) -> None:
    refused(town)
    row = settled(town, only(town, "refusal"), outcome="explained", note="两家职责交叉，已在会商")
    assert Content.objects.get(subject_id=row.id, field="note").value == "两家职责交叉，已在会商"
    assert "职责" not in str(Entry.objects.get(subject_id=row.id).data)


def test_the_database_refuses_an_outcome_without_its_task(town: Town) -> None:
    solved_at_once(town)
    settled(town, only(town, "fast"))
    for changed in ({"outcome": "passed"}, {"outcome": "punished"}, {"kind": "lazy"}):
        with pytest.raises(IntegrityError, match="signals_settled"), transaction.atomic():
            Settled.objects.update(**changed)


FLIPS = [
    ("UPDATE signals_settled SET outcome = 'explained'", "outcome = looked, the table explained"),
    ("UPDATE signals_settled SET latest = '2030-01-01Z'", "latest = "),
    ("UPDATE signals_settled SET path = 'x/'", "path = 320499-T"),
    ("UPDATE signals_settled SET post = 'leader'", "post = auditor, the table leader"),
    ("UPDATE signals_threshold SET value = 11", "value = 10, the table 11"),
    ("UPDATE signals_threshold SET active = FALSE", "active = True, the table False"),
]


def test_who_rewrites_what_was_settled_is_found(committed_db: str) -> None:
    from tests.town import build
    from wangge.kernel.cases import reference
    from wangge.kernel.places import queries as places

    places._atlases.clear()
    reference._snapshots.clear()
    town = build()
    settled(town, ask(town).lists["silent"].rows[0])
    set_threshold(area=ROOT, name="fast.seconds", value=10, by=town.by("leader"))
    with rogue(committed_db) as owner:
        report = verify_on(owner)
    assert report.clean
    assert (report.states["signal"], report.states["signal_threshold"]) == (1, 1)
    for sql, words in FLIPS:
        with rogue(committed_db) as owner:
            assert owner.execute(sql).rowcount == 1
            found = verify_on(owner)
        assert any(words in fault.detail for fault in found.faults), (sql, found.faults)
