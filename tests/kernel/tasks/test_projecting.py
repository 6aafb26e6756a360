"""Who rewrites a task behind the journal's back is found: subject, column, and both values are named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests import town as towns
from tests.kernel.duties.everything import rogue
from tests.kernel.tasks.making import HOUR, NOW, case_of, do, give
from wangge.kernel.cases import reference
from wangge.kernel.journal.verifying import verify_on
from wangge.kernel.places import queries as places
from wangge.kernel.tasks.state import COLUMNS
from wangge.kernel.tasks.sweeping import fall_due


@pytest.fixture(scope="module")
def database(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with a task to which everything happened; each test undoes what it did."""
    before = connection.settings_dict["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        places._atlases.clear()
        reference._snapshots.clear()
        try:
            town = towns.build()
            task = do(town, give(town, case=case_of(town).number), "remind_task", "leader")
            assert fall_due(now=NOW + 4 * HOUR) == 1
            task = do(town, task, "reply_task", "worker", hours=5)
            task = do(town, task, "send_back", "leader", hours=5, due_at=NOW + 6 * HOUR)
            assert fall_due(now=NOW + 7 * HOUR) == 1
            task = do(town, task, "reply_task", "worker", hours=7)
            do(town, task, "accept_reply", "leader", hours=8)
            yield name
        finally:
            databases.point_at(before)


CHANGED = {
    "number": "'T9'", "kind": "'call'", "state": "'withdrawn'", "case": "NULL",
    "area": "(SELECT id FROM places_area WHERE code = 'T-C2')", "path": "'x/'",
    "post": "'officer'", "post_path": "'x/'",
    "organisation": "(SELECT id FROM people_organisation LIMIT 1), post = NULL, post_path = NULL",
    "from_person": "NULL", "from_post": "'secretary'", "from_path": "'x/'",
    "from_organisation": "(SELECT id FROM people_organisation LIMIT 1)", "key": "gen_random_uuid()",
    "replier": "NULL", "overdues": "0", "reminders": "0", "returns": "0",
}  # fmt: skip
TIMES = [name for name in COLUMNS if name.endswith("_at") or name == "overdue_since"]


def test_what_was_left_alone_verifies(database: str) -> None:
    with rogue(database) as owner:
        report = verify_on(owner)
    assert report.clean
    assert report.states["task"] == 1
    assert "task" not in {name.partition(".")[0] for name in report.untold}


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("id", "version")])
def test_a_row_changed_behind_the_journals_back_is_found(database: str, column: str) -> None:
    value = CHANGED.get(column, "'2030-01-01Z'" if column != "issued_at" else "'2020-01-01Z'")
    with rogue(database) as owner:
        owner.execute("ALTER TABLE tasks_task DISABLE TRIGGER tasks_task_moves")
        assert owner.execute(f'UPDATE tasks_task SET "{column}" = {value}').rowcount == 1
        found = verify_on(owner)
    assert {fault.kind for fault in found.faults} == {"state-differs"}, found.faults
    assert any(f"{column} = " in fault.detail for fault in found.faults), found.faults
