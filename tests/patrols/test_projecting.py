"""Who rewrites a patrol, an observation or a switch behind the journal's back is found, column by column."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests import town as towns
from tests.kernel.duties.everything import rogue
from tests.patrols.making import at, look, started, switched
from wangge.kernel.cases import reference
from wangge.kernel.journal.services import Told
from wangge.kernel.journal.verifying import verify_on
from wangge.kernel.places import queries as places
from wangge.patrols.observing import contest_observation
from wangge.patrols.projecting import SUBJECTS, _told_patrol
from wangge.patrols.recording import columns


@pytest.fixture(scope="module")
def database(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with one of each; each test undoes what it did."""
    before = connection.settings_dict["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        places._atlases.clear()
        reference._snapshots.clear()
        try:
            town = towns.build()
            switched(town)
            row = look(town, started(town, tracked=True))
            contest_observation(observation=row.id, reason="在场", expected_version=1, by=at(town, "worker", 2))
            yield name
        finally:
            databases.point_at(before)


def test_what_was_left_alone_verifies(database: str) -> None:
    with rogue(database) as owner:
        report = verify_on(owner)
    assert report.clean
    assert {name: report.states[name] for name in SUBJECTS} == {"patrol": 1, "observation": 1, "switch": 1}


def test_a_patrol_from_before_stops_were_visited_still_adds_up() -> None:
    old = Told("x", 1, "plan_patrol", None, 0, 1, {"set": {"state": "planned", "stops": []}}, {})
    assert _told_patrol([old]) == {"state": "planned", "stops": [], "visited": {}}


@pytest.mark.parametrize(("subject", "column"), [
    (subject, column) for subject, model in SUBJECTS.items() for column in columns(model)
])
def test_a_row_changed_behind_the_journals_back_is_found(database: str, subject: str, column: str) -> None:
    table = SUBJECTS[subject]._meta.db_table
    kind = SUBJECTS[subject]._meta.get_field(column).get_internal_type()
    value = {
        "DateTimeField": "'2030-01-01Z'", "JSONField": "'[1]'", "BooleanField": f"NOT {column}",
        "PositiveIntegerField": "77", "IntegerField": "77", "TextField": "'x/'", "ForeignKey": "gen_random_uuid()",
    }[kind]
    if column == "post":
        value = "'leader'"
    with rogue(database) as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for (name,) in owner.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')", [table]
        ).fetchall():
            owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        assert owner.execute(f'UPDATE {table} SET "{column}" = {value}').rowcount == 1
        found = verify_on(owner)
    assert {fault.kind for fault in found.faults} == {"state-differs"}, found.faults
    assert any(f"{column} = " in fault.detail for fault in found.faults), found.faults
