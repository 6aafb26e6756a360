"""`wangge tasks`, and erasing a task by its number."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.tasks.making import WORDS, call, do, give
from tests.town import ROOT, Town, build
from wangge.kernel.cases import reference
from wangge.kernel.journal.models import Content
from wangge.kernel.places import queries as places


@pytest.fixture
def town(db: None) -> Town:
    places._atlases.clear()
    reference._snapshots.clear()
    return build()


def run(*given: str) -> Any:
    out = StringIO()
    call_command(*given, "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_tasks_are_listed_without_words_and_marked_when_their_time_is_over(town: Town) -> None:
    assert run("tasks") == {"tasks": []}
    task, called = give(town), call(town)
    do(town, called, "reply_task", "leader", note="好")
    found = run("tasks", ROOT, "--sweep")
    assert found["fell_due"] == 1
    assert [(one["number"], one["overdue"], one["overdues"]) for one in found["tasks"]] == [
        (called.number, False, 0), (task.number, True, 1)]
    assert WORDS not in str(found)
    assert [one["number"] for one in run("tasks", "--overdue")["tasks"]] == [task.number]
    assert [one["number"] for one in run("tasks", "--state", "replied")["tasks"]] == [called.number]
    assert len(run("tasks", "T-C1", "--state", "any")["tasks"]) == 2
    assert run("tasks", "T-C2", "--state", "any") == {"tasks": []}
    out = StringIO()
    call_command("tasks", stdout=out)
    assert f"{task.number}  directive  issued" in out.getvalue()
    assert "overdue" in out.getvalue()
    with pytest.raises(CommandError):
        run("tasks", "--state", "nonsense")
    with pytest.raises(CommandError):
        run("tasks", "nowhere")


def test_a_task_is_erased_by_its_number(town: Town) -> None:
    task = give(town)
    call_command("erase", task.number, "--reason", "request", stdout=StringIO())
    assert Content.objects.get(subject_id=task.id, seq=1).value is None
